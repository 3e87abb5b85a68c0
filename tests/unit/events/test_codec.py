"""What goes on the log: every event there and back, the same bytes every time, and nothing that does not fit its schema."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import EFTER_TYPE, HAENDELSER, Data, Haendelse
from hub.domain.kuvert import Aktoer, Kuvert
from hub.events.codec import STOERSTE, Kodeks, Ulaeselig
from hub.events.drift import DRIFTSHAENDELSER
from hub.events.hoveder import hoveder, hoveder_notifikation
from hub.events.schemas import Skemaregister
from hub.events.skrivning import KanIkkeIndkodes

Eksempel = Callable[..., Haendelse]
Ethvert = Callable[[str, bool], Any]
UUID = "e0000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("fuld", [True, False])
@pytest.mark.parametrize("klasse", HAENDELSER)
def test_every_event_comes_back_as_it_was(kodeks: Kodeks, eksempel: Eksempel, klasse: type[Data], fuld: bool) -> None:
    """An event of any type, with every field or as few as it may have, decodes to an equal one, and encodes to the same bytes again."""
    haendelse = eksempel(klasse, fuld)
    vaerdi = kodeks.indkod(haendelse)
    assert kodeks.afkod(vaerdi) == haendelse
    assert kodeks.indkod(kodeks.afkod(vaerdi)) == vaerdi


def test_sealed_values_come_back_with_their_origin(kodeks: Kodeks, eksempel: Eksempel, kuvert: Kuvert) -> None:
    """Decoding says of a sealed value which key, event and field it is of: the citizen's for CPR and name, else the case's."""
    data: Any = kodeks.afkod(kodeks.indkod(eksempel(h.AnsoegningOprettet))).data
    assert (data.personnummer.noegle, data.personnummer.felt) == (data.borgerId, "personnummer")
    assert data.borgerNavn.noegle == data.borgerId
    assert (data.konfliktKommentar.noegle, data.konfliktKommentar.haendelse) == (kuvert.sagsId, kuvert.haendelsesId)
    lukket = kodeks.afkod(kodeks.indkod(eksempel(h.SagFrigivet, False))).kuvert.aktoer.forseglet
    assert isinstance(lukket, Forseglet)
    assert (lukket.noegle, lukket.felt) == (kuvert.sagsId, "aktoer")


def test_a_person_in_a_list_has_a_key_of_their_own(kodeks: Kodeks, eksempel: Eksempel) -> None:
    """R-4.3: a sealed value of somebody else decodes with that person's key and list, never the citizen's; written so only."""
    haendelse = eksempel(h.AnsoegningOprettet)
    data: Any = kodeks.afkod(kodeks.indkod(haendelse)).data
    for liste in ("ansatte", "vikarer"):
        for person in getattr(data, liste):
            assert (person.navn.noegle, person.navn.felt) == (person.borgerId, f"{liste}.navn")
            assert person.borgerId != data.borgerId
    byttet = replace(data.ansatte[0], navn=replace(data.ansatte[0].navn, noegle=data.borgerId))
    with pytest.raises(KanIkkeIndkodes, match="sealed for another"):
        kodeks.indkod(replace(haendelse, data=replace(data, ansatte=(byttet,))))


@pytest.mark.parametrize("fuld", [True, False])
def test_a_notification_comes_back_as_it_was(kodeks: Kodeks, ethvert: Ethvert, fuld: bool) -> None:
    """A notification decodes to an equal one, with and without its statuses."""
    notifikation = ethvert("Ordningsnotifikation", fuld)
    assert kodeks.afkod_notifikation(kodeks.indkod_notifikation(notifikation)) == notifikation


@pytest.mark.parametrize("fuld", [True, False])
@pytest.mark.parametrize("klasse", DRIFTSHAENDELSER)
def test_every_operators_event_comes_back_as_it_was(kodeks: Kodeks, ethvert: Ethvert, klasse: type[Any], fuld: bool) -> None:
    """An operators' event decodes to an equal one."""
    haendelse = ethvert(klasse.__name__, fuld)
    assert kodeks.afkod_drift(kodeks.indkod_drift(haendelse)) == haendelse


def test_the_three_kinds_are_kept_apart(kodeks: Kodeks, eksempel: Eksempel, ethvert: Ethvert) -> None:
    """Bytes of one kind (a case's event, an operators' event, a notification) are not read as another."""
    drift = ethvert("HaendelseKasseret", True)
    for vaerdi in (kodeks.indkod_notifikation(ethvert("Ordningsnotifikation", True)), kodeks.indkod_drift(drift)):
        with pytest.raises(Ulaeselig, match="not of a Haendelse"):
            kodeks.afkod(vaerdi)
    with pytest.raises(Ulaeselig, match="not of a Driftshaendelse"):
        kodeks.afkod_drift(kodeks.indkod(eksempel(h.SagFrigivet)))
    with pytest.raises(KanIkkeIndkodes, match="drift"):
        kodeks.indkod_drift(replace(drift, kuvert=replace(drift.kuvert, sagsId=UUID)))


class UdenSkema(Data, frozen=True, gc=False):
    """An event that nobody published."""


