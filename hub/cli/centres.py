"""A jobcentre's code as it is typed: one that cannot be is misuse, before anything is reached."""

from typing import Annotated

import typer

from hub.operations.renotify import Refused, known_jobcentre


def _known(code: str) -> str:
    try:
        known_jobcentre(code)
    except Refused as problem:
        raise typer.BadParameter(str(problem)) from problem
    return code


Jobcentre = Annotated[str, typer.Option("--jobcentre", callback=_known, help="The jobcentre's code.")]
