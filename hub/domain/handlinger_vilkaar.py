"""A scheme's own terms as an action gives them; grants and supplementary grants share them (domain-facts 1.6)."""

from typing import Literal

from hub.domain.felter import Antalspersoner, Beloeb, Betegnelse, Mentorfunktion, Model, Tekst

Hjaelpemiddelart = Literal["Arbejdsredskab", "Arbejdspladsindretning"]


class Mentordata(Model):
    """A mentor: `mentortype` 34 (Individuel) or 35 (Plads), needed unless it is a subsidy for education (R-5.1)."""

    mentortype: Literal[34, 35] | None = None
    tilskudTilUddannelse: bool | None = None
    mentorfunktion: Mentorfunktion | None = None


class Assistancedata(Model):
    """Personal assistance; prices in kroner. `beskedTilVirksomhed` is what the company is told with the grant (R-5.3)."""

    antalAssistenter: Antalspersoner | None = None
    art: Betegnelse | None = None
    arttype: Betegnelse | None = None
    timepris: Beloeb | None = None
    pristypeTimer: Betegnelse | None = None
    prisAndet: Beloeb | None = None
    pristypeAndet: Betegnelse | None = None
    tilbudsnummer: Betegnelse | None = None
    funktionsnedsaettelse: Tekst | None = None
    beskedTilVirksomhed: Tekst | None = None


class HjaelpemiddelIn(Model):
    """An aid and its price in kroner."""

    art: Hjaelpemiddelart
    beloeb: Beloeb | None = None
    beskrivelse: Tekst | None = None
