"""What the ledger says of an action that is well-formed and fits its case, and still cannot be kept."""

from hub.domain.fejlkoder import Fejlkode, Fejltekst

HOVEDBOGSFEJL: dict[Fejlkode, Fejltekst] = {
    Fejlkode.ANDEN_KROP: Fejltekst(
        412, "Anmodningens id er allerede brugt til en anden handling.", "The request id was used for another action."
    ),
    Fejlkode.SAGEN_ER_AENDRET: Fejltekst(
        409,
        "Sagen er ændret siden den version, handlingen bygger på.",
        "The case has changed since the version that the action builds on.",
    ),
    Fejlkode.KAN_IKKE_GEMMES: Fejltekst(
        422,
        "Handlingen kan ikke gemmes som hændelse; den er for stor eller har en ugyldig værdi.",
        "The action cannot be kept as an event: it is too large or has a value that does not fit.",
    ),
    Fejlkode.KAN_IKKE_FOLDES: Fejltekst(
        409,
        "Handlingen strider mod sagen på en måde, som ingen anden fejl beskriver, og er ikke gemt.",
        "The action contradicts the case in a way that no other error describes; it was not kept.",
    ),
}
"""Code → status and texts. That a request id used before is 412 is STAR's."""
