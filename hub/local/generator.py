"""Realistic actions, deterministic: the same seed gives the same bytes. No citizen or company in them exists.

A case is a life cycle of its scheme (løntilskud, fleksjob), with the awkward ones in believable proportions: late facts, corrections,
extensions followed by a termination before their start, withdrawn terminations, refused grants, moves, contractors, returned drafts.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hub.local.livsforloeb import FORLOEB
from hub.local.personer import Borger, Virksomhed, en_borger, en_sagsbehandler, en_virksomhed

Handling = dict[str, Any]
DANMARK = ZoneInfo("Europe/Copenhagen")
FOERSTE_DAG = date(2025, 1, 2)
JOBCENTRE = ("10100", "14700", "15100", "26500", "46100", "63000", "75100", "85100")
SAMTIDIGE = 40
"""Cases that are alive at once, so that the actions of several cases stand mixed as in real life."""


class Sagsskriver:
    """Writes the actions of one case: mints its ids, moves its clock, knows its people."""

    def __init__(self, rng: Random, nummer: int) -> None:
        self.rng = rng
        self.ordning = "Loentilskud" if rng.random() < 0.7 else "Fleksjob"
        self.jobcenter = rng.choice(JOBCENTRE)
        self.borger: Borger = en_borger(rng)
        self.virksomhed: Virksomhed = en_virksomhed(rng)
        self.sags_id = self.uuid()
        self.vitas_sagsnummer = f"V-2025-{nummer:06d}"
        self.ansoegning = self.uuid()
        self._nu = datetime.combine(FOERSTE_DAG, datetime.min.time(), DANMARK) + timedelta(minutes=rng.randrange(120 * 24 * 60))
        self.dag = self._nu.date()

    def uuid(self) -> str:
        """A new id from the seed."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def handling(self, navn: str, akt: str, aktoer: str = "Sagsbehandler", **data: Any) -> Handling:
        """The next action of the case, some minutes to days after the one before."""
        self._nu += timedelta(minutes=self.rng.randrange(3, 5 * 24 * 60))
        return {
            "handling": navn,
            "sagsId": self.sags_id,
            "eksternIdentifier": akt,
            "haendelsestidspunkt": self._nu.isoformat(timespec="seconds"),
            "aktoer": self._aktoer(aktoer),
            "data": {navn: vaerdi for navn, vaerdi in data.items() if vaerdi is not None},
        }

    def foerste(self, navn: str, akt: str, aktoer: str = "Virksomhed", **data: Any) -> Handling:
        """The action that opens the case."""
        handling = self.handling(navn, akt, aktoer, virksomhed=self.virksomhed.som_data(), borger=self.borger.som_data(), **data)
        return handling | {"ordning": self.ordning, "jobCenterKode": self.jobcenter, "vitasSagsnummer": self.vitas_sagsnummer}

    def _aktoer(self, slags: str) -> dict[str, Any]:
        if slags == "Virksomhed":
            organisation = {"type": "Virksomhed", "kode": self.virksomhed.cvr}
            return {"type": slags, "id": f"CVR:{self.virksomhed.cvr}-UUID:{self.uuid()}", "navn": self.virksomhed.kontakt.navn} | {
                "organisation": organisation
            }
        sagsbehandler = en_sagsbehandler(self.rng, self.jobcenter)
        return {"type": "Sagsbehandler", "id": sagsbehandler.email, "navn": sagsbehandler.navn} | {
            "organisation": {"type": "Jobcenter", "kode": self.jobcenter}
        }


def generer(sager: int, seed: int) -> Iterator[Handling]:
    """All actions of `sager` cases; the order per case is its life, across cases they stand mixed."""
    rng = Random(seed)  # noqa: S311 (invented people, not secrets)
    levende: list[Iterator[Handling]] = []
    for nummer in range(1, sager + 1):
        levende.append(en_sag(Random(rng.getrandbits(64)), nummer))  # noqa: S311
        if len(levende) >= SAMTIDIGE:
            yield from _skridt(rng, levende, mindst=SAMTIDIGE)
    yield from _skridt(rng, levende, mindst=1)


def en_sag(rng: Random, nummer: int) -> Iterator[Handling]:
    """The life cycle of one case."""
    skriver = Sagsskriver(rng, nummer)
    return FORLOEB[skriver.ordning](skriver)


def _skridt(rng: Random, levende: list[Iterator[Handling]], mindst: int) -> Iterator[Handling]:
    """One action at a time of a random living case, until fewer than `mindst` are left."""
    while len(levende) >= mindst:
        plads = rng.randrange(len(levende))
        naeste = next(levende[plads], None)
        if naeste is None:
            levende[plads] = levende[-1]
            levende.pop()
        else:
            yield naeste
