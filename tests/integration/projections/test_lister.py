"""Lists and search on a real PostgreSQL: areas, order, nulls, pages while rows change, whose rows, periods, Danish letters."""

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, insert, text

from hub.domain import haendelser as h
from hub.domain.forseglet import Forseglet
from hub.projections import ansoegning, bevilling, generation, lister, sager
from hub.projections.kolonner import Pakket
from hub.projections.lister import Kriterier, Side, Sortering, Udsnit
from hub.projections.omraader import OMRAADER

pytestmark = pytest.mark.integration

ODENSE, AARHUS = "46100", "75100"
NYESTE = Sortering("registreringstidspunkt", faldende=True)
START = datetime(2025, 1, 1, tzinfo=UTC)
_tik = itertools.count()


class Lister:
    """The lists of a generation, and rows put straight into its tables."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def sag(self, **felter: Any) -> str:
        """A case of Odense's, registered after the last one."""
        segl = Forseglet("borger", "h", "borgerNavn", b"x" * 40)
        vaerdier = {
            "sags_id": str(uuid.uuid4()), "version": 1, "registreret": START + timedelta(seconds=next(_tik)), "ordning": "Loentilskud",
            "vitas_sagsnummer": "V-1", "job_center_kode": ODENSE, "ansoegning_status": 9204, "cvr_nummer": "12345678",
            "p_nummer": "1234567890", "borger_id": "b", "personnummer": segl, "borger_navn": segl, "hoved": b"", "sag": b"", **felter,
        }  # fmt: skip
        self.conn.execute(insert(sager.TABEL).values(vaerdier))
        return str(vaerdier["sags_id"])

    def ansoegning(self, **felter: Any) -> str:
        """A case with its application; the case's fields are those of `sag`, the application's those its table has."""
        egne = {navn: felter.pop(navn) for navn in list(felter) if navn in ansoegning.TABEL.c}
        return self._akt(ansoegning.TABEL, self.sag(**felter), **egne)

    def bevilling(self, fra: date | None, til: date | None, **felter: Any) -> str:
        """A case with a grant in force from `fra` to `til`."""
        egne = {navn: felter.pop(navn) for navn in list(felter) if navn in bevilling.TABEL.c}
        grund = {"bevillingsstatus": 9304, "status": "Godkendt", "gaeldende_start": fra, "gaeldende_slut": til, "aktuel_slutdato": til}
        return self._akt(bevilling.TABEL, self.sag(bevillingsstatus=9304, **felter), **{**grund, **egne})

    def side(self, omraade: str, sortering: Sortering = NYESTE, maks: int = 100, **mere: Any) -> Side:
        """A page of Odense's."""
        kriterier = Kriterier(**{n: mere.pop(n) for n in list(mere) if n in Kriterier._fields})
        return lister.side(
            self.conn, Udsnit(omraade, mere.pop("jobcentre", (ODENSE,)), kriterier, sortering, maks, mere.pop("efter", None))
        )

    def alle(self, omraade: str, sortering: Sortering, maks: int) -> list[dict[str, Any]]:
        """Every row, page by page."""
        return list(itertools.chain.from_iterable(side.raekker for side in self.sider(omraade, sortering, maks)))

    def sider(self, omraade: str, sortering: Sortering, maks: int) -> Iterator[Side]:
        """Page after page."""
        side = self.side(omraade, sortering, maks)
        yield side
        while side.naeste is not None:
            side = self.side(omraade, sortering, maks, efter=side.naeste)
            yield side

    def _akt(self, tabel: Any, sags_id: str, **felter: Any) -> str:
        akt = str(uuid.uuid4())
        grund = {"ekstern_identifier": akt, "sags_id": sags_id, "akt_version": 1, "haendelsestidspunkt": START}
        givet = {**grund, **felter}
        tomme = {k.name: _tom(k) for k in tabel.columns if not k.nullable and k.name not in givet}
        self.conn.execute(insert(tabel).values({**tomme, **givet}))
        return akt


