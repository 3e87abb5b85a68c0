"""A notification and the document fetched for it, in Danish, as a caseworker would want to read them."""

from collections.abc import Iterator
from typing import Any

from hub.domain.koder import ORDNINGER
from hub.events.ordningsnotifikation import Ordningsnotifikation

FACTS = (
    ("ansoegningStatus", "ansøgning"), ("bevillingsstatus", "bevilling"), ("status", "status"), ("ansoegtPeriode", "ansøgt periode"),
    ("bevilgetPeriode", "bevilget periode"), ("gaeldendePeriode", "gældende periode"), ("stopdato", "stopdato"),
    ("oprindeligSlutdato", "oprindelig slutdato"), ("slutdatoFoerOphoer", "slutdato før ophør"), ("aktuelSlutdato", "aktuel slutdato"),
    ("annulleretAf", "annulleret af"), ("arbejdstid", "arbejdstid pr. uge"), ("team", "team"), ("ansvarligMedarbejder", "medarbejder"),
    ("mimetype", "filtype"), ("stoerrelse", "bytes"),
)  # fmt: skip
"""Field of a document → its name for people. Nothing of the citizen: that is what --json and the system itself are for."""
LABEL_WIDTH = max(len(label) for _, label in FACTS)


def headline(n: Ordningsnotifikation) -> str:
    """One line for the notification."""
    what = "oprettet" if n.erOprettelse else "ændret"
    when = f"{n.registreringsDato:%Y-%m-%d %H:%M:%S}Z"
    return f"#{n.nummer} {when} {n.getMetode} {what}: akt {n.eksternIdentifier}, sag {n.sagsId}, version {n.version}"


def facts(document: dict[str, Any]) -> Iterator[str]:
    """The document's main facts, a line each; what it does not have is left out, a date it has without a value is said to be open."""
    scheme = ORDNINGER.get(str(document.get("ordning")))
    yield f"   {scheme.navn if scheme else '?'} {document.get('vitasSagsnummer')}, version {document.get('version')}"
    for field, label in FACTS:
        value = _shown(field, document[field]) if field in document else None
        if value is not None:
            yield f"   {label.ljust(LABEL_WIDTH)}  {value}"


def _shown(field: str, value: Any) -> str | None:
    if isinstance(value, dict):
        return _composite(value)
    if value is None:
        return "ingen" if field == "gaeldendePeriode" else None
    return str(value)


def _composite(value: dict[str, Any]) -> str:
    if "startdato" in value:
        return f"{value['startdato'] or ''} til {value['slutdato'] or 'åben'}".lstrip()
    if "timerPrUge" in value:
        return f"{value['timerPrUge']}:{value['minutterPrUge']:02d}"
    return str(value.get("navn") or value.get("kode"))
