"""Search and lists without a database: criteria, continuation, CSV, what the caller accepts."""

import csv
import hashlib
import hmac
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from byggere import raa
from litestar.datastructures import Headers

from hub.api import fortsaettelse
from hub.api.csv_ud import tabel, ufarlig
from hub.api.fortsaettelse import FremmedFortsaettelse
from hub.api.kriterier import KRITERIER, cpr, fra_krop, fra_parametre
from hub.api.listekald import svartype
from hub.api.problem import Problem
from hub.domain.fejl import Afvisning, Fejl
from hub.domain.handlinger import laes_handling
from hub.projections.lister import Kriterier, Sted
from hub.projections.omraader import OMRAADER

GYLDIGE: dict[str, Any] = {
    "vitasSagsnummer": "V-2025-000123", "sagsId": "0A0A0A0A-0000-0000-0000-000000000001", "cvrNummer": "12345678", "pNummer": "1234567890",
    "team": "Team Øst", "medarbejder": "bo@x.dk", "ansoegningStatus": 9204, "bevillingsstatus": 9304, "status": "Godkendt",
    "ordning": "Loentilskud", "jobCenterKode": "46100", "fra": "2025-01-01", "til": "2025-01-31",
}  # fmt: skip


def noegle_hash(raa: bytes) -> bytes:
    """A keyed hash."""
    return hmac.digest(b"k", raa, hashlib.sha256)


def test_R_1_6_a_search_and_a_list_take_the_same_criteria() -> None:
    """Every criterion there is, in a body and as parameters, becomes the same question and the same line in the log."""
    assert set(GYLDIGE) == set(KRITERIER)
    flade = {navn: vaerdi for navn, vaerdi in GYLDIGE.items() if navn not in ("fra", "til")}
    krop = fra_krop({**flade, "periode": {"fra": GYLDIGE["fra"], "til": GYLDIGE["til"]}}, "Bevillinger")
    parametre = fra_parametre({navn: str(vaerdi) for navn, vaerdi in GYLDIGE.items()}, "Bevillinger")
    assert krop == parametre and krop.fejl == []
    assert krop.kriterier.sagsId == GYLDIGE["sagsId"].lower() and krop.kriterier.fra == date(2025, 1, 1)
    assert krop.givet == {**GYLDIGE, "sagsId": GYLDIGE["sagsId"].lower()}