def _tom(kolonne: Column[Any]) -> Any:
    """A value for a column that must have one and that no list reads."""
    return () if isinstance(kolonne.type, Pakket) else kolonne.type.python_type()


@contextmanager
def lister_paa(engine: Engine) -> Iterator[Lister]:
    """Lists on the serving generation, in a transaction that leaves nothing."""
    with engine.connect() as conn, conn.begin() as transaktion:
        yield Lister(generation.forbind(conn, generation.serverende(conn)))
        transaktion.rollback()


@pytest.fixture
def lister_(engine: Engine) -> Iterator[Lister]:
    """Lists."""
    with lister_paa(engine) as paa:
        yield paa


def test_R_1_6_every_area_holds_the_acts_of_a_projected_case(engine: Engine, loggen: Any, projektion: Any) -> None:
    """A granted, extended and ended løntilskud and an ended fleksjob are in the areas of their acts, with their own GetMetode."""
    sag, fleks = loggen.sag(jobcenter=ODENSE).bevilget(), loggen.sag("Fleksjob", ODENSE).bevilget()
    sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
    sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
    for ender in (sag, fleks):
        ender.sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
    kladde = loggen.sag(jobcenter=ODENSE)
    kladde.sker("ans", h.KladdeSendt("Team Øst"))
    projektion.anvend(0, loggen.poster)
    with lister_paa(engine) as lister_:
        fundet = {navn: {(r["eksternIdentifier"], r["getMetode"]) for r in lister_.side(navn).raekker} for navn in OMRAADER}
        ophoer = {r["eksternIdentifier"]: r for r in lister_.side("Ophoer").raekker}
    assert fundet == {
        "Ansoegninger": {(sag.akt("ans"), "GetAnsoegning"), (fleks.akt("ans"), "GetAnsoegning")},
        "Tilbud": set(),
        "Bevillinger": {(sag.akt("bev"), "GetBevilling"), (fleks.akt("bev"), "GetBevilling")},
        "Forlaengelser": {(sag.akt("for"), "GetForlaengelse")},
        "Ophoer": {(sag.akt("oph"), "GetOphoer"), (fleks.akt("bev"), "GetBevilling")},
        "Soeg": {(None, None)},
        "SendteKladder": {(kladde.akt("ans"), "GetAnsoegning")},
    }
    assert [ophoer[akt]["stopdato"] for akt in (sag.akt("oph"), fleks.akt("bev"))] == [date(2025, 5, 15)] * 2
    assert len({type(r["stopdato"]) for r in ophoer.values()}) == 1


def test_R_1_6_a_place_offered_is_a_tilbud(lister_: Lister) -> None:
    """An application for nobody in particular is in Tilbud and not among the applications; not said counts as an application."""
    tilbud, ansoegning_, usagt = lister_.ansoegning(oeremaerket=False), lister_.ansoegning(oeremaerket=True), lister_.ansoegning()
    kladde = lister_.ansoegning(oeremaerket=False, ansoegning_status=9202)
    assert [r["eksternIdentifier"] for r in lister_.side("Tilbud").raekker] == [tilbud]
    assert [r["eksternIdentifier"] for r in lister_.side("Ansoegninger").raekker] == [usagt, ansoegning_]
    assert [r["eksternIdentifier"] for r in lister_.side("SendteKladder").raekker] == [kladde]


@pytest.mark.parametrize("maks", [1, 2, 3, 100])
@pytest.mark.parametrize("faldende", [False, True])
def test_R_1_6_a_sort_column_with_nulls_is_paged_whole_both_ways(lister_: Lister, faldende: bool, maks: int) -> None:
    """Every row once, in order, rows without a value last whichever way, equal ones by id; whatever the size of the page."""
    for team in ("b", None, "a", "b", None, "c"):
        lister_.sag(team=team)
    raekker = lister_.alle("Soeg", Sortering("team", faldende), maks)
    assert [r["team"] for r in raekker] == [*sorted("abbc", reverse=faldende), None, None]
    assert len({r["sagsId"] for r in raekker}) == 6
    assert raekker == lister_.side("Soeg", Sortering("team", faldende)).raekker


