"""`hub list` and `hub search`: an area, or what fulfils criteria, exactly as the API would answer."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hub.api.kriterier import KRITERIER, PERIODE
from hub.cli.form import FINDING, MISUSE, AsJson, Purpose, cell, misuse, refusals, say, table
from hub.cli.inprocess import ask
from hub.cli.reach import DATABASE, reach
from hub.projections.omraader import OMRAADER

CIVIL = "x-civilRegistrationIdentifier"
Where = Annotated[list[str], typer.Option("--where", metavar="NAME=VALUE", help=f"A criterion; several narrow: {', '.join(KRITERIER)}.")]
Citizen = Annotated[
    bool, typer.Option("--citizen", help="Ask for a citizen's CPR number: typed unseen, or a line of stdin; never an argument.")
]
Sort = Annotated[str | None, typer.Option(help="A column's name; with a minus falling, e.g. --sort=-team.")]
Limit = Annotated[int | None, typer.Option(min=1, max=1_000, help="Rows on the page.", show_default="100")]
After = Annotated[str | None, typer.Option(help="Where the page before ended, as it said.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


class Page(NamedTuple):
    """Which page, and how it is printed."""

    sort: str | None
    limit: int | None
    after: str | None
    purpose: str | None
    form: str

    @property
    def query(self) -> dict[str, str]:
        """Its parameters."""
        given = {"sorter": self.sort, "maks": self.limit, "efter": self.after}
        return {name: str(value) for name, value in given.items() if value is not None}


def list_(
    area: Annotated[str, typer.Argument(metavar="AREA", help=", ".join(OMRAADER))],
    where: Where = [],  # noqa: B006 - the list is typer's, and only read
    citizen: Citizen = False,
    sort: Sort = None,
    limit: Limit = None,
    after: After = None,
    purpose: Purpose = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """One of the seven areas, a page at a time, as it is now. The read is in the access log under the operating system's user."""
    page = Page(sort, limit, after, purpose, "json" if as_json else "csv" if as_csv else "table")
    _show(f"/v1/lister/{quote(area, safe='')}", {**_criteria(where), **page.query}, page, None, _cpr(citizen))


def search(
    where: Where = [],  # noqa: B006 - the list is typer's, and only read
    area: Annotated[str | None, typer.Option(help="Whose rows.", show_default="the cases")] = None,
    citizen: Citizen = False,
    sort: Sort = None,
    limit: Limit = None,
    after: After = None,
    purpose: Purpose = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """What fulfils every criterion, a page at a time. The search and what it shows are logged under the operating system's user."""
    page = Page(sort, limit, after, purpose, "json" if as_json else "csv" if as_csv else "table")
    criteria = {name: _json(name, value) for name, value in _criteria(where).items()}
    period = {name: criteria.pop(name) for name in PERIODE if name in criteria}
    body = {**criteria, **({"periode": period} if period else {}), **({"omraade": area} if area else {})}
    _show("/v1/soeg", page.query, page, orjson.dumps(body), _cpr(citizen))


def _criteria(where: Sequence[str]) -> dict[str, str]:
    pairs = [given.partition("=") for given in where]
    if wrong := [name for name, equals, _ in pairs if not equals or name not in KRITERIER]:
        raise misuse(f"--where takes NAME=VALUE with NAME one of {', '.join(KRITERIER)} ({len(wrong)} of them is not)")
    return {name: value for name, _, value in pairs}


def _json(name: str, value: str) -> str | int:
    """A code as a number, as a search's body has it."""
    return int(value) if name in ("ansoegningStatus", "bevillingsstatus") and value.isdecimal() and len(value) < 9 else value


def _cpr(citizen: bool) -> dict[str, str]:
    if not citizen:
        return {}
    typed = typer.prompt("CPR", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    return {CIVIL: typed.strip().replace("-", "")}


def _show(path: str, query: Mapping[str, str], page: Page, body: bytes | None, headers: Mapping[str, str]) -> None:
    own = {"accept": "text/csv" if page.form == "csv" else "application/json"} | (
        {} if page.purpose is None else {"x-formaal": page.purpose}
    )
    answer = asyncio.run(ask(reach(needs=DATABASE), path, query, {**own, **headers}, body))
    if answer.status != 200:
        say(*refusals(answer.document["errors"]))
        if page.form == "json":
            _bytes(answer.body + b"\n")
        raise typer.Exit(MISUSE if answer.status == 400 else FINDING)
    if page.form == "table":
        _table(answer.document)
    else:
        _bytes(answer.body if page.form == "csv" else answer.body + b"\n")
    if more := answer.headers.get("x-naeste"):
        say(f"Der er flere: --after {more}")


def _bytes(data: bytes) -> None:
    """The very bytes of the API."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _table(document: Mapping[str, Any]) -> None:
    """The columns in which a row has something, with their Danish headings; on a terminal by rich, elsewhere aligned."""
    columns = [c for c in OMRAADER[document["omraade"]].kolonner if any(row[c.navn] is not None for row in document["raekker"])]
    rows = [{c.overskrift: c.slags.csv(row[c.navn]) or None for c in columns} for row in document["raekker"]]
    if sys.stdout.isatty():
        shown = Table(*(c.overskrift for c in columns))
        for row in rows:
            shown.add_row(*(Text(cell(value)) for value in row.values()))
        Console().print(shown)
    else:
        table(rows, [c.overskrift for c in columns])
    if document["antal"] is not None:
        say(f"{'mindst ' if document['antalErMindst'] else ''}{document['antal']} i alt")
