"""The refusals that are the ledger's own, beside those of the case: codes 9801–9804."""

from hub.domain.fejl import Afvisning, Fejl, fejl
from hub.domain.fejlkoder import Fejlkode

ANDEN_KROP = fejl(Fejlkode.ANDEN_KROP, "x-requestId")
SAGEN_ER_AENDRET = fejl(Fejlkode.SAGEN_ER_AENDRET, "If-Match")
KAN_IKKE_GEMMES = fejl(Fejlkode.KAN_IKKE_GEMMES)
KAN_IKKE_FOLDES = fejl(Fejlkode.KAN_IKKE_FOLDES)


def afvist(fejl: Fejl) -> Afvisning:
    """The refusal with this one error."""
    return Afvisning([fejl])