@pytest.mark.parametrize("kolonne", [k.navn for k in OMRAADER["Bevillinger"].kolonner if k.sorterbar])
@pytest.mark.parametrize("faldende", [False, True])
def test_R_1_6_a_list_can_be_sorted_by_every_column_that_says_so(lister_: Lister, kolonne: str, faldende: bool) -> None:
    """Pages of one row give what one page of all gives, for each type of column, with values and nulls."""
    lister_.bevilling(date(2025, 1, 1), None, team="x", ansvarlig_navn="Bo", oprindelig_slutdato=date(2025, 3, 1), cvr_nummer="99999999")
    lister_.bevilling(date(2025, 2, 1), date(2025, 6, 1), bevillingsstatus=9308, ansoegning_status=None, status="Afvist", ordning="Mentor")
    lister_.bevilling(None, None, p_nummer="9999999999", vitas_sagsnummer="V-2", version=7)
    sortering = Sortering(kolonne, faldende)
    raekker = lister_.alle("Bevillinger", sortering, 1)
    assert len(raekker) == 3
    assert raekker == lister_.side("Bevillinger", sortering).raekker


def test_R_1_6_pages_are_stable_while_rows_come_and_go(lister_: Lister) -> None:
    """New rows before and behind the place, and the loss of the row that the place names, repeat no row and push none out."""
    foer = [lister_.sag() for _ in range(6)]
    foerste = lister_.side("Soeg", maks=2)
    lister_.sag()
    lister_.conn.execute(text("DELETE FROM gen_1.sager WHERE sags_id = :s"), {"s": foer[4]})
    bagest = lister_.sag(registreret=START - timedelta(days=1))
    anden = lister_.side("Soeg", maks=2, efter=foerste.naeste)
    tredje = lister_.side("Soeg", maks=5, efter=anden.naeste)
    assert [[r["sagsId"] for r in side.raekker] for side in (foerste, anden, tredje)] == [
        [foer[5], foer[4]],
        [foer[3], foer[2]],
        [foer[1], foer[0], bagest],
    ]
    assert tredje.naeste is None


def test_R_1_6_another_jobcentres_rows_are_never_shown(lister_: Lister) -> None:
    """In no area, by no criterion; and nobody's to whom has no jobcentre. Null is everybody's."""
    lister_.ansoegning(job_center_kode=AARHUS, borger_id="ens", team="Fælles")
    lister_.bevilling(date(2025, 1, 1), None, job_center_kode=AARHUS, ordning="Fleksjob", bevillingsstatus=9308)
    for omraade in OMRAADER:
        assert lister_.side(omraade).raekker == lister_.side(omraade, jobcentre=()).raekker == []
    assert lister_.side("Soeg", borgerId="ens", team="fælles").raekker == []
    assert len(lister_.side("Soeg", jobcentre=None).raekker) == 2


def test_R_1_6_danish_letters_come_after_z_and_case_does_not_count(lister_: Lister) -> None:
    """æ, ø, å (and aa) in that order at the end, foreign letters as those they sort as; a criterion finds either way of writing."""
    for team in ("Ådal", "alfa", "Østre", "Ærø", "Zebra", "Beta", "Aalborg", "Öland", "Café Y", "Cafe Z", "Ältan", "Übo", "Yding"):
        lister_.sag(team=team)
    raekker = lister_.side("Soeg", Sortering("team", faldende=False)).raekker
    ventet = ["alfa", "Beta", "Café Y", "Cafe Z", "Übo", "Yding", "Zebra", "Ältan", "Ærø", "Öland", "Østre", "Ådal", "Aalborg"]
    assert [r["team"] for r in raekker] == ventet
    for skrevet, fundet in (("øSTRE", "Østre"), ("CAFÉ y", "Café Y"), ("cafe y", "Café Y"), ("åLBORG", "Aalborg")):
        assert [r["team"] for r in lister_.side("Soeg", team=skrevet).raekker] == [fundet], skrevet


