"""What an application must have before it is signed, and still have after a correction (R-2.1, R-3.2, R-4.3)."""

from collections.abc import Iterator
from typing import NamedTuple

from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.jobrotation import Lister, mangler_i
from hub.domain.ordninger import ANSATTE, ANSATTE_TRIN, JOBROTATION
from hub.domain.sag import Ansoegning
from hub.domain.vilkaar import Ansat, Kursus, Vikar

FELT = "data.antalAnsatteSenesteMaaned"


class Fylde(NamedTuple):
    """What the requirements look at. Null employees are unknown, which is not 0 (R-3.2)."""

    ansatteRimelighedskrav: str | None
    ansatteMerbeskaeftigelseskrav: str | None
    konfliktramt: bool
    konfliktKommentarUdfyldt: bool
    ansatte: tuple[Ansat, ...] = ()
    kurser: tuple[Kursus, ...] = ()
    vikarer: tuple[Vikar, ...] = ()


def fylde(ansoegning: Ansoegning) -> Fylde:
    """The application as it stands."""
    return Fylde(*(getattr(ansoegning, navn) for navn in Fylde._fields))


def underskrevet(ansoegning: Ansoegning) -> bool:
    """Whether the employer has signed."""
    return ansoegning.komplet or "Arbejdsgiver" in ansoegning.underskrevetAf


def mangler_foer_underskrift(ordning: str, f: Fylde) -> Iterator[Fejl]:
    """Every requirement that is not met; the number of employees names both fields and the form's step, a list the entry."""
    if f.konfliktramt and not f.konfliktKommentarUdfyldt:
        yield fejl(Fejlkode.KONFLIKT_KOMMENTAR, "data.konfliktKommentar")
    tal = {"rimelighedskrav": f.ansatteRimelighedskrav, "merbeskaeftigelseskrav": f.ansatteMerbeskaeftigelseskrav}
    mangler = [navn for navn, antal in tal.items() if antal is None]
    if ordning in ANSATTE and mangler:
        yield fejl(Fejlkode.ANSATTE_TRIN, FELT, ANSATTE_TRIN)
        yield from (fejl(Fejlkode.ANSATTE_MANGLER, f"{FELT}.{navn}", ANSATTE_TRIN) for navn in mangler)
    if ordning in JOBROTATION:
        yield from mangler_i(Lister(f.ansatte, f.kurser, f.vikarer))
