"""The refusals that are the ledger's own, beside those of the domain's catalogue: codes 9801–9804."""

from hub.domain.fejl import Afvisning, Fejl

ANDEN_KROP = Fejl(
    9801,
    "x-requestId",
    "Anmodningens id er allerede brugt til en anden handling.",
    "The request id was used for another action.",
    412,
)
SAGEN_ER_FLYTTET_VIDERE = Fejl(
    9802,
    "If-Match",
    "Sagen er ændret siden den version, handlingen bygger på.",
    "The case has changed since the version that the action builds on.",
    409,
)
KAN_IKKE_GEMMES = Fejl(
    9803,
    None,
    "Handlingen kan ikke gemmes som hændelse; den er for stor eller har en ugyldig værdi.",
    "The action cannot be kept as an event: it is too large or has a value that does not fit.",
    422,
)
KAN_IKKE_FOLDES = Fejl(
    9804,
    None,
    "Handlingen strider mod sagen på en måde, som ingen anden fejl beskriver, og er ikke gemt.",
    "The action contradicts the case in a way that no other error describes; it was not kept.",
    409,
)


def afvist(fejl: Fejl) -> Afvisning:
    """The refusal with this one error."""
    return Afvisning([fejl])
