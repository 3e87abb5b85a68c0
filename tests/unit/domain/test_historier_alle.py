"""Random lives of every scheme, at every version: the log takes them, refusals change nothing, documents are the scheme's and right."""

from fractions import Fraction
from math import ceil
from typing import Any

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from orakel import Facit, Fakta, aftalens_facit, facit
from sagsliv import ORDNINGER, Liv, Nogle, Skridt, handlinger, kodeks, liv, ny_stroem, proev

from hub.api.aabning import aabn_alt, noeglenavne
from hub.api.dokumentskemaer import dokumentskemaer, skemanavn
from hub.domain import haendelser as h
from hub.domain.arbejdstid import arbejdstid
from hub.domain.evolve import evolve
from hub.domain.matrix import MATRIX
from hub.domain.ordningsfelter import FELTER
from hub.domain.sag import Sag
from hub.events.codec import STOERSTE
from hub.projections import pdf, sager
from hub.projections.metoder import METODER

KORT = settings(max_examples=8)
LANG = settings.get_profile("faults")
SKEMAER = {navn: Draft202012Validator(skema, format_checker=FormatChecker()) for navn, skema in dokumentskemaer().items()}
Dokumenter = dict[tuple[str, str], dict[str, Any]]
"""(GetMetode, act) → the document, open."""

FAELLES = """
sagsId eksternIdentifier vitasSagsnummer vitasUrl version ordning registreringstidspunkt jobCenterKode team ansvarligMedarbejder
indhentetAfAndenAktoer andenAktoer ansoegningStatus bevillingsstatus virksomhed borger haendelsestidspunkt dokumenter
personoplysningerSlettet status annulleretAf bevilgetPeriode gaeldendePeriode oprindeligSlutdato slutdatoFoerOphoer aktuelSlutdato
ansoegtPeriode underskrevetAf afgoerelsesdato tekst tekstversion bevillingIdentifier stopdato aarsag
vedroerer navn mimetype stoerrelse sha256 indhold
"""
"""What a document of any scheme may have; domain-facts 1.6 and the contract."""
LT, VP, NI, FJ, VL, JR = "Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Fleksjob", "Voksenlaerling", "Jobrotation"
MEN, PA, HJ, TB = "Mentor", "PersonligAssistance", "Hjaelpemiddel", "Tillaegsbevilling"
KUN: dict[str, set[str]] = {
    "konfliktramt konfliktKommentar konfliktOprindelse konfliktBesked": {LT, VP, NI, JR},
    "antalAnsatteSenesteMaaned": {LT, VP},
    "virksomhed.medarbejderrepraesentant": {LT, VP, NI},
    "virksomhed.ansvarligKontaktperson": {LT, VP, NI, FJ, VL, JR},
    "oeremaerket ansaettelsesbrevGaelderFortsat modtagetStoetteSeneste12Mdr loenudgiftSeneste12Mdr": {LT},
    "arbejdstid": {LT, VP, NI, FJ, JR, MEN, PA, TB},
    "timeTilskudsatsType timeTilskudsatsBeskrivelse": {LT, VL},
    "nemRefusionLink": {VL},
    "vurdering": {FJ},
    "ansatte kurser vikarer": {JR},
    "mentortype mentorfunktion tilskudTilUddannelse": {MEN, TB},
    "beskedTilVirksomhed funktionsnedsaettelse antalAssistenter timepris art arttype pristypeTimer prisAndet pristypeAndet tilbudsnummer": {
        PA
    },
    "hjaelpemiddel": {HJ, TB},
    "tilSagsId underskrevetTidspunkt underskrevetMedBilag": {TB},
}
"""Fields → the only schemes that have them: domain-facts 1.6 and the rules 2.1 to 5.3, written apart from `ordningsfelter`."""
VIRKSOMHED = ("cvrNummer", "pNummer", "kontaktpersonPaaArbejdsstedet")
EGNE = {felt: ordninger for felter, ordninger in KUN.items() for felt in felter.split()}


def dokumenter(sag: Sag) -> Dokumenter:
    """Every document of the case as the API answers it; a document's bytes are left out."""
    hoved, ud = sager.hoved(sag), Dokumenter()
    for navn, metode in METODER.items():
        for raekke in metode.raekker(sag):
            vist = metode.dokument(hoved, raekke)
            if "dokumenter" in vist:
                vist = vist | {"dokumenter": pdf.liste(sag, raekke[0])}
            aaben = aabn_alt(vist, noeglenavne(vist), Nogle()).vaerdi
            ud[navn, raekke[0]] = {**aaben, **({"indhold": None} if navn == pdf.METODE else {}), "personoplysningerSlettet": False}
    return ud


