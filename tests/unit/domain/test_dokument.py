"""A document of an act: added, refused, folded, listed where its act is shown, and told of."""

from typing import Any

import pytest
from byggere import BEVILGET, FLEKSBEVILLING, OPSLAG, a_sag, an_action, an_event, et_id, fleksjob, given

from hub.domain import haendelser as h
from hub.domain.akter import aktens_metode, slags
from hub.domain.evolve import evolve
from hub.domain.fejl import Afvisning
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.opslag import Uploadet
from hub.domain.sag import Sag
from hub.notifications.tabel import notificer
from hub.projections import pdf

OPRET = an_action("OpretAnsoegning")
TILFOEJ = an_action("TilfoejDokument")
NAVN = "Brev til Bo Borger.pdf"


def med(sag: Sag, akt: str, vedroerer: str) -> Sag:
    """The case with one more document."""
    return evolve(sag, tilfoejet(sag, akt, vedroerer))


def tilfoejet(sag: Sag, akt: str, vedroerer: str) -> h.Haendelse:
    """The event of it."""
    return an_event(h.DokumentTilfoejet(et_id(vedroerer), NAVN, "application/pdf", 10, "cd" * 32), akt, sag.version + 1)


def test_a_document_becomes_an_act_of_the_case() -> None:
    """The event has name, type, size and hash; the fold keeps them with the act that it is about; GetPDF fetches it."""
    udfald = given([OPRET]).when(TILFOEJ)
    assert udfald.haendelser == (h.DokumentTilfoejet(et_id("ansoegning"), NAVN, "application/pdf", 52_000, "ab" * 32),)
    sag = udfald.ok()
    (dokument,) = sag.dokumenter
    assert (dokument.id, dokument.vedroerer, dokument.version) == (et_id("dokument"), et_id("ansoegning"), 2)
    assert (slags(sag, et_id("dokument")), aktens_metode(sag, et_id("dokument"))) == ("Dokument", "GetPDF")


def test_a_document_is_about_an_act_of_the_case_that_is_no_document() -> None:
    """An unknown act, and another document, are refused; so is an id that is taken."""
    given([OPRET]).when(an_action("TilfoejDokument", vedroerer=et_id("ukendt"))).naegtet(9604)
    given([OPRET, TILFOEJ]).when(an_action("TilfoejDokument", "andet", vedroerer=et_id("dokument"))).naegtet(9605)
    given([OPRET, TILFOEJ]).when(TILFOEJ).naegtet(9606)


def test_a_document_that_the_store_does_not_have_so_is_refused() -> None:
    """Not uploaded, or with another size or type: each with its code and its field."""
    intet, andet = OPSLAG._replace(dokument=None), OPSLAG._replace(dokument=Uploadet(51_999, "text/plain"))
    assert [f.felt for f in given([OPRET], intet).when(TILFOEJ).naegtet(9631)] == ["data.sha256"]
    assert [f.felt for f in given([OPRET], andet).when(TILFOEJ).naegtet(9632, 9632)] == ["data.stoerrelse", "data.mimetype"]


