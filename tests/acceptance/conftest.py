"""The whole hub for the acceptance tests: Kafka, PostgreSQL, worker and API as users start them, shared by every test of the session.

A test takes `sag`, which makes cases of its own: each has new ids and a citizen of its own, so that tests never meet.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest
from byggere import AKT, SENERE, raa

from hub.bootstrap import Hus
from hub.domain.matrix import FOEDES_VED, KUN_FOERSTE
from hub.local import stak as rig
from hub.operations.udsteder import udsted, udviklingsnoegle

FRIST = 30.0
ODENSE = "46100"
LOEBENUMMER = count(100_000)


@dataclass
class Hub:
    """The running hub, seen from outside."""

    hus: Hus
    adresse: str
    klienter: dict[tuple[str, ...], httpx.Client] = field(default_factory=dict)

    def klient(self, rolle: str = "vitas", *jobcentre: str) -> httpx.Client:
        """An HTTP client with a token of the role; kept until the session ends."""
        if (rolle, *jobcentre) not in self.klienter:
            token = udsted(udviklingsnoegle(self.hus.settings.data), self.hus.settings.issuer, f"test-{rolle}", rolle, jobcentre)
            hoveder = {"Authorization": f"Bearer {token}"}
            self.klienter[rolle, *jobcentre] = httpx.Client(base_url=self.adresse, headers=hoveder, timeout=FRIST)
        return self.klienter[rolle, *jobcentre]

    def send(self, handling: dict[str, Any], **hoveder: str) -> httpx.Response:
        """One action to the door, as VITAS: a request of its own, also when the same is said again, unless the test gives it an id."""
        givne = {navn.replace("_", "-"): v for navn, v in hoveder.items()}
        return self.klient().post("/v1/handlinger", json=handling, headers={"x-requestId": uuid.uuid4().hex, **givne})

    def hent(self, ordning: str, metode: str, akt: str, *, jobcenter: str = ODENSE, **valg: Any) -> httpx.Response:
        """A GetMetode's answer to the jobcentre's system; `version` and `asOf` in `valg`. Waits while the version is on its way."""
        frist = time.monotonic() + FRIST
        while True:
            svar = self.klient("system", jobcenter).get(f"/v1/{ordning}/{metode}/{akt}", params=valg)
            if svar.status_code != 425 or time.monotonic() > frist:
                return svar

    def notifikationer(self, jobcenter: str = ODENSE, sags_id: str | None = None) -> list[dict[str, Any]]:
        """Everything the jobcentre has been told, of one case or of all, in the order of its numbers."""
        ud: list[dict[str, Any]] = []
        while nye := self._side(jobcenter, ud[-1]["nummer"] if ud else 0):
            ud += nye
        return [n for n in ud if sags_id in (None, n["sagsId"])]

    def slet(self, personnummer: str) -> None:
        """Erase a person: every key that goes with them, as `hub erase` will."""
        motor = self.hus.motor("test", 1)
        with motor.begin() as conn:
            borger = self.hus.noeglering.borgere(conn, [personnummer])[personnummer]
            conn.exec_driver_sql("DELETE FROM keys.noegler WHERE borger_id = %s", (borger,))
        motor.dispose()

    def _side(self, jobcenter: str, efter: int) -> list[dict[str, Any]]:
        svar = self.klient("system", jobcenter).get("/v1/notifikationer", params={"jobCenterKode": jobcenter, "efter": efter, "vent": 0})
        assert svar.status_code == 200, svar.text
        side: list[dict[str, Any]] = svar.json()["notifikationer"]
        return side


class Proevesag:
    """One case. Acts are called by short names, which stand for ids of this case alone; a test names the data it is about."""

    def __init__(self, hub: Hub, ordning: str, jobcenter: str) -> None:
        self.hub, self.ordning, self.jobcenter = hub, ordning, jobcenter
        self.id = str(uuid.uuid4())
        self.personnummer = f"0101{next(LOEBENUMMER)}"
        self.version = 0

    def akt(self, navn: str) -> str:
        """The id that a name stands for on this case; a uuid is itself."""
        return navn if len(navn) == 36 else str(uuid.uuid5(uuid.UUID(self.id), navn))

    def handling(self, navn: str, /, akt: str | None = None, uden: Sequence[str] = (), **data: Any) -> dict[str, Any]:
        """An action on the case as JSON: believable where the test says nothing, and the case's first one opens it."""
        aabner = self.version == 0 and (navn in KUN_FOERSTE or FOEDES_VED[self.ordning] == navn)
        borger = {"borger": {"personnummer": self.personnummer, "navn": "Bo Borger"}} if aabner else {}
        raat = raa(navn, akt, ordning=self.ordning, uden=(*uden, *(() if aabner else SENERE)), **{**borger, **data})
        sted = {"jobCenterKode": self.jobcenter} if aabner else {}
        return {**raat, **sted, "sagsId": self.id, "eksternIdentifier": self.akt(akt or AKT.get(navn, "ansoegning"))}

    def send(self, navn: str, /, akt: str | None = None, uden: Sequence[str] = (), **data: Any) -> httpx.Response:
        """The door's answer to an action."""
        svar = self.hub.send(self.handling(navn, akt, uden, **data))
        if svar.status_code in (201, 202):
            self.version = svar.json()["version"]
        return svar

    def goer(self, navn: str, /, akt: str | None = None, uden: Sequence[str] = (), **data: Any) -> "Proevesag":
        """An action that must be taken."""
        svar = self.send(navn, akt, uden, **data)
        assert svar.status_code in (201, 202), svar.text
        return self

    def naegtet(self, navn: str, /, akt: str | None = None, uden: Sequence[str] = (), **data: Any) -> list[tuple[int, str | None]]:
        """An action that must be refused: code and field of every error at once."""
        svar = self.send(navn, akt, uden, **data)
        assert svar.status_code in (404, 409, 422), svar.text
        return [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]

    def dokument(self, metode: str, akt: str = "ansoegning", **valg: Any) -> dict[str, Any]:
        """The document of an act as of the case's version now, as its jobcentre reads it."""
        valg = valg or {"version": self.version}
        svar = self.hub.hent(self.ordning, metode, self.akt(akt), jobcenter=self.jobcenter, **valg)
        assert svar.status_code == 200, svar.text
        dokument: dict[str, Any] = svar.json()
        return dokument

    def fortalt(self, version: int | None = None, antal: int = 1, jobcenter: str | None = None) -> list[dict[str, Any]]:
        """What the jobcentre is told of one version of the case (the newest, else `version`), once it has been told `antal` times."""
        frist, oensket = time.monotonic() + FRIST, version or self.version
        while True:
            faaet = [n for n in self.hub.notifikationer(jobcenter or self.jobcenter, self.id) if n["version"] == oensket]
            if len(faaet) >= antal:
                return faaet
            assert time.monotonic() < frist, f"told {len(faaet)} times of version {oensket}"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    """The hub, running from the first acceptance test to the last."""
    with rig.stak() as hus, rig.hub(hus, "worker", vent="worker ready"), rig.hub(hus, "api", vent="http://") as linje:
        koerende = Hub(hus, rig.adresse_i(linje))
        rig.vent_paa_http(koerende.adresse)
        yield koerende
        for klient in koerende.klienter.values():
            klient.close()


@pytest.fixture(scope="session")
def sag(hub: Hub) -> Callable[..., Proevesag]:
    """`sag(ordning, jobcenter)`: a new case, not yet opened."""

    def ny(ordning: str = "Loentilskud", jobcenter: str = ODENSE) -> Proevesag:
        return Proevesag(hub, ordning, jobcenter)

    return ny
