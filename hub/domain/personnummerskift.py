"""A citizen's new CPR number: the request, checked in form (contract.md, Actions). No error repeats what was typed."""

from pydantic import ValidationError, ValidationInfo, field_validator

from hub.domain.fejl import Afvisning
from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import Model, Personnummer, Tidspunkt, krav
from hub.domain.handlinger import AktoerIn
from hub.domain.oversaettelse import oversat

UKENDT = "0000000000"
"""What stands where a number is required and not known: nobody's number, so it is neither left nor taken."""


class Personnummerskift(Model):
    """From `gammelt`, the citizen's current number, to `nyt`. Left out, it happened when it is recorded, and VITAS said so."""

    gammelt: Personnummer
    nyt: Personnummer
    haendelsestidspunkt: Tidspunkt | None = None
    aktoer: AktoerIn = AktoerIn(type="System", id="VITAS")

    @field_validator("gammelt", "nyt")
    @classmethod
    def _nogens(cls, nummer: str, info: ValidationInfo) -> str:
        if nummer == UKENDT:
            raise krav(Fejlkode.INTET_PERSONNUMMER)
        if info.field_name == "nyt" and nummer == info.data.get("gammelt"):
            raise krav(Fejlkode.SAMME_PERSONNUMMER)
        return nummer


def laes_personnummerskift(obj: object) -> Personnummerskift:
    """The request in `obj` (decoded JSON). Raises `Afvisning` with every error."""
    try:
        return Personnummerskift.model_validate(obj)
    except ValidationError as samling:
        raise Afvisning([oversat(fejl, "") for fejl in samling.errors(include_url=False)]) from None