@pytest.mark.parametrize(
    ("navn", "vaerdi"),
    [
        ("vitasSagsnummer", ""), ("vitasSagsnummer", "x" * 21), ("vitasSagsnummer", 5), ("sagsId", "x"), ("cvrNummer", "1234567"),
        ("cvrNummer", "１２３４５６７８"), ("cvrNummer", None), ("pNummer", 1234567890), ("team", "a" * 101), ("team", "a\x00b"),
        ("team", "a\nb"), ("team", "a\u202eb"), ("medarbejder", ["x"]),
        ("ansoegningStatus", 9304), ("ansoegningStatus", 9204.0), ("ansoegningStatus", True),
        ("bevillingsstatus", "9304"), ("ordning", "ordning"), ("ordning", {}), ("status", "Robert'); --"), ("jobCenterKode", "99999"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_not_repeated(navn: str, vaerdi: Any) -> None:
    """Type, length, characters and code lists are checked before anything is asked of the database."""
    laest = fra_krop({navn: vaerdi}, "Bevillinger")
    assert [(f.kode, f.felt) for f in laest.fejl] == [("ugyldigt_kriterium", navn)]
    assert laest.kriterier == Kriterier() and laest.givet == {}
    assert all(str(vaerdi) not in f.fejltekst for f in laest.fejl if vaerdi)


@pytest.mark.parametrize("tegn", ["\u00a0", "\u00ad", "\u2003", "\ue000", "\t", "\n", "\u2028", "\u2067"])
def test_what_a_case_can_be_given_can_be_searched_by(tegn: str) -> None:
    """The door and the search take the same characters in a case number, a team and a caseworker's name."""
    medarbejder = {"navn": f"Eva{tegn}B", "email": None}
    givne = {"vitasSagsnummer": f"V{tegn}1", "team": f"Team{tegn}B", "medarbejder": medarbejder["navn"]}
    felter = {navn: navn for navn in givne} | {"medarbejder": "medarbejder.navn"}
    handling = raa("SendKladde", team=givne["team"], medarbejder=medarbejder)
    sag = raa("OpretAnsoegning") | {"vitasSagsnummer": givne["vitasSagsnummer"]}
    afvist = {str(f.felt).removeprefix("data.") for h in (handling, sag) for f in _fejl(h)}
    assert afvist == {felter[str(f.felt)] for f in fra_krop(givne, "Soeg").fejl}


def _fejl(handling: dict[str, Any]) -> list[Fejl]:
    try:
        laes_handling(handling)
    except Afvisning as afvist:
        return afvist.fejl
    return []


@pytest.mark.parametrize("navn", ["vitasSagsnummer", "team", "medarbejder"])
@pytest.mark.parametrize("tekst", ["0101901234", "010190-1234", "x 0101901234 y", "x 010190 1234", "01.01.90-1234", "010190 \u2013 1234"])
def test_a_cpr_number_in_a_free_text_is_refused(navn: str, tekst: str) -> None:
    """Criteria are logged and a list's stand in its address: a CPR number belongs in the header alone."""
    for laest in (fra_krop({navn: tekst}, "Soeg"), fra_parametre({navn: tekst}, "Soeg")):
        assert [f.kode for f in laest.fejl] == ["personnummer_i_soegning"]
        assert laest.givet == {}


@pytest.mark.parametrize(
    ("krop", "felter"),
    [
        ({"personnummer": "0101901234"}, ["personnummer"]),
        ({"0101901234": 1}, ["?"]),
        ({"fra": "2025-01-01"}, ["fra"]),
        ({"periode": {}}, ["periode"]),
        ({"periode": "2025"}, ["periode"]),
        ({"periode": {"fra": "2025-02-30", "x": 1}}, ["periode.x", "periode.fra"]),
        ({"periode": {"fra": "2025-02-02", "til": "2025-02-01"}}, ["periode.til"]),
        ({"periode": {"fra": "0001-01-01"}}, ["periode.fra"]),
        ({"cvrNummer": "x", "team": "", "y": 1}, ["y", "cvrNummer", "team"]),
    ],
)
def test_every_error_of_a_search_is_named_at_once(krop: dict[str, Any], felter: list[str]) -> None:
    """Unknown fields, days that are none or out of order, several at once; a name that may be a number is not repeated."""
    assert [f.felt for f in fra_krop(krop, "Bevillinger").fejl] == felter


def test_an_act_s_status_is_a_criterion_only_where_rows_have_one() -> None:
    """Cases have no status of their own: asking for one is a mistake and not an empty list."""
    assert [f.felt for f in fra_krop({"status": "Godkendt"}, "Soeg").fejl] == ["status"]
    assert fra_krop({"status": "Godkendt"}, "Ophoer").fejl == []


@pytest.mark.parametrize("givet", ["", "010190-1234", "3201901234", "01019012345", "０１０１９０１２３４", "0101901234\n"])
def test_a_header_that_holds_no_cpr_number_is_refused(givet: str) -> None:
    """Ten ASCII digits that begin with a day; nothing is found by part of a number."""
    fundet, fejl = cpr(givet)
    assert fundet is None and [f.felt for f in fejl] == ["x-civilRegistrationIdentifier"]


@pytest.mark.parametrize(
    ("noegle", "type_"),
    [("øst", str), (None, str), (9204, int), (date(2025, 1, 1), date), (datetime(2025, 1, 1, 1, 2, 3, 4, UTC), datetime)],
)
def test_a_continuation_is_read_back_for_its_own_question_only(noegle: Any, type_: type) -> None:
    """Another filter, order or citizen, or a single changed character, and it is refused."""
    sted = Sted(noegle, "akt", "sag")
    ord_ = fortsaettelse.skriv(sted, ["Soeg", {"team": "a"}, None, None], noegle_hash)
    assert fortsaettelse.laes(ord_, ["Soeg", {"team": "a"}, None, None], noegle_hash, type_) == sted
    for andet in (["Soeg", {"team": "b"}, None, None], ["Soeg", {"team": "a"}, "team", None], ["Soeg", {"team": "a"}, None, "0101901234"]):
        with pytest.raises(FremmedFortsaettelse):
            fortsaettelse.laes(ord_, andet, noegle_hash, type_)
    for n in range(len(ord_)):
        aendret = ord_[:n] + ("A" if ord_[n] != "A" else "B") + ord_[n + 1 :]
        try:
            assert fortsaettelse.laes(aendret, ["Soeg", {"team": "a"}, None, None], noegle_hash, type_) == sted  # bits behind the last byte
            assert n == len(ord_) - 1
        except FremmedFortsaettelse:
            continue


@pytest.mark.parametrize("ord_", ["", "x", "====", "æøå", "A" * 2_001, "AAAA", "\x00", "A" * 64])
def test_what_is_no_continuation_is_refused(ord_: str) -> None:
    """Rubbish of any length fails in the same way, and is never decoded as data."""
    with pytest.raises(FremmedFortsaettelse):
        fortsaettelse.laes(ord_, ["Soeg", {}, None, None], noegle_hash, str)


def test_R_1_6_csv_has_the_columns_of_the_list_and_survives_any_text() -> None:
    """RFC 4180 read back by another reader: headings in order, commas, quotes, line breaks and Danish letters, null as empty."""
    kolonner = OMRAADER["Bevillinger"].kolonner
    raekke: dict[str, Any] = dict.fromkeys((k.navn for k in kolonner), None)
    raekke |= {"team": 'a,"b"\r\nø', "ordning": "Loentilskud", "bevillingsstatus": {"kode": 9304, "navn": "Bevilget"}, "version": 3}
    raa = tabel(kolonner, [raekke])
    assert raa.count(b"\r\n") == 3 and b"\n" not in raa.replace(b"\r\n", b"")
    hoved, linje = csv.reader(io.StringIO(raa.decode("utf-8"), newline=""))
    assert hoved == [k.overskrift for k in kolonner]
    laest = dict(zip(hoved, linje, strict=True))
    assert (laest["Team"], laest["Ordning"], laest["Bevillingsstatus"], laest["Version"]) == ('a,"b"\r\nø', "Løntilskud", "Bevilget", "3")
    assert {laest[k] for k in ("Medarbejder", "Borger", "Gælder fra", "Akt-id")} == {""}


@pytest.mark.parametrize("celle", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\n=1", "＝1", "\tx"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_made_text(celle: str) -> None:
    """Whatever begins like a formula gets an apostrophe before it."""
    assert ufarlig(celle) == f"'{celle}"


@pytest.mark.parametrize("celle", ["", "V-2025-1", "2025-01-01", "a=b", "Øst", "bo@x.dk", "12345678"])
def test_other_cells_are_left_alone(celle: str) -> None:
    """A date, a number, an address is what it was."""
    assert ufarlig(celle) == celle


class Modtager:
    """A request that only accepts."""

    def __init__(self, accept: str | None) -> None:
        self.headers = Headers({} if accept is None else {"accept": accept})


@pytest.mark.parametrize(
    ("accept", "svar"),
    [
        (None, "application/json"), ("*/*", "application/json"), ("application/json", "application/json"), ("text/csv", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv"), ("text/*", "text/csv"), ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("text/csv;q=0.4, application/*;q=0.5", "application/json"), ("text/html, */*;q=0.1", "application/json"),
        ("TEXT/CSV", "text/csv"), ("application/json;q=0, text/csv;q=0.1", "text/csv"),
    ],
)  # fmt: skip
def test_the_caller_gets_what_it_accepts(accept: str | None, svar: str) -> None:
    """JSON unless CSV is wanted, or wanted more."""
    assert svartype(Modtager(accept)) == svar  # type: ignore[arg-type]


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "application/json;q=0", "*/*;q=0", ""])
def test_what_cannot_be_had_is_406(accept: str) -> None:
    """A caller that takes neither is told so."""
    with pytest.raises(Problem) as problem:
        svartype(Modtager(accept))  # type: ignore[arg-type]
    assert problem.value.status == 406
