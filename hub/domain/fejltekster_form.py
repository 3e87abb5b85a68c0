"""What the door says of an action that is malformed."""

from hub.domain.fejlkoder import Fejlkode, Fejltekst

FORMFEJL: dict[Fejlkode, Fejltekst] = {
    Fejlkode.SLUT_FOER_START: Fejltekst(
        422, "Slutdatoen ligger før startdatoen. {datoer}", "The end is before the start. {datoer}", "STAR"
    ),
    Fejlkode.HTML_I_TEKST: Fejltekst(422, "Teksten må ikke indeholde html-tags.", "The text may not contain html tags.", "STAR"),
    Fejlkode.IKKE_GAELDENDE_CPR: Fejltekst(
        409,
        "Der kan ikke registreres på et personnummer, som ikke er gældende.",
        "The civil registration number is not the current one.",
        "STAR",
    ),
    Fejlkode.MANGLER: Fejltekst(422, "Feltet skal udfyldes.", "The field is required."),
    Fejlkode.UKENDT_FELT: Fejltekst(422, "Feltet findes ikke.", "The field is unknown."),
    Fejlkode.FORKERT_TYPE: Fejltekst(
        422, "Feltet har en forkert type; det skal være {type}.", "The field has the wrong type; it must be {type}."
    ),
    Fejlkode.FORKERT_FORMAT: Fejltekst(422, "Feltet skal være {format}.", "The field must match {moenster}."),
    Fejlkode.FORKERT_LAENGDE: Fejltekst(
        422, "Teksten er på {laengde} tegn; den skal være på {graense} tegn.", "The text has {laengde} characters; {limit} are allowed."
    ),
    Fejlkode.IKKE_EN_DATO: Fejltekst(
        422,
        "Feltet skal være en dato, der findes, skrevet ÅÅÅÅ-MM-DD, fra år 1900 til 2199.",
        "The field must be a real date, YYYY-MM-DD, from 1900 to 2199.",
    ),
    Fejlkode.IKKE_ET_TIDSPUNKT: Fejltekst(
        422,
        "Feltet skal være et tidspunkt med tidszone, fx 2025-09-15T10:00:00+02:00.",
        "The field must be a time with an offset, e.g. 2025-09-15T10:00:00+02:00.",
    ),
    Fejlkode.UKENDT_VAERDI: Fejltekst(422, "Feltet skal have en af værdierne {vaerdier}.", "The field must be one of {vaerdier}."),
    Fejlkode.UKENDT_KOMMUNE: Fejltekst(
        422, "Jobcenterkodens tre første cifre er ikke en kommune.", "The jobcentre code's first three digits are no kommune."
    ),
    Fejlkode.UDEN_FOR_GRAENSEN: Fejltekst(
        422, "Tallet skal være fra {mindst} til {hoejst}.", "The number must be from {mindst} to {hoejst}."
    ),
    Fejlkode.UKENDT_HANDLING: Fejltekst(422, "Handlingen findes ikke.", "The action is unknown."),
    Fejlkode.I_FREMTIDEN: Fejltekst(422, "Hændelsestidspunktet ligger i fremtiden.", "The time of the event is in the future."),
    Fejlkode.INTET_AT_RETTE: Fejltekst(422, "Mindst ét felt skal angives.", "At least one field must be given."),
    Fejlkode.KONTROLTEGN: Fejltekst(422, "Teksten må ikke indeholde kontroltegn.", "The text may not contain control characters."),
    Fejlkode.KUN_FOERSTE_HANDLING: Fejltekst(
        422, "Feltet hører kun til sagens første handling.", "The field belongs to the first action of a case only."
    ),
    Fejlkode.FORKERT_FOERSTE_HANDLING: Fejltekst(
        422, "Ordningen {ordning} åbner sine sager med {foerste}.", "A case of the scheme {ordning} is opened by {foerste}."
    ),
    Fejlkode.BORGER_UDEN_ORGANISATION: Fejltekst(
        422, "En borger handler ikke for en organisation.", "A citizen does not act for an organisation."
    ),
    Fejlkode.HOERER_IKKE_TIL_TYPEN: Fejltekst(
        422, "Feltet findes ikke for en tillægsbevilling af typen {type}.", "A supplementary grant of type {type} does not have the field."
    ),
    Fejlkode.HOERER_IKKE_TIL_ORDNINGEN: Fejltekst(
        422, "Feltet findes ikke for ordningen {ordning}.", "The scheme {ordning} does not have the field."
    ),
}
"""Code → status and texts; all 422, but for a civil registration number that is not the current one."""
