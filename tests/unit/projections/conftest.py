"""A case told event by event, and its documents."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.domain import haendelser as h
from hub.domain.evolve import evolve
from hub.domain.evolve_foedsel import IDENTITET
from hub.domain.forseglet import Forseglet
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.sag import Sag
from hub.projections import sager
from hub.projections.metoder import METODER

START = datetime(2025, 1, 1, 8, tzinfo=UTC)
SAGS_ID = "00000000-0000-0000-0000-000000000001"


class Sagsforloeb:
    """One case; `sker` applies an event about the act called `akt`."""

    def __init__(self, ordning: str = "Loentilskud", **felter: Any) -> None:
        self.sag: Sag | None = None
        self.haendelser: list[h.Haendelse] = []
        data: dict[str, Any] = {
            "ugentligArbejdstid": "36.26",
            "sats": h.Sats(9403, "Voksne", "r1"),
            "kontaktpersonPaaArbejdsstedet": segl("arbejdssted"),
            "ansvarligKontaktperson": segl("ansvarlig"),
            **felter,
        }
        self.sker(
            "ans",
            h.AnsoegningOprettet(
                ordning,
                "10100",
                "V-1",
                "12345678",
                "1234567890",
                "borger",
                segl("personnummer"),
                segl("borgerNavn"),
                date(2025, 1, 1),
                date(2025, 6, 30),
                **data,
            ),
        )

    def sker(self, akt: str, data: h.Data) -> "Sagsforloeb":
        """The case with one more event."""
        haendelse = h.Haendelse(self._kuvert(akt), data)
        self.sag = evolve(self.sag, haendelse)
        self.haendelser.append(haendelse)
        return self

    def underskrevet(self) -> "Sagsforloeb":
        """The same case, signed by the employer."""
        return self.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))

    def bevilget(self, start: date = date(2025, 1, 1), slut: date | None = date(2025, 6, 30), **felter: Any) -> "Sagsforloeb":
        """The same case with a grant `bev`."""
        return self.underskrevet().sker(
            "bev", h.BevillingUdstedt(start, slut, **{"ugentligArbejdstid": "37", "sats": h.Sats(9404, "Unge", "r2"), **felter})
        )

    def forlaenget(self) -> "Sagsforloeb":
        """The same case with a grant to 30 June and an extension `for` to 30 September."""
        return self.bevilget().sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30), sats=h.Sats(9405, "Ny", "r3")))

    def dokument(self, metode: str, akt: str) -> dict[str, Any]:
        """The document of an act."""
        assert self.sag is not None
        (raekke,) = [r for r in METODER[metode].raekker(self.sag) if r[0] == akt]
        return METODER[metode].dokument(sager.hoved(self.sag), raekke)

    def _kuvert(self, akt: str) -> Kuvert:
        version = len(self.haendelser) + 1
        tid = START + timedelta(minutes=version)
        return Kuvert(str(uuid.UUID(int=version)), SAGS_ID, version, akt, tid - timedelta(hours=1), tid, Aktoer("System"), "r", b"", "k")


class Bevillingsforloeb(Sagsforloeb):
    """One case that its grant `bev` opens, from 1 January to 30 June."""

    def __init__(self, ordning: str, **vilkaar: Any) -> None:
        self.sag, self.haendelser = None, []
        sagen = (ordning, "10100", "V-1", "12345678", "1234567890", "borger", segl("personnummer"), segl("borgerNavn"))
        felter = {"ugentligArbejdstid": "2.6", "kontaktpersonPaaArbejdsstedet": segl("arbejdssted"), **vilkaar}
        self.sker("bev", h.BevillingUdstedt(date(2025, 1, 1), date(2025, 6, 30), **dict(zip(IDENTITET, sagen, strict=True)), **felter))


def segl(navn: str) -> Forseglet:
    """A sealed value, told apart by its name."""
    return Forseglet("noegle", "haendelse", navn, navn.encode())


@pytest.fixture(name="segl")
def et_segl() -> Callable[[str], Forseglet]:
    """Makes sealed values, told apart by their names."""
    return segl


@pytest.fixture
def foedt() -> Callable[..., Sagsforloeb]:
    """Begin a case with its grant: the scheme, then what the grant says beside its period."""
    return Bevillingsforloeb


@pytest.fixture
def forloeb() -> Callable[..., Sagsforloeb]:
    """Begin a case."""
    return Sagsforloeb


@pytest.fixture(scope="session")
def sagsforloeb() -> Callable[..., Sagsforloeb]:
    """The same, for property tests."""
    return Sagsforloeb
