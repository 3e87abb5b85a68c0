"""Sealing: what is personal is closed with the right key, opens only where it was closed, and is gone when the key is."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import HAENDELSER, Haendelse
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.vilkaar import Ansat, Vikar
from hub.events.avrotyper import udfoldet
from hub.events.codec import Kodeks
from hub.events.keys import Noeglering
from hub.events.schemas import Skemaregister
from hub.events.sealing import BORGERFELTER, FORTROLIGE, KanIkkeAabnes, aabn, aabn_eller_slettet, forsegl, forsegl_aktoer

EN, TO, SAG, BORGER = (f"{n}0000000-0000-4000-8000-000000000000" for n in "12bc")
ANDEN = "f0000000-0000-4000-8000-000000000000"
NOEGLER = {SAG: bytes(32), BORGER: bytes([1]) * 32, ANDEN: bytes([2]) * 32}
FOLK: dict[str, Any] = {"ansatte": (Ansat(ANDEN, "0202020202", "Eva Skov"),), "vikarer": (Vikar(ANDEN, "0202020202", "Eva Skov"),)}
KONTAKT = {"navn": "Åse Holm", "telefon": "12345678"}


@pytest.fixture
def klar(eksempel: Callable[..., Haendelse]) -> h.AnsoegningOprettet:
    """An application with its sealed fields in clear, as `decide` gives it."""
    data: Any = eksempel(h.AnsoegningOprettet).data
    lukkede = dict.fromkeys(FORTROLIGE[h.AnsoegningOprettet], KONTAKT)
    klar: h.AnsoegningOprettet = replace(
        data, borgerId=BORGER, **{**lukkede, "personnummer": "0101010101", "borgerNavn": "Bo Lund"}, **FOLK
    )
    return klar


def test_exactly_the_marked_fields_are_sealed(register: Skemaregister) -> None:
    """The fields that are sealed, and with whose key, are those that the schemas mark."""
    for klasse in HAENDELSER:
        felter = udfoldet(register.nyeste(klasse.__name__).skema)["fields"]
        assert FORTROLIGE[klasse] == tuple(f["name"] for f in felter if f["segl"] != "aaben")
        assert BORGERFELTER.intersection(FORTROLIGE[klasse]) == {f["name"] for f in felter if f["segl"] == "borger"}


def test_what_is_sealed_opens_again(klar: h.AnsoegningOprettet) -> None:
    """Every sealed field opens to the same text or object, under the citizen's key or the case's."""
    lukket: Any = forsegl(klar, EN, NOEGLER, SAG, BORGER)
    for felt in FORTROLIGE[h.AnsoegningOprettet]:
        f = getattr(lukket, felt)
        assert isinstance(f, Forseglet)
        assert f.noegle == (BORGER if felt in BORGERFELTER else SAG)
        assert aabn(f, NOEGLER[f.noegle]) == getattr(klar, felt)


def test_people_in_lists_are_sealed_with_their_own_keys(klar: h.AnsoegningOprettet) -> None:
    """R-4.3: an entry opens with its person's key and list only, so an erased citizen takes nobody along and no entry can be exchanged."""
    lukket: Any = forsegl(klar, EN, NOEGLER, SAG, BORGER)
    for liste in ("ansatte", "vikarer"):
        (person,) = getattr(lukket, liste)
        assert aabn(person.personnummer, NOEGLER[ANDEN]) == "0202020202"
        with pytest.raises(KanIkkeAabnes):
            aabn(person.navn, NOEGLER[BORGER])
    with pytest.raises(KanIkkeAabnes):
        aabn(replace(lukket.ansatte[0].navn, felt="vikarer.navn"), NOEGLER[ANDEN])


def test_nothing_personal_is_in_the_bytes(kodeks: Kodeks, klar: h.AnsoegningOprettet, kuvert: Kuvert) -> None:
    """The bytes on the log hold neither CPR, name nor contact, nor who acted when it was not one at work."""
    aktoer = forsegl_aktoer(Aktoer("Virksomhed", "CVR:12345678", "Åse Holm"), EN, NOEGLER[SAG], SAG)
    k = replace(kuvert, haendelsesId=EN, sagsId=SAG, aktoer=aktoer)
    vaerdi = kodeks.indkod(Haendelse(k, forsegl(klar, EN, NOEGLER, SAG, BORGER)))
    for personligt in ("0101010101", "Bo Lund", "0202020202", "Eva Skov", "Åse Holm", "CVR:12345678"):
        assert personligt.encode() not in vaerdi
    tilbage = kodeks.afkod(vaerdi).kuvert.aktoer.forseglet
    assert isinstance(tilbage, Forseglet)
    assert aabn(tilbage, NOEGLER[SAG]) == {"id": "CVR:12345678", "navn": "Åse Holm"}


