"""Who writes the actions of one invented case: mints its ids, moves its clock, knows its people."""

import uuid
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hub.local.personer import ANDEN_AKTOER, Borger, Virksomhed, en_borger, en_sagsbehandler, en_virksomhed

Handling = dict[str, Any]
DANMARK = ZoneInfo("Europe/Copenhagen")
FOERSTE_DAG = datetime(2025, 1, 2, tzinfo=DANMARK)
AARETS_MINUTTER = 365 * 24 * 60
JOBCENTRE = ("10100", "14700", "15100", "26500", "46100", "63000", "75100", "85100")
URSKIFTE = (datetime(2025, 3, 30, 0, 50, tzinfo=UTC), datetime(2025, 10, 26, 0, 50, tzinfo=UTC), datetime(2026, 3, 29, 0, 50, tzinfo=UTC))
"""Shortly before the clocks change: actions some minutes apart stand an hour apart, or before each other, on the wall."""


def vitas(nummer: int) -> Handling:
    """What VITAS names its case with this running number by: a case number, and the address of its page under a host that is reserved."""
    sagsnummer = f"V-2025-{nummer:06d}"
    return {"vitasSagsnummer": sagsnummer, "vitasUrl": f"https://vitas.example/sag/{sagsnummer}"}


class Skriver:
    """The case's writer; everything comes from `rng`, so the same seed writes the same."""

    def __init__(self, rng: Random, nummer: int, ordning: str) -> None:
        self.rng = rng
        self.ordning = ordning
        self.jobcenter = rng.choice(JOBCENTRE)
        self.borger: Borger = en_borger(rng)
        self.virksomhed: Virksomhed = en_virksomhed(rng)
        self.sags_id = self.uuid()
        self.nummer = nummer
        self._nu = FOERSTE_DAG.astimezone(UTC) + timedelta(minutes=rng.randrange(AARETS_MINUTTER))
        self.godkendt = False
        self.dag: date = self._nu.astimezone(DANMARK).date()

    def uuid(self) -> str:
        """A new id from the seed."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def sker(self, chance: float) -> bool:
        """Whether something with this chance happens."""
        return self.rng.random() < chance

    def om(self, mindst: int, hoejst: int) -> timedelta:
        """Some days, from `mindst` up to and including `hoejst`."""
        return timedelta(days=self.rng.randint(mindst, hoejst))

    def handling(self, navn: str, akt: str, aktoer: str = "Sagsbehandler", **data: Any) -> Handling:
        """The next action of the case, some minutes to days after the one before; a few are told late."""
        self._nu = self._naeste()
        sket = self._nu - timedelta(days=self.rng.randint(1, 20)) if self.sker(0.03) else self._nu
        return {
            "handling": navn,
            "sagsId": self.sags_id,
            "eksternIdentifier": akt,
            "haendelsestidspunkt": sket.astimezone(DANMARK).isoformat(timespec="seconds"),
            "aktoer": self._aktoer(aktoer),
            "data": {navn: vaerdi for navn, vaerdi in data.items() if vaerdi is not None},
        }

    def foerste(self, navn: str, akt: str, aktoer: str = "Virksomhed", **data: Any) -> Handling:
        """The action that opens the case."""
        handling = self.handling(navn, akt, aktoer, virksomhed=self.virksomhed.som_data(), borger=self.borger.som_data(), **data)
        return handling | {"ordning": self.ordning, "jobCenterKode": self.jobcenter, **vitas(self.nummer)}

    def _naeste(self) -> datetime:
        if self.sker(0.01):
            for skifte in URSKIFTE:
                if self._nu < skifte < self._nu + timedelta(days=120):
                    return skifte
        return self._nu + timedelta(minutes=self.rng.randrange(3, 40 if self._nu in URSKIFTE else 5 * 24 * 60))

    def _aktoer(self, slags: str) -> Handling:
        if slags == "Borger":
            return {"type": slags, "id": f"BORGER-UUID:{self.uuid()}", "navn": self.borger.navn}
        if slags == "AndenAktoer":
            organisation = {"type": slags, "kode": ANDEN_AKTOER["cvrNummer"]}
            return {"type": slags, "id": f"CVR:{ANDEN_AKTOER['cvrNummer']}-UUID:{self.uuid()}", "organisation": organisation}
        if slags == "Virksomhed":
            organisation = {"type": slags, "kode": self.virksomhed.cvr}
            navn = self.virksomhed.kontakt.navn
            return {"type": slags, "id": f"CVR:{self.virksomhed.cvr}-UUID:{self.uuid()}", "navn": navn, "organisation": organisation}
        sagsbehandler = en_sagsbehandler(self.rng, self.jobcenter)
        organisation = {"type": "Jobcenter", "kode": self.jobcenter}
        return {"type": "Sagsbehandler", "id": sagsbehandler.email, "navn": sagsbehandler.navn, "organisation": organisation}
