"""The API over real HTTP on a real PostgreSQL; the log is stood in for by feeding the outbox to the projection."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey
from sqlalchemy import Engine, text

from hub.api.app import create_api
from hub.api.graenser import Graenser
from hub.api.noeglekilder import FastNoegle
from hub.api.server import adresse, lyt, server
from hub.api.tjenester import Tjenester
from hub.api.tokens import Verifikator
from hub.events.codec import Kodeks
from hub.events.database import motor
from hub.events.dokumentlager import Dokumentlager
from hub.events.dokumentmappe import Dokumentmappe
from hub.events.drift_append import Driftslog
from hub.events.fejlpunkter import Fejlpunkter
from hub.events.genskab import Genskabelse, luk_baner
from hub.events.journal import Post
from hub.events.keys import Noeglering
from hub.events.ledger import Ledger
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.topics import FAKTA, FAKTA_PARTITIONER, baner
from hub.migrations.migrer import migrer
from hub.notifications.gem import gem
from hub.notifications.tabel import notificer
from hub.notifications.tilbud import Tilbud
from hub.operations.udsteder import udsted
from hub.projections import generation
from hub.projections.checkpoint import start_checkpoints
from hub.projections.live import Anvendt, Projektion
from hub.projections.parked import Operatoer, kasser

UDSTEDER = "urn:test"
NOEGLE = ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"})
ODENSE, AARHUS = "46100", "75100"
CPR, NAVN = "0101901234", "Bodil Hemmelig Testsen"
GRAENSER = Graenser(
    dokument=1_000_000,
    dokument_sekunder=3,
    uploads=8,
    krop_sekunder=2,
    kvittering_sekunder=0.1,
    laese_sekunder=0.3,
    bulk_del=50,
    bulk_linjer=2_000,
    feed_sekunder=5,
)
VENTENDE = 4_000_000


class Kvitteringsattrap:
    """Says of every append what the test has said that Kafka did."""

    def __init__(self) -> None:
        self.svar = True

    async def vent(self, outbox_ids: Sequence[int], sekunder: float, /) -> bool:
        """What the test said."""
        return self.svar


@dataclass
class Hub:
    """The API under test, and hands to play the parts that it does not have."""

    base: str
    database_url: str
    motor: Engine
    projektion: Projektion
    tjenester: Tjenester
    mappe: Path
    naeste: Counter[int] = field(default_factory=Counter)
    log: dict[int, list[Post]] = field(default_factory=dict)

    def klient(self, rolle: str = "vitas", *jobcentre: str, **mere: Any) -> httpx.Client:
        """An HTTP client with a token of the role."""
        token = udsted(NOEGLE, UDSTEDER, f"test-{rolle}", rolle, jobcentre, **mere)
        return httpx.Client(base_url=self.base, headers={"Authorization": f"Bearer {token}"}, timeout=20, verify=False)

    def fremad(self) -> int:
        """Put what is in the outbox on the log that is not there, and project it; how many events."""
        with self.motor.begin() as conn:
            raekker = conn.execute(
                text(
                    "UPDATE ledger.outbox SET sendt = now() WHERE id IN (SELECT id FROM ledger.outbox WHERE sendt IS NULL AND topic = :t) "
                    "RETURNING id, partition, stroem, vaerdi"
                ),
                {"t": FAKTA},
            ).all()
        poster: dict[int, list[Post]] = {}
        for _, partition, stroem, vaerdi in sorted(raekker):
            poster.setdefault(partition, []).append(Post(partition, self.naeste[partition], stroem.encode(), bytes(vaerdi), ()))
            self.naeste[partition] += 1
        for partition, del_ in poster.items():
            self.log.setdefault(partition, []).extend(del_)
            assert isinstance(self.projektion.anvend(partition, del_), Anvendt)
        return len(raekker)

    def parker(self, sags_id: str, mappe: Path) -> tuple[int, int]:
        """Project what is in the outbox while the case's events fail; partition and offset of the first that is parked."""
        fejlpunkt = mappe / f"projektion.{sags_id}"
        fejlpunkt.touch()
        hel, self.projektion = self.projektion, replace(self.projektion, fejlpunkter=Fejlpunkter(mappe))
        self.fremad()
        self.projektion = hel
        fejlpunkt.unlink()
        sted = "SELECT partition, kafka_offset FROM delivery.parkerede WHERE stroem = :s AND tilstand = 'parkeret' ORDER BY kafka_offset"
        with self.motor.connect() as conn:
            partition, offset = conn.execute(text(sted), {"s": sags_id}).first() or (0, 0)
        return partition, offset

    def kasser(self, sted: tuple[int, int]) -> None:
        """Discard what is parked there."""
        kasser(self.projektion, *sted, Operatoer("operatør", "prøve"))

    def genskab(self, partition: int, kasserede: Sequence[int]) -> None:
        """Make the ledger's rows of a partition anew from its log, as `hub restore` does."""
        luk_baner(self.motor, FAKTA)
        with self.motor.begin() as conn:
            genskabelse = Genskabelse(conn, self.tjenester.kodeks, (FAKTA, partition), kasserede)
            genskabelse.fold(self.log[partition])
            genskabelse.afstem()
            genskabelse.afslut(len(self.log[partition]))
        sammenlign(self.motor)

    def post(self, krop: dict[str, Any], **hoveder: str) -> httpx.Response:
        """Send one action as VITAS."""
        with self.klient() as vitas:
            return vitas.post("/v1/handlinger", json=krop, headers=hoveder)

    def afspil(self, *handlinger: dict[str, Any]) -> None:
        """Send actions as VITAS, all of which must be taken, and project them."""
        for handling in handlinger:
            svar = self.post(handling)
            assert svar.status_code in (201, 202), svar.text
        self.fremad()

    def adgang(self, sags_id: str) -> list[Any]:
        """The access-log rows of a case, oldest first."""
        with self.motor.connect() as conn:
            return list(conn.execute(text("SELECT * FROM audit.adgangslog WHERE sags_id = :s ORDER BY id"), {"s": sags_id}).mappings())


