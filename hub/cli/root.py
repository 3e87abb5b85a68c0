"""The root command: every verb of the contract in one place."""

import typer

from hub.cli import generate, services

app = typer.Typer(
    name="hub",
    help="VITAS hub: keeps every case action as an event, answers the GetMetoder, tells the jobcentres.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(services.app, name="services")
app.command("generate")(generate.generate)


def main() -> None:
    """The `hub` script."""
    app()
