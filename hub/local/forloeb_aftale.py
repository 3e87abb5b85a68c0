"""The life cycles of IGU agreements and of supplementary grants."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hub.local.forloeb import Forloeb, behandling, ophoer, periode, timer
from hub.local.forloeb_bevilling import en_mentor, et_hjaelpemiddel
from hub.local.skriver import Handling, Skriver


def igu(s: Skriver) -> Iterator[Handling]:
    """Two years; now and then the period is corrected, now and then it ends early."""
    start, aftale = s.dag + s.om(10, 60), s.uuid()
    slut = start + timedelta(days=730)
    kontakt: dict[str, Any] = {"kontaktpersonPaaArbejdsstedet": s.virksomhed.kontakt.som_data()}
    yield s.foerste("IndgaaAftale", aftale, periode=periode(start, slut), **kontakt)
    yield from behandling(s, aftale)
    if s.sker(0.2):
        slut += s.om(7, 60)
        yield s.handling("RetAftale", aftale, "Virksomhed", periode=periode(start, slut))
    yield from ophoer(s, start, slut, 0.3)


def tillaegsbevilling(s: Skriver) -> Iterator[Handling]:
    """A mentor or an aid on top of another case, signed with an attachment or without (R-3.7)."""
    start, akt = s.dag + s.om(5, 30), s.uuid()
    yield s.foerste(
        "UdstedTillaegsbevilling", akt, "Sagsbehandler", tilSagsId=s.uuid(), **_indhold(s), periode=periode(start, start + s.om(30, 200))
    )
    yield from behandling(s, akt)
    yield s.handling("UnderskrivTillaegsbevilling", akt, "Virksomhed", medBilag=s.sker(0.4))
    if s.sker(0.2):
        flere = s.uuid()
        yield s.handling("UdstedTillaegsbevilling", flere, **_indhold(s), periode=periode(start, None))
        yield s.handling("UnderskrivTillaegsbevilling", flere, "Virksomhed", medBilag=False)


def _indhold(s: Skriver) -> dict[str, Any]:
    kontakt: dict[str, Any] = {"kontaktpersonPaaArbejdsstedet": s.virksomhed.kontakt.som_data()}
    if s.sker(0.6):
        return {"type": "Mentor", "ugentligArbejdstid": timer(s), **en_mentor(s), **kontakt}
    return {"type": "Hjaelpemiddel", "hjaelpemiddel": et_hjaelpemiddel(s), **kontakt}


FORLOEB: dict[str, Forloeb] = {"Igu": igu, "Tillaegsbevilling": tillaegsbevilling}
"""Scheme → its life cycle."""
