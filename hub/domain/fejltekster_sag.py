"""What the door says of an action that contradicts its case or a rule."""

from hub.domain.fejlkoder import Fejlkode, Fejltekst

SAGSFEJL: dict[Fejlkode, Fejltekst] = {
    Fejlkode.UKENDT_SAG: Fejltekst(404, "Sagen findes ikke.", "No such case."),
    Fejlkode.SAG_FINDES: Fejltekst(409, "Sagen er allerede oprettet.", "The case exists already."),
    Fejlkode.CELLE_MANGLER: Fejltekst(
        409,
        "Ordningen {ordning} har ikke {getmetode}; handlingen findes ikke for den.",
        "The scheme {ordning} has no {getmetode}; it does not have the action.",
    ),
    Fejlkode.UKENDT_AKT: Fejltekst(
        409, "Sagen har ingen sagsakt med den eksternIdentifier.", "The case has no act with that eksternIdentifier."
    ),
    Fejlkode.ANDEN_SLAGS_AKT: Fejltekst(
        409, "Sagsakten er {er}; handlingen kræver {kraevet}.", "The act is of kind {er}; the action needs {kraevet}."
    ),
    Fejlkode.ID_BRUGT: Fejltekst(
        409, "Sagen har allerede en sagsakt med den eksternIdentifier ({er}).", "The eksternIdentifier is already used on the case ({er})."
    ),
    Fejlkode.AKT_I_ANDEN_SAG: Fejltekst(409, "Sagsakten hører til en anden sag.", "The act belongs to another case."),
    Fejlkode.FORKERT_STATUS: Fejltekst(
        409,
        "Ansøgningen har status '{status}'; handlingen kræver {kraevet}.",
        "The application has status '{status}'; the action needs {kraevet}.",
    ),
    Fejlkode.FORKERT_BEVILLINGSSTATUS: Fejltekst(
        409,
        "Bevillingen har status '{status}'; handlingen kræver {kraevet}.",
        "The grant has status '{status}'; the action needs {kraevet}.",
    ),
    Fejlkode.BEVILLING_STAAR: Fejltekst(
        409, "Sagen har en bevilling, som ikke er afvist. {datoer}", "The case has a grant that is not refused. {datoer}"
    ),
    Fejlkode.INGEN_BEVILLING: Fejltekst(409, "Sagen har ingen bevilling.", "The case has no grant."),
    Fejlkode.BEVILLING_AFVIST: Fejltekst(409, "Bevillingen er afvist. {datoer}", "The grant is refused. {datoer}"),
    Fejlkode.ALLEREDE_GODKENDT: Fejltekst(409, "Bevillingen er allerede godkendt af {af}.", "The grant is approved by {af} already."),
    Fejlkode.GODKENDER_IKKE: Fejltekst(
        409, "Ordningens bevillinger godkendes ikke af {af}.", "The scheme's grants are not approved by {af}."
    ),
    Fejlkode.VIRKSOMHEDEN_FOERST: Fejltekst(
        409, "Virksomheden skal godkende bevillingen før borgeren.", "The company approves the grant before the citizen."
    ),
    Fejlkode.SAMME_JOBCENTER: Fejltekst(
        409, "Sagen hører allerede til jobcenter {jobcenter}.", "The case belongs to jobcentre {jobcenter} already."
    ),
    Fejlkode.IKKE_FLYTTET: Fejltekst(409, "Sagen er ikke flyttet.", "The case has not moved."),
    Fejlkode.ALLEREDE_AFGJORT: Fejltekst(
        409, "Vurderingen er allerede afgjort; genåbn den først.", "The assessment is decided; reopen it first."
    ),
    Fejlkode.IKKE_AFGJORT: Fejltekst(409, "Vurderingen er ikke afgjort.", "The assessment is not decided."),
    Fejlkode.REPRAESENTANT_IKKE_NAEVNT: Fejltekst(
        409, "Ansøgningen nævner ingen medarbejderrepræsentant.", "The application names no employee representative."
    ),
    Fejlkode.ALLEREDE_UNDERSKREVET: Fejltekst(409, "{underskriver} har allerede underskrevet.", "{underskriver} has signed already."),
    Fejlkode.REPRAESENTANT_LAAST: Fejltekst(
        409,
        "En medarbejderrepræsentant kan ikke tilføjes eller fjernes, når nogen har underskrevet.",
        "A representative is neither added nor removed once somebody has signed.",
    ),
    Fejlkode.HANDLING_UDEN_FOR_ORDNINGEN: Fejltekst(
        409, "Ordningen {ordning} har ikke handlingen.", "The scheme {ordning} does not have the action."
    ),
    Fejlkode.DOKUMENT_IKKE_UPLOADET: Fejltekst(
        409, "Dokumentet er ikke i dokumentlageret; upload det først.", "The store does not have the document; upload it first."
    ),
    Fejlkode.DOKUMENT_AFVIGER: Fejltekst(
        409, "Dokumentet i dokumentlageret er et andet, end handlingen siger.", "The document in the store is another than the action says."
    ),
    Fejlkode.KONFLIKT_NEJ: Fejltekst(
        409,
        "Virksomheden er registreret som konfliktramt; 'Nej' kan ikke vælges.",
        "The company is registered as in conflict; 'Nej' is refused.",
    ),
    Fejlkode.KONFLIKT_KOMMENTAR: Fejltekst(
        409,
        "Virksomheden er konfliktramt; de berørte fagområder skal beskrives, før ansøgningen underskrives.",
        "A comment on the affected trades is required before signing.",
    ),
    Fejlkode.KONFLIKT_LAAST: Fejltekst(
        409,
        "Konfliktmarkeringen blev sat ved oprettelsen og kan ikke ændres.",
        "The conflict mark was set at creation and cannot be changed.",
    ),
    Fejlkode.ANSATTE_TRIN: Fejltekst(409, "Du mangler at udfylde data korrekt", "Data are missing or wrong."),
    Fejlkode.ANSATTE_MANGLER: Fejltekst(409, "Mangler at blive udfyldt", "Must be filled in."),
    Fejlkode.GENFREMSEND_STATUS: Fejltekst(
        409,
        "Bevillingen har status '{status}'; den kan kun genfremsendes, mens den har {kraevet}.",
        "The grant has status '{status}'; it is resent only in {kraevet}.",
    ),
    Fejlkode.LISTE_TOM: Fejltekst(409, "Listen skal have mindst ét punkt.", "The list must have at least one entry."),
    Fejlkode.LED_UFULDSTAENDIGT: Fejltekst(409, "Mangler at blive udfyldt", "Must be filled in."),
    Fejlkode.KURSUS_UKENDT: Fejltekst(409, "Kurset står ikke på listen over kurser.", "The course is not in the list of courses."),
    Fejlkode.KURSUS_TO_GANGE: Fejltekst(409, "To kurser på listen har samme nummer.", "Two courses of the list have the same number."),
    Fejlkode.AABEN_BEVILLING: Fejltekst(
        409, "Bevillingen har ingen slutdato og kan ikke forlænges. {datoer}", "The grant is open-ended and cannot be extended. {datoer}"
    ),
    Fejlkode.OPHOER_STAAR: Fejltekst(
        409,
        "Bevillingen er ophørt og kan ikke forlænges; tilbagekald ophøret først. {datoer}",
        "A termination stands; withdraw it first. {datoer}",
    ),
    Fejlkode.FORKERT_START: Fejltekst(
        409,
        "Forlængelsen skal begynde {start}, dagen efter den gældende slutdato. {datoer}",
        "The extension must start on {start}, the day after the end in force. {datoer}",
    ),
    Fejlkode.STOP_FOR_SENT: Fejltekst(
        409, "Stopdatoen må ikke ligge efter {hoejst}. {datoer}", "The stop date may not be later than {hoejst}. {datoer}"
    ),
    Fejlkode.ET_OPHOER: Fejltekst(
        409,
        "Et ophør er allerede registreret; ret eller tilbagekald det. {datoer}",
        "A termination stands; correct or withdraw it. {datoer}",
    ),
    Fejlkode.ANSOEGNING_VERSERER: Fejltekst(
        409, "En ansøgning om forlængelse er allerede under behandling.", "An extension application is pending already."
    ),
    Fejlkode.FORLAENGELSE_AFGJORT: Fejltekst(
        409, "Forlængelsen er allerede {afgjort}. {datoer}", "The extension is already decided. {datoer}"
    ),
    Fejlkode.OPHOER_TILBAGEKALDT: Fejltekst(
        409, "Ophøret er allerede tilbagekaldt. {datoer}", "The termination is withdrawn already. {datoer}"
    ),
    Fejlkode.AFTALE_OPHOERT: Fejltekst(
        409,
        "Aftalen er ophørt og kan ikke rettes; tilbagekald ophøret først. {datoer}",
        "The agreement is terminated and cannot be corrected; withdraw the termination first. {datoer}",
    ),
    Fejlkode.SATS_UKENDT: Fejltekst(
        409, "Tilskudssatsen {sats} findes ikke for ordningen {ordning}.", "The scheme {ordning} has no rate {sats}."
    ),
    Fejlkode.SATS_UGYLDIG: Fejltekst(409, "Tilskudssatsen {sats} gælder ikke den {dag}.", "The rate {sats} is not in force on {dag}."),
    Fejlkode.SATS_RETTES_MED_AKTEN: Fejltekst(
        409,
        "Sagsakten er {er}; dens tilskudssats rettes med {rettes_med}.",
        "The act is of kind {er}; its rate is corrected by {rettes_med}.",
    ),
    Fejlkode.SATS_FOER_BEVILLING: Fejltekst(
        409,
        "Forlængelsen er ikke bevilget; kun en bevilget forlængelses tilskudssats kan rettes.",
        "The extension is not granted; only a granted one's rate is corrected.",
    ),
}
"""Code → status and texts; 409, but for an unknown case (404)."""