@pytest.mark.parametrize(
    ("navn", "felt", "vaerdi", "hvorfor"),
    [
        ("KladdeReturneret", "underskrevet", "false", "must be bool"),
        ("KladdeReturneret", "underskrevet", 1, "must be bool"),
        ("OphoerRegistreret", "stopdato", datetime(2026, 1, 1, tzinfo=UTC), "must be date"),
        ("OphoerRegistreret", "stopdato", "2026-01-01", "must be date"),
        ("OphoerRegistreret", "stopdato", None, "must be date"),
        ("OphoerRegistreret", "aarsag", "Flyttet til Fyn", "must be Forseglet"),
        ("OphoerRegistreret", "aarsag", b"Flyttet til Fyn, hvor han bor", "must be Forseglet"),
        ("OphoerRegistreret", "sats", {"kode": 9403, "beskrivelse": "x", "raekke": "y"}, "Sats"),
        ("OphoerRegistreret", "sats", h.Sats(True, "x", "y"), "kode: must be int"),
        ("AnsoegningRettet", "rettede", ["startdato"], "must be tuple"),
        ("AnsoegningRettet", "rettede", (1,), "must be str"),
        ("AnsoegningOprettet", "borgerId", "", "uuid"),
        ("AnsoegningOprettet", "ugentligArbejdstid", 37.5, "must be str"),
        ("SagTildelt", "team", "Øst\0", "NUL"),
        ("SagTildelt", "team", "\ud800", "Unicode"),
    ],
)
def test_a_wrong_value_is_not_written(kodeks: Kodeks, eksempel: Eksempel, navn: str, felt: str, vaerdi: Any, hvorfor: str) -> None:
    """A value that is not exactly of its field's type is refused with the field's name, never cut, coerced or left out."""
    haendelse = eksempel(EFTER_TYPE[navn])
    with pytest.raises(KanIkkeIndkodes, match=hvorfor) as fejl:
        kodeks.indkod(replace(haendelse, data=replace(haendelse.data, **{felt: vaerdi})))
    assert felt in str(fejl.value) or felt == "sats"
    assert "Fyn" not in str(fejl.value)


@pytest.mark.parametrize(
    ("felt", "vaerdi"),
    [
        ("version", 3.99),
        ("version", True),
        ("version", 0),
        ("version", 2**31),
        ("haendelsestidspunkt", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("haendelsestidspunkt", datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))),
        ("registreringstidspunkt", date(2026, 1, 1)),
        ("haendelsesId", "1"),
        ("sagsId", "B0000000-0000-4000-8000-000000000000"),
        ("requestHash", bytes(31)),
        ("requestHash", bytearray(32)),
        ("forgaenger", bytes(33)),
        ("aktoer", Aktoer("Borger", navn="Kim")),
        ("aktoer", Aktoer("Virksomhed", id="x")),
        ("aktoer", None),
    ],
)
def test_a_wrong_envelope_is_not_written(kodeks: Kodeks, kuvert: Kuvert, felt: str, vaerdi: Any) -> None:
    """Times are aware UTC, ids uuids, hashes 32 bytes, versions whole numbers from 1, and only actors at work stand open."""
    with pytest.raises((KanIkkeIndkodes, AttributeError)):
        kodeks.indkod(Haendelse(replace(kuvert, **{felt: vaerdi}), h.SagFrigivet()))


@pytest.mark.parametrize("aendring", [{"felt": "tekst"}, {"haendelse": UUID}, {"noegle": UUID}, {"data": bytes(27)}])
def test_a_value_sealed_elsewhere_is_not_written(kodeks: Kodeks, eksempel: Eksempel, aendring: dict[str, Any]) -> None:
    """What was sealed for another field, event or key could never be opened, so it is refused."""
    haendelse: Any = eksempel(h.OphoerRegistreret)
    fremmed = replace(haendelse.data.aarsag, **aendring)
    with pytest.raises(KanIkkeIndkodes, match="aarsag"):
        kodeks.indkod(replace(haendelse, data=replace(haendelse.data, aarsag=fremmed)))


def test_only_published_events_of_bounded_size_are_written(kodeks: Kodeks, kuvert: Kuvert) -> None:
    """An event without a schema, or larger than what can be read again, is refused."""
    with pytest.raises(KanIkkeIndkodes, match="UdenSkema has no schema"):
        kodeks.indkod(Haendelse(kuvert, UdenSkema()))
    with pytest.raises(KanIkkeIndkodes, match="larger"):
        kodeks.indkod(Haendelse(kuvert, h.SagTildelt(team="x" * STOERSTE)))


def test_headers_tell_what_it_is_and_nobodys_name(register: Skemaregister, ethvert: Ethvert) -> None:
    """The CloudEvents headers carry type with version, ids and time; nothing of the data."""
    assert hoveder(register, ethvert("AnsoegningOprettet", True)) == {
        "ce_specversion": "1.0",
        "ce_id": "a0000000-0000-4000-8000-000000000000",
        "ce_type": "dk.vitas.AnsoegningOprettet.v4",
        "ce_source": "urn:vitas:hub",
        "ce_subject": "b0000000-0000-4000-8000-000000000000",
        "ce_time": "2026-01-02T03:04:05.000006Z",
        "content-type": "application/vnd.confluent.avro",
    }
    assert hoveder_notifikation(register, ethvert("Ordningsnotifikation", True))["ce_type"] == "dk.vitas.Ordningsnotifikation.v1"
    old = next(s.id for s in register.efter_id.values() if (s.navn, s.version) == ("AnsoegningOprettet", 1))
    assert hoveder_notifikation(register, ethvert("Ordningsnotifikation", True), old)["ce_type"] == "dk.vitas.AnsoegningOprettet.v1"
