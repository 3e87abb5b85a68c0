"""GetAftale, GetMentor and GetHjaelpemiddel: every documented field, the dates of R-2.2, the terms of their types."""

from byggere import SENERE, a_sag, an_action, et_id

from hub.domain.forseglet import Afkortes
from hub.domain.handlinger import Handling
from hub.domain.sag import Sag
from hub.projections import sager
from hub.projections.metoder import METODER, billede

HOVED = {
    "sagsId", "eksternIdentifier", "vitasSagsnummer", "vitasUrl", "version", "ordning", "registreringstidspunkt", "jobCenterKode", "team",
    "ansvarligMedarbejder", "indhentetAfAndenAktoer", "andenAktoer", "ansoegningStatus", "bevillingsstatus", "virksomhed", "borger",
    "haendelsestidspunkt", "status", "bevilgetPeriode", "gaeldendePeriode", "oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato",
    "dokumenter",
}  # fmt: skip
TILLAEGS = {"tilSagsId", "underskrevetTidspunkt", "underskrevetMedBilag"}
INDGAAET = [an_action("IndgaaAftale", ordning="Igu")]
UDSTEDT = [an_action("UdstedTillaegsbevilling", ordning="Tillaegsbevilling", tilSagsId=et_id("anden"))]
AID = an_action(
    "UdstedTillaegsbevilling",
    "hjp",
    uden=(*SENERE, "mentortype", "mentorfunktion", "ugentligArbejdstid"),
    type="Hjaelpemiddel",
    hjaelpemiddel={"art": "Arbejdspladsindretning", "beloeb": "1250.50", "beskrivelse": "Rampe"},
)


def dokument(metode: str, akt: str, *handlinger: Handling) -> dict[str, object]:
    """The document of an act after these actions."""
    sag = a_sag(*handlinger)
    (raekke,) = [r for r in METODER[metode].raekker(sag) if r[0] == et_id(akt)]
    return METODER[metode].dokument(sager.hoved(sag), raekke)


def test_R_2_2_getaftale_shows_an_agreement_and_its_end() -> None:
    """Every field; the newest period as agreed, the part of it in force, the first end, and the three dates of a termination."""
    dok = dokument("GetAftale", "aftale", *INDGAAET)
    assert set(dok) == HOVED | {"annulleretAf"}
    assert (dok["status"], dok["ansoegningStatus"], dok["bevillingsstatus"]) == ("Indgaaet", None, None)
    rettet = an_action("RetAftale", periode={"startdato": "2025-01-01", "slutdato": "2026-12-31"})
    dok = dokument("GetAftale", "aftale", *INDGAAET, rettet, an_action("RegistrerOphoer"))
    assert (dok["bevilgetPeriode"], dok["gaeldendePeriode"]) == (
        {"startdato": "2025-01-01", "slutdato": "2026-12-31"}, {"startdato": "2025-01-01", "slutdato": "2025-05-15"}
    )  # fmt: skip
    assert [dok[n] for n in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato")] == ["2025-06-30", "2026-12-31", "2025-05-15"]
    assert (dok["status"], dok["annulleretAf"]) == ("Ophoert", None)


def test_R_2_2_getaftale_of_one_that_never_began() -> None:
    """No period in force, the termination named, all the dates."""
    dok = dokument("GetAftale", "aftale", *INDGAAET, an_action("RegistrerOphoer", stopdato="2024-12-31"))
    assert (dok["status"], dok["gaeldendePeriode"], dok["annulleretAf"]) == ("IkkePaabegyndt", None, et_id("ophoer"))
    assert dok["bevilgetPeriode"] == {"startdato": "2025-01-01", "slutdato": "2025-06-30"}


def test_R_3_7_getmentor_has_the_signature_and_the_terms() -> None:
    """Every field; hours raised to the quarter (R-2.5), type by name (R-5.1), the function text cut at the query only (R-5.2)."""
    dok = dokument("GetMentor", "tillaeg", *UDSTEDT)
    assert set(dok) == HOVED | TILLAEGS | {"arbejdstid", "mentortype", "tilskudTilUddannelse", "mentorfunktion"}
    assert (dok["status"], dok["underskrevetTidspunkt"], dok["underskrevetMedBilag"]) == ("Udstedt", None, None)
    assert (dok["arbejdstid"], dok["tilSagsId"]) == ({"timerPrUge": 2, "minutterPrUge": 45}, et_id("anden"))
    assert dok["mentortype"] == {"kode": 35, "navn": "Mentor, Plads"} and isinstance(dok["mentorfunktion"], Afkortes)
    for bilag in (True, False):
        underskrevet = dokument("GetMentor", "tillaeg", *UDSTEDT, an_action("UnderskrivTillaegsbevilling", medBilag=bilag))
        assert (underskrevet["status"], underskrevet["underskrevetMedBilag"]) == ("Underskrevet", bilag)
        assert underskrevet["underskrevetTidspunkt"] == "2025-09-15T12:00:00.000000Z"


def test_gethjaelpemiddel_has_the_aid_and_no_hours() -> None:
    """Every field of an aid; nothing of a mentor."""
    dok = dokument("GetHjaelpemiddel", "hjp", *UDSTEDT, AID)
    assert set(dok) == HOVED | TILLAEGS | {"hjaelpemiddel"}
    assert isinstance(dok["hjaelpemiddel"], dict)
    assert (dok["hjaelpemiddel"]["art"], dok["hjaelpemiddel"]["beloeb"]) == ("Arbejdspladsindretning", "1250.50")


def test_each_view_has_its_own_acts_and_no_others() -> None:
    """A case with both types: one row in each; a termination of an agreement has no row anywhere."""

    def rakt(sag: Sag) -> dict[str, set[str]]:
        return {metode: set(raekker) for metode, raekker in billede(sag).items() if raekker}

    assert rakt(a_sag(*UDSTEDT, AID)) == {"GetMentor": {et_id("tillaeg")}, "GetHjaelpemiddel": {et_id("hjp")}}
    assert rakt(a_sag(*INDGAAET, an_action("RegistrerOphoer"))) == {"GetAftale": {et_id("aftale")}}
