"""A log made with the real codec, without Kafka; and the projection on a migrated PostgreSQL of its own."""

import hashlib
import itertools
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.dialects.postgresql import insert as pg_insert

from hub.domain import haendelser as h
from hub.domain.evolve import evolve
from hub.domain.forseglet import Forseglet
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.sag import FOLD_VERSION, Sag
from hub.events.besoeg import Kald, Saetning
from hub.events.codec import Kodeks
from hub.events.database import motor
from hub.events.drift import Driftsdata
from hub.events.fejlpunkter import Fejlpunkter
from hub.events.journal import Post
from hub.events.kvittering import af_haendelser
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.stroem import pak
from hub.events.tables import AKTER, ANMODNINGER, STROEMME
from hub.events.topics import FAKTA
from hub.migrations.migrer import migrer
from hub.projections import generation
from hub.projections.checkpoint import start_checkpoints
from hub.projections.live import Projektion

START = datetime(2025, 1, 1, 8, tzinfo=UTC)


class Sagslog:
    """One case of the log: its events, their bytes, and the case folded from them."""

    def __init__(self, loggen: "Loggen", ordning: str, jobcenter: str) -> None:
        self.loggen, self.id = loggen, str(uuid.uuid4())
        self.akter: dict[str, str] = {}
        self.sag: Sag | None = None
        self.haendelser: list[h.Haendelse] = []
        self.hoved: bytes | None = None
        self.sker("ans", _oprettet(ordning, jobcenter))

    def akt(self, navn: str) -> str:
        """The uuid of the act called `navn`."""
        return self.akter.setdefault(navn, str(uuid.uuid4()))

    def sker(self, akt: str, data: h.Data) -> Post:
        """The case's next event, on the log."""
        return self.laeg(self.naeste(akt, data))

    def naeste(self, akt: str, data: h.Data) -> h.Haendelse:
        """The case's next event, not on the log; its sealed fields get their origin."""
        kuvert = self._kuvert(akt)
        borger = getattr(data, "borgerId", "")
        felter = {f: getattr(data, f) for f in data.__struct_fields__}
        segl = {
            f: Forseglet(borger if f in ("personnummer", "borgerNavn") else self.id, kuvert.haendelsesId, f, v.data)
            for f, v in felter.items()
            if isinstance(v, Forseglet)
        }
        return h.Haendelse(kuvert, replace(data, **segl))

    def laeg(self, haendelse: h.Haendelse, fold: bool = True) -> Post:
        """An event of one's own making, on the log and in the chain."""
        vaerdi = self.loggen.kodeks.indkod(haendelse)
        post = self.loggen.laeg(self.id, vaerdi)
        haendelse = self.loggen.kodeks.afkod(vaerdi)
        self.hoved = hashlib.sha256(vaerdi).digest()
        self.haendelser.append(haendelse)
        if fold:
            self.sag = evolve(self.sag, haendelse)
        return post

    def bevilget(self, slut: date | None = date(2025, 6, 30)) -> "Sagslog":
        """The same case signed, and granted from 1 January."""
        self.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
        self.sker(
            "bev", h.BevillingUdstedt(date(2025, 1, 1), slut, "37", segl("kontaktpersonPaaArbejdsstedet"), h.Sats(9403, "Sats", "r1"))
        )
        return self

    def _kuvert(self, akt: str) -> Kuvert:
        version = len(self.haendelser) + 1
        tid = self.loggen.tid()
        return Kuvert(
            str(uuid.uuid4()), self.id, version, self.akt(akt), tid - timedelta(hours=1), tid,
            Aktoer("Sagsbehandler", "CVR:12345678", "Sagsbehandler", organisationstype="Jobcenter", organisationskode="10100"),
            f"anmodning-{self.id}-{version}", b"\x01" * 32, str(uuid.uuid4()), self.hoved,
        )  # fmt: skip


class Loggen:
    """One partition of the log."""

    def __init__(self, kodeks: Kodeks, partition: int = 0) -> None:
        self.kodeks, self.partition = kodeks, partition
        self.poster: list[Post] = []
        self.sager: list[Sagslog] = []
        self._tik = itertools.count()

    def sag(self, ordning: str = "Loentilskud", jobcenter: str = "10100") -> Sagslog:
        """A new case with its application."""
        self.sager.append(Sagslog(self, ordning, jobcenter))
        return self.sager[-1]

    def laeg(self, sags_id: str, vaerdi: bytes | None) -> Post:
        """A record."""
        post = Post(self.partition, len(self.poster), sags_id.encode(), vaerdi, (("ce_type", b"x"),))
        self.poster.append(post)
        return post

    def tid(self) -> datetime:
        """The next registration time, a second after the last."""
        return START + timedelta(seconds=next(self._tik))


def segl(felt: str) -> Forseglet:
    """Something like ciphertext."""
    return Forseglet("", "", felt, b"n" * 12 + felt.encode() + b"t" * 16)


def _oprettet(ordning: str, jobcenter: str) -> h.AnsoegningOprettet:
    return h.AnsoegningOprettet(
        ordning, jobcenter, "V-2025-000123", "12345678", "1234567890", str(uuid.uuid4()), segl("personnummer"), segl("borgerNavn"),
        date(2025, 1, 1), date(2025, 6, 30), "36.26", segl("ansvarligKontaktperson"), segl("kontaktpersonPaaArbejdsstedet"),
        sats=h.Sats(9403, "Sats", "r1"),
    )  # fmt: skip


