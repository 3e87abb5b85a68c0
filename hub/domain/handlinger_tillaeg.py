"""The data of the actions on supplementary grants (contract.md, Actions)."""

from typing import Literal

from hub.domain.felter import BorgerIn, KontaktIn, Model, PeriodeIn, Timer, Uuid, VirksomhedIn
from hub.domain.handlinger_vilkaar import HjaelpemiddelIn, Mentordata


class UdstedTillaegsbevilling(Mentordata):
    """A supplementary grant of a `type`, for a period of its own; the fields of the other type are refused.

    `virksomhed` and `borger` where it opens the case. `tilSagsId` is the case it adds to, where VITAS knows it.
    """

    virksomhed: VirksomhedIn | None = None
    borger: BorgerIn | None = None
    type: Literal["Mentor", "Hjaelpemiddel"]
    periode: PeriodeIn
    ugentligArbejdstid: Timer | None = None
    kontaktpersonPaaArbejdsstedet: KontaktIn | None = None
    tilSagsId: Uuid | None = None
    hjaelpemiddel: HjaelpemiddelIn | None = None


class UnderskrivTillaegsbevilling(Model):
    """The employer signed, with an attachment or without; when is the action's own `haendelsestidspunkt` (R-3.7)."""

    medBilag: bool
