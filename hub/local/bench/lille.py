"""The small read model of the like-for-like table: a log of grants whose ends really change, and the rows that it must come to.

The rows are written down beside each story, not folded: whoever folds wrongly differs from them.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import NamedTuple

from hub.domain import haendelser as h
from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import Haendelse
from hub.domain.jobcentre import KOMMUNER
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.ordninger import ASSISTANCE
from hub.events.codec import Kodeks
from hub.events.journal import Post, partition_for
from hub.local.bench.mangfold import NAVNERUM, mangfold

PARTITIONER = 4
SKRIDT = 5
"""Events of a case."""
GRUNDSAGER = 2_000
"""Cases that are made one by one; the rest are they again under other ids."""
START = datetime(2025, 1, 1, 8, tzinfo=UTC)
ORDNINGER = ("Mentor", "Hjaelpemiddel", *sorted(ASSISTANCE))
KODER = [f"{kode}00" for kode in KOMMUNER]


class Ventet(NamedTuple):
    """One row of the model: the case now. Dates as ISO text, both ends inclusive."""

    sags_id: str
    ordning: str
    job_center_kode: str
    start: str
    oprindelig_slut: str
    aktuel_slut: str
    version: int


class Log(NamedTuple):
    """Records with their partition of four, and the row of each case."""

    poster: list[Post]
    ventet: list[Ventet]


def lille_log(kodeks: Kodeks, sager: int) -> Log:
    """About `sager` cases of five events each; the same every time."""
    rng = Random(28)  # noqa: S311 (invented cases, not secrets)
    grund = [_Sag(rng, kodeks) for _ in range(min(sager, GRUNDSAGER))]
    gange = round(sager / len(grund))
    poster = [post._replace(partition=partition_for(post.noegle or b"", PARTITIONER)) for post in mangfold(_blandet(rng, grund), gange)]
    return Log(poster, [sag.raekke._replace(sags_id=_igen(sag.raekke.sags_id, n)) for n in range(gange) for sag in grund])


def _igen(sags_id: str, nummer: int) -> str:
    """The id that `mangfold` gives the case the `nummer`th time."""
    return str(uuid.uuid5(NAVNERUM, f"{sags_id}/{nummer}")) if nummer else sags_id


def _blandet(rng: Random, sager: Sequence["_Sag"]) -> list[Post]:
    """The cases' records mixed, each case's in its order."""
    raekkefoelge = [sag for sag in sager for _ in range(SKRIDT)]
    rng.shuffle(raekkefoelge)
    rester = {sag.raekke.sags_id: iter(sag.vaerdier) for sag in sager}
    return [Post(0, n, sag.raekke.sags_id.encode(), next(rester[sag.raekke.sags_id]), ()) for n, sag in enumerate(raekkefoelge)]


class _Sag:
    """One case: its story, the bytes of its events, and the row it must come to."""

    def __init__(self, rng: Random, kodeks: Kodeks) -> None:
        self._rng, self._kodeks = rng, kodeks
        self.vaerdier: list[bytes] = []
        self._id, self._bevilling, self._borger = _uuid(rng), _uuid(rng), _uuid(rng)
        self._ordning, self._kode, ny_kode = rng.choice(ORDNINGER), *rng.sample(KODER, 2)
        start = date(2025, 1, 1) + timedelta(days=rng.randrange(300))
        slutninger = [start + timedelta(days=sum(rng.randint(20, 90) for _ in range(n))) for n in (1, 2, 3)]
        stop = [start + timedelta(days=rng.randint(1, 250)) for _ in range(3)]
        historie = rng.choice(HISTORIER)
        for data, akt in historie.haendelser(slutninger, stop, (self._kode, ny_kode)):
            self._sker(data or self._udstedt(start, slutninger[0]), akt)
        aktuel = {"slut": slutninger, "stop": stop}[historie.aktuel[0]][historie.aktuel[1]]
        kode = ny_kode if historie.flyttet else self._kode
        datoer = (start.isoformat(), slutninger[0].isoformat(), aktuel.isoformat())
        self.raekke = Ventet(self._id, self._ordning, kode, *datoer, SKRIDT)

    def _udstedt(self, start: date, slut: date) -> h.BevillingUdstedt:
        rng = self._rng
        return h.BevillingUdstedt(
            start, slut, "37", self._segl("kontaktpersonPaaArbejdsstedet", self._id), h.Sats(9403, "Sats", "r1"), self._ordning, self._kode,
            f"V-2025-{rng.randrange(1_000_000):06d}", f"{rng.randrange(10_000_000, 99_999_999)}", f"{rng.randrange(10**9, 2 * 10**9)}",
            self._borger, self._segl("personnummer", self._borger), self._segl("borgerNavn", self._borger),
        )  # fmt: skip

    def _segl(self, felt: str, noegle: str) -> Forseglet:
        """Something as long as ciphertext; nobody opens it. Only the first event has any."""
        return Forseglet(noegle, self._haendelse(1), felt, self._rng.randbytes(48))

    def _haendelse(self, version: int) -> str:
        return str(uuid.uuid5(NAVNERUM, f"{self._id}/haendelse/{version}"))

    def _sker(self, data: h.Data, akt: int) -> None:
        version = len(self.vaerdier) + 1
        tid = START + timedelta(days=version, seconds=self._rng.randrange(80_000))
        akt_id = self._bevilling if akt == 0 else str(uuid.uuid5(NAVNERUM, f"{self._bevilling}/{akt}"))
        aktoer = Aktoer(
            "Sagsbehandler", "CVR:12345678-UUID:1", "Cecilie Elsborg", organisationstype="Jobcenter", organisationskode=self._kode
        )
        forgaenger = sha256(self.vaerdier[-1]).digest() if self.vaerdier else None
        kuvert = Kuvert(
            self._haendelse(version), self._id, version, akt_id, tid - timedelta(minutes=1), tid, aktoer,
            _uuid(self._rng), self._rng.randbytes(32), _uuid(self._rng), forgaenger,
        )  # fmt: skip
        self.vaerdier.append(self._kodeks.indkod(Haendelse(kuvert, data)))


class Historie(NamedTuple):
    """What happens after the grant was issued, and which date is then the end: ("slut", n) an end given, ("stop", n) a termination's.

    `skridt`: "forlaeng" n → the grant then ends at slut n; "ophoer", "ret" n → it stops at stop n; "tilbage", "flyt", "send", "godkend".
    """

    skridt: tuple[tuple[str, int], ...]
    aktuel: tuple[str, int]

    @property
    def flyttet(self) -> bool:
        """Whether the case moves to the other jobcentre."""
        return any(navn == "flyt" for navn, _ in self.skridt)

    def haendelser(self, slut: Sequence[date], stop: Sequence[date], koder: tuple[str, str]) -> Iterator[tuple[h.Data | None, int]]:
        """Each event with the number of its act (0: the grant); None stands for the grant issued."""
        yield None, 0
        for navn, n in self.skridt:
            match navn:
                case "forlaeng":
                    yield h.ForlaengelseBevilget(slut[n - 1] + timedelta(days=1), slut[n]), n
                case "ophoer":
                    yield h.OphoerRegistreret(stop[n]), 10
                case "ret":
                    yield h.OphoerRettet(stop[n]), 10
                case "tilbage":
                    yield h.OphoerTilbagekaldt(), 10
                case "flyt":
                    yield h.SagFlyttet(*koder), 0
                case "send":
                    yield h.BevillingSendt(), 0
                case _:
                    yield h.BevillingGodkendt("Virksomhed"), 0


HISTORIER = (
    Historie((("send", 0), ("godkend", 0), ("forlaeng", 1), ("ophoer", 0)), ("stop", 0)),
    Historie((("forlaeng", 1), ("forlaeng", 2), ("ophoer", 0), ("flyt", 0)), ("stop", 0)),
    Historie((("forlaeng", 1), ("ophoer", 0), ("tilbage", 0), ("forlaeng", 2)), ("slut", 2)),
    Historie((("flyt", 0), ("forlaeng", 1), ("ophoer", 0), ("tilbage", 0)), ("slut", 1)),
    Historie((("forlaeng", 1), ("ophoer", 0), ("ret", 1), ("ret", 2)), ("stop", 2)),
    Historie((("ophoer", 0), ("ret", 1), ("tilbage", 0), ("flyt", 0)), ("slut", 0)),
    Historie((("send", 0), ("godkend", 0), ("forlaeng", 1), ("forlaeng", 2)), ("slut", 2)),
)


def _uuid(rng: Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128)))
