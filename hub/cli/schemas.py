"""`hub schemas`: the published Avro schemas."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.form import AsJson, Execute, finding, json_line, misuse, say, table
from hub.events.schemas import Skemaregister, skemamappe
from hub.operations import schemas

app = typer.Typer(help="The published Avro schemas.", no_args_is_help=True)
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


@app.command()
def check(folder: Folder = None, as_json: AsJson = False) -> None:
    """Full-transitive compatibility, forbidden constructs, seals and ids; exit 1 when anything breaks a promise."""
    register = _register(folder)
    findings = register.check()
    if as_json:
        json_line({"schemas": len(register.efter_id), "findings": findings, "ok": not findings})
    else:
        for line in findings:
            typer.echo(line)
    if findings:
        raise finding(f"{len(findings)} finding(s) in {len(register.efter_id)} schemas")
    say(f"{len(register.efter_id)} schemas are well")


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
