"""As of any moment: what was answered then is answered again, whatever the clocks do and however many processes append."""

import itertools
import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from hub.domain.matrix import MATRIX
from hub.events.database import motor
from hub.local.generator import en_sag

from .conftest import Hub, en_api, serveret

pytestmark = pytest.mark.integration
ORDNINGER = sorted(MATRIX)
EN_AF_HVER = ("Loentilskud", "Fleksjob", "Jobrotation", "PersonligAssistance", "Igu", "Tillaegsbevilling")
"""Between them every kind of act; the long run takes every scheme."""
GANG = itertools.count()
"""No two examples open the same case."""
ET_MIKROSEKUND = timedelta(microseconds=1)
UR = """
CREATE SCHEMA ur{0};
CREATE TABLE ur{0}.spring AS SELECT interval '0' AS af;
CREATE FUNCTION ur{0}.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.clock_timestamp() + (SELECT af FROM ur{0}.spring) $$
"""
"""A clock of a process's own, found before PostgreSQL's because its schema stands first in the process's search path."""
Dokumenter = dict[str, Any]
"""Path → the document that it answered with."""


class Proces(NamedTuple):
    """An API process with a database clock of its own."""

    vitas: httpx.Client
    auditor: httpx.Client
    database: psycopg.Connection[Any]
    nr: int

    def stil(self, sekunder: int) -> None:
        """Let its clock be so much ahead of the real one, or behind."""
        self.database.execute(f"UPDATE ur{self.nr}.spring SET af = make_interval(secs => %s)".encode(), [sekunder])

    def nu(self) -> datetime:
        """What its clock says."""
        svar = self.database.execute(f"SELECT ur{self.nr}.clock_timestamp()".encode()).fetchone()
        assert svar is not None and isinstance(svar[0], datetime)
        return svar[0]

    def hent(self, sti: str, tid: datetime | None = None) -> httpx.Response:
        """Ask as the auditor, now or as of a time."""
        return self.auditor.get(sti, params={} if tid is None else {"asOf": tid.isoformat()})

    def alt(self, sags_id: str) -> Dokumenter:
        """The case and every act's document, as they are now."""
        sag = f"/v1/sager/{sags_id}"
        stier = [sag, *(akt["link"] for akt in self.hent(sag).json()["akter"])]
        return {sti: self.hent(sti).raise_for_status().json() for sti in stier}


@pytest.fixture(scope="module")
def processer(hub: Hub) -> Iterator[list[Proces]]:
    """Two API processes on one database, whose clocks may be set."""
    with ExitStack() as ende:
        database = ende.enter_context(psycopg.connect(hub.database_url, autocommit=True))
        klar = []
        for nr in (1, 2):
            database.execute(UR.format(nr).encode())
            url = make_url(hub.database_url).update_query_dict({"options": f"-c search_path=ur{nr},pg_catalog,public"})
            maskine = motor(url.render_as_string(hide_password=False), f"test-{nr}")
            ende.callback(maskine.dispose)
            base = ende.enter_context(serveret(en_api(maskine, hub.database_url, hub.mappe)))
            vitas, auditor = (ende.enter_context(hub.klient(rolle)) for rolle in ("vitas", "auditor"))
            vitas.base_url = auditor.base_url = base
            klar.append(Proces(vitas, auditor, database, nr))
        yield klar


class Gang(NamedTuple):
    """What happens around one action: who takes it, where its clock stands, and how long before its now somebody asks (null: nobody)."""

    proces: int
    ur: int
    spoergsmaal: int | None


KORT = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
SIDEN = st.none() | st.sampled_from([0, 1, 60, 3600, 7200])
GANGE = st.lists(st.builds(Gang, st.integers(0, 1), st.integers(-7200, 7200), SIDEN), min_size=12, max_size=12)


SPRING = [Gang(nr % 2, 3600 * (nr % 2), 0) for nr in range(12)]
"""The one process is an hour ahead; each is asked of its own now, which the other's next append must lie behind."""


