"""Random lives of cases of every scheme: what the generator writes, cut up, with nonsense in between; played through decide, seal, encode.

The path is the ledger's own without its database: form, decide, ids of people, envelope, sealing, bytes, fold.
"""

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from byggere import AKT, I_KONFLIKT, OPSLAG, SENERE, raa
from hypothesis import strategies as st

from hub.domain.decide import decide
from hub.domain.fejl import Afvisning
from hub.domain.handlinger import HANDLINGER, laes_handling
from hub.domain.matrix import MATRIX
from hub.domain.opslag import Opslag, Uploadet
from hub.domain.ordninger import KONFLIKT as MARKERES
from hub.events.borgere import med_id
from hub.events.codec import Kodeks
from hub.events.optegnelse import Laan, Optegner
from hub.events.ordre import Ordre
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.stroem import Stroem
from hub.local.generator import en_sag

NU = datetime(2040, 1, 1, tzinfo=UTC)
"""Later than anything the generator writes."""
NOEGLE = bytes(range(32))
UPLOADET = Uploadet(7, "application/pdf")
DOKUMENT = {"navn": "Brev.pdf", "mimetype": "application/pdf", "stoerrelse": 7, "sha256": "ab" * 32}
ORDNINGER = sorted(MATRIX)
Raa = dict[str, Any]


class Brud(NamedTuple):
    """One thing done to a life: at the place `hvor` (over its length) leave out, repeat, exchange with the next, or put something in.

    What is put in is an action with believable data, its days moved: `mere` is of the case's scheme on an act of its kind, or a new one;
    `vrøvl` is of any scheme on any act.
    """

    hvor: float
    hvad: str
    handling: str
    ordning: str
    akt: int
    dage: int


OFTE = (
    *("RegistrerOphoer", "RetOphoer", "TilbagekaldOphoer", "AnsoegForlaengelse", "BevilgForlaengelse", "RetAftale", "RetAnsoegning"),
    *("UdstedBevilling", "AfvisBevilling", "UdstedTillaegsbevilling", "RetTilskudssats"),
)
"""Tried three times as often as the others: dates and rates come of them."""
TEKST = {"tekst": "Fordi det er sådan."}
TEKSTER = {"RetAnsoegning": {"ugentligArbejdstid": "36.26"}, "AfvisTilAndenAktoer": TEKST, "AfslaaForlaengelse": TEKST}
"""Action → data beside the believable ones."""
BRUD = st.builds(
    Brud,
    st.floats(0, 1, width=16),
    st.sampled_from(["uden", "igen", "byt", "vrøvl", "mere", "mere", "mere"]),
    st.sampled_from([*sorted(HANDLINGER), *OFTE, *OFTE]),
    st.sampled_from(ORDNINGER),
    st.integers(0, 12),
    st.integers(-200, 200),
)


class Liv(NamedTuple):
    """What to play: a scheme, a seed for the generator, what is done to its life, and what may be looked up."""

    ordning: str
    froe: int
    brud: list[Brud]
    konflikt: bool

    @property
    def opslag(self) -> Opslag:
        """The lookup of all its actions."""
        return (I_KONFLIKT if self.konflikt else OPSLAG)._replace(dokument=UPLOADET)


def liv(ordninger: st.SearchStrategy[str]) -> st.SearchStrategy[Liv]:
    """Lives of these schemes."""
    return st.builds(Liv, ordninger, st.integers(0, 2**32), st.lists(BRUD, min_size=2, max_size=14), st.sampled_from([False, False, True]))


def handlinger(et: Liv) -> list[Raa]:
    """The life's actions as JSON, in the order they are tried."""
    alle = list(en_sag(Random(et.froe), 1, et.ordning))
    if et.konflikt and et.ordning in MARKERES:
        alle[0]["data"].setdefault("konfliktKommentar", "Lager")
    for brud in et.brud:
        plads = 1 + int(brud.hvor * (len(alle) - 1))
        if brud.hvad in ("vrøvl", "mere"):
            alle.insert(plads, _indskudt(alle, brud._replace(ordning=et.ordning) if brud.hvad == "mere" else brud))
        elif plads < len(alle):
            _skaer(alle, plads, brud.hvad)
    return alle