@pytest.mark.parametrize("aendring", [{"felt": "borgerNavn"}, {"haendelse": TO}, {"data": bytes(40)}, {"data": b""}])
def test_ciphertext_moved_or_changed_does_not_open(klar: h.AnsoegningOprettet, aendring: dict[str, Any]) -> None:
    """Ciphertext put in another field or event, or changed, does not open; the error says where, and not what."""
    lukket: Any = forsegl(klar, EN, NOEGLER, SAG, BORGER)
    with pytest.raises(KanIkkeAabnes) as fejl:
        aabn(replace(lukket.personnummer, **aendring), NOEGLER[BORGER])
    assert "0101010101" not in str(fejl.value)


def test_another_key_does_not_open(klar: h.AnsoegningOprettet) -> None:
    """A case's key does not open what is the citizen's."""
    lukket: Any = forsegl(klar, EN, NOEGLER, SAG, BORGER)
    with pytest.raises(KanIkkeAabnes):
        aabn(lukket.personnummer, NOEGLER[SAG])


def test_an_erased_key_gives_nothing(klar: h.AnsoegningOprettet) -> None:
    """Without its key a value is None, and what other keys close still opens."""
    lukket: Any = forsegl(klar, EN, NOEGLER, SAG, BORGER)
    tilbage = {SAG: NOEGLER[SAG]}
    assert aabn_eller_slettet(lukket.personnummer, tilbage) is None
    assert aabn_eller_slettet(lukket.konfliktKommentar, tilbage) == KONTAKT


def test_the_same_text_is_sealed_differently_each_time() -> None:
    """Two seals of the same text never have the same nonce, so equal values do not show."""
    data = h.AnsoegningTrukketTilbage(tekst="Fortryder")
    lukkede: list[Any] = [forsegl(data, EN, NOEGLER, SAG, BORGER) for _ in range(50)]
    assert len({f.tekst.data[:12] for f in lukkede}) == 50


def test_sealing_refuses_what_is_wrong(klar: h.AnsoegningOprettet) -> None:
    """A value sealed already, another citizen, a missing key are errors; null stays null, and data without sealed values as they were."""
    lukket = forsegl(klar, EN, NOEGLER, SAG, BORGER)
    with pytest.raises(ValueError, match="only once"):
        forsegl(lukket, EN, NOEGLER, SAG, BORGER)
    with pytest.raises(ValueError, match="borgerId"):
        forsegl(klar, EN, NOEGLER, SAG, TO)
    with pytest.raises(KeyError):
        forsegl(klar, EN, {SAG: NOEGLER[SAG]}, SAG, BORGER)
    for data in (h.SagFrigivet(), h.AnsoegningTrukketTilbage()):
        assert forsegl(data, EN, {}, SAG, BORGER) is data


@pytest.mark.parametrize("type_", ["Sagsbehandler", "System", "Styrelsen"])
def test_actors_at_work_stand_open(type_: str) -> None:
    """Caseworkers, systems and the agency keep id and name."""
    aktoer = Aktoer(type_, "id", "navn")
    assert forsegl_aktoer(aktoer, EN, NOEGLER[SAG], SAG) is aktoer


@pytest.mark.parametrize("type_", ["Virksomhed", "Borger", "AndenAktoer", "Ukendt"])
def test_other_actors_are_sealed(type_: str) -> None:
    """Everybody else's id and name are closed; the organisation stays open."""
    aktoer = forsegl_aktoer(Aktoer(type_, "id", "navn", None, "Firma", "1"), EN, NOEGLER[SAG], SAG)
    assert (aktoer.id, aktoer.navn, aktoer.organisationskode) == (None, None, "1")
    assert isinstance(aktoer.forseglet, Forseglet)
    assert aabn(aktoer.forseglet, NOEGLER[SAG]) == {"id": "id", "navn": "navn"}


def test_a_request_hash_is_keyed() -> None:
    """The same body has the same hash under one master key and another under another; 32 bytes."""
    en, to = Noeglering(bytes(32)), Noeglering(secrets.token_bytes(32))
    assert en.request_hash(b"krop") == Noeglering(bytes(32)).request_hash(b"krop")
    assert len({en.request_hash(b"krop"), en.request_hash(b"Krop"), to.request_hash(b"krop")}) == 3
    assert len(en.request_hash(b"")) == 32
    with pytest.raises(ValueError, match="32 bytes"):
        Noeglering(b"kort")
