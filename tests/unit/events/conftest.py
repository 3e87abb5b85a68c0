"""The published schemas, and an example of every event, always the same one."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, get_args

import msgspec
import pytest

from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import EFTER_TYPE, Data, Haendelse
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.reference_haendelser import REFERENCEHAENDELSER, Referencehaendelse
from hub.domain.vilkaar import Ansat, Assistancevilkaar, Hjaelpemiddelvilkaar, Kursus, Mentorvilkaar, Sats, Vikar
from hub.events.codec import Kodeks
from hub.events.drift import DRIFTSHAENDELSER, Driftshaendelse, driftskuvert
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.sealing import BORGERFELTER

HAENDELSE, SAG, BORGER, AKT = (f"{n}0000000-0000-4000-8000-000000000000" for n in "abcd")
MEDBORGER = "e0000000-0000-4000-8000-000000000000"
REFERENCER = {klasse.__name__: klasse for klasse in REFERENCEHAENDELSER}
DRIFT = {klasse.__name__: klasse for klasse in DRIFTSHAENDELSER}
TID = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
BORGER_HANDLER = Aktoer("Borger", forseglet=Forseglet(SAG, HAENDELSE, "aktoer", b"lukket aktoer" * 3))
GRETE = Aktoer("Sagsbehandler", "CVR:12345678-UUID:1", "Grete Sørensen", None, "Jobcenter", "10100")


@pytest.fixture(scope="session")
def register() -> Skemaregister:
    """The published schemas."""
    return Skemaregister(skemamappe())


@pytest.fixture(scope="session")
def kodeks(register: Skemaregister) -> Kodeks:
    """A codec of the published schemas."""
    return Kodeks(register)


@pytest.fixture(scope="session")
def kuvert() -> Kuvert:
    """An envelope with every field filled in, of version 3 of its case."""
    return Kuvert(HAENDELSE, SAG, 3, AKT, TID, TID, GRETE, "anmodning-1", bytes(range(32)), "korrelation-1", bytes(32))


@pytest.fixture(scope="session")
def ethvert(eksempel: Callable[..., Haendelse]) -> Callable[[str, bool], Any]:
    """`ethvert(record, fuld)`: an example of any published record, also of notifications, reference and operators' events."""

    def byg(navn: str, fuld: bool) -> Any:
        if navn in EFTER_TYPE:
            return eksempel(EFTER_TYPE[navn], fuld)
        if navn in REFERENCER:
            felter = {f.name: _vaerdi(f, fuld) for f in msgspec.structs.fields(REFERENCER[navn]) if fuld or f.required}
            stroem = driftskuvert(HAENDELSE, 2, bytes(32) if fuld else None, TID, "vitas")
            return Referencehaendelse(
                msgspec.structs.replace(stroem, sagsId="sats-1", eksternIdentifier="sats-1"), REFERENCER[navn](**felter)
            )
        if navn in DRIFT:
            typer = {int: 7, str: f"{navn} æøå", bool: fuld}
            felter = {f.name: typer[f.type] if f.required or f.type is bool else None for f in msgspec.structs.fields(DRIFT[navn])}
            return Driftshaendelse(driftskuvert(HAENDELSE, 2, bytes(32) if fuld else None, TID, "op-1"), DRIFT[navn](**felter))
        statusser = (9208, 9308) if fuld else (None, None)
        return Ordningsnotifikation(HAENDELSE, 7, AKT, SAG, 3, "GetOphoer", "/v1/x", "10100", fuld, TID, TID, 9001, 9106, *statusser)

    return byg


@pytest.fixture(scope="session")
def eksempel(kuvert: Kuvert) -> Callable[..., Haendelse]:
    """`eksempel(type)`: an event with every field filled in; `eksempel(type, fuld=False)`: with null and default wherever they may be."""

    def byg(klasse: type[Data], fuld: bool = True) -> Haendelse:
        felter = {f.name: _vaerdi(f, fuld) for f in msgspec.structs.fields(klasse) if fuld or f.required}
        return Haendelse(kuvert if fuld else _tom(kuvert), klasse(**felter))

    return byg


def _tom(kuvert: Kuvert) -> Kuvert:
    return msgspec.structs.replace(kuvert, version=1, aktoer=BORGER_HANDLER, forgaenger=None)


def _person(klasse: Any, liste: str, borger: str, **mere: Any) -> Any:
    return klasse(
        borger, *(Forseglet(borger, HAENDELSE, f"{liste}.{f}", b"lukket".ljust(40, b".")) for f in ("personnummer", "navn")), **mere
    )


LISTER: dict[str, Any] = {
    "ansatte": (_person(Ansat, "ansatte", MEDBORGER, kursus="1"), _person(Ansat, "ansatte", AKT)),
    "kurser": (Kursus("1", "Svejsning", date(2026, 6, 30), date(2026, 7, 1)), Kursus("2")),
    "vikarer": (_person(Vikar, "vikarer", MEDBORGER, startdato=date(2026, 6, 30), slutdato=None, ugentligArbejdstid="36.9"),),
}
VILKAARSEKSEMPLER: dict[Any, Any] = {
    Sats: Sats(9403, "Voksne", "sats-1"),
    Mentorvilkaar: Mentorvilkaar(34, False, 1999),
    Assistancevilkaar: Assistancevilkaar(2, "Personlig", "Fast", "212.50", "Dag", "50.00", "Kørsel", "T-1"),
    Hjaelpemiddelvilkaar: Hjaelpemiddelvilkaar("Arbejdsredskab", "4999.95"),
}


def _vaerdi(felt: msgspec.structs.FieldInfo, fuld: bool) -> Any:
    typer = get_args(felt.type) or (felt.type,)
    if not fuld and type(None) in typer:
        return None
    if felt.name in LISTER:
        return LISTER[felt.name] if fuld else ()
    if Forseglet in typer:
        return Forseglet(BORGER if felt.name in BORGERFELTER else SAG, HAENDELSE, felt.name, f"lukket {felt.name}".encode().ljust(40, b"."))
    if felt.name in ("borgerId", "vedroerer", "tilSagsId"):
        return BORGER if felt.name == "borgerId" else AKT
    if felt.type == tuple[str, ...]:
        return ("startdato", "ugentligArbejdstid")
    eksempler: dict[Any, Any] = {str: f"{felt.name} æøå", date: date(2026, 6, 30), bool: True, int: 7} | VILKAARSEKSEMPLER
    return next(eksempler[t] for t in typer if t in eksempler)
