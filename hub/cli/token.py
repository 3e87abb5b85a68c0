"""`hub token`: a development token."""

import getpass
from typing import Annotated

import typer

from hub.cli.form import AsJson, json_line, misuse
from hub.operations.token import NoToken, Role, issue
from hub.settings import Settings


def token(
    role: Annotated[Role, typer.Option(help="What the bearer may do.")],
    jobcentre: Annotated[list[str] | None, typer.Option(help="A jobcentre's code; may be given several times.")] = None,
    name: Annotated[str | None, typer.Option(help="Who the bearer is.", show_default="the operating system's user")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=60 * 24 * 30, help="How long it is valid.")] = 24 * 60,
    as_json: AsJson = False,
) -> None:
    """Print a token of the development issuer (its key is in the data folder). Exit 2 when HUB_JWKS_URL names a real issuer."""
    try:
        made = issue(Settings(), role, jobcentre or [], name or getpass.getuser(), minutes)
    except NoToken as problem:
        raise misuse(str(problem)) from problem
    if as_json:
        json_line(made)
    else:
        typer.echo(made.token)