def felter(dokument: dict[str, Any]) -> set[str]:
    """The fields of a document, and of its company with their path."""
    return dokument.keys() | {f"virksomhed.{felt}" for felt in dokument["virksomhed"]}


def kun_ordningens(ordning: str, dokument: dict[str, Any]) -> None:
    """No field of another scheme, by the table here and by the hub's; no field that nobody has."""
    vist = felter(dokument)
    fremmede = {felt for felt, ordninger in EGNE.items() if ordning not in ordninger}
    hubbens = {sti for felt in FELTER if ordning not in felt.ordninger for sti in felt.dokument}
    assert not vist & (fremmede | hubbens), ordning
    kendte = {*FAELLES.split(), *EGNE} | {f"virksomhed.{felt}" for felt in VIRKSOMHED}
    assert vist <= kendte, vist - kendte


def uroert(skridt: Skridt) -> None:
    """A refusal says why and leaves the stream as it was."""
    assert skridt.afvist is not None and skridt.afvist.fejl
    assert all(f.status in (404, 409, 422) and f.fejltekst for f in skridt.afvist.fejl)
    assert skridt.haendelser == () and skridt.efter is skridt.foer


def paa_loggen(skridt: Skridt) -> None:
    """What was taken is one event more, whose bytes fold to the same case from what was before."""
    assert skridt.efter.version == skridt.foer.version + len(skridt.haendelser) == skridt.foer.version + 1
    sag = skridt.foer.sag
    for haendelse, vaerdi in zip(skridt.haendelser, skridt.bytes_, strict=True):
        laest = kodeks().afkod(vaerdi)
        assert laest == haendelse and len(vaerdi) <= STOERSTE
        sag = evolve(sag, laest)
    assert sag == skridt.efter.sag and sag.version == skridt.efter.version


def ventet(sag: Sag, fakta: list[Fakta]) -> Facit | None:
    """The oracle's answer for the case's agreement or newest grant."""
    if sag.aftale is not None:
        return aftalens_facit(fakta)
    return facit(fakta, frozenset({"Virksomhed", "Borger"} if sag.ordning == PA else {"Virksomhed"}))


