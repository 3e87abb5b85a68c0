"""Every open string of every published schema is of a closed form, made by the hub, or refuses a CPR number at the door."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from byggere import raa
from pydantic_core import PydanticCustomError

from hub.domain.fejl import Afvisning
from hub.domain.felter import uden_personnummer
from hub.domain.handlinger import AktoerIn, laes_handling
from hub.domain.matrix import FOEDES_VED
from hub.domain.personnummerskift import laes_personnummerskift
from hub.domain.reference_handlinger import REFERENCEHANDLINGER, laes_reference
from hub.events.avrotyper import Node, udfoldet
from hub.events.schemas import Skemaregister

CPR = "0101901234"
I_TEKST = ("010190-1234", CPR, f"nr.{CPR}.a", "cpr010190-1234x")
FRA_HUBBEN = {
    "kuvert.korrelationsId": "the request id",
    "konfliktKilde": "where the hub looked it up",
    "konfliktOprindelse": "a word of the hub's",
    "rettede": "names of fields",
    "sats.beskrivelse": "SatsRegistreret's, or in the code",
    "sats.raekke": "the row looked up",
    "tekstKilde": "the row looked up",
    "afgivendeJobCenterKode": "the case's",
    "getMetode": "a code list",
    "link": "the base address in the settings and the ids",
    "slags": "fejl or venter",
    "sagsId": "a case's id, which the hub found among its own",
    "valg": "times, numbers or a case's id",
    "fejl": "the error's class, and texts of our own",
    "stroem": "the record's key on the log",
    "hvem": "the operator's name on the machine, or the hub's own",
}
"""Open field → why nothing that somebody typed freely comes into it."""


AABNERE = ("Loentilskud", "Mentor", "Igu", "Tillaegsbevilling")
"""A scheme of each action that opens cases."""
MED_MEDARBEJDER = ("TildelSag", "OvertagSag", "SendKladde", "OvertagVurdering")


class Doer(NamedTuple):
    """An action that fills an open field, and the field's path at the door."""

    handling: str
    sti: str
    ordning: str = "Loentilskud"
    ciffre: bool = False
    """Ten digits are right for this one: a number of its own kind, which may look like a CPR number by chance."""
    form: str = "{}"
    """What the text stands in."""


