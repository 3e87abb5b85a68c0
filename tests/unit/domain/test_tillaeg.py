"""The supplementary grant: issued with the terms of its type, signed once, cut by nothing (R-2.2, R-3.7, R-5.1, R-5.2)."""

from datetime import UTC, date, datetime

import pytest
from byggere import SAGEN, SENERE, a_sag, an_action, an_event, et_id, given, raa

from hub.domain import haendelser as h
from hub.domain.akter import aktens_metode, slags
from hub.domain.datoer import datoer_tillaeg, virkning_tillaeg
from hub.domain.evolve import evolve
from hub.domain.fejl import Afvisning
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.handlinger import Handling, laes_handling
from hub.domain.periode import Periode
from hub.domain.sag import Tillaegsbevilling, hovedakt
from hub.domain.vilkaar import Hjaelpemiddelvilkaar, Mentorvilkaar

O = "Tillaegsbevilling"  # noqa: E741
UDSTED = "UdstedTillaegsbevilling"
UDSTEDT = [an_action(UDSTED, ordning=O)]
UNDERSKRIV = an_action("UnderskrivTillaegsbevilling")
AID = {"art": "Arbejdsredskab", "beloeb": "4999.95", "beskrivelse": "Hæve-sænke-bord"}


def hjaelpemiddel(akt: str = "hjaelpemiddel", **data: object) -> Handling:
    """A further supplementary grant on the case, of an aid."""
    mentorens = ("mentortype", "mentorfunktion", "ugentligArbejdstid")
    return an_action(UDSTED, akt, uden=(*SENERE, *mentorens), **{"type": "Hjaelpemiddel", "hjaelpemiddel": AID, **data})


def sidste(*handlinger: Handling) -> Tillaegsbevilling:
    """The newest supplementary grant after these actions."""
    return a_sag(*handlinger).tillaegsbevillinger[-1]


def test_a_supplementary_grant_opens_its_case() -> None:
    """The event names the case and has the terms of its type; the grant is the main act, fetched by its type's GetMetode."""
    udfald = given([]).when(an_action(UDSTED, ordning=O, tilSagsId=et_id("anden")))
    (data,) = udfald.haendelser
    assert isinstance(data, h.TillaegsbevillingUdstedt)
    assert (data.ordning, data.type, data.tilSagsId, data.ugentligArbejdstid) == (O, "Mentor", et_id("anden"), "2.6")
    assert (data.mentor, data.mentorfunktion, data.hjaelpemiddel) == (Mentorvilkaar(35, False, 15), "Følger borgeren", None)
    sag = udfald.ok()
    assert (hovedakt(sag), slags(sag, et_id("tillaeg")), aktens_metode(sag, et_id("tillaeg"))) == (et_id("tillaeg"), O, "GetMentor")


def test_further_ones_may_be_issued_on_the_same_case() -> None:
    """Of either type, each with an id of its own; the newest is the main act."""
    sag = given(UDSTEDT).when(hjaelpemiddel()).ok()
    assert [t.type for t in sag.tillaegsbevillinger] == ["Mentor", "Hjaelpemiddel"]
    assert (hovedakt(sag), aktens_metode(sag, hovedakt(sag))) == (et_id("hjaelpemiddel"), "GetHjaelpemiddel")
    assert sag.tillaegsbevillinger[-1].hjaelpemiddel == Hjaelpemiddelvilkaar("Arbejdsredskab", "4999.95")
    given(UDSTEDT).when(hjaelpemiddel("tillaeg")).naegtet(9606)


def test_R_3_7_a_signature_with_an_attachment_has_its_time() -> None:
    """Signed is when it happened, by attachment as without; before it there is none."""
    assert sidste(*UDSTEDT).underskrevet is None
    for med_bilag in (True, False):
        underskriv = an_action("UnderskrivTillaegsbevilling", medBilag=med_bilag)
        given(UDSTEDT).when(underskriv).then([h.TillaegsbevillingUnderskrevet(med_bilag)])
        assert underskriv.haendelsestidspunkt == datetime(2025, 9, 15, 8, tzinfo=UTC)
        sag = a_sag(*UDSTEDT)
        foldet = evolve(sag, an_event(h.TillaegsbevillingUnderskrevet(med_bilag), "tillaeg", 2)).tillaegsbevillinger[0]
        assert foldet.underskrevet == an_event(h.TillaegsbevillingUnderskrevet(med_bilag), "tillaeg", 2).kuvert.haendelsestidspunkt
        assert foldet.medBilag is med_bilag


def test_R_3_7_it_is_signed_once() -> None:
    """A second signature would replace the first one's time; another grant of the case is signed by itself."""
    fejl = given([*UDSTEDT, UNDERSKRIV]).when(an_action("UnderskrivTillaegsbevilling", medBilag=True)).naegtet(9619)
    assert fejl[0].fejltekst == "Arbejdsgiver har allerede underskrevet."
    given([*UDSTEDT, UNDERSKRIV, hjaelpemiddel()]).when(an_action("UnderskrivTillaegsbevilling", "hjaelpemiddel")).ok()


