"""Random lives of every scheme against the oracle of the tables in domain.md: both statuses, and every message whole and in order."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from orakel_beskeder import SKABELONER, Besked, Sagsorakel
from sagsliv import ORDNINGER, Liv, Skridt, liv, ny_stroem, proev
from sagsliv_skift import CPR, STEDER, Steder, cpr_skiftet, forloeb

from hub.domain.sag import Sag
from hub.notifications.tabel import notificer
from hub.projections import sager
from hub.projections.metoder import METODER

KORT = settings(max_examples=20)
LANG = settings.get_profile("faults")


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
    stroem, orakel = ny_stroem(alle[0]), Sagsorakel(et.ordning, alle[0]["jobCenterKode"])
    for handling in alle:
        skridt = cpr_skiftet(stroem) if handling["handling"] == CPR else proev(stroem, handling, et.opslag)
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
