"""`hub schemas`: the published Avro schemas."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.form import AsJson, Execute, finding, json_line, misuse, progress, say, table
from hub.cli.reach import NotRunning, reach
from hub.events.codec import Kodeks
from hub.events.schemas import Skemaregister, skemamappe
from hub.operations import schema_log, schemas

app = typer.Typer(help="The published Avro schemas.", no_args_is_help=True, add_completion=False)
Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="Folder with the schemas and ids.json.", exists=True, file_okay=False, show_default="schemas/avro"),
]


@app.command("list")
def list_(folder: Folder = None, as_json: AsJson = False) -> None:
    """Every published version with its id and its SHA-256."""
    found = schemas.published(_register(folder))
    if as_json:
        json_line({"schemas": found})
        return
    table([vars(s) for s in found], ("id", "subject", "version", "sha256"))


Log = Annotated[
    bool | None,
    typer.Option("--log/--no-log", help="Read the whole log too; left out: when a Kafka of this data folder answers.", show_default=False),
]


@app.command()
def check(folder: Folder = None, log: Log = None, as_json: AsJson = False) -> None:
    """Every kept version against every other, forbidden constructs, seals and ids; and every record of the log against its schema.

    Exit 1 when anything breaks a promise.
    """
    register = _register(folder)
    findings = register.check()
    on_log = None if findings or log is False else _on_log(register, log)
    wrong = len(findings) + (on_log.unreadable if on_log is not None else 0)
    if as_json:
        json_line({"schemas": len(register.efter_id), "findings": findings, "log": on_log, "ok": not wrong})
    else:
        _print(findings, on_log)
    if wrong:
        raise finding(f"{wrong} finding(s) in {len(register.efter_id)} schemas and what is written with them")
    say(f"{len(register.efter_id)} schemas are well" + (f"; {on_log.records} records are read with them" if on_log is not None else ""))


def _on_log(register: Skemaregister, asked: bool | None) -> schema_log.LogCheck | None:
    """The log of this data folder; None: none answers, and none was asked for. Raises `NotRunning`, KafkaError."""
    try:
        hub = reach(needs=("kafka",))
    except NotRunning:
        if asked:
            raise
        say("No Kafka answers here: the schemas are compared with each other only.")
        return None
    with progress("reading the log") as move:
        return asyncio.run(schema_log.check(hub.options, register, Kodeks(register), move))


def _print(findings: list[str], on_log: schema_log.LogCheck | None) -> None:
    for line in findings:
        typer.echo(line)
    if on_log is not None and on_log.used:
        table([vars(use) for use in on_log.used], ("id", "subject", "version", "records"))
    if on_log is not None and on_log.named:
        table([vars(bad) for bad in on_log.named], ("topic", "partition", "offset", "reason"))


@app.command()
def draft(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's type, e.g. OphoerRettet, or a new one's.")],
    folder: Folder = None,
) -> None:
    """Print what a draft is written from: the event's newest version, or, of a new event of cases, the envelope alone."""
    if not (event.isascii() and event.isidentifier()):
        raise misuse("an event's type is letters and digits, e.g. OphoerRettet")
    typer.echo(schemas.draft(_register(folder), event), nl=False)


@app.command()
def publish(
    draft: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The new version, an .avsc file.")],
    folder: Folder = None,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Freeze a draft as the next version of its record, with an id for ever; exit 1 when it is not compatible."""
    try:
        plan = schemas.publish(folder or skemamappe(), draft, execute)
    except schemas.NotASchema as problem:
        raise misuse(str(problem)) from problem
    if as_json:
        json_line(plan)
    else:
        table([vars(plan)], ("subject", "version", "id", "file"))
    if plan.findings:
        raise finding(*plan.findings)
    say(_outcome(plan))


def _outcome(plan: schemas.Publication) -> str:
    if plan.unchanged:
        return "The newest version is the same already: nothing to publish."
    return (
        "Published: commit both files."
        if plan.executed
        else "Nothing written yet: add --execute to publish. What is published is never changed."
    )


def _register(folder: Path | None) -> Skemaregister:
    try:
        return Skemaregister(folder or skemamappe())
    except (OSError, ValueError, KeyError) as problem:
        raise finding(f"the schemas cannot be read: {problem}") from problem