class Historie:
    """One case recorded by two processes: what it was at each version, when that was registered, and what was answered of the past."""

    def __init__(self, hub: Hub, processer: list[Proces]) -> None:
        self.hub, self.processer = hub, processer
        self.tider: list[datetime] = []
        self.billeder: list[Dokumenter] = []
        self.svaret: dict[tuple[str, datetime], httpx.Response] = {}

    def sker(self, handling: dict[str, Any], gang: Gang) -> None:
        """One action, and what the case then is; an action that is refused changes nothing."""
        proces = self.processer[gang.proces]
        proces.stil(gang.ur)
        svar = proces.vitas.post("/v1/handlinger", json=handling)
        if svar.status_code not in (201, 202):
            return
        self.hub.fremad()
        self.tider.append(datetime.fromisoformat(svar.json()["registreringstidspunkt"]))
        self.billeder.append(proces.alt(handling["sagsId"]))
        if gang.spoergsmaal is not None:
            self._spoerg(proces, f"/v1/sager/{handling['sagsId']}", proces.nu() - timedelta(seconds=gang.spoergsmaal))

    def _spoerg(self, proces: Proces, sti: str, tid: datetime) -> None:
        svar = proces.hent(sti, tid)
        if svar.status_code in (200, 404):
            self.svaret[sti, tid] = svar

    def kontroller(self) -> None:
        """With every clock past everything: each moment is answered by both processes as it was, and as it was answered before."""
        assert all(a < b for a, b in zip(self.tider, self.tider[1:], strict=False))
        for proces in self.processer:
            proces.stil(100_000)
        stier = {sti for billede in self.billeder for sti in billede}
        for nr, (tid, billede) in enumerate(zip(self.tider, self.billeder, strict=True)):
            proces = self.processer[nr % 2]
            foer = self.billeder[nr - 1] if nr else {}
            for sti in stier:
                _samme(proces.hent(sti, tid), billede.get(sti), (sti, tid))
                _samme(proces.hent(sti, tid - ET_MIKROSEKUND), foer.get(sti), (sti, tid, "before"))
        for (sti, tid), svar in self.svaret.items():
            assert self.processer[0].hent(sti, tid).json() == svar.json(), (sti, tid)


def _samme(svar: httpx.Response, ventet: Any, hvad: object) -> None:
    assert (svar.json() if svar.status_code == 200 else None) == ventet and svar.status_code in (200, 404), (hvad, svar.text)


def gennemgaa(hub: Hub, processer: list[Proces], ordning: str, froe: int, gange: list[Gang]) -> None:
    """Record a case of the scheme as the steps say, then hold every moment of it against what it was."""
    historie = Historie(hub, processer)
    for handling, gang in zip(en_sag(random.Random(f"{froe}/{next(GANG)}"), froe, ordning), gange, strict=False):
        historie.sker(handling, gang)
    event(f"{len(historie.tider)} events of {ordning}, {len(historie.svaret)} questions")
    assert historie.tider
    historie.kontroller()


@pytest.mark.parametrize("ordning", EN_AF_HVER)
@settings(KORT, max_examples=2)
@example(froe=1, gange=SPRING)
@given(froe=st.integers(0, 10_000), gange=GANGE)
def test_every_document_as_of_any_moment_is_what_was_served_then(
    hub: Hub, processer: list[Proces], ordning: str, froe: int, gange: list[Gang]
) -> None:
    """Clocks that jump two hours either way between two processes, questions in between: every GetMetode and the case, at each
    registration time and just before it, are what the live read models had then; an answer once given is never another.
    """
    gennemgaa(hub, processer, ordning, froe, gange)


@pytest.mark.faults
@settings(KORT, max_examples=500)
@given(ordning=st.sampled_from(ORDNINGER), froe=st.integers(0, 10_000), gange=GANGE)
def test_every_document_as_of_any_moment_is_what_was_served_then_long(
    hub: Hub, processer: list[Proces], ordning: str, froe: int, gange: list[Gang]
) -> None:
    """The same over five hundred histories of every scheme."""
    gennemgaa(hub, processer, ordning, froe, gange)