DOERE: dict[str, tuple[Doer, ...]] = {
    "kuvert.aktoer.id": (Doer("TildelSag", "aktoer.id"),),
    "kuvert.aktoer.navn": (Doer("TildelSag", "aktoer.navn"),),
    "kuvert.aktoer.type": (Doer("TildelSag", "aktoer.type"),),
    "kuvert.aktoer.organisationskode": (Doer("TildelSag", "aktoer.organisation.kode"),),
    "kuvert.aktoer.organisationstype": (Doer("TildelSag", "aktoer.organisation.type"),),
    "ansatteRimelighedskrav": (Doer("OpretAnsoegning", "data.antalAnsatteSenesteMaaned.rimelighedskrav"),),
    "ansatteMerbeskaeftigelseskrav": (Doer("RetAnsoegning", "data.antalAnsatteSenesteMaaned.merbeskaeftigelseskrav"),),
    "vitasSagsnummer": (Doer("OpretAnsoegning", "vitasSagsnummer"), Doer("UdstedBevilling", "vitasSagsnummer", "Mentor")),
    "vitasUrl": tuple(Doer(FOEDES_VED[o], "vitasUrl", o, form="https://vitas.example/sag/{}") for o in AABNERE),
    "ordning": (Doer("OpretAnsoegning", "ordning"),),
    "jobCenterKode": (Doer("OpretAnsoegning", "jobCenterKode"),),
    "cvrNummer": (Doer("OpretAnsoegning", "data.virksomhed.cvrNummer"),),
    "pNummer": (Doer("OpretAnsoegning", "data.virksomhed.pNummer", ciffre=True),),
    "ugentligArbejdstid": (Doer("OpretAnsoegning", "data.ugentligArbejdstid"), Doer("RetAnsoegning", "data.ugentligArbejdstid")),
    "team": (Doer("TildelSag", "data.team"), Doer("SendKladde", "data.team")),
    "medarbejderNavn": tuple(Doer(navn, "data.medarbejder.navn") for navn in MED_MEDARBEJDER),
    "medarbejderEmail": tuple(Doer(navn, "data.medarbejder.email", form="sb-{}@jobcenter.example") for navn in MED_MEDARBEJDER),
    "andenAktoerCvrNummer": (Doer("SendTilAndenAktoer", "data.andenAktoer.cvrNummer"),),
    "andenAktoerPNummer": (Doer("SendTilAndenAktoer", "data.andenAktoer.pNummer", ciffre=True),),
    "tekstversion": (Doer("GodkendAnsoegning", "data.tekstversion"), Doer("AfvisAnsoegning", "data.tekstversion")),
    "modtagendeJobCenterKode": (Doer("FlytSag", "data.modtagendeJobCenterKode"),),
    "underskriver": (Doer("UnderskrivAnsoegning", "data.underskriver"),),
    "af": (Doer("GodkendBevilling", "data.af"), Doer("AfvisBevilling", "data.af")),
    "arbejdsintensitetPct": (Doer("AfgoerVurdering", "data.arbejdsintensitetPct"),),
    "ansatte.kursus": (Doer("OpretAnsoegning", "data.ansatte.0.kursus", "Jobrotation"),),
    "kurser.nr": (Doer("OpretAnsoegning", "data.kurser.0.nr", "Jobrotation"),),
    "kurser.navn": (Doer("OpretAnsoegning", "data.kurser.0.navn", "Jobrotation"),),
    "vikarer.ugentligArbejdstid": (Doer("OpretAnsoegning", "data.vikarer.0.ugentligArbejdstid", "Jobrotation"),),
    **{
        f"assistance.{navn}": (Doer("UdstedBevilling", f"data.{navn}", "PersonligAssistance", navn.startswith(("timepris", "prisA"))),)
        for navn in ("art", "arttype", "timepris", "pristypeTimer", "prisAndet", "pristypeAndet", "tilbudsnummer")
    },
    "hjaelpemiddel.art": (Doer("UdstedBevilling", "data.hjaelpemiddel.art", "Hjaelpemiddel"),),
    "hjaelpemiddel.beloeb": (Doer("UdstedBevilling", "data.hjaelpemiddel.beloeb", "Hjaelpemiddel", ciffre=True),),
    "modtagetStoetteSeneste12Mdr": (Doer("RegistrerOphoer", "data.modtagetStoetteSeneste12Mdr", ciffre=True),),
    "loenudgiftSeneste12Mdr": (Doer("RetOphoer", "data.loenudgiftSeneste12Mdr", ciffre=True),),
    "type": (Doer("UdstedTillaegsbevilling", "data.type", "Tillaegsbevilling"),),
    "mimetype": (Doer("TilfoejDokument", "data.mimetype"),),
    "sha256": (Doer("TilfoejDokument", "data.sha256"),),
    "fagomraader": (Doer("RegistrerKonflikt", "fagomraader.0"),),
    "navn": (Doer("RegistrerSats", "navn"), Doer("RegistrerKode", "navn")),
    "beskrivelse": (Doer("RegistrerSats", "beskrivelse"), Doer("RegistrerKode", "beskrivelse")),
    "liste": (Doer("RegistrerKode", "liste"),),
    "tekst": (Doer("RegistrerAfslagstekst", "tekst"),),
}
"""Open field → where what is in it is given. `kuvert.requestId` and `hvorfor` have tests of their own."""
EGNE_TESTS = {"kuvert.requestId", "hvorfor"}
SKIFT = {"gammelt": "0101901111", "nyt": "0202902222"}
AKTOER = AktoerIn(type="System", id="VITAS")


def _strenge(node: Node, sti: str, segl: str) -> Iterator[str]:
    """The paths of the open strings of a schema, without those that are uuids."""
    if node["type"] == "string" and node.get("logicalType") != "uuid" and segl == "aaben":
        yield sti
    for gren in (*node.get("grene", ()), *((node["items"],) if node["type"] == "array" else ())):
        yield from _strenge(gren, sti, segl)
    for felt in node.get("fields", ()):
        yield from _strenge(felt["node"], f"{sti}.{felt['name']}".lstrip("."), felt["segl"])


def _afvist(doer: Doer, tekst: str) -> list[int | str]:
    """The codes of what the action is refused for at the field when the text stands there."""
    try:
        if doer.handling in REFERENCEHANDLINGER:
            laes_reference(doer.handling, _med({}, doer.sti.split("."), tekst), AKTOER, "12345678")
        else:
            handling = raa(doer.handling, ordning=doer.ordning)
            handling["aktoer"]["organisation"] = {"type": "Jobcenter", "kode": "10100"}
            laes_handling(_med(handling, doer.sti.split("."), tekst))
    except Afvisning as afvisning:
        return [f.kode for f in afvisning.fejl if f.felt == doer.sti]
    return []


