"""Where each field of the documents comes from, and what it says: OpenAPI and docs/document-fields.md read it here.

The sources are STAR's and VITAS's public pages, the VITAS 2025-3 release note by its section, and the hub's own choice where neither says
(domain-facts 1.6). What a page names in English or shows the head of only has its Danish name here from us.
"""

from typing import NamedTuple

OFFENTLIG, EGEN = "public", "own"


class Dokumentfelt(NamedTuple):
    """A field: its source (`public`, `release note 2.2`, `own`), and what it says."""

    kilde: str
    tekst: str


def _note(afsnit: str, tekst: str) -> Dokumentfelt:
    return Dokumentfelt(f"release note {afsnit}", tekst)


def _offentlig(tekst: str) -> Dokumentfelt:
    return Dokumentfelt(OFFENTLIG, tekst)


def _egen(tekst: str) -> Dokumentfelt:
    return Dokumentfelt(EGEN, tekst)


_HOVED = {
    "sagsId": _egen("The case."),
    "eksternIdentifier": _offentlig("The act, as notifications name it."),
    "vitasSagsnummer": _offentlig("The case's number in VITAS."),
    "vitasUrl": _offentlig("The address of the case's page in VITAS, as its first action had it; null when that had none."),
    "version": _egen("The case's version that is shown."),
    "ordning": _offentlig("The scheme."),
    "registreringstidspunkt": _offentlig("When the hub recorded that version."),
    "haendelsestidspunkt": _offentlig("When the act happened."),
    "jobCenterKode": _offentlig("The jobcentre that owns the case."),
    "team": _note("1.6", "The team that has the case."),
    "ansvarligMedarbejder": _offentlig("The caseworker who has the case."),
    "indhentetAfAndenAktoer": _offentlig("Whether a contractor has the case."),
    "andenAktoer": _offentlig("The contractor."),
    "ansoegningStatus": _offentlig("The application's status; the codes are the hub's own."),
    "bevillingsstatus": _offentlig("The grant's status; the codes are the hub's own."),
    "virksomhed": _offentlig("The company."),
    "virksomhed.cvrNummer": _offentlig("Its CVR number."),
    "virksomhed.pNummer": _offentlig("Its place of work."),
    "virksomhed.ansvarligKontaktperson": _offentlig("Who answers for the application; served with it alone (R-2.4)."),
    "virksomhed.kontaktpersonPaaArbejdsstedet": _note("2.4", "Who to contact at the place of work."),
    "virksomhed.medarbejderrepraesentant": _offentlig("The employees' representative, who signs too."),
    "borger": _offentlig("The citizen."),
    "borger.personnummer": _offentlig("The civil registration number now."),
    "borger.navn": _egen("The citizen's name."),
    "dokumenter": _egen("The act's documents, each fetched with GetPDF."),
    "personoplysningerSlettet": _egen("A key is erased: what it sealed shows as null."),
}
_ANSOEGNING = {
    "ansoegtPeriode": _egen("The period applied for; of an extension its end alone."),
    "underskrevetAf": _egen("Who has signed."),
    "afgoerelsesdato": _offentlig("When the application was decided."),
    "tekst": _note("3.4", "The text that a rejection was sent with; of other acts, what was said."),
    "tekstversion": _note("3.4", "The version of that text."),
    "oeremaerket": _offentlig("Whether the company has found the citizen itself."),
    "antalAnsatteSenesteMaaned": _note("3.2", "Employees in the last month, per requirement; null is unknown, which is not 0."),
    "konfliktramt": _note("2.1", "Whether the company was in a labour conflict when the application was made."),
    "konfliktOprindelse": _note("2.1", "Who said so: Styrelsen or Virksomheden."),
    "konfliktKommentar": _note("2.1", "Which trades the conflict is about."),
    "konfliktBesked": _note("2.1", "The message to show, once the employer has signed."),
    "vurdering": _egen("The fleksjob's assessment, which has no GetMetode of its own."),
    "vurdering.vurderingIdentifier": _egen("The assessment."),
    "vurdering.ansvarligMedarbejder": _note("4.1", "Who is responsible for it."),
    "vurdering.arbejdsintensitetPct": _note("4.2", "The work intensity, an exact decimal."),
    "vurdering.afgjort": _egen("Whether it is decided."),
    "ansatte": _note("4.3", "Employees who go on a course, each with whether the entry is complete."),
    "kurser": _note("4.3", "The courses, each with whether the entry is complete."),
    "vikarer": _note("4.3", "The substitutes, each with whether the entry is complete."),
}
_BEVILLING = {
    "status": _egen("The act's own status."),
    "annulleretAf": _note("2.2", "The termination that annulled the act; null: none did."),
    "bevilgetPeriode": _note("2.2", "The act's period as granted, both days inclusive."),
    "gaeldendePeriode": _note("2.2", "The part of it that is in force; null: nothing is."),
    "oprindeligSlutdato": _note("2.2", "The end as first granted; never changes."),
    "slutdatoFoerOphoer": _note("2.2", "The end that was in force before the termination that stands."),
    "aktuelSlutdato": _note("2.2", "The end in force now."),
    "bevillingIdentifier": _egen("The grant that the act belongs to."),
    "arbejdstid": _note("2.5", "Weekly hours, raised to the next quarter."),
    "timeTilskudsatsType": _note("3.6", "The rate in force on the act's own start."),
    "timeTilskudsatsBeskrivelse": _note("3.6", "The rate in words."),
    "nemRefusionLink": _note("3.5", "The form with which the subsidy is asked for."),
    "ansaettelsesbrevGaelderFortsat": _offentlig("Whether the letter of employment still holds."),
    "stopdato": _note("2.2", "The termination's last day."),
    "aarsag": _egen("Why it ended."),
    "modtagetStoetteSeneste12Mdr": _offentlig("Subsidy received in the last twelve months, kroner, exact."),
    "loenudgiftSeneste12Mdr": _offentlig("Wages paid in the last twelve months, kroner, exact."),
}
_VILKAAR = {
    "mentortype": _note("5.1", "34 or 35; null where it is a subsidy for education."),
    "tilskudTilUddannelse": _note("5.1", "Whether it is a subsidy for the mentor's education."),
    "mentorfunktion": _note("5.2", "What the mentor does: at most 2000 characters, and whether that is all."),
    "antalAssistenter": _offentlig("How many assistants."),
    "art": _offentlig("The kind of assistance."),
    "arttype": _offentlig("The type of that kind."),
    "timepris": _offentlig("Kroner an hour, exact."),
    "pristypeTimer": _offentlig("What the price per hour is for."),
    "prisAndet": _offentlig("Another price, kroner, exact."),
    "pristypeAndet": _offentlig("What the other price is for."),
    "tilbudsnummer": _offentlig("The offer's number."),
    "funktionsnedsaettelse": _offentlig("The impairment."),
    "beskedTilVirksomhed": _note("5.3", "The message to the company."),
    "hjaelpemiddel": _egen("The aid: its kind, price and description."),
    "tilSagsId": _egen("The case that it adds to, when known."),
    "underskrevetTidspunkt": _note("3.7", "When the employer signed, with an attachment too."),
    "underskrevetMedBilag": _note("3.7", "Whether it was signed with an attachment."),
}
_DOKUMENT = {
    "vedroerer": _egen("The act that the document is about."),
    "navn": _egen("Its file name."),
    "mimetype": _egen("Its media type."),
    "stoerrelse": _egen("Its bytes."),
    "sha256": _egen("The SHA-256 of its bytes."),
    "indhold": _egen("What it holds, in base64."),
}
FELTER: dict[str, Dokumentfelt] = _HOVED | _ANSOEGNING | _BEVILLING | _VILKAAR | _DOKUMENT
"""Path in a document → the field. A new field is a row here; a test asks that every one is."""
YDRE = frozenset(sti.partition(".")[0] for sti in FELTER if "." in sti)
"""The fields whose own fields have rows too."""
