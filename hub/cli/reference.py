"""`hub reference`: conflicts, rates, rejection texts, code lists, exactly as the API would answer."""

import asyncio
from typing import Annotated
from urllib.parse import quote

import typer

from hub.cli.form import FINDING, MISUSE, AsJson, json_line, misuse, refusals, say, table
from hub.cli.inprocess import ask
from hub.cli.reach import DATABASE, reach
from hub.projections.referencer import LISTER

CONFLICTS = "konflikter"
REGISTRATION = ("kilde", "fra", "fagomraader", "registreringstidspunkt", "ophoerstidspunkt")


def reference(
    name: Annotated[str, typer.Argument(metavar="NAME", help=", ".join((CONFLICTS, *LISTER)))],
    cvr: Annotated[str | None, typer.Argument(metavar="CVR", help=f"The company; with {CONFLICTS} only.")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Only what is in force on this day; not with konflikter.")] = None,
    as_json: AsJson = False,
) -> None:
    """One of the reference lists with its history, or a company's conflict. Nothing personal is in them; VITAS registers them."""
    if name not in (CONFLICTS, *LISTER):
        raise misuse(f"NAME is one of {', '.join((CONFLICTS, *LISTER))}")
    if (name == CONFLICTS) != (cvr is not None) or (name == CONFLICTS and on is not None):
        raise misuse(f"{CONFLICTS} takes a CVR number, the lists take --on")
    path = f"/v1/{name}" + ("" if cvr is None else f"/{quote(cvr, safe='')}")
    answer = asyncio.run(ask(reach(needs=DATABASE), path, {} if on is None else {"paa": on}, {}))
    if answer.status != 200:
        say(*refusals(answer.document["errors"]))
        raise typer.Exit(MISUSE if answer.status == 400 else FINDING)
    rows = answer.document["historik" if name == CONFLICTS else "raekker"]
    if as_json:
        json_line(answer.document)
    elif rows:
        table(rows, REGISTRATION if name == CONFLICTS else tuple(rows[0]))
    else:
        say("Nothing is registered.")
