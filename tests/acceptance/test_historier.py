"""Random lives of every scheme through the running hub: what comes out of the feed and of the GetMetoder is what the oracle says."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import orjson
import pytest
from byggere import OPSLAG
from orakel_beskeder import SKABELONER, Besked, Sagsorakel
from sagsliv import ORDNINGER, ny_stroem, proev
from sagsliv_skift import CPR, cpr_skiftet, forloeb, tilfaeldigt

pytestmark = pytest.mark.acceptance

NDJSON = {"Content-Type": "application/x-ndjson"}
UDEN = (CPR, "TilfoejDokument")
"""What is not played: a new number has its own route, a document needs bytes that were uploaded."""
LOEBENUMMER = count(100_000)
STATUSSER = ("ansoegningStatus", "bevillingsstatus")
Fortalt = tuple[int, Besked]
"""The version that was told, and the message."""


@dataclass
class Tvilling:
    """A case in the hub and beside it: the same actions played in memory and told to the oracle."""

    handlinger: list[dict[str, Any]]
    gammelt: str
    nyt: str

    def __post_init__(self) -> None:
        self.handlinger[0]["data"]["borger"]["personnummer"] = self.gammelt
        self.id, self.ordning = self.handlinger[0]["sagsId"], self.handlinger[0]["ordning"]
        self.stroem, self.orakel = ny_stroem(self.handlinger[0]), Sagsorakel(self.ordning, self.handlinger[0]["jobCenterKode"])
        self.fortalt: list[Fortalt] = []
        self.ejere: dict[int, str] = {}

    def sker(self, skridt: Any) -> None:
        """The step in memory of what the hub has taken."""
        assert skridt.afvist is None, skridt.afvist
        self.stroem, (haendelse,) = skridt.efter, skridt.haendelser
        beskeder = self.orakel.sker(haendelse.kuvert.eksternIdentifier, haendelse.data)
        self.fortalt += [(haendelse.kuvert.version, b._replace(efter=None)) for b in beskeder]
        self.ejere[haendelse.kuvert.version] = self.orakel.ejer


def send(hub: Any, tvillinger: Sequence[Tvilling], dele: Sequence[list[dict[str, Any]]]) -> None:
    """These actions of each life in one call; what the hub takes of them happens to its twin too."""
    linjer = [(tvilling, handling) for tvilling, del_ in zip(tvillinger, dele, strict=True) for handling in del_]
    svar = hub.klient().post("/v1/handlinger/bulk", content=b"\n".join(orjson.dumps(h) for _, h in linjer), headers=NDJSON)
    for (tvilling, handling), linje in zip(linjer, map(orjson.loads, svar.content.splitlines()), strict=True):
        if linje["status"] in (201, 202) and linje["version"] > tvilling.stroem.version:
            tvilling.sker(proev(tvilling.stroem, handling, OPSLAG))
            assert linje["version"] == tvilling.stroem.version


def skift_numre(hub: Any, tvillinger: Sequence[Tvilling]) -> None:
    """Every citizen has a new CPR number."""
    for tvilling in tvillinger:
        svar = hub.klient().post("/v1/borgere/personnummerskift", json={"gammelt": tvilling.gammelt, "nyt": tvilling.nyt})
        assert svar.status_code in (201, 202), svar.text
        tvilling.sker(cpr_skiftet(tvilling.stroem))


def modtaget(hub: Any, jobcenter: str, tvilling: Tvilling, antal: int) -> list[dict[str, Any]]:
    """What the jobcentre's feed has of the case, in the order of its numbers, once it has so many."""
    frist = time.monotonic() + 30
    while len(faaet := hub.notifikationer(jobcenter, tvilling.id)) < antal and time.monotonic() < frist:
        time.sleep(0.05)
    return list(faaet)


def som_besked(tvilling: Tvilling, n: dict[str, Any]) -> Fortalt:
    """A notification of the feed as the oracle's message; what follows from version, act and scheme is held here."""
    assert (n["virksomhedsordningSkabelon"], n["sagsId"]) == (SKABELONER[tvilling.ordning], tvilling.id)
    assert n["link"] == f"/v1/{tvilling.ordning}/{n['getMetode']}/{n['eksternIdentifier']}?version={n['version']}"
    navne = (*Besked._fields[:3], "virksomhedsordningSubskabelon", *Besked._fields[4:-1])
    return n["version"], Besked(*(n[navn] for navn in navne))


def hentes(hub: Any, tvilling: Tvilling, n: dict[str, Any]) -> None:
    """The act is answered by the link told, and as it stood at the event with that version and the statuses told."""
    klient = hub.klient("system", n["jobCenterKode"])
    assert klient.get(n["link"]).status_code == 200
    svar = klient.get(n["link"].split("?")[0], params={"asOf": n["registreringsDato"]})
    assert svar.status_code == 200, svar.text
    dok = svar.json()
    assert (dok["version"], dok["eksternIdentifier"], dok["jobCenterKode"]) == (
        n["version"],
        n["eksternIdentifier"],
        tvilling.ejere[n["version"]],
    )
    assert [dok[navn] and dok[navn]["kode"] for navn in STATUSSER] == [n[navn] for navn in STATUSSER]


def gennemlev(hub: Any, froe: int) -> None:
    """A life of each scheme, half of it, then a new number, then the rest."""
    rng = Random(froe)
    liv = [[h for h in forloeb(*tilfaeldigt(rng, ordning)) if h["handling"] not in UDEN] for ordning in ORDNINGER]
    tvillinger = [Tvilling(handlinger, f"1012{next(LOEBENUMMER)}", f"1112{next(LOEBENUMMER)}") for handlinger in liv]
    send(hub, tvillinger, [t.handlinger[: len(t.handlinger) // 2] for t in tvillinger])
    skift_numre(hub, tvillinger)
    send(hub, tvillinger, [t.handlinger[len(t.handlinger) // 2 :] for t in tvillinger])
    assert sum(len(t.fortalt) for t in tvillinger) > 3 * len(ORDNINGER)
    for tvilling in tvillinger:
        for jobcenter in dict.fromkeys(b.jobCenterKode for _, b in tvilling.fortalt):
            ventet = [fortalt for fortalt in tvilling.fortalt if fortalt[1].jobCenterKode == jobcenter]
            faaet = modtaget(hub, jobcenter, tvilling, len(ventet))
            assert [som_besked(tvilling, n) for n in faaet] == ventet
            for n in faaet:
                hentes(hub, tvilling, n)


def test_R_1_1_random_lives_are_told_and_answered_as_the_tables_say(hub: Any) -> None:
    """Messages whole and in order at each jobcentre, every one of them fetched, as it stood then, with the statuses told."""
    gennemlev(hub, 1)


@pytest.mark.faults
def test_R_1_1_random_lives_are_told_and_answered_as_the_tables_say_long(hub: Any) -> None:
    """The same over several hundred lives."""
    for froe in range(2, 40):
        gennemlev(hub, froe)
