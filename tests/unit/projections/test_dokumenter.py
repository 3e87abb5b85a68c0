"""The four documents: every documented field, the dates of R-2.2, and what is kept apart."""

import ast
import inspect
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hub.domain import haendelser as h
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.matrix import FOR_ALLE, GETMETODER, MATRIX
from hub.domain.sag import Sag
from hub.projections import ansoegning, bevilling, forlaengelse, metoder, ophoer, sager
from hub.projections.metoder import METODER, billede
from hub.projections.vis import forseglede

HOVED = {
    "sagsId",
    "eksternIdentifier",
    "vitasSagsnummer",
    "vitasUrl",
    "version",
    "ordning",
    "registreringstidspunkt",
    "jobCenterKode",
    "team",
    "ansvarligMedarbejder",
    "ansoegningStatus",
    "bevillingsstatus",
    "virksomhed",
    "borger",
    "indhentetAfAndenAktoer",
    "andenAktoer",
    "haendelsestidspunkt",
    "dokumenter",
    "timeTilskudsatsType",
    "timeTilskudsatsBeskrivelse",
    "arbejdstid",
}
DATOER = {"oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato"}
DAG = st.dates(date(2025, 1, 1), date(2025, 1, 9))


def test_R_1_1_every_cell_of_the_matrix_has_its_file(forloeb):
    """The registry serves exactly the matrix's GetMetoder; a view gives nothing for a scheme outside its cells."""
    assert set(METODER) == set(GETMETODER) == set().union(*MATRIX.values())
    fleksjob = forloeb("Fleksjob").forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
    assert {navn for navn, raekker in billede(fleksjob.sag).items() if raekker} == MATRIX["Fleksjob"] - FOR_ALLE
    assert all(not r for r in billede(forloeb("Ukendt").forlaenget().sag).values())


def test_a_row_type_is_its_table(forloeb):
    """Columns and row fields are the same names in the same order, for every table: rows are written and read by position."""
    for metode in METODER.values():
        assert [k.name for k in metode.tabel.columns] == list(metode.raekke._fields)
        assert [k.name for k in metode.tabel.primary_key.columns] == ["ekstern_identifier", "sags_id"]
    assert [k.name for k in sager.TABEL.columns] == [*sager.Hoved._fields, "hoved", "sag"]


