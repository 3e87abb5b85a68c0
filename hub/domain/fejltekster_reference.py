"""What the door says of an action on a reference stream: conflicts, rates, rejection texts, code lists."""

from hub.domain.fejlkoder import Fejlkode, Fejltekst

REFERENCEFEJL: dict[Fejlkode, Fejltekst] = {
    Fejlkode.AFSLAGSTEKST_UKENDT: Fejltekst(
        409,
        "Afslagstekstens version er ikke registreret for ordningen {ordning}; registrerede er {versioner}.",
        "The version of the rejection text is not registered for the scheme {ordning}; registered are {versioner}.",
    ),
    Fejlkode.KONFLIKT_IKKE_REGISTRERET: Fejltekst(
        404, "Virksomheden er ikke registreret som konfliktramt.", "The company is not registered as in conflict."
    ),
    Fejlkode.TOM_GYLDIGHED: Fejltekst(
        422,
        "Slutdatoen er den første dag, rækken ikke gælder, og skal ligge efter startdatoen.",
        "The end is the first day on which the row is not valid and must be after the start.",
    ),
    Fejlkode.LOVHENVISNING: Fejltekst(
        422,
        "Satsens tekst må ikke henvise til en lov fra før 1. januar 2020: ingen paragraffer og kapitler, og en lov kun med et år fra 2020.",
        "A rate's text refers to no law from before 1 January 2020: no paragraphs or chapters, and a law only with a year from 2020 on.",
    ),
    Fejlkode.PERSONNUMMER_I_TEKST: Fejltekst(
        422,
        "Teksten ser ud til at indeholde et personnummer; den kan læses af alle.",
        "The text seems to hold a civil registration number; everybody can read it.",
    ),
    Fejlkode.REGISTER_FULDT: Fejltekst(
        409, "Listen har allerede {hoejst} rækker og kan ikke få flere.", "The list has {hoejst} rows already and takes no more."
    ),
    Fejlkode.SATS_FINDES_IKKE: Fejltekst(422, "Ingen ordning har tilskudssatsen {sats}.", "No scheme has the rate {sats}."),
    Fejlkode.FORKERT_ANTAL: Fejltekst(
        422, "Listen skal have fra {mindst} til {hoejst} led.", "The list must have from {mindst} to {hoejst} items."
    ),
}
"""Code → status and texts."""
