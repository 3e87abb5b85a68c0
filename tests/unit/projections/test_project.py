"""The pure fold of a part: what it applies, skips and sets aside does not depend on how the log is cut."""

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.events.fejlpunkter import Fejlpunkt
from hub.projections.indgang import Indgang
from hub.projections.project import Sidespor, Tilstand, fold


def indgange(sag: Any, sags_id: str = "sag") -> list[Indgang]:
    """A case's events as records, chained by their hashes."""
    hoved, ud = None, []
    for n, haendelse in enumerate(sag.haendelser):
        aftryk = hashlib.sha256(f"{sags_id}/{n}".encode()).digest()
        ny = replace(haendelse, kuvert=replace(haendelse.kuvert, forgaenger=hoved, sagsId=sags_id))
        ud.append(Indgang(0, n, sags_id, b"", aftryk, (), ny, None))
        hoved = aftryk
    return ud


@dataclass
class Verden:
    """What a projection remembers between parts."""

    tilstande: dict[str, Tilstand] = field(default_factory=dict)
    parkerede: dict[str, set[bytes]] = field(default_factory=dict)
    kendte: dict[str, dict[int, bytes]] = field(default_factory=dict)
    afvist: list[int] = field(default_factory=list)
    sprunget: list[int] = field(default_factory=list)

    def tag(self, del_: list[Indgang]) -> None:
        """Fold a part and remember what became of it."""
        side = {s: Sidespor(parkerede=self.parkerede.get(s, set()), kendte=self.kendte.get(s, {})) for s in {*self.parkerede, *self.kendte}}
        for stroem, gang in fold(self.tilstande, side, del_).items():
            self.tilstande[stroem] = gang.efter
            self.kendte.setdefault(stroem, {}).update({s.haendelse.kuvert.version: s.indgang.aftryk for s in gang.skridt})
            if gang.parkeringer:
                self.parkerede.setdefault(stroem, set()).update(p.indgang.aftryk for p in gang.parkeringer)
            self.afvist += [p.indgang.offset for p in gang.parkeringer]
            self.sprunget += [i.offset for i in gang.sprungne]


@pytest.fixture(scope="session")
def log(sagsforloeb: Any) -> list[Indgang]:
    """Three cases interleaved: one whole with a repeat, one with a hole, one with an event that cannot be shown."""
    hel = indgange(sagsforloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15))), "hel")
    hul = indgange(sagsforloeb().forlaenget(), "hul")
    grim = indgange(sagsforloeb().sker("ans", h.AnsoegningRettet(("ugentligArbejdstid",), ugentligArbejdstid="x")).underskrevet(), "grim")
    del hul[1]
    blandet = [
        i for raekke in ((hel[0], hul[0], grim[0]), (hel[1], hul[1], grim[1]), (hel[2], hel[1], hul[2], grim[2]), hel[3:]) for i in raekke
    ]
    return [replace(i, offset=n) for n, i in enumerate(blandet)]


@given(snit=st.sets(st.integers(1, 12)))
def test_the_result_does_not_depend_on_how_the_log_is_cut(log: list[Indgang], snit: set[int]) -> None:
    """One part, one event at a time, or anything between: the same states, the same events set aside and skipped."""
    hel, delt = Verden(), Verden()
    hel.tag(log)
    graenser = [0, *sorted(snit), len(log)]
    for fra, til in itertools.pairwise(graenser):
        delt.tag(log[fra:til])
    assert delt.tilstande == hel.tilstande
    assert sorted(delt.afvist) == sorted(hel.afvist) == [4, 5, 8, 9]
    assert sorted(delt.sprunget) == sorted(hel.sprunget) == [7]


def test_a_discarded_predecessor_is_accepted_and_nothing_else(sagsforloeb: Any) -> None:
    """An event may follow on a discarded one; with another predecessor it is set aside."""
    foer, vaek, efter = indgange(sagsforloeb().underskrevet().sker("ans", h.SagFrigivet()))
    tilstand = fold({}, {}, [foer])["sag"].efter
    kendt = {"sag": Sidespor(kasserede={vaek.aftryk})}
    assert [s.indgang for s in fold({"sag": tilstand}, kendt, [vaek, efter])["sag"].skridt] == [efter]
    fremmed = {"sag": Sidespor(kasserede={b"noget andet"})}
    assert fold({"sag": tilstand}, fremmed, [efter])["sag"].parkeringer[0].fejl.startswith("Kaedebrud")


@pytest.mark.parametrize(
    ("fejl", "tekst"), [(Fejlpunkt("sat"), "Fejlpunkt: sat"), (KeyError("hemmelig"), "KeyError"), (ValueError("hemmelig"), "ValueError")]
)
def test_what_follows_an_event_can_park_it_and_foreign_texts_are_not_quoted(sagsforloeb: Any, fejl: Exception, tekst: str) -> None:
    """A failing notification or fault point sets the event aside; only our own texts are kept."""

    def foelg(*_: Any) -> tuple[()]:
        raise fejl

    gang = fold({}, {}, indgange(sagsforloeb().underskrevet()), foelg)["sag"]
    assert next((p.slags, p.fejl) for p in gang.parkeringer) == ("fejl", tekst)
    assert [p.slags for p in gang.parkeringer] == ["fejl", "venter"] and gang.efter == Tilstand()


def test_a_failure_of_the_process_is_not_an_event_s(sagsforloeb: Any) -> None:
    """Memory, connections and the like propagate: the part is tried again, nothing is parked."""

    def foelg(*_: Any) -> tuple[()]:
        raise MemoryError

    with pytest.raises(MemoryError):
        fold({}, {}, indgange(sagsforloeb()), foelg)


@given(n=st.integers(1, 5))
def test_the_state_at_a_time_is_the_fold_up_to_it(sagsforloeb: Any, n: int) -> None:
    """Folding the events registered by T gives the state that the projection had when it had projected them."""
    alle = indgange(sagsforloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15))))
    frem = fold({}, {}, alle)["sag"]
    t = alle[n - 1].haendelse.kuvert.registreringstidspunkt
    til_t = fold({}, {}, [i for i in alle if i.haendelse.kuvert.registreringstidspunkt <= t])["sag"]
    assert til_t.efter.sag == frem.skridt[n - 1].efter
