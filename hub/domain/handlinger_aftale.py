"""The data of the actions on an agreement (contract.md, Actions). Both parties have signed what is made: the action records that it was."""

from hub.domain.felter import BorgerIn, KontaktIn, Model, PeriodeIn, VirksomhedIn


class IndgaaAftale(Model):
    """A new agreement, and with it the case."""

    virksomhed: VirksomhedIn
    borger: BorgerIn
    periode: PeriodeIn
    kontaktpersonPaaArbejdsstedet: KontaktIn | None = None


class RetAftale(Model):
    """The period that replaces the one before; the contact, where it changes."""

    periode: PeriodeIn
    kontaktpersonPaaArbejdsstedet: KontaktIn | None = None