def test_R_1_6_criteria_narrow_together(lister_: Lister) -> None:
    """Each criterion alone finds its row; the caseworker by name or e-mail; all of them at once as well; one that differs none."""
    felter = {
        "vitas_sagsnummer": "V-9", "cvr_nummer": "11111111", "p_nummer": "1111111111", "team": "T", "ansvarlig_navn": "Bo B",
        "ansvarlig_email": "bo@x.dk", "ansoegning_status": 9208, "ordning": "Fleksjob", "borger_id": "bo",
    }  # fmt: skip
    akt = lister_.bevilling(date(2025, 1, 1), None, **felter, bevillingsstatus=9302, status="Udstedt")
    lister_.bevilling(date(2025, 1, 1), None)
    sags_id = lister_.side("Bevillinger", vitasSagsnummer="V-9").raekker[0]["sagsId"]
    givet = {
        "vitasSagsnummer": "V-9", "sagsId": sags_id, "cvrNummer": "11111111", "pNummer": "1111111111", "team": "t",
        "medarbejder": "bo@x.dk", "ansoegningStatus": 9208, "bevillingsstatus": 9302, "status": "Udstedt", "ordning": "Fleksjob",
        "borgerId": "bo",
    }  # fmt: skip
    for kriterier in (*({n: v} for n, v in givet.items()), givet, {"medarbejder": "BO b"}):
        assert [r["eksternIdentifier"] for r in lister_.side("Bevillinger", **kriterier).raekker] == [akt], kriterier
    for navn, andet in (("team", "U"), ("ansoegningStatus", 9209), ("borgerId", "c"), ("medarbejder", "bo")):
        assert lister_.side("Bevillinger", **{**givet, navn: andet}).raekker == []


@pytest.mark.parametrize("omraade", ["Bevillinger", "Soeg"])
@pytest.mark.parametrize(
    ("fra", "til", "fundet"),
    [
        ("2025-03-01", "2025-03-01", "ao"), ("2025-02-28", "2025-02-28", "o"), ("2025-05-31", "2025-06-30", "ao"),
        ("2025-06-01", None, "o"), (None, "2025-02-28", "o"), (None, "2024-12-31", ""), ("2025-06-01", "2030-01-01", "o"),
    ],
)  # fmt: skip
def test_R_1_6_a_period_meets_what_is_in_force(lister_: Lister, omraade: str, fra: str | None, til: str | None, fundet: str) -> None:
    """Both days inclusive, an open end goes on, and what has no period in force meets none; of a case, any of its acts'."""
    lister_.bevilling(date(2025, 3, 1), date(2025, 5, 31), team="a")
    lister_.bevilling(date(2025, 1, 1), None, team="o")
    lister_.bevilling(None, None, team="intet")
    dage = {navn: date.fromisoformat(dag) for navn, dag in (("fra", fra), ("til", til)) if dag}
    assert "".join(sorted(r["team"] for r in lister_.side(omraade, **dage).raekker)) == fundet


def test_the_count_is_of_all_pages_and_stops(lister_: Lister, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page leaves out counts; beyond the bound it says one more than the bound."""
    for _ in range(5):
        lister_.sag()
    udsnit = Udsnit("Soeg", (ODENSE,), Kriterier(), NYESTE, 2)
    assert lister.antal(lister_.conn, udsnit) == 5
    monkeypatch.setattr(lister, "TAELLES_TIL", 3)
    assert lister.antal(lister_.conn, udsnit) == 4


def test_an_update_that_only_moves_the_case_on_stays_in_its_page(engine: Engine) -> None:
    """HOT: no index of `sager` holds what every event changes, so version, time and folded case are rewritten without touching any."""
    with lister_paa(engine) as lister_:
        lister_.sag()
        aendring = (
            "UPDATE gen_1.sager SET version = version + 1, registreret = now(), hoved = '\\x01', sag = '\\x02', ansoegning_status = 9208"
        )
        lister_.conn.execute(text(aendring))
        hot = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE schemaname = 'gen_1' AND relname = 'sager'"
        assert tuple(lister_.conn.execute(text(hot)).one()) == (1, 1)