def test_getbevilling_of_an_ended_loentilskud_is_the_contracts(forloeb):
    """The contract's example: three dates, both periods, hours, rate, statuses with names."""
    sag = (
        forloeb()
        .bevilget()
        .sker("bev", h.BevillingGodkendt("Virksomhed"))
        .sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
    )
    dok = sag.sker("oph", h.OphoerRegistreret(date(2025, 5, 15))).dokument("GetBevilling", "bev")
    assert set(dok) == HOVED | DATOER | {"status", "annulleretAf", "bevilgetPeriode", "gaeldendePeriode"}
    assert dok["bevilgetPeriode"] == {"startdato": "2025-01-01", "slutdato": "2025-06-30"}
    assert dok["gaeldendePeriode"] == {"startdato": "2025-01-01", "slutdato": "2025-05-15"}
    assert [dok[d] for d in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato")] == ["2025-06-30", "2025-09-30", "2025-05-15"]
    assert dok["bevillingsstatus"] == {"kode": 9308, "navn": "Ophørt"} and dok["version"] == 6
    assert dok["registreringstidspunkt"] == "2025-01-01T08:06:00.000000Z"
    assert dok["dokumenter"] == [] and dok["team"] is None and dok["andenAktoer"] is None and dok["indhentetAfAndenAktoer"] is False


def test_R_2_2_an_extension_before_its_start_is_annulled(forloeb):
    """GetForlaengelse of the annulled extension: status, the termination, its own period, none in force, the same three dates."""
    sag = forloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
    dok = sag.dokument("GetForlaengelse", "for")
    assert (dok["status"], dok["annulleretAf"], dok["gaeldendePeriode"]) == ("Annulleret", "oph", None)
    assert dok["bevilgetPeriode"] == {"startdato": "2025-07-01", "slutdato": "2025-09-30"}
    assert (
        {d: dok[d] for d in DATOER}
        == {d: sag.dokument("GetBevilling", "bev")[d] for d in DATOER}
        == {d: sag.dokument("GetOphoer", "oph")[d] for d in DATOER}
    )
    assert set(dok) == HOVED | DATOER | {
        "status",
        "annulleretAf",
        "bevilgetPeriode",
        "gaeldendePeriode",
        "ansoegtPeriode",
        "bevillingIdentifier",
        "ansaettelsesbrevGaelderFortsat",
        "tekst",
    }


def test_R_2_2_a_withdrawn_termination_keeps_its_stop_date_and_shows_the_dates_as_they_are(forloeb):
    """GetOphoer has `stopdato`, status and three dates, and no period."""
    sag = forloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15), modtagetStoetteSeneste12Mdr="100.50"))
    dok = sag.sker("oph", h.OphoerTilbagekaldt()).dokument("GetOphoer", "oph")
    assert (dok["status"], dok["stopdato"]) == ("Tilbagekaldt", "2025-05-15")
    assert [dok[d] for d in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato")] == ["2025-06-30", None, "2025-09-30"]
    assert not [navn for navn in dok if "Periode" in navn]
    assert dok["modtagetStoetteSeneste12Mdr"] == "100.50" and dok["loenudgiftSeneste12Mdr"] is None


def test_R_2_2_an_imported_reversed_grant_shows_no_period(forloeb):
    """A grant whose start is after its end, as old messages had, is never shown as a period; the other dates stand."""
    dok = forloeb().bevilget(date(2025, 6, 1), date(2025, 1, 1)).dokument("GetBevilling", "bev")
    assert dok["bevilgetPeriode"] is None and dok["gaeldendePeriode"] is None and dok["oprindeligSlutdato"] == "2025-01-01"


def test_R_2_2_an_extension_asked_for_has_no_start_until_it_is_granted(forloeb):
    """`ansoegtPeriode` keeps what was asked; `bevilgetPeriode` is null until granted."""
    sag = forloeb().bevilget().sker("for", h.ForlaengelseAnsoegt(date(2025, 9, 30)))
    dok = sag.dokument("GetForlaengelse", "for")
    assert dok["ansoegtPeriode"] == {"startdato": None, "slutdato": "2025-09-30"} and dok["bevilgetPeriode"] is None
    dok = sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 8, 31))).dokument("GetForlaengelse", "for")
    assert dok["ansoegtPeriode"]["slutdato"] == "2025-09-30" and dok["bevilgetPeriode"]["slutdato"] == "2025-08-31"


def test_R_2_2_a_refused_grants_documents_keep_its_own_status(forloeb):
    """A new grant after a refused one does not change what the refused one's document says of it."""
    sag = forloeb().bevilget().sker("bev", h.BevillingAfvist("Virksomhed")).sker("ny", h.BevillingUdstedt(date(2025, 2, 1), None))
    assert sag.dokument("GetBevilling", "bev")["bevillingsstatus"]["kode"] == 9305
    ny = sag.dokument("GetBevilling", "ny")
    assert ny["bevillingsstatus"]["kode"] == 9301 and ny["oprindeligSlutdato"] is None and ny["bevilgetPeriode"]["slutdato"] is None