class Sagsbygger:
    """Builds the actions of one løntilskud case, each later than the one before."""

    def __init__(self, jobcenter: str = ODENSE) -> None:
        self.sags_id, self.ansoegning, self.bevilling = (str(uuid.uuid4()) for _ in range(3))
        self.jobcenter = jobcenter
        self._minut = 0

    def handling(self, navn: str, akt: str, **data: Any) -> dict[str, Any]:
        """The next action."""
        self._minut += 1
        return {
            "handling": navn,
            "sagsId": self.sags_id,
            "eksternIdentifier": akt,
            "haendelsestidspunkt": datetime(2025, 1, 2, 8, self._minut, tzinfo=UTC).isoformat(),
            "aktoer": {
                "type": "Sagsbehandler",
                "id": "CVR:12345678-UUID:1",
                "navn": "Sagsbehandler Et",
                "organisation": {"type": "Jobcenter", "kode": self.jobcenter},
            },
            "data": data,
        }

    def opret(self) -> dict[str, Any]:
        """The action that opens the case."""
        person = {"navn": "Karla Kontakt", "email": "karla@example.dk", "telefon": "12345678"}
        data = {
            "virksomhed": {"cvrNummer": "12345674", "pNummer": "1000000009"},
            "borger": {"personnummer": CPR, "navn": NAVN},
            "periode": {"startdato": "2025-02-01", "slutdato": "2025-07-31"},
            "ugentligArbejdstid": "36.26",
            "antalAnsatteSenesteMaaned": {"rimelighedskrav": "12", "merbeskaeftigelseskrav": "40"},
            "ansvarligKontaktperson": person,
            "kontaktpersonPaaArbejdsstedet": person,
            "timeTilskudsats": 9403,
        }
        foerste = {"ordning": "Loentilskud", "jobCenterKode": self.jobcenter, "vitasSagsnummer": "V-2025-000001"}
        return self.handling("OpretAnsoegning", self.ansoegning, **data) | foerste

    def underskriv(self) -> dict[str, Any]:
        """The employer's signature."""
        return self.handling("UnderskrivAnsoegning", self.ansoegning, underskriver="Arbejdsgiver")

    def godkend(self) -> dict[str, Any]:
        """The approval of the application."""
        return self.handling("GodkendAnsoegning", self.ansoegning)

    def bevilg(self) -> dict[str, Any]:
        """The grant."""
        kontakt = {"navn": "Karla Kontakt", "email": "karla@example.dk", "telefon": "12345678"}
        periode = {"startdato": "2025-02-01", "slutdato": "2025-07-31"}
        return self.handling(
            "UdstedBevilling",
            self.bevilling,
            periode=periode,
            ugentligArbejdstid="36.26",
            kontaktpersonPaaArbejdsstedet=kontakt,
            timeTilskudsats=9403,
        )

    def flyt(self, til: str) -> dict[str, Any]:
        """The move to another jobcentre."""
        return self.handling("FlytSag", self.ansoegning, modtagendeJobCenterKode=til)


