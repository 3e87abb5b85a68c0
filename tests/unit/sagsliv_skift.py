"""Random lives with what only changes who and where: moves between jobcentres, and new CPR numbers."""

from random import Random
from typing import Any

from byggere import raa
from hypothesis import strategies as st
from sagsliv import NU, OFTE, Brud, Liv, Nogle, Skridt, handlinger, kodeks, register

from hub.domain.haendelser import CprSkiftet
from hub.domain.handlinger import HANDLINGER, AktoerIn, Handling
from hub.domain.sag import hovedakt
from hub.events.optegnelse import Laan, Optegner
from hub.events.ordre import Ordre
from hub.events.stroem import Stroem

CPR = "CprSkiftet"
STEDER = st.lists(st.tuples(st.floats(0, 1, width=16), st.sampled_from([CPR, "10100", "14700", "46100"])), max_size=4)
"""What is put into a life: at a place (over its length) a new CPR number, or a move to that jobcentre."""
Steder = list[tuple[float, str]]
NAVNE = (*sorted(HANDLINGER), *OFTE, *OFTE, "RetTilskudssats", "TilfoejDokument", "AfvisTilAndenAktoer")


def forloeb(et: Liv, steder: Steder) -> list[dict[str, Any]]:
    """The life's actions with these among them; where the number changes, one of the name CPR, which no door knows."""
    alle = handlinger(et)
    sag = {navn: alle[0][navn] for navn in ("sagsId", "eksternIdentifier")}
    for hvor, hvad in steder:
        nyt = {"handling": CPR} if hvad == CPR else raa("FlytSag", modtagendeJobCenterKode=hvad)
        alle.insert(1 + int(hvor * (len(alle) - 1)), nyt | sag)
    return alle


def cpr_skiftet(stroem: Stroem) -> Skridt:
    """The event that a change of the citizen's number appends to each of their cases, about its main act."""
    felter: dict[str, Any] = {"eksternIdentifier": hovedakt(stroem.sag), "haendelsestidspunkt": NU}
    handling = Handling.model_construct(**felter, aktoer=AktoerIn(type="System", id="VITAS"))
    ordre, data = Ordre(handling, f"r-{stroem.version}", b"{}"), CprSkiftet(stroem.sag.borgerId, "0202900002")
    optegnet = Optegner(register(), kodeks()).optegn(stroem, ordre, bytes(32), (data,), Laan(Nogle(), NU))
    return Skridt(stroem, optegnet.stroem, optegnet.haendelser, (), None)


def tilfaeldigt(rng: Random, ordning: str) -> tuple[Liv, Steder]:
    """A life of the scheme with moves and new numbers, drawn without hypothesis, whose first examples are its smallest."""
    hvad = ["uden", "igen", "byt", "vrøvl", "mere", "mere", "mere", "mere"]
    brud = [Brud(rng.random(), rng.choice(hvad), rng.choice(NAVNE), ordning, rng.randrange(13), rng.randint(-200, 200)) for _ in range(10)]
    steder = [(rng.random(), rng.choice([CPR, "10100", "14700", "46100"])) for _ in range(rng.randrange(4))]
    return Liv(ordning, rng.getrandbits(32), brud, False), steder