@pytest.mark.parametrize(
    ("data", "kode", "felt"),
    [
        ({"navn": "../../etc/passwd"}, 9504, "data.navn"),
        ({"navn": "a\\b.pdf"}, 9504, "data.navn"),
        ({"navn": "a\nb.pdf"}, 9504, "data.navn"),
        ({"navn": "."}, 9504, "data.navn"),
        ({"navn": ".."}, 9504, "data.navn"),
        *(({"navn": f"regning{chr(tegn)}fdp.exe"}, 9504, "data.navn") for tegn in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
        ({"navn": ""}, 9505, "data.navn"),
        ({"navn": "x" * 201}, 9505, "data.navn"),
        ({"navn": "<script>.pdf"}, 4933, "data.navn"),
        ({"mimetype": "text/html"}, 9508, "data.mimetype"),
        ({"stoerrelse": 0}, 9510, "data.stoerrelse"),
        ({"stoerrelse": 2**31}, 9510, "data.stoerrelse"),
        ({"stoerrelse": "10"}, 9503, "data.stoerrelse"),
        ({"sha256": "AB" * 32}, 9504, "data.sha256"),
        ({"sha256": "ab" * 31}, 9504, "data.sha256"),
    ],
)
def test_the_data_of_a_document_are_checked_in_form(data: dict[str, Any], kode: int, felt: str) -> None:
    """Names that are paths, other types, sizes and hashes that cannot be, each with its code and its field."""
    with pytest.raises(Afvisning) as afvist:
        an_action("TilfoejDokument", **data)
    assert (kode, felt) in [(f.kode, f.felt) for f in afvist.value.fejl]


@pytest.mark.parametrize("navn", ["a.pdf", ".a", "..a", "...", "a..", "bilag 1 (kopi).pdf", "æøå", "شهادة.pdf"])
def test_an_ordinary_file_name_is_taken(navn: str) -> None:
    """Dots beside other characters, spaces, and every script."""
    assert an_action("TilfoejDokument", navn=navn).data.navn == navn


def test_a_document_that_does_not_fit_the_case_is_not_folded() -> None:
    """About an act that is not there, about a document, under another act's id."""
    sag = med(a_sag(OPRET), "dokument", "ansoegning")
    for akt, vedroerer in (("ny", "ukendt"), ("ny", "dokument"), ("ansoegning", "ansoegning"), ("dokument", "ansoegning")):
        with pytest.raises(KanIkkeFoldes):
            med(sag, akt, vedroerer)


def test_an_act_s_documents_are_listed_where_the_act_is_shown() -> None:
    """An assessment's with the application, a fleksjob's termination's with its grant, everything else with the act itself."""
    sag = a_sag(*fleksjob(an_action("OvertagVurdering"), FLEKSBEVILLING, an_action("RegistrerOphoer")))
    for akt, vedroerer in (("et", "ansoegning"), ("to", "vurdering"), ("tre", "ophoer")):
        sag = med(sag, akt, vedroerer)
    assert [d["eksternIdentifier"] for d in pdf.liste(sag, et_id("ansoegning"))] == [et_id("et"), et_id("to")]
    assert [d["eksternIdentifier"] for d in pdf.liste(sag, et_id("bevilling"))] == [et_id("tre")]
    loentilskud = a_sag(*BEVILGET, an_action("RegistrerOphoer"))
    sag = med(med(loentilskud, "et", "bevilling"), "to", "ophoer")
    assert [d["eksternIdentifier"] for d in pdf.liste(sag, et_id("bevilling"))] == [et_id("et")]
    assert [d["link"] for d in pdf.liste(sag, et_id("ophoer"))] == [f"/v1/Loentilskud/GetPDF/{et_id('to')}"]
    assert pdf.liste(sag, et_id("ansoegning")) == []


def test_a_document_is_told_of_as_what_it_is_about() -> None:
    """GetPDF of the document, subskabelon of its act, a creation; and a move tells the receiver of it too."""
    foer = a_sag(*BEVILGET)
    haendelse = tilfoejet(foer, "dokument", "bevilling")
    efter = evolve(foer, haendelse)
    (udkast,) = notificer(foer, haendelse, efter)
    assert (udkast.getMetode, udkast.eksternIdentifier, udkast.subskabelon, udkast.erOprettelse) == (
        "GetPDF",
        et_id("dokument"),
        9104,
        True,
    )
    assert udkast.link == f"/v1/Loentilskud/GetPDF/{et_id('dokument')}?version={efter.version}"
    flyt = an_event(h.SagFlyttet(efter.jobCenterKode, "75100"), "bevilling", efter.version + 1)
    modtager = [(u.getMetode, u.erOprettelse) for u in notificer(efter, flyt, evolve(efter, flyt)) if u.jobCenterKode == "75100"]
    assert ("GetPDF", True) in modtager
