"""`hub services`: the Kafka and the PostgreSQL that the hub runs itself."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from hub.local import services
from hub.local.errors import LocalServiceError
from hub.settings import Settings

app = typer.Typer(help="The embedded Kafka and PostgreSQL of the data folder.", no_args_is_help=True, add_completion=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def start(as_json: AsJson = False) -> None:
    """Start what does not run yet and print where both services are; exit 1 when one cannot be started."""
    settings = Settings()
    try:
        services.start(settings)
    except LocalServiceError as problem:
        raise _finding(problem) from problem
    _print(services.status(settings), as_json)


@app.command()
def stop(as_json: AsJson = False) -> None:
    """Stop the embedded services; their data stays. Exit 1 when one lives on."""
    settings = Settings()
    try:
        services.stop(settings)
    except LocalServiceError as problem:
        raise _finding(problem) from problem
    _print(services.status(settings), as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Print whether both services answer, starting nothing; exit 1 when one does not."""
    found = services.status(Settings())
    _print(found, as_json)
    if not all(service.answers for service in found):
        raise typer.Exit(1)


def _finding(problem: LocalServiceError) -> typer.Exit:
    Console(stderr=True).print(str(problem), markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(1)


def _print(found: list[services.ServiceStatus], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"services": [asdict(service) for service in found]}))
        return
    for service in found:
        kind = "embedded" if service.embedded else "configured"
        typer.echo(f"{service.name}\t{'answers' if service.answers else 'silent'}\t{kind}\t{service.address or '-'}\t{service.pid or '-'}")