def _med(obj: Any, sti: list[str], tekst: str) -> Any:
    """The object with the text at the path."""
    if not sti:
        return tekst
    if sti[0].isdigit():
        return [_med(obj[0] if obj else {}, sti[1:], tekst), *(obj or ())[1:]]
    return {**(obj or {}), sti[0]: _med((obj or {}).get(sti[0]), sti[1:], tekst)}


def test_every_open_string_of_every_schema_is_accounted_for(register: Skemaregister) -> None:
    """Newest versions: each such field is in one of the tables, and each row of them is such a field."""
    nyeste = [register.nyeste(subject.removeprefix("dk.vitas.hub.")) for subject in register.subjects()]
    fundne = {sti for skema in nyeste for sti in _strenge(udfoldet(skema.skema), "", "aaben")}
    kendte = [*FRA_HUBBEN, *DOERE, *EGNE_TESTS]
    reference = {"kuvert.sagsId", "kuvert.eksternIdentifier"}
    assert fundne - reference == set(kendte) and len(kendte) == len(set(kendte))


@pytest.mark.parametrize("doer", [d for doere in DOERE.values() for d in doere], ids=lambda d: f"{d.handling}.{d.sti}")
def test_an_open_field_takes_no_cpr_number(doer: Doer) -> None:
    """Neither with the hyphen nor without, alone or in a text; ten digits alone are a P-number or an amount in kroner."""
    assert [_afvist(doer, doer.form.format(tekst)) != [] for tekst in I_TEKST] == [True, not doer.ciffre, True, True]


@pytest.mark.parametrize("slags", ["Sagsbehandler", "System", "Styrelsen"])
@pytest.mark.parametrize("felt", ["id", "navn"])
def test_everybody_at_work_is_named_without_a_cpr_number(slags: str, felt: str) -> None:
    """9754 at the field, whoever of the three it is, also in a change of CPR number."""
    aktoer = {"type": slags, "id": "x", felt: f"Sag {CPR}"}
    for laes in (lambda: laes_handling(raa("TildelSag") | {"aktoer": aktoer}), lambda: laes_personnummerskift({**SKIFT, "aktoer": aktoer})):
        with pytest.raises(Afvisning) as afvist:
            laes()
        assert [(f.kode, f.felt) for f in afvist.value.fejl] == [(9754, f"aktoer.{felt}")]


@pytest.mark.parametrize("slags", ["Virksomhed", "Borger", "AndenAktoer"])
def test_who_is_not_at_work_may_be_named_as_they_are(slags: str) -> None:
    """Their id and name are sealed: a name of any kind is taken."""
    handling = raa("TildelSag") | {"aktoer": {"type": slags, "id": CPR, "navn": CPR}}
    assert laes_handling(handling).aktoer.id == CPR


@pytest.mark.parametrize(
    "tekst",
    [
        "CVR:12345678-UUID:a1010112-1234-4123-8123-010190123456",
        "0a010190-1234-4123-8123-0123456789ab",
        "CVR:30808460-RID:1205103861",
        "CVR:30808460-FID:0101901234",
        "9d0101901234e5f60718293a4b5c6d7e",
        "20250915100000",
        "V-2025-0101901",
        "Team 010190",
        "+4501019012",
        "3201901234",
        "0113901234",
        "31-12-2025-1234",
        "2025-01-10-1234",
        "10.10.2025 1530",
        "12 10 44 55 66",
        "010190   -   1234 er for langt fra hinanden",
        "010190\n5000 Odense C",
        "01-01.90-1234",
    ],
)
def test_what_only_looks_like_one_by_chance_is_taken(tekst: str) -> None:
    """In uuids, hashes and numbers of certificates, among more digits, fewer digits, and with no such day."""
    assert uden_personnummer(tekst) == tekst


@pytest.mark.parametrize(
    "tekst",
    [
        "010190\u20131234",
        "010190\u20141234",
        "010190\u20111234",
        "010190\u22121234",
        "010190\u00a01234",
        "010190\u202f1234",
        "010190  1234",
        "010190 - 1234",
        "010190.1234",
        "01-01-90-1234",
        "01.01.90-1234",
        "01 01 90 1234",
        "01\u201301\u201390\u20131234",
        "010190\u200b1234",
        "010190\u00ad-1234",
        "\uff10\uff11\uff10\uff11\uff19\uff10-1234",
        "Kontakt (010190\u00a0\u20131234) om sagen",
    ],
)
def test_a_cpr_number_is_seen_however_it_is_written(tekst: str) -> None:
    """Other dashes and spaces, two of them, none that shows, a dot, the date in parts, wide digits: refused as the plain number is."""
    with pytest.raises(PydanticCustomError):
        uden_personnummer(tekst)
