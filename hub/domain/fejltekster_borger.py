"""What the hub says of a citizen's new CPR number; the one that is not the citizen's current one is STAR's 9460."""

from hub.domain.fejlkoder import Fejlkode, Fejltekst

BORGERFEJL: dict[Fejlkode, Fejltekst] = {
    Fejlkode.UKENDT_BORGER: Fejltekst(
        404, "Ingen borger i huben har eller har haft det personnummer.", "No citizen in the hub has or had that civil registration number."
    ),
    Fejlkode.SAMME_PERSONNUMMER: Fejltekst(
        422, "Det nye personnummer er det samme som det gamle.", "The new civil registration number is the same as the old one."
    ),
    Fejlkode.PERSONNUMMER_OPTAGET: Fejltekst(
        409, "Det nye personnummer tilhører en anden borger.", "The new civil registration number is another citizen's."
    ),
    Fejlkode.FOR_MANGE_SAGER: Fejltekst(
        409,
        "Borgeren har flere end {hoejst} sager; så mange kan ikke skifte personnummer på én gang.",
        "The citizen has more than {hoejst} cases, which cannot change their number at once.",
    ),
    Fejlkode.INTET_PERSONNUMMER: Fejltekst(
        422,
        "Nullerne står for et ukendt personnummer og er ikke nogen borgers.",
        "The zeros stand for an unknown civil registration number and are nobody's.",
    ),
}
"""Code → status and texts."""
