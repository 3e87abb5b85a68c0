"""The root command: every verb of the contract in one table. A verb's module is loaded when it is called, so that each starts fast."""

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

from hub.cli.errors import EXPECTED, explain
from hub.cli.form import say
from hub.cli.interrupt import heard
from hub.cli.logs import configure
from hub.settings import Settings

VERBS: dict[str, str] = {
    "up": "up:up",
    "worker": "worker:worker",
    "api": "api:api",
    "append": "append:append",
    "case": "case:case",
    "get": "case:get",
    "told": "told:told",
    "search": "lists:search",
    "list": "lists:list_",
    "reference": "reference:reference",
    "watch": "watch:watch",
    "status": "status:status",
    "verify": "verify:verify",
    "rebuild": "rebuild:rebuild",
    "renotify": "renotify:renotify",
    "restore": "restore:restore",
    "deadletters": "deadletters:app",
    "oplog": "oplog:oplog",
    "documents": "documents:app",
    "topics": "topics:topics_",
    "schemas": "schemas:app",
    "token": "token:token",
    "services": "services:app",
    "sql": "sql:sql",
    "generate": "generate:generate",
    "demo": "demo:demo",
    "bench": "demo:bench",
}
"""Verb → module below hub.cli, and the function or group of commands in it."""


class Root(TyperGroup):
    """Finds a verb in the table, and makes of an expected failure a sentence and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every verb, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb's command, None when there is no such verb."""
        return _load(cmd_name) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb with what it needs, all of it loaded: from now on Ctrl-C is for it to hear."""
        found = super().resolve_command(ctx, args)
        heard()
        return found

    def invoke(self, ctx: Any) -> Any:
        """Run the verb. Raises typer.Exit."""
        try:
            configure(Settings().log_level)
            return super().invoke(ctx)
        except EXPECTED as problem:
            code, lines = explain(problem)
            say(*lines)
            raise typer.Exit(code) from problem


app = typer.Typer(
    name="hub",
    cls=Root,
    help="VITAS hub: keeps every case action as an event, answers the GetMetoder, tells the jobcentres.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def root() -> None:
    """VITAS hub: keeps every case action as an event, answers the GetMetoder, tells the jobcentres."""


def main() -> None:
    """What `hub.cli.main` calls."""
    app()


def _load(verb: str) -> Any:
    module, _, name = VERBS[verb].partition(":")
    found = getattr(importlib.import_module(f"hub.cli.{module}"), name)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(verb)(found)
        found = single
    command = typer.main.get_command(found)
    command.name = verb
    return command
