"""What `hub schemas check` finds: ids and files that moved, schemas that break a rule, versions that cannot read each other."""

from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Protocol

from hub.events.avrotyper import Node, UgyldigtSkema, sha256, udfoldet
from hub.events.kompatibilitet import uforenelige
from hub.events.skemaregler import brud


class Udgivet(Protocol):
    """A published schema version, as the registry keeps it."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> int: ...  # noqa: D102
    @property
    def fil(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def skema(self) -> Node: ...  # noqa: D102


def kontroller(versioner: Sequence[Udgivet]) -> list[str]:
    """The findings over all versions, sorted by subject and version; empty when all is well."""
    fund = [f"id {id_} is missing: ids are 1, 2, 3 …" for id_ in range(1, len(versioner) + 1) if id_ not in {v.id for v in versioner}]
    for subject, gruppe in groupby(versioner, key=lambda v: v.subject):
        fund += _subject(subject, list(gruppe))
    return fund


def _subject(subject: str, versioner: list[Udgivet]) -> list[str]:
    fund = []
    if [v.version for v in versioner] != list(range(1, len(versioner) + 1)):
        fund.append(f"{subject}: versions are {[v.version for v in versioner]}, not 1, 2, 3 …")
    gyldige = {}
    for version in versioner:
        fund += _fil(version)
        try:
            gyldige[version.fil] = udfoldet(version.skema)
        except UgyldigtSkema as fejl:
            fund.append(f"{version.fil}: {fejl}")
    for fil, node in gyldige.items():
        fund += [f"{fil}: {tekst}" for tekst in brud(node)]
    for (gammel, foer), (ny, efter) in combinations(gyldige.items(), 2):
        fund += [f"{ny} cannot read {gammel}: {tekst}" for tekst in uforenelige(efter, foer)]
        fund += [f"{gammel} cannot read {ny}: {tekst}" for tekst in uforenelige(foer, efter)]
    return fund


def _fil(version: Udgivet) -> list[str]:
    skema, navn = version.skema, version.subject.rpartition(".")[2]
    fund = []
    if sha256(skema) != version.sha256:
        fund.append(f"{version.fil}: was changed after it was published (SHA-256 differs)")
    if version.fil != f"{navn}.v{version.version}.avsc":
        fund.append(f"{version.fil}: should be named {navn}.v{version.version}.avsc")
    if skema.get("type") != "record" or f"{skema.get('namespace')}.{skema.get('name')}" != version.subject:
        fund.append(f"{version.fil}: is not the record {version.subject}")
    return fund
