"""The published schemas: one .avsc per record and version, ids fixed in ids.json for ever (decision 9)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from hub.events.avrotyper import Node
from hub.events.skemakontrol import kontroller

NAVNERUM = "dk.vitas.hub"
IDS = "ids.json"


class Skemaversion(NamedTuple):
    """One published version: `id` is on every record of it; `sha256` that of the normalised schema; `skema` and `tekst` as published."""

    id: int
    subject: str
    version: int
    fil: str
    sha256: str
    skema: Node
    tekst: str

    @property
    def navn(self) -> str:
        """The record's name without namespace: the event's type."""
        return self.subject.removeprefix(f"{NAVNERUM}.")


def skemamappe() -> Path:
    """The folder with the published schemas: beside the package `hub`, in the repository as in an installed wheel."""
    return Path(__file__).parents[2] / "schemas" / "avro"


class Skemaregister:
    """Every published schema, read once from a folder. Raises OSError, ValueError or KeyError when the folder cannot be read."""

    def __init__(self, mappe: Path) -> None:
        self._mappe = mappe
        ids: dict[str, dict[str, str]] = json.loads((mappe / IDS).read_text(encoding="utf-8"))
        self.efter_id: Mapping[int, Skemaversion] = {int(id_): _laes(mappe, int(id_), raekke) for id_, raekke in ids.items()}
        self._nyeste = {s.navn: s for s in sorted(self.efter_id.values(), key=lambda s: s.version)}

    def nyeste(self, navn: str) -> Skemaversion:
        """The newest version of the record `navn` (without namespace). Raises KeyError when there is none."""
        return self._nyeste[navn]

    def subjects(self) -> tuple[str, ...]:
        """Every subject (the record's full name), sorted."""
        return tuple(sorted({skema.subject for skema in self.efter_id.values()}))

    def versioner(self, subject: str) -> tuple[Skemaversion, ...]:
        """The subject's versions, oldest first; empty when it is unknown."""
        return tuple(sorted((s for s in self.efter_id.values() if s.subject == subject), key=lambda s: s.version))

    def check(self) -> list[str]:
        """Everything that breaks a promise about schemas, in words; empty when all is well."""
        filer = {fil.name for fil in self._mappe.glob("*.avsc")}
        uden_id = [f"{fil}: has no id in {IDS}" for fil in sorted(filer - {s.fil for s in self.efter_id.values()})]
        return uden_id + kontroller([s for subject in self.subjects() for s in self.versioner(subject)])


def _laes(mappe: Path, id_: int, raekke: Mapping[str, str]) -> Skemaversion:
    tekst = (mappe / raekke["file"]).read_text(encoding="utf-8")
    return Skemaversion(id_, raekke["subject"], int(raekke["version"]), raekke["file"], raekke["sha256"], json.loads(tekst), tekst)
