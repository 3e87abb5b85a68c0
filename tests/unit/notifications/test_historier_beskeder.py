"""Random lives of every scheme against the oracle of the tables in domain.md: both statuses, and every message whole and in order."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orakel_beskeder import SKABELONER, Besked, Sagsorakel
from sagsliv import ORDNINGER, Liv, Skridt, liv, ny_stroem, proev
from sagsliv_skift import CPR, STEDER, Steder, cpr_skiftet, forloeb, tilfaeldigt

from hub.domain import haendelser as h
from hub.domain.sag import Sag
from hub.notifications.tabel import notificer
from hub.projections import sager
from hub.projections.metoder import METODER

LIV, FROE = 25, 3
"""Lives of each scheme in the short run, and a seed with which every event happens in some of them: when none has one any more, another."""
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
    return [Besked(*(getattr(u, navn) for navn in Besked._fields[:-1]))._replace(efter=pladser.get(u.venterPaa or "")) for u in udkast]


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


def gennemlev(et: Liv, steder: Steder) -> set[type[h.Data]]:
    """Play the life; after each step the hub says what the oracle says, and what was told can be fetched then. The kinds of its events."""
    alle = forloeb(et, steder)
    stroem, orakel = ny_stroem(alle[0]), Sagsorakel(et.ordning, alle[0]["jobCenterKode"])
    for handling in alle:
        skridt = cpr_skiftet(stroem) if handling["handling"] == CPR else proev(stroem, handling, et.opslag)
        if skridt.afvist is not None:
            continue
        stroem, (haendelse,) = skridt.efter, skridt.haendelser
        ventet, faaet = orakel.sker(haendelse.kuvert.eksternIdentifier, haendelse.data), fortalt(skridt)
        assert faaet == ventet, haendelse.type
        assert {(b.getMetode, b.eksternIdentifier) for b in faaet} <= rigtige_statusser(stroem.sag, orakel)
    return {type(data) for _, data in orakel.fakta}


def test_R_1_1_random_lives_are_told_and_have_the_statuses_as_the_tables_say() -> None:
    """Who, of which act, by which GetMetode, with which statuses, in which order: the oracle's; all can be fetched; no event is missing."""
    sket = set[type[h.Data]]()
    for ordning in ORDNINGER:
        rng = Random(f"{ordning} {FROE}")
        for _ in range(LIV):
            sket |= gennemlev(*tilfaeldigt(rng, ordning))
    assert sket == set(h.HAENDELSER)


@pytest.mark.faults
@LANG
@given(liv(st.sampled_from(ORDNINGER)), STEDER)
def test_R_1_1_a_random_life_is_told_and_has_the_statuses_as_the_tables_say_long(et: Liv, steder: Steder) -> None:
    """The same over ten thousand lives of all schemes."""
    gennemlev(et, steder)