def test_R_2_1_the_conflict_message_shows_once_the_employer_has_signed(forloeb):
    """The flag is always there; the message from the employer's signature on, whether or not a representative is still to sign."""
    ramt = forloeb(konfliktramt=True, konfliktOprindelse="Styrelsen", harMedarbejderrepraesentant=True)
    assert ramt.dokument("GetAnsoegning", "ans")["konfliktBesked"] is None
    assert ramt.sker("ans", h.AnsoegningUnderskrevet("Medarbejderrepraesentant")).dokument("GetAnsoegning", "ans")["konfliktBesked"] is None
    dok = ramt.underskrevet().dokument("GetAnsoegning", "ans")
    assert dok["konfliktBesked"] == ansoegning.KONFLIKTBESKED and dok["konfliktramt"] is True and dok["konfliktOprindelse"] == "Styrelsen"
    assert forloeb().underskrevet().dokument("GetAnsoegning", "ans")["konfliktBesked"] is None
    sendt = forloeb(konfliktramt=True).sker("ans", h.KladdeSendt()).sker("ans", h.KladdeReturneret(underskrevet=True))
    assert sendt.dokument("GetAnsoegning", "ans")["konfliktBesked"] is not None


def test_R_2_4_the_grants_documents_never_carry_the_applications_contact(forloeb):
    """`ansvarligKontaktperson` is served with the application only; the grant's documents carry the one at the workplace."""
    sag = forloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
    for metode, akt in (("GetBevilling", "bev"), ("GetForlaengelse", "for"), ("GetOphoer", "oph")):
        dok = sag.dokument(metode, akt)
        assert {f.felt for f in forseglede(dok)} == {"arbejdssted", "personnummer", "borgerNavn"}
        assert set(dok["virksomhed"]) == {"cvrNummer", "pNummer", "kontaktpersonPaaArbejdsstedet"}
    assert sag.dokument("GetAnsoegning", "ans")["virksomhed"]["ansvarligKontaktperson"].felt == "ansvarlig"


def test_R_2_5_hours_are_served_in_hours_and_quarters(forloeb):
    """36.26 is served as 36:30; a grant without hours shows null."""
    assert forloeb().dokument("GetAnsoegning", "ans")["arbejdstid"] == {"timerPrUge": 36, "minutterPrUge": 30}
    assert forloeb().bevilget(ugentligArbejdstid=None).dokument("GetBevilling", "bev")["arbejdstid"] is None


def test_R_3_6_the_rate_is_the_acts_own_in_all_four(forloeb):
    """Each document shows the rate stored with its own act."""
    sag = forloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15), sats=h.Sats(9406, "Sidste", "r4")))
    vist = [
        sag.dokument(m, a) for m, a in (("GetAnsoegning", "ans"), ("GetBevilling", "bev"), ("GetForlaengelse", "for"), ("GetOphoer", "oph"))
    ]
    assert [(d["timeTilskudsatsType"], d["timeTilskudsatsBeskrivelse"]) for d in vist] == [
        (9403, "Voksne"),
        (9404, "Unge"),
        (9405, "Ny"),
        (9406, "Sidste"),
    ]


def test_R_3_6_a_corrected_rate_is_shown_by_its_own_act_alone(forloeb):
    """The grant's, then the extension's; the termination keeps the one that it was decided with."""
    sag = forloeb().forlaenget().sker("oph", h.OphoerRegistreret(date(2025, 5, 15), sats=h.Sats(9404, "Unge", "r2")))
    for akt in ("bev", "for"):
        sag.sker(akt, h.TilskudssatsRettet(h.Sats(9405, f"Rettet {akt}", f"ny {akt}")))
    vist = [sag.dokument(m, a) for m, a in (("GetBevilling", "bev"), ("GetForlaengelse", "for"), ("GetOphoer", "oph"))]
    assert [(d["timeTilskudsatsType"], d["timeTilskudsatsBeskrivelse"]) for d in vist] == [
        (9405, "Rettet bev"),
        (9405, "Rettet for"),
        (9404, "Unge"),
    ]


def test_R_3_2_an_unknown_number_of_employees_is_null_and_zero_is_zero(forloeb):
    """Null is not 0."""
    dok = forloeb(ansatteRimelighedskrav="0.00").dokument("GetAnsoegning", "ans")
    assert dok["antalAnsatteSenesteMaaned"] == {"rimelighedskrav": "0.00", "merbeskaeftigelseskrav": None}


