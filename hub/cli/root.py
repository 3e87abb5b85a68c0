"""The root command: every verb of the contract in one place."""

import typer

from hub.cli import generate, schemas, services, token, topics
from hub.cli.errors import Root

app = typer.Typer(
    name="hub",
    cls=Root,
    help="VITAS hub: keeps every case action as an event, answers the GetMetoder, tells the jobcentres.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(services.app, name="services")
app.add_typer(schemas.app, name="schemas")
app.command("generate")(generate.generate)
app.command("token")(token.token)
app.command("topics")(topics.topics_)


def main() -> None:
    """The `hub` script."""
    app()
