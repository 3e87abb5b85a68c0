"""A case told event by event: `forloeb("Loentilskud").sker(...)` gives the notifications of the last event."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.domain import haendelser as h
from hub.domain.evolve import evolve
from hub.domain.evolve_foedsel import IDENTITET
from hub.domain.forseglet import Forseglet
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.matrix import FOEDES_VED
from hub.domain.sag import Sag
from hub.notifications.tabel import notificer
from hub.notifications.udkast import Udkast

SEGL = Forseglet("noegle", "haendelse", "felt", b"ciphertext")
START = datetime(2025, 1, 1, 8, tzinfo=UTC)
KORT = {
    "GetAnsoegning": "A", "GetBevilling": "B", "GetForlaengelse": "F", "GetOphoer": "O", "GetAftale": "I", "GetMentor": "M",
    "GetHjaelpemiddel": "H", "GetPDF": "P",
}  # fmt: skip


class Forloeb:
    """One case and everything that was told of it."""

    def __init__(self, ordning: str, job_center_kode: str = "10100") -> None:
        self.sag: Sag | None = None
        self.alle: list[Udkast] = []
        akt, foerste = FOERSTE[FOEDES_VED[ordning]]
        self.sker(akt, foerste(ordning, job_center_kode))

    def sker(self, akt: str, data: h.Data) -> list[Udkast]:
        """Apply one event about `akt`; what it notified."""
        foer = self.sag
        haendelse = h.Haendelse(_kuvert(akt, 1 if foer is None else foer.version + 1), data)
        self.sag = evolve(foer, haendelse)
        nye = list(notificer(foer, haendelse, self.sag))
        self.alle += nye
        return nye

    def underskrevet(self) -> "Forloeb":
        """The same case with its application complete."""
        self.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
        return self

    def bevilget(self, slut: date | None = date(2025, 6, 30)) -> "Forloeb":
        """The same case with a grant `bev` from 1 January, approved."""
        self.underskrevet().sker("bev", h.BevillingUdstedt(date(2025, 1, 1), slut))
        self.sker("bev", h.BevillingGodkendt("Virksomhed"))
        return self

    def forlaenget(self) -> "Forloeb":
        """The same case with a grant to 30 June and an extension `for` to 30 September."""
        self.bevilget().sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
        return self

    def flyttet(self, til: str) -> list[Udkast]:
        """Move the case to another jobcentre."""
        assert self.sag is not None
        return self.sker("ans", h.SagFlyttet(self.sag.jobCenterKode, til))


def _kuvert(akt: str, version: int) -> Kuvert:
    tid = START + timedelta(hours=version)
    return Kuvert(f"h{version}", "sag", version, akt, tid, tid, Aktoer("System"), "r", bytes(32), "k")


def _oprettet(ordning: str, job_center_kode: str) -> h.AnsoegningOprettet:
    return h.AnsoegningOprettet(
        ordning, job_center_kode, "V-1", "12345678", "1234567890", "b", SEGL, SEGL, date(2025, 1, 1), date(2025, 6, 30), "37", SEGL, SEGL
    )


def _sagen(ordning: str, job_center_kode: str) -> dict[str, Any]:
    sagen = (ordning, job_center_kode, "V-1", "12345678", "1234567890", "b", SEGL, SEGL)
    return {**dict(zip(IDENTITET, sagen, strict=True)), "startdato": date(2025, 1, 1), "slutdato": date(2025, 6, 30)}


FOERSTE: dict[str, tuple[str, Callable[[str, str], h.Data]]] = {
    "OpretAnsoegning": ("ans", _oprettet),
    "UdstedBevilling": ("bev", lambda *sted: h.BevillingUdstedt(**_sagen(*sted))),
    "IndgaaAftale": ("aft", lambda *sted: h.AftaleIndgaaet(**_sagen(*sted))),
    "UdstedTillaegsbevilling": ("til", lambda *sted: h.TillaegsbevillingUdstedt(type="Mentor", **_sagen(*sted))),
}
"""The action that opens a case → the act that it is about, and its event."""


def _kort(udkast: list[Udkast]) -> list[str]:
    return [f"{u.jobCenterKode} {u.eksternIdentifier}/{KORT[u.getMetode]} {u.subskabelon}{' ny' if u.erOprettelse else ''}" for u in udkast]


@pytest.fixture(scope="session")
def forloeb() -> Callable[..., Forloeb]:
    """Makes a case; its application is not signed yet."""
    return Forloeb


@pytest.fixture(scope="session")
def kort() -> Callable[[list[Any]], list[str]]:
    """Writes notifications as `jobcentre act/method subskabelon[ ny]`, each method by its letter in KORT."""
    return _kort
