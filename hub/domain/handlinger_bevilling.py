"""The data of the actions on grants, extensions and terminations (contract.md, Actions)."""

from typing import Literal

from hub.domain.felter import Beloeb, BorgerIn, Dato, KontaktIn, Model, PeriodeIn, Satskode, Tekst, Timer, VirksomhedIn
from hub.domain.handlinger_vilkaar import Assistancedata, HjaelpemiddelIn, Mentordata

Godkender = Literal["Virksomhed", "Borger"]


class UdstedBevilling(Mentordata, Assistancedata):
    """A grant. `timeTilskudsats` is the code of the rate (R-3.6). What a scheme has, and must have, is in `ordningsfelter`.

    `virksomhed` and `borger` where it opens the case: a scheme without an application.
    """

    virksomhed: VirksomhedIn | None = None
    borger: BorgerIn | None = None
    periode: PeriodeIn
    ugentligArbejdstid: Timer | None = None
    kontaktpersonPaaArbejdsstedet: KontaktIn
    timeTilskudsats: Satskode | None = None
    hjaelpemiddel: HjaelpemiddelIn | None = None


class GodkendBevilling(Model):
    """Who approved the grant."""

    af: Godkender


class AfvisBevilling(Model):
    """Who refused the grant, and perhaps why."""

    af: Godkender
    tekst: Tekst | None = None


class AnsoegForlaengelse(Model):
    """The end that is asked for, inclusive; the start is decided when the extension is granted (R-2.2)."""

    slutdato: Dato
    ansaettelsesbrevGaelderFortsat: bool | None = None


class BevilgForlaengelse(Model):
    """The new end, inclusive; `startdato` may be left out, it is the day after the end in force (R-2.2)."""

    slutdato: Dato
    startdato: Dato | None = None
    ansaettelsesbrevGaelderFortsat: bool | None = None


class RetTilskudssats(Model):
    """The code of the rate that is right; left out, or null, the act's own code is looked up anew (R-3.6)."""

    timeTilskudsats: Satskode | None = None


class Ophoersdata(Model):
    """The last day, and løntilskud's two amounts of the last twelve months, in kroner."""

    stopdato: Dato
    aarsag: Tekst | None = None
    modtagetStoetteSeneste12Mdr: Beloeb | None = None
    loenudgiftSeneste12Mdr: Beloeb | None = None
