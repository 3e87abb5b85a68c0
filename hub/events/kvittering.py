"""The contract's receipt: what an append answers, what is kept by request id, and what a restore finds again in the envelopes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hub.domain.haendelser import Haendelse

Kvittering = dict[str, Any]
FELTER = ("sagsId", "version", "eksternIdentifier", "haendelser", "registreringstidspunkt")
HAENDELSESFELTER = ("sagsId", "id", "type", "version")
"""A receipt's fields in their order; of one case its `sagsId` stands once, of several with each event."""


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


def af_flere_sager(haendelser: Sequence[Haendelse], nu: datetime) -> Kvittering:
    """The receipt of a request that spans cases, in the order of their ids; of none, it was registered `nu`."""
    kuverter = [h.kuvert for h in haendelser]
    return {
        "haendelser": [
            {"sagsId": k.sagsId, "id": k.haendelsesId, "type": h.type, "version": k.version}
            for h, k in sorted(zip(haendelser, kuverter, strict=True), key=lambda par: par[1].sagsId)
        ],
        "registreringstidspunkt": som_tekst(max((k.registreringstidspunkt for k in kuverter), default=nu)),
    }


def laest(raekke: Kvittering) -> Kvittering:
    """A receipt as it was first answered, to the byte: JSONB keeps the content, not the order of the fields."""
    haendelser = [{navn: h[navn] for navn in HAENDELSESFELTER if navn in h} for h in raekke["haendelser"]]
    return {navn: haendelser if navn == "haendelser" else raekke[navn] for navn in FELTER if navn in raekke}


def som_tekst(tid: datetime) -> str:
    """An aware time as the contract writes it: UTC, microseconds, `Z`."""
    return tid.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