@pytest.fixture(scope="module")
def hub(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The API on this module's own database, lanes declared compared."""
    maskine = motor(database_url, "test")
    migrer(maskine)
    generation.sikr(maskine)
    start_checkpoints(maskine, dict.fromkeys(range(FAKTA_PARTITIONER), 0))
    sammenlign(maskine)
    mappe = tmp_path_factory.mktemp("dokumenter")
    tjenester = en_api(maskine, database_url, mappe)
    projektion = Projektion(maskine, tjenester.kodeks, notificer, gem, Driftslog(tjenester.skemaregister, tjenester.kodeks).append)
    with serveret(tjenester) as base:
        yield Hub(base, database_url, maskine, projektion, tjenester, mappe)
    maskine.dispose()


@pytest.fixture
def utilgaengelig(tmp_path: Path) -> Iterator[str]:
    """The address of an API whose database cannot be reached."""
    url = "postgresql://ingen@127.0.0.1:9/ingen?connect_timeout=1"
    maskine = motor(url, "test")
    with serveret(en_api(maskine, url, tmp_path)) as base:
        yield base
    maskine.dispose()


def en_api(maskine: Engine, url: str, mappe: Path) -> Tjenester:
    """The API's ports on one database and one folder of documents; Kafka's acknowledgements are the test's."""
    register, ring = Skemaregister(skemamappe()), Noeglering(b"m" * 32)
    kodeks = Kodeks(register)
    return Tjenester(
        motor=maskine,
        ledger=Ledger(maskine, register, kodeks, ring),
        kvitteringer=Kvitteringsattrap(),
        tilbud=Tilbud(url),
        kodeks=kodeks,
        noeglering=ring,
        skemaregister=register,
        dokumenter=Dokumentlager(maskine, ring, Dokumentmappe(mappe), VENTENDE),
        tokens=Verifikator(FastNoegle(NOEGLE), UDSTEDER),
        graenser=GRAENSER,
    )


def sammenlign(maskine: Engine) -> None:
    """Say of every lane that it has been compared with its log since this server started."""
    with maskine.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO ledger.baner (topic, partition, naeste_offset, server_start) "
                "SELECT t, p, 0, pg_postmaster_start_time() "
                "FROM unnest(CAST(:topics AS text[]), CAST(:partitioner AS int[])) AS b (t, p) "
                "ON CONFLICT (topic, partition) DO UPDATE SET server_start = excluded.server_start, bagud = NULL"
            ),
            {"topics": [t for t, _ in baner()], "partitioner": [p for _, p in baner()]},
        )


@contextmanager
def serveret(tjenester: Tjenester) -> Iterator[str]:
    """The application served on a free port by a thread; its address."""
    app = create_api(tjenester, [tjenester.tilbud.lytter()])
    with lyt("127.0.0.1", 0) as sok:
        instans = server(app)
        traad = threading.Thread(target=instans.run, kwargs={"sockets": [sok]})
        traad.start()
        try:
            base = adresse(sok)
            httpx.get(f"{base}/health/live", timeout=10)
            yield base
        finally:
            instans.should_exit = True
            traad.join(30)


@pytest.fixture
def bygger() -> Sagsbygger:
    """A new case of Odense's."""
    return Sagsbygger()


@pytest.fixture
def noegle() -> ECKey:
    """The issuer's private key."""
    return NOEGLE


@pytest.fixture
def ny_sag() -> type[Sagsbygger]:
    """Makes builders of new cases."""
    return Sagsbygger


@pytest.fixture(name="serveret")
def serveret_fixture() -> Any:
    """Serves an application with other ports."""
    return serveret
