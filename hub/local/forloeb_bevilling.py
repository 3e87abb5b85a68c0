"""The life cycles that begin with a grant: mentor, personlig assistance, hjælpemiddel."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hub.local.forloeb import Forloeb, behandling, forlaeng_og_afslut, godkendelse, ophoer, periode, timer
from hub.local.skriver import Handling, Skriver


def mentor(s: Skriver) -> Iterator[Handling]:
    """A mentor of one kind or the other, or the mentor's education (R-5.1)."""
    start = s.dag + s.om(5, 30)
    slut, bevilling = start + s.om(60, 180), s.uuid()
    yield s.foerste(
        "UdstedBevilling",
        bevilling,
        "Sagsbehandler",
        ugentligArbejdstid=timer(s),
        **_grundlag(s),
        **en_mentor(s),
        periode=periode(start, slut),
    )
    yield from behandling(s, bevilling)
    yield from godkendelse(s, bevilling)
    yield from forlaeng_og_afslut(s, start, slut, 0.3)


def personlig_assistance(s: Skriver) -> Iterator[Handling]:
    """The company approves, then the citizen; sometimes without an end."""
    start = s.dag + s.om(5, 30)
    slut, bevilling = (None if s.sker(0.4) else start + s.om(180, 365)), s.uuid()
    vilkaar = {
        "antalAssistenter": s.rng.randint(1, 3),
        "art": "Personlig assistance i erhverv",
        "arttype": s.rng.choice(("Tegnsprogstolk", "Fast assistent")),
        "timepris": f"{s.rng.randrange(180, 420)}.00",
        "pristypeTimer": "Dagtimer",
        "tilbudsnummer": f"T-{s.rng.randrange(10_000, 99_999)}",
        "funktionsnedsaettelse": "Nedsat hørelse.",
        "beskedTilVirksomhed": "Assistenten møder første dag kl. 8.",
    }
    yield s.foerste(
        "UdstedBevilling", bevilling, "Sagsbehandler", ugentligArbejdstid=timer(s), **_grundlag(s), **vilkaar, periode=periode(start, slut)
    )
    yield from behandling(s, bevilling)
    yield from godkendelse(s, bevilling, borger=True)
    if slut is None:
        yield from ophoer(s, start, None, 0.2)
    else:
        yield from forlaeng_og_afslut(s, start, slut, 0.2)


def hjaelpemiddel(s: Skriver) -> Iterator[Handling]:
    """An aid, often for a single day: the day it is bought."""
    start = s.dag + s.om(5, 30)
    slut, bevilling = start + timedelta(days=s.rng.choice((0, 0, 30, 180))), s.uuid()
    yield s.foerste(
        "UdstedBevilling", bevilling, "Sagsbehandler", hjaelpemiddel=et_hjaelpemiddel(s), **_grundlag(s), periode=periode(start, slut)
    )
    yield from behandling(s, bevilling)
    yield from godkendelse(s, bevilling)
    yield from forlaeng_og_afslut(s, start, slut, 0.1)


def en_mentor(s: Skriver) -> dict[str, Any]:
    """A mentor's terms."""
    if s.sker(0.1):
        return {"tilskudTilUddannelse": True}
    funktion = "Introduktion til arbejdspladsen, støtte i hverdagen og opfølgning hver uge."
    return {"mentortype": s.rng.choice((34, 35)), "tilskudTilUddannelse": False, "mentorfunktion": funktion}


def et_hjaelpemiddel(s: Skriver) -> dict[str, Any]:
    """An aid."""
    art = s.rng.choice(("Arbejdsredskab", "Arbejdspladsindretning"))
    return {"art": art, "beloeb": f"{s.rng.randrange(500, 40_000)}.75", "beskrivelse": "Hæve-sænke-bord og specialstol."}


def _grundlag(s: Skriver) -> dict[str, Any]:
    return {"kontaktpersonPaaArbejdsstedet": s.virksomhed.kontakt.som_data()}


FORLOEB: dict[str, Forloeb] = {"Mentor": mentor, "PersonligAssistance": personlig_assistance, "Hjaelpemiddel": hjaelpemiddel}
"""Scheme → its life cycle."""
