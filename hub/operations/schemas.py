"""The published schemas: list, check, and freeze a draft as the next version (decision 9)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.events.avrotyper import sha256
from hub.events.schemas import IDS, NAVNERUM, Skemaregister, Skemaversion
from hub.events.skemakontrol import kontroller

OF_CASES = "SagTildelt"
"""An event whose envelope is that of every event of a case."""


class NotASchema(ValueError):
    """The draft is no Avro record with a name and a namespace."""


@dataclass(frozen=True)
class Published:
    """One version as the registry has it."""

    id: int
    subject: str
    version: int
    file: str
    sha256: str


@dataclass(frozen=True)
class Publication:
    """What publishing a draft would do, or did. `findings` forbid it; `unchanged`: the newest version is the same already."""

    subject: str
    version: int
    id: int
    file: str
    unchanged: bool
    findings: tuple[str, ...]
    executed: bool = False


def published(register: Skemaregister) -> list[Published]:
    """Every version, by id."""
    return [_row(s) for _, s in sorted(register.efter_id.items())]


def draft(register: Skemaregister, name: str) -> str:
    """What the next version of the record `name` is written from: its newest version; of a new event of cases, the envelope alone."""
    earlier = register.versioner(f"{NAVNERUM}.{name}")
    if earlier:
        return earlier[-1].tekst
    envelope = register.nyeste(OF_CASES).skema["fields"][0]
    schema = {"type": "record", "name": name, "namespace": NAVNERUM, "doc": "", "fields": [envelope]}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def publish(folder: Path, draft: Path, execute: bool) -> Publication:
    """Freeze `draft` as its subject's next version with an id of its own, when it breaks no promise.

    Raises `NotASchema`, or OSError when a file cannot be read or written.
    """
    register = Skemaregister(folder)
    try:
        new = _as_version(register, draft)
        earlier = register.versioner(new.subject)
        unchanged = bool(earlier) and earlier[-1].sha256 == new.sha256
        findings = () if unchanged else tuple(kontroller(_by_subject([*register.efter_id.values(), new])))
    except RecursionError as problem:
        raise NotASchema(f"{draft.name} is nested too deep") from problem
    plan = Publication(new.subject, new.version, new.id, new.fil, unchanged, findings)
    if not execute or unchanged or findings:
        return plan
    _freeze(folder, register, new)
    return Publication(**{**vars(plan), "executed": True})


def _as_version(register: Skemaregister, draft: Path) -> Skemaversion:
    text = draft.read_text(encoding="utf-8")
    try:
        schema = json.loads(text)
    except ValueError as problem:
        raise NotASchema(f"{draft.name} is not JSON: {problem}") from problem
    if not isinstance(schema, dict) or not isinstance(schema.get("name"), str) or not isinstance(schema.get("namespace"), str):
        raise NotASchema(f"{draft.name} is not an Avro record with a name and a namespace")
    subject = f"{schema['namespace']}.{schema['name']}"
    version = len(register.versioner(subject)) + 1
    file = f"{schema['name']}.v{version}.avsc"
    return Skemaversion(max(register.efter_id, default=0) + 1, subject, version, file, sha256(schema), schema, text)


def _by_subject(versions: list[Skemaversion]) -> list[Skemaversion]:
    return sorted(versions, key=lambda s: (s.subject, s.version))


def _freeze(folder: Path, register: Skemaregister, new: Skemaversion) -> None:
    """The file first: an id never names a file that is not there. Both are replaced whole."""
    _replace(folder / new.fil, new.tekst)
    rows = {str(s.id): _ids_row(s) for s in sorted([*register.efter_id.values(), new])}
    _replace(folder / IDS, json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _row(s: Skemaversion) -> Published:
    return Published(s.id, s.subject, s.version, s.fil, s.sha256)


def _ids_row(s: Skemaversion) -> dict[str, Any]:
    return {"subject": s.subject, "version": s.version, "file": s.fil, "sha256": s.sha256}