def test_R_2_2_it_has_a_period_of_its_own_that_nothing_cuts() -> None:
    """Its own end is original and in force; there is no termination of it: the scheme has none."""
    tillaeg = sidste(*UDSTEDT, UNDERSKRIV)
    assert tuple(datoer_tillaeg(tillaeg)) == (date(2025, 6, 30), None, date(2025, 6, 30))
    assert virkning_tillaeg(tillaeg) == ("Underskrevet", Periode(date(2025, 1, 1), date(2025, 6, 30)), None)
    aaben = sidste(an_action(UDSTED, ordning=O, periode={"startdato": "2025-01-01"}))
    assert (virkning_tillaeg(aaben), tuple(datoer_tillaeg(aaben))) == (
        ("Udstedt", Periode(date(2025, 1, 1), None), None), (None, None, None)
    )  # fmt: skip
    given(UDSTEDT).when(an_action("RegistrerOphoer")).naegtet(9603, 9610)


@pytest.mark.parametrize(
    ("data", "koder"),
    [
        ({"mentortype": None}, [(9501, "data.mentortype")]),
        ({"mentortype": None, "tilskudTilUddannelse": True}, []),
        ({"hjaelpemiddel": AID}, [(9519, "data.hjaelpemiddel")]),
        (
            {"type": "Hjaelpemiddel"},
            [(9519, f"data.{navn}") for navn in ("ugentligArbejdstid", "mentortype", "mentorfunktion")] + [(9501, "data.hjaelpemiddel")],
        ),
    ],
)
def test_R_5_1_each_type_has_its_own_fields(data: dict[str, object], koder: list[tuple[int, str]]) -> None:
    """A mentor needs its type unless it is a subsidy for education; what is the other type's is refused, every error at once."""
    udfald = given([]).when(an_action(UDSTED, ordning=O, **data))
    assert [(f.kode, f.felt) for f in udfald.fejl] == koder


def test_R_5_2_the_function_text_has_its_limit() -> None:
    """2000 characters at most, refused with length and limit."""
    an_action(UDSTED, ordning=O, mentorfunktion="x" * 2000)
    with pytest.raises(Afvisning) as afvist:
        an_action(UDSTED, ordning=O, mentorfunktion="x" * 2001)
    assert [(f.kode, f.felt) for f in afvist.value.fejl] == [(9505, "data.mentorfunktion")]
    assert "2001" in afvist.value.fejl[0].fejltekst and "2000" in afvist.value.fejl[0].fejltekst


def test_only_its_own_scheme_has_supplementary_grants() -> None:
    """On a case of another scheme it is refused with the missing cell, and a signature needs such a grant."""
    given([an_action("OpretAnsoegning")]).when(hjaelpemiddel()).naegtet(9603)
    given([an_action("OpretAnsoegning")]).when(an_action("UnderskrivTillaegsbevilling", "ansoegning")).naegtet(9605)
    given(UDSTEDT).when(an_action("UnderskrivTillaegsbevilling", "ukendt")).naegtet(9604)


def test_it_opens_a_case_with_everything_or_comes_later_with_nothing() -> None:
    """Its fields are those of a first action: all of them, or none."""
    assert laes_handling(raa(UDSTED, ordning=O)).aabner
    assert not hjaelpemiddel().aabner
    with pytest.raises(Afvisning) as afvist:
        laes_handling(raa(UDSTED, ordning=O, uden=SAGEN))
    assert [(f.kode, f.felt) for f in afvist.value.fejl] == [(9501, "data.virksomhed"), (9501, "data.borger")]


@pytest.mark.parametrize(
    ("akt", "data"),
    [("ukendt", h.TillaegsbevillingUnderskrevet(True)), ("t2", h.TillaegsbevillingUdstedt("Assistance", date(2025, 1, 1), None))],
)
def test_a_fact_that_no_getmetode_shows_is_refused(akt: str, data: h.Data) -> None:
    """An unknown grant signed, an unknown type issued: the event is parked."""
    with pytest.raises(KanIkkeFoldes):
        evolve(a_sag(*UDSTEDT), an_event(data, akt, 2))


def test_a_new_number_is_the_cases_citizens_only() -> None:
    """CprSkiftet of another citizen is parked; the citizen's own replaces the number and nothing else."""
    sag = a_sag(*UDSTEDT)
    with pytest.raises(KanIkkeFoldes):
        evolve(sag, an_event(h.CprSkiftet("en anden", "0202902222"), "tillaeg", 2))
    ny = evolve(sag, an_event(h.CprSkiftet(sag.borgerId, "0202902222"), "tillaeg", 2))
    assert ny.personnummer != sag.personnummer and ny.personnummer.haendelse != sag.personnummer.haendelse
    assert (ny.borgerNavn, ny.tillaegsbevillinger) == (sag.borgerNavn, sag.tillaegsbevillinger)