GEMT = Saetning("INSERT INTO public.gemt SELECT * FROM unnest(%(a)b::text[], %(b)b::int[])")


class Modtaget:
    """What the projection handed on: notifications as (sagsId, version), drift events."""

    def __init__(self) -> None:
        self.gemt: list[tuple[str, int]] = []
        self.drift: list[Driftsdata] = []

    def notificer(self, foer: Sag | None, haendelse: h.Haendelse, efter: Sag) -> Sequence[Any]:
        """One draft per event."""
        return [(haendelse.kuvert.sagsId, haendelse.kuvert.version)]

    def gem(self, udkast: Sequence[Any]) -> Kald:
        """Kept in the transaction, so that a rollback takes it back."""
        return GEMT.med(**_par(udkast))

    def driftlog(self, conn: Connection, data: Sequence[Driftsdata], hvem: str = "hub") -> Sequence[int]:
        """Numbered as the ledger would."""
        self.drift += data
        return [len(self.drift) - len(data) + n + 1 for n in range(len(data))]


def _par(udkast: Sequence[Any]) -> dict[str, Any]:
    return {"a": [u[0] for u in udkast], "b": [u[1] for u in udkast]}


@pytest.fixture(scope="session")
def kodeks() -> Kodeks:
    """The real codec."""
    return Kodeks(Skemaregister(skemamappe()))


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Engine]:
    """A migrated database."""
    engine = motor(database_url, "test")
    migrer(engine)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE public.gemt (sags_id text, version int)"))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(database: Engine) -> Iterator[Engine]:
    """The database with an empty generation 1 that serves, and checkpoint 0 of two partitions."""
    generation.sikr(database)
    start_checkpoints(database, {0: 0, 1: 0})
    yield database
    with database.begin() as conn:
        for (skema,) in conn.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'gen\\_%'")).all():
            conn.execute(text(f"DROP SCHEMA {skema} CASCADE"))
        conn.execute(text("TRUNCATE delivery.generationer, delivery.checkpoints, delivery.notifikationspositioner, delivery.parkerede"))
        conn.execute(text("TRUNCATE ledger.stroemme, ledger.outbox, ledger.akter, ledger.anmodninger"))
        conn.execute(text("TRUNCATE delivery.notifikationer, public.gemt"))


@pytest.fixture
def loggen(kodeks: Kodeks) -> Loggen:
    """An empty partition 0."""
    return Loggen(kodeks)


@pytest.fixture
def modtaget() -> Modtaget:
    """What was handed on."""
    return Modtaget()


@pytest.fixture
def projektion(engine: Engine, kodeks: Kodeks, modtaget: Modtaget, tmp_path: Any) -> Projektion:
    """The projection with fault points in `tmp_path`."""
    return Projektion(engine, kodeks, modtaget.notificer, modtaget.gem, modtaget.driftlog, Fejlpunkter(tmp_path))


class Database:
    """Questions to the database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def raekker(self, sql: str) -> list[Any]:
        """Rows of a query; `gen` stands for the serving generation's schema."""
        with self.engine.connect() as conn:
            return [tuple(r) for r in conn.execute(text(sql.replace("gen.", f"{generation.skema(generation.serverende(conn))}.")))]

    def checkpoint(self, partition: int = 0) -> int:
        """The serving checkpoint."""
        sql = (
            "SELECT naeste_offset FROM delivery.checkpoints JOIN delivery.generationer ON generation = nummer AND serverer WHERE partition="
        )
        return int(self.raekker(f"{sql}{partition}")[0][0])

    def versioner(self) -> dict[str, int]:
        """Case → version projected."""
        return dict(self.raekker("SELECT sags_id, version FROM gen.sager"))

    def gemt(self) -> list[tuple[str, int]]:
        """Notifications kept."""
        return self.raekker("SELECT sags_id, version FROM public.gemt ORDER BY 1, 2")

    def parkerede(self) -> list[tuple[int, str, str]]:
        """(offset, kind, state) of the parked set."""
        return self.raekker("SELECT kafka_offset, slags, tilstand FROM delivery.parkerede ORDER BY 1")

    def ledger(self, sag: Sagslog) -> None:
        """The ledger's row of a case, at its head, and those of its acts and requests."""
        assert sag.sag is not None
        with self.engine.begin() as conn:
            conn.execute(
                insert(STROEMME).values(
                    stroem=sag.id,
                    topic=FAKTA,
                    partition=0,
                    version=len(sag.haendelser),
                    hoved=sag.hoved,
                    fold_version=FOLD_VERSION,
                    sag=pak(sag.sag),
                    registreret=sag.sag.registreret,
                )
            )
            for haendelse in sag.haendelser:
                k = haendelse.kuvert
                egen = {"request_id": k.requestId, "request_hash": k.requestHash, "kvittering": af_haendelser([haendelse])}
                conn.execute(pg_insert(ANMODNINGER).values(egen).on_conflict_do_nothing())
            conn.execute(insert(AKTER), [{"ekstern_identifier": uuid.UUID(akt), "stroem": sag.id} for akt in sag.akter.values()])


@pytest.fixture
def db(engine: Engine) -> Database:
    """The database, asked."""
    return Database(engine)
