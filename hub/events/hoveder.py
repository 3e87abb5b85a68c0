"""CloudEvents headers beside the Avro value: what a consumer routes by without decoding; nothing personal."""

from datetime import datetime

from hub.domain.haendelser import Haendelse
from hub.domain.reference_haendelser import Referencehaendelse
from hub.events.drift import Driftshaendelse
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.schemas import Skemaregister, Skemaversion

KILDE = "urn:vitas:hub"
INDHOLD = "application/vnd.confluent.avro"
Hoveder = dict[str, str]


def hoveder(register: Skemaregister, haendelse: Haendelse | Referencehaendelse | Driftshaendelse, skema: int | None = None) -> Hoveder:
    """The headers of an event of a case (subject: sagsId), a reference stream or the operators, as `Kodeks` encodes it now.

    Or as it did when the schema of id `skema` was the newest.
    """
    kuvert, version = haendelse.kuvert, register.nyeste(haendelse.type) if skema is None else register.efter_id[skema]
    return _hoveder(version, kuvert.haendelsesId, kuvert.sagsId, kuvert.haendelsestidspunkt)


def hoveder_notifikation(register: Skemaregister, n: Ordningsnotifikation, skema: int | None = None) -> Hoveder:
    """The headers of a notification (subject: sagsId), as `Kodeks` encodes it now, or did when the schema of id `skema` was the newest."""
    version = register.nyeste("Ordningsnotifikation") if skema is None else register.efter_id[skema]
    return _hoveder(version, n.notifikationsId, n.sagsId, n.haendelsestidspunkt)


def _hoveder(skema: Skemaversion, id_: str, subject: str, tid: datetime) -> Hoveder:
    return {
        "ce_specversion": "1.0",
        "ce_id": id_,
        "ce_type": f"dk.vitas.{skema.navn}.v{skema.version}",
        "ce_source": KILDE,
        "ce_subject": subject,
        "ce_time": tid.isoformat().replace("+00:00", "Z"),
        "content-type": INDHOLD,
    }
