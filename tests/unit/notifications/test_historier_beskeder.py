"""Random lives of every scheme against the oracle of the tables in domain.md: both statuses, and every message whole and in order."""

from collections.abc import Iterator
from typing import Any

import pytest
from byggere import raa
from hypothesis import event, given, settings
from hypothesis import strategies as st
from orakel_beskeder import SKABELONER, Besked, Sagsorakel
from sagsliv import NU, ORDNINGER, Liv, Nogle, Skridt, handlinger, kodeks, liv, ny_stroem, proev, register

from hub.domain.haendelser import CprSkiftet
from hub.domain.handlinger import AktoerIn, Handling
from hub.domain.sag import Sag, hovedakt
from hub.events.optegnelse import Laan, Optegner
from hub.events.ordre import Ordre
from hub.events.stroem import Stroem
from hub.notifications.tabel import notificer
from hub.projections import sager
from hub.projections.metoder import METODER

KORT = settings(max_examples=20)
LANG = settings.get_profile("faults")
CPR = "CprSkiftet"
STEDER = st.lists(st.tuples(st.floats(0, 1, width=16), st.sampled_from([CPR, "10100", "14700", "46100"])), max_size=4)
"""What is put into a life beside its own: at a place (over its length) a new CPR number, or a move to that jobcentre."""
Steder = list[tuple[float, str]]


def forloeb(et: Liv, steder: Steder) -> list[dict[str, Any] | str]:
    """The life's actions, with moves among them, and CPR where the number changes."""
    alle: list[Any] = handlinger(et)
    sag = {navn: alle[0][navn] for navn in ("sagsId", "eksternIdentifier")}
    for hvor, hvad in steder:
        nyt = CPR if hvad == CPR else raa("FlytSag", modtagendeJobCenterKode=hvad) | sag
        alle.insert(1 + int(hvor * (len(alle) - 1)), nyt)
    return alle


def cpr_skiftet(stroem: Stroem) -> Skridt:
    """The event that a change of the citizen's number appends to each of their cases, about its main act."""
    felter: dict[str, Any] = {"eksternIdentifier": hovedakt(stroem.sag), "haendelsestidspunkt": NU}
    handling = Handling.model_construct(**felter, aktoer=AktoerIn(type="System", id="VITAS"))
    ordre, data = Ordre(handling, f"r-{stroem.version}", b"{}"), CprSkiftet(stroem.sag.borgerId, "0202900002")
    optegnet = Optegner(register(), kodeks()).optegn(stroem, ordre, bytes(32), (data,), Laan(Nogle(), NU))
    return Skridt(stroem, optegnet.stroem, optegnet.haendelser, (), None)


def fortalt(skridt: Skridt) -> list[Besked]:
    """The step's messages; what only says which event they are of is held here."""
    (haendelse,), sag, kuvert = skridt.haendelser, skridt.efter.sag, skridt.haendelser[0].kuvert
    udkast = notificer(skridt.foer.sag, haendelse, sag)
    pladser = {u.id: nr for nr, u in enumerate(udkast)}
    assert len(pladser) == len(udkast)
    for u in udkast:
        assert (u.sagsId, u.version, u.skabelon) == (kuvert.sagsId, kuvert.version, SKABELONER[sag.ordning])
        assert (u.registreringsDato, u.haendelsestidspunkt) == (kuvert.registreringstidspunkt, kuvert.haendelsestidspunkt)
        assert u.link == f"/v1/{sag.ordning}/{u.getMetode}/{u.eksternIdentifier}?version={u.version}"
    return [Besked(*(getattr(u, navn) for navn in Besked._fields[:-1]), pladser.get(u.venterPaa or "")) for u in udkast]


def dokumenter(sag: Sag) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every GetMetode with the act that it fetches, and its document."""
    hoved = sager.hoved(sag)
    for navn, metode in METODER.items():
        yield from ((navn, raekke[0], metode.dokument(hoved, raekke)) for raekke in metode.raekker(sag))


def rigtige_statusser(sag: Sag, orakel: Sagsorakel) -> set[tuple[str, str]]:
    """Each document shows the oracle's two codes, those of the grant that it belongs to; what can be fetched."""
    kan_hentes = set()
    for metode, akt, dokument in dokumenter(sag):
        vist = [dokument[navn] and dokument[navn]["kode"] for navn in ("ansoegningStatus", "bevillingsstatus")]
        assert vist == [orakel.ansoegningStatus, orakel.bevillingsstatus(akt)]
        if metode == "GetOphoer":
            assert dokument["status"] == orakel.ophoersstatus(akt)
        kan_hentes.add((metode, akt))
    assert (sag.ansoegningStatus, sag.bevillingsstatus) == (orakel.ansoegningStatus, orakel.bevillingsstatus())
    return kan_hentes


def gennemlev(et: Liv, steder: Steder) -> None:
    """Play the life; after each step the hub says what the oracle says, and what was told can be fetched at the version told."""
    alle, antal = forloeb(et, steder), 0
    stroem, orakel = ny_stroem(alle[0]), Sagsorakel(et.ordning, alle[0]["jobCenterKode"])  # type: ignore[arg-type, index]
    for handling in alle:
        skridt = cpr_skiftet(stroem) if isinstance(handling, str) else proev(stroem, handling, et.opslag)
        if skridt.afvist is not None:
            continue
        stroem, (haendelse,) = skridt.efter, skridt.haendelser
        ventet, faaet = orakel.sker(haendelse.kuvert.eksternIdentifier, haendelse.data), fortalt(skridt)
        assert faaet == ventet, haendelse.type
        assert {(b.getMetode, b.eksternIdentifier) for b in faaet} <= rigtige_statusser(stroem.sag, orakel)
        antal += len(faaet)
    event(f"{et.ordning}: told {antal // 5 * 5}+ times")


@pytest.mark.parametrize("ordning", ORDNINGER)
def test_R_1_1_a_random_life_is_told_and_has_the_statuses_as_the_tables_say(ordning: str) -> None:
    """Who, of which act, by which GetMetode, with which statuses, in which order: the oracle's; all of it can be fetched."""
    KORT(given(liv(st.just(ordning)), STEDER)(gennemlev))()


@pytest.mark.faults
@LANG
@given(liv(st.sampled_from(ORDNINGER)), STEDER)
def test_R_1_1_a_random_life_is_told_and_has_the_statuses_as_the_tables_say_long(et: Liv, steder: Steder) -> None:
    """The same over ten thousand lives of all schemes."""
    gennemlev(et, steder)
