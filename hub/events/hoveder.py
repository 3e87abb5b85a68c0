"""CloudEvents headers beside the Avro value: what a consumer routes by without decoding; nothing personal."""

from datetime import datetime

from hub.domain.haendelser import Haendelse
from hub.domain.reference_haendelser import Referencehaendelse
from hub.events.drift import Driftshaendelse
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.schemas import Skemaregister

KILDE = "urn:vitas:hub"
INDHOLD = "application/vnd.confluent.avro"
Hoveder = dict[str, str]


def hoveder(register: Skemaregister, haendelse: Haendelse | Referencehaendelse | Driftshaendelse) -> Hoveder:
    """The headers of an event of a case (subject: sagsId), a reference stream or the operators, as `Kodeks` encodes it now."""
    kuvert = haendelse.kuvert
    return _hoveder(register, haendelse.type, kuvert.haendelsesId, kuvert.sagsId, kuvert.haendelsestidspunkt)


def hoveder_notifikation(register: Skemaregister, n: Ordningsnotifikation) -> Hoveder:
    """The headers of a notification (subject: sagsId), as `Kodeks` encodes it now."""
    return _hoveder(register, "Ordningsnotifikation", n.notifikationsId, n.sagsId, n.haendelsestidspunkt)


def _hoveder(register: Skemaregister, navn: str, id_: str, subject: str, tid: datetime) -> Hoveder:
    return {
        "ce_specversion": "1.0",
        "ce_id": id_,
        "ce_type": f"dk.vitas.{navn}.v{register.nyeste(navn).version}",
        "ce_source": KILDE,
        "ce_subject": subject,
        "ce_time": tid.isoformat().replace("+00:00", "Z"),
        "content-type": INDHOLD,
    }