def rigtige_datoer(dok: Dokumenter, svar: Facit) -> None:
    """Each document that belongs to the newest grant or the agreement shows the oracle's dates, and what of its period is in force."""
    for (metode, akt), d in dok.items():
        if metode in ("GetBevilling", "GetForlaengelse", "GetAftale") and akt in svar.akter:
            ret, periode = svar.akter[akt], d["gaeldendePeriode"]
            assert (d["status"], d["annulleretAf"]) == (ret.status, ret.annulleretAf)
            vist = (periode["startdato"], periode["slutdato"]) if periode else (None, None)
            assert vist == tuple(dag and dag.isoformat() for dag in (ret.foerste, ret.sidste))
        elif metode != "GetOphoer" or d["bevillingIdentifier"] not in svar.akter:
            continue
        tre = tuple(d[navn] for navn in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato"))
        assert tre == tuple(dag and dag.isoformat() for dag in (svar.oprindelig, svar.foer, svar.aktuel))


def fremad(vaerdi: Any) -> None:
    """No period of a document runs backwards, and none is without a name."""
    for navn, led in vaerdi.items():
        if isinstance(led, dict):
            fremad(led)
        if navn.endswith("Periode") and led is not None:
            assert None in led.values() or led["startdato"] <= led["slutdato"]
    assert "stopdato" in vaerdi or "nr" in vaerdi or not {"startdato", "slutdato"} & vaerdi.keys() or vaerdi.keys() == {
        "startdato", "slutdato",
    }  # fmt: skip


def kvarterer(timer: str) -> dict[str, int]:
    """Hours a week in the next whole quarter, in exact fractions."""
    antal = ceil(Fraction(timer) * 4)
    return {"timerPrUge": antal // 4, "minutterPrUge": antal % 4 * 15}


def rigtige_timer(dok: Dokumenter, fakta: list[Fakta]) -> None:
    """A grant's and a supplementary grant's hours are those of its own event, to the quarter; its acts show the same."""
    givet = {
        akt: data.ugentligArbejdstid
        for akt, data in fakta
        if isinstance(data, h.BevillingUdstedt | h.TillaegsbevillingUdstedt) and data.ugentligArbejdstid is not None
    }
    for (_, akt), d in dok.items():
        if (timer := givet.get(d.get("bevillingIdentifier", akt))) is not None and "arbejdstid" in d:
            assert d["arbejdstid"] == kvarterer(timer)


def rigtige_satser(dok: Dokumenter, fakta: list[Fakta]) -> None:
    """Each act shows the rate that was last said of it by an event of its own, and no other act's; a grant of an extension that says
    none leaves what was said.
    """
    sagt: dict[str, h.Sats | None] = {}
    for akt, data in fakta:
        tier = isinstance(data, h.AnsoegningRettet) and "sats" not in data.rettede
        if hasattr(data, "sats") and not tier and not (isinstance(data, h.ForlaengelseBevilget) and data.sats is None):
            sagt[akt] = data.sats
    for (_, akt), d in dok.items():
        if "timeTilskudsatsType" in d:
            sats = sagt[akt]
            ventet = (None, None) if sats is None else (sats.kode, sats.beskrivelse)
            assert (d["timeTilskudsatsType"], d["timeTilskudsatsBeskrivelse"]) == ventet


def gennemlev(et: Liv) -> None:
    """Play the life and hold every step against everything above."""
    alle, fakta, taget = handlinger(et), list[Fakta](), 0
    stroem = ny_stroem(alle[0])
    for handling in alle:
        foer = msgspec.msgpack.encode(stroem.sag)
        skridt = proev(stroem, handling, et.opslag)
        assert msgspec.msgpack.encode(skridt.foer.sag) == foer
        if skridt.afvist is not None:
            uroert(skridt)
            continue
        paa_loggen(skridt)
        stroem, taget = skridt.efter, taget + 1
        fakta += [(e.kuvert.eksternIdentifier, e.data) for e in skridt.haendelser]
        rigtig(stroem.sag, fakta)
    event(f"{et.ordning}: {taget // 5 * 5}+ taken, {(len(alle) - taget) // 5 * 5}+ refused")


def rigtig(sag: Sag, fakta: list[Fakta]) -> None:
    """Every document of the case as it stands."""
    dok = dokumenter(sag)
    for (metode, _), d in dok.items():
        assert metode in MATRIX[sag.ordning]
        SKEMAER[skemanavn(sag.ordning, metode)].validate(d)
        kun_ordningens(sag.ordning, d)
        fremad(d)
    rigtige_timer(dok, fakta)
    rigtige_satser(dok, fakta)
    if (svar := ventet(sag, fakta)) is not None:
        rigtige_datoer(dok, svar)


@pytest.mark.parametrize("ordning", ORDNINGER)
def test_R_2_2_R_2_5_R_3_6_a_random_life_is_recorded_and_shown_as_it_should_be(ordning: str) -> None:
    """Folds and bytes take what decide gives, refusals change nothing, documents fit, with their scheme's fields, dates, hours, rates."""
    KORT(given(liv(st.just(ordning)))(gennemlev))()


@pytest.mark.faults
@LANG
@given(liv(st.sampled_from(ORDNINGER)))
def test_R_2_2_R_2_5_R_3_6_a_random_life_is_recorded_and_shown_as_it_should_be_long(et: Liv) -> None:
    """The same over ten thousand lives of all schemes."""
    gennemlev(et)


TIMER = st.builds(lambda hele, rest: f"{hele}.{rest}" if rest else str(hele), st.integers(0, 59), st.text("0123456789", max_size=6))


@given(TIMER)
def test_R_2_5_hours_are_the_next_quarter_in_exact_fractions(timer: str) -> None:
    """Every decimal that the door takes, with zeros before and after: raised to the quarter, 60 minutes carried, exact quarters kept."""
    assert arbejdstid(timer)._asdict() == kvarterer(timer)


@pytest.mark.faults
@LANG
@given(TIMER)
def test_R_2_5_hours_are_the_next_quarter_in_exact_fractions_long(timer: str) -> None:
    """The same over ten thousand decimals."""
    assert arbejdstid(timer)._asdict() == kvarterer(timer)


def test_every_field_of_the_schemas_is_in_the_table() -> None:
    """What any cell's document can have is common to all or one of somebody's own, and each such field is shown by exactly its schemes."""
    vist: dict[str, set[str]] = {}
    for navn, skema in dokumentskemaer().items():
        egne = {*skema["properties"], *(f"virksomhed.{felt}" for felt in skema["properties"]["virksomhed"]["properties"])}
        for felt in egne:
            vist.setdefault(felt, set()).add(navn.split("_")[0])
    assert {felt: ordninger for felt, ordninger in vist.items() if felt in EGNE} == EGNE
