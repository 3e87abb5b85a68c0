"""`hub case` and `hub get`: one case, one act, exactly as the API would answer."""

import asyncio
import sys
from typing import Annotated
from urllib.parse import quote

import orjson
import typer

from hub.cli.compared import compare
from hub.cli.form import FINDING, MISUSE, AsJson, Purpose, misuse, refusals, say
from hub.cli.inprocess import Answer, ask
from hub.cli.reach import DATABASE, reach

AsOf = Annotated[str | None, typer.Option("--as-of", help="As registered at this time (RFC 3339, with its offset).")]
Version = Annotated[int | None, typer.Option(min=1, help="This version or later.")]


def case(
    sags_id: Annotated[str, typer.Argument(metavar="SAGSID", help="The case.")],
    as_of: AsOf = None,
    history: Annotated[bool, typer.Option("--history", help="Its timeline: every event.")] = False,
    diff: Annotated[str | None, typer.Option(help="What changed from --as-of to this time, in the case and in each act.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """One case with its acts, its timeline, or how it differs at two times. The read is in the access log under your user name."""
    if diff is not None:
        if as_of is None or history:
            raise misuse("--diff goes with --as-of, and not with --history.")
        compare(sags_id, (as_of, diff), purpose, as_json)
        return
    path = f"/v1/sager/{quote(sags_id, safe='')}" + ("/historik" if history else "")
    _show(path, {} if as_of is None else {"asOf": as_of}, purpose, as_json)


def get(
    get_metode: Annotated[str, typer.Argument(metavar="GETMETODE", help="GetAnsoegning, GetBevilling …")],
    ordning: Annotated[str, typer.Argument(metavar="ORDNING", help="Loentilskud, Fleksjob …")],
    ekstern_id: Annotated[str, typer.Argument(metavar="EKSTERN_ID", help="The act's eksternIdentifier.")],
    as_of: AsOf = None,
    version: Version = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """The document of one act, exactly as the API answers. The read is in the access log under the operating system's user."""
    query = {} if as_of is None else {"asOf": as_of}
    path = "/v1/" + "/".join(quote(part, safe="") for part in (ordning, get_metode, ekstern_id))
    _show(path, query if version is None else {**query, "version": str(version)}, purpose, as_json)


def _show(path: str, query: dict[str, str], purpose: str | None, as_json: bool) -> None:
    answer = asyncio.run(ask(reach(needs=DATABASE), path, query, {} if purpose is None else {"x-formaal": purpose}))
    if answer.status == 200:
        _print(answer, as_json)
        return
    say(*refusals(answer.document["errors"]))
    if as_json:
        _print(answer, as_json)
    raise typer.Exit(MISUSE if answer.status == 400 else FINDING)


def _print(answer: Answer, as_json: bool) -> None:
    """With --json the very bytes; else the same, indented."""
    body = answer.body if as_json else orjson.dumps(answer.document, option=orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(body + b"\n")
    sys.stdout.buffer.flush()