def _skaer(alle: list[Raa], plads: int, hvad: str) -> None:
    if hvad == "uden":
        del alle[plads]
    elif hvad == "igen":
        alle.insert(plads, alle[plads])
    elif plads + 1 < len(alle):
        alle[plads], alle[plads + 1] = alle[plads + 1], alle[plads]


def _indskudt(alle: list[Raa], brud: Brud) -> Raa:
    """An action that may or may not fit."""
    handling = raa(brud.handling, ordning=brud.ordning, uden=SENERE, **TEKSTER.get(brud.handling, {}))
    data = {navn: _flyttet(vaerdi, brud.dage) for navn, vaerdi in handling["data"].items()}
    akter = list(dict.fromkeys(h["eksternIdentifier"] for h in alle))
    if brud.handling == "TilfoejDokument":
        data = {**DOKUMENT, "vedroerer": akter[brud.akt % len(akter)]}
    return handling | {"sagsId": alle[0]["sagsId"], "eksternIdentifier": _akt(alle, akter, brud), "data": data}


def _akt(alle: list[Raa], akter: list[str], brud: Brud) -> str:
    """The act that the action is about: one of its kind, any, or a new one."""
    art = AKT.get(brud.handling, "ansoegning")
    ens = [h["eksternIdentifier"] for h in alle if AKT.get(h["handling"], "ansoegning") == art]
    mulige = (ens[-3:] if brud.hvad == "mere" else akter) or akter
    ny = str(uuid5(NAMESPACE_OID, f"{len(alle)}/{brud.akt}"))
    return ny if brud.akt % 3 == 0 else mulige[brud.akt % len(mulige)]


def _flyttet(vaerdi: Any, dage: int) -> Any:
    """The value with its days moved; what is no day stays."""
    if isinstance(vaerdi, dict):
        return {navn: _flyttet(led, dage) for navn, led in vaerdi.items()}
    try:
        return (date.fromisoformat(vaerdi) + timedelta(days=dage)).isoformat()
    except (TypeError, ValueError):
        return vaerdi


class Skridt(NamedTuple):
    """One action tried: the stream before it, and after it with what was recorded; refused, both are the same and nothing was."""

    foer: Stroem
    efter: Stroem
    haendelser: tuple[Any, ...]
    bytes_: tuple[bytes, ...]
    afvist: Afvisning | None


class Nogle(defaultdict[str, bytes]):
    """Every key there could be, the same one."""

    def __init__(self) -> None:
        super().__init__(lambda: NOEGLE)

    def get(self, navn: str, ellers: Any = None) -> Any:
        """The key."""
        return NOEGLE


class Borgere(defaultdict[str, str]):
    """CPR → the citizen's id."""

    def __missing__(self, cpr: str) -> str:
        """One that is always the same."""
        return str(uuid5(NAMESPACE_OID, cpr))


@cache
def register() -> Skemaregister:
    """The published schemas."""
    return Skemaregister(skemamappe())


@cache
def kodeks() -> Kodeks:
    """Their codec."""
    return Kodeks(register())


def proev(stroem: Stroem, handling: Raa, opslag: Opslag) -> Skridt:
    """The action at the door. Raises what the ledger would be at fault for: `KanIkkeFoldes`, `KanIkkeIndkodes`, anything."""
    try:
        laest = laes_handling(handling)
        data = tuple(med_id(d, Borgere()) for d in decide(stroem.sag, laest, opslag, NU))
    except Afvisning as afvist:
        return Skridt(stroem, stroem, (), (), afvist)
    ordre = Ordre(laest, f"r-{stroem.version}", json.dumps(handling).encode())
    optegnet = Optegner(register(), kodeks()).optegn(stroem, ordre, bytes(32), data, Laan(Nogle(), NU))
    return Skridt(stroem, optegnet.stroem, optegnet.haendelser, tuple(r.vaerdi for r in optegnet.outbox), None)


def ny_stroem(handling: Raa) -> Stroem:
    """The case before its first event."""
    return Stroem(handling["sagsId"], 0, 0, None, None)
