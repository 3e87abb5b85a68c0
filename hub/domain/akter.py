"""The acts of a case by their ids: of which kind each is, and which act's document shows it."""

from hub.domain.matrix import AKTENS_METODE, har
from hub.domain.sag import Akt, Sag, find_forloeb
from hub.domain.tillaegstyper import TILLAEGETS_METODE


def slags(sag: Sag, akt_id: str) -> str | None:
    """The kind of the act `akt_id` on the case; None: the case has no such act."""
    for navn, akter in akter_efter_slags(sag):
        if any(akt.id == akt_id for akt in akter):
            return navn
    return None


def vist_med(sag: Sag, akt_id: str) -> str | None:
    """The act whose GetMetode shows the act `akt_id`: itself, else the one that holds it; None: the case has no such act.

    An assessment is part of the application; a fleksjob's termination is told with its grant, an agreement's with the agreement.
    """
    art = slags(sag, akt_id)
    if art == "Vurdering" and sag.ansoegning is not None:
        return sag.ansoegning.id
    if art is None or har(sag.ordning, AKTENS_METODE.get(art, "")):
        return akt_id if art is not None else None
    forloeb = find_forloeb(sag, akt_id)
    return forloeb.id if forloeb is not None else akt_id


def aktens_metode(sag: Sag, akt_id: str) -> str | None:
    """The GetMetode that fetches the act `akt_id` itself; None: the scheme has none for it."""
    art = slags(sag, akt_id)
    tillaeg = next((t for t in sag.tillaegsbevillinger if t.id == akt_id), None)
    metode = AKTENS_METODE.get(art or "") if tillaeg is None else TILLAEGETS_METODE[tillaeg.type]
    return metode if metode is not None and har(sag.ordning, metode) else None


def akter_efter_slags(sag: Sag) -> list[tuple[str, tuple[Akt, ...]]]:
    """Every act of the case by its kind, the name of its class. A further kind is a row here."""
    aftaler = () if sag.aftale is None else (sag.aftale,)
    ejere = (*sag.bevillinger, *aftaler)
    return [
        ("Ansoegning", () if sag.ansoegning is None else (sag.ansoegning,)),
        ("Vurdering", sag.vurderinger),
        ("Bevilling", sag.bevillinger),
        ("Aftale", aftaler),
        ("Forlaengelse", tuple(f for b in sag.bevillinger for f in b.forlaengelser)),
        ("Ophoer", tuple(o for ejer in ejere for o in ejer.ophoer)),
        ("Tillaegsbevilling", sag.tillaegsbevillinger),
        ("Dokument", sag.dokumenter),
    ]