def test_R_4_1_R_4_2_the_fleksjobs_assessment_is_part_of_its_application(forloeb):
    """The exact percentage, and the responsible caseworker after release, reopening and taking over again."""
    sag = forloeb("Fleksjob").underskrevet()
    assert sag.dokument("GetAnsoegning", "ans")["vurdering"] is None
    sag.sker("vur", h.VurderingAfgjort("33.33")).sker("vur", h.VurderingFrigivet()).sker("vur", h.VurderingGenaabnet())
    assert sag.sker("vur", h.VurderingOvertaget("Navn", "n@k.dk")).dokument("GetAnsoegning", "ans")["vurdering"] == {
        "vurderingIdentifier": "vur",
        "ansvarligMedarbejder": {"navn": "Navn", "email": "n@k.dk"},
        "arbejdsintensitetPct": "33.33",
        "afgjort": False,
    }


def test_sealed_values_keep_their_origin(forloeb):
    """Views move sealed values; what a document holds is the very object that the event held."""
    sag = forloeb(konfliktramt=True)
    assert sag.dokument("GetAnsoegning", "ans")["borger"]["personnummer"] is sag.haendelser[0].data.personnummer


def test_no_room_but_the_views_derives_a_date():
    """No GetMetode's file compares or computes dates: they come from hub.domain.datoer."""
    for fil in (ansoegning, bevilling, forlaengelse, ophoer, metoder):
        traeet = ast.walk(ast.parse(inspect.getsource(fil)))
        assert not [
            n for n in traeet if isinstance(n, ast.Compare) and any(isinstance(o, (ast.Lt, ast.Gt, ast.LtE, ast.GtE)) for o in n.ops)
        ]


def perioder(vaerdi: object, navn: str = "") -> list[tuple[str, dict[str, str | None]]]:
    """Every object with a startdato or slutdato, with the name it stands under."""
    if not isinstance(vaerdi, dict):
        return []
    egne = [(navn, vaerdi)] if {"startdato", "slutdato"} & vaerdi.keys() else []
    return egne + [p for n, v in vaerdi.items() for p in perioder(v, n)]


HANDLINGER = st.lists(
    st.one_of(
        st.builds(lambda a, b, n: (f"bev{n}", h.BevillingUdstedt(a, b)), DAG, st.none() | DAG, st.integers(0, 1)),
        st.builds(lambda a, b, n: (f"for{n}", h.ForlaengelseBevilget(a, b)), DAG, DAG, st.integers(0, 2)),
        st.builds(lambda b, n: (f"for{n}", h.ForlaengelseAnsoegt(b)), DAG, st.integers(0, 2)),
        st.builds(lambda b, n: (f"oph{n}", h.OphoerRegistreret(b)), DAG, st.integers(0, 2)),
        st.builds(lambda b, n: (f"oph{n}", h.OphoerRettet(b)), DAG, st.integers(0, 2)),
        st.builds(lambda n: (f"oph{n}", h.OphoerTilbagekaldt()), st.integers(0, 2)),
        st.builds(lambda n: (f"bev{n}", h.BevillingAfvist("Virksomhed")), st.integers(0, 1)),
    ),
    max_size=12,
)


@given(handlinger=HANDLINGER)
def test_R_2_2_no_document_shows_a_period_whose_start_is_after_its_end(sagsforloeb, handlinger):
    """Whatever came in whatever order, at every version: named periods only, and start ≤ end."""
    sag = sagsforloeb()
    for akt, data in handlinger:
        try:
            sag.sker(akt, data)
        except KanIkkeFoldes:
            continue
        assert sag.sag is not None
        for dok in alle(sag.sag):
            for navn, periode in perioder(dok):
                assert navn.endswith("Periode")
                assert None in periode.values() or periode["startdato"] <= periode["slutdato"]


def alle(sag: Sag) -> list[dict[str, object]]:
    """Every document of a case."""
    hoved = sager.hoved(sag)
    return [METODER[navn].dokument(hoved, r) for navn, raekker in billede(sag).items() for r in raekker.values()]
