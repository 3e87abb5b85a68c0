"""The subsidy rates (domain-facts 2.8) as code-list rows. Rows are history: a change is a new row, never an edit (R-3.1).

The codes are the hub's own; the amounts are the newest found in public text (kilde on each row says so), none for 2024 and later.
No text names a law: VITAS dropped the references from before 1 January 2020 (R-1.4).
"""

from datetime import date

from hub.domain.opslag import SatsRaekke

_FRA = date(2020, 1, 1)
_NYE = date(2025, 1, 1)
_TIL = date(2036, 1, 1)
"""The first day on which the voksenlærling rates are no longer valid: they run to and including 31.12.2035 (R-3.1)."""

SATSER: tuple[SatsRaekke, ...] = (
    SatsRaekke("9401-2020", 9401, "Pensionister", "Løntilskud til pensionister, 29,71 kr. i timen (2021)", _FRA, _NYE),
    SatsRaekke("9401-2025", 9401, "Pensionister", "Løntilskud til pensionister, årets sats", _NYE),
    SatsRaekke(
        "9402-2020",
        9402,
        "Pensionister, særlige tilfælde",
        "Løntilskud til pensionister, særlige tilfælde, 52,03 kr. i timen (2021)",
        _FRA,
        _NYE,
    ),
    SatsRaekke("9402-2025", 9402, "Pensionister, særlige tilfælde", "Løntilskud til pensionister i særlige tilfælde, årets sats", _NYE),
    SatsRaekke("9403-2020", 9403, "Privat arbejdsgiver", "Løntilskud hos privat arbejdsgiver, 86,16 kr. i timen (2023)", _FRA, _NYE),
    SatsRaekke("9403-2025", 9403, "Privat arbejdsgiver", "Løntilskud hos privat arbejdsgiver, årets sats", _NYE),
    SatsRaekke("9404-2020", 9404, "Offentlig arbejdsgiver", "Løntilskud hos offentlig arbejdsgiver, 125,13 kr. i timen (2023)", _FRA, _NYE),
    SatsRaekke("9404-2025", 9404, "Offentlig arbejdsgiver", "Løntilskud hos offentlig arbejdsgiver, årets sats", _NYE),
    SatsRaekke("9405-2020", 9405, "Højeste sats", "Løntilskud, højeste sats, 151,00 kr. i timen (2018)", _FRA, _NYE),
    SatsRaekke("9405-2025", 9405, "Højeste sats", "Løntilskud, højeste sats, årets sats", _NYE),
    SatsRaekke("9411-2020", 9411, "Voksenlærling fra ledighed", "Alle der kommer fra ledighed, 45,00 kr. i timen", _FRA, _TIL),
    SatsRaekke("9412-2020", 9412, "Voksenlærling fra beskæftigelse", "Alle der kommer fra beskæftigelse, 30,00 kr. i timen", _FRA, _TIL),
)

ORDNINGENS_SATSER: dict[str, frozenset[int]] = {
    "Loentilskud": frozenset({9401, 9402, 9403, 9404, 9405}),
    "Voksenlaerling": frozenset({9411, 9412}),
}
"""Scheme → the rates its acts may have; a scheme that is not here has no `timeTilskudsats` (R-3.6)."""
