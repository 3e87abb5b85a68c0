"""The contract's receipt: what an append answers, what is kept by request id, and what a restore finds again in the envelopes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hub.domain.haendelser import Haendelse

Kvittering = dict[str, Any]
FELTER = ("sagsId", "version", "eksternIdentifier", "haendelser", "registreringstidspunkt")


def af_haendelser(haendelser: Sequence[Haendelse]) -> Kvittering:
    """The receipt of one request's events, oldest first, at least one."""
    sidste = haendelser[-1].kuvert
    navngivne = [(h.kuvert.haendelsesId, h.type, h.kuvert.version) for h in haendelser]
    return kvittering(sidste.sagsId, sidste.eksternIdentifier, navngivne, sidste.registreringstidspunkt)


def kvittering(sags_id: str, akt: str, haendelser: Sequence[tuple[str, str, int]], registreret: datetime) -> Kvittering:
    """`haendelser` are (id, type, version), oldest first; the receipt's version is the last one's."""
    return {
        "sagsId": sags_id,
        "version": haendelser[-1][2],
        "eksternIdentifier": akt,
        "haendelser": [{"id": id_, "type": slags, "version": version} for id_, slags, version in haendelser],
        "registreringstidspunkt": som_tekst(registreret),
    }


def laest(raekke: Kvittering) -> Kvittering:
    """A receipt as it was first answered, to the byte: JSONB keeps the content, not the order of the fields."""
    haendelser = [{navn: h[navn] for navn in ("id", "type", "version")} for h in raekke["haendelser"]]
    return {navn: raekke[navn] for navn in FELTER} | {"haendelser": haendelser}


def som_tekst(tid: datetime) -> str:
    """An aware time as the contract writes it: UTC, microseconds, `Z`."""
    return tid.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
