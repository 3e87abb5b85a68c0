"""From which statuses an action is allowed, as data. Wide where the release note is silent: VITAS says what has happened."""

from hub.domain.koder import ANSOEGNINGSTATUS, BEVILLINGSSTATUS

KLADDE, KLADDE_SENDT, AFVENTER = 9201, 9202, 9203
TIL_BEHANDLING, HOS_ANDEN_AKTOER, AFVIST_TIL_ANDEN_AKTOER, OVERTAGET = 9204, 9205, 9206, 9207
GODKENDT, FORHAANDSGODKENDT = 9208, 9212
AFVIST, TRUKKET = 9209, 9211

USIGNEREDE = frozenset({KLADDE, KLADDE_SENDT, AFVENTER})
"""The application still lacks a signature."""
BEHANDLES = frozenset({TIL_BEHANDLING, OVERTAGET, FORHAANDSGODKENDT})
"""Complete, undecided, with the jobcentre."""
LEVENDE = USIGNEREDE | BEHANDLES | {HOS_ANDEN_AKTOER, AFVIST_TIL_ANDEN_AKTOER, GODKENDT}
"""Neither rejected nor withdrawn."""

ANSOEGNING_FRA: dict[str, frozenset[int]] = {
    "RetAnsoegning": LEVENDE,
    "UnderskrivAnsoegning": USIGNEREDE,
    "SendKladde": frozenset({KLADDE, KLADDE_SENDT}),
    "ReturnerKladde": frozenset({KLADDE_SENDT}),
    "SendTilAndenAktoer": BEHANDLES | {AFVIST_TIL_ANDEN_AKTOER},
    "AfvisTilAndenAktoer": frozenset({HOS_ANDEN_AKTOER}),
    "OvertagFraAndenAktoer": frozenset({HOS_ANDEN_AKTOER, AFVIST_TIL_ANDEN_AKTOER}),
    "ForhaandsgodkendAnsoegning": (BEHANDLES | {HOS_ANDEN_AKTOER}) - {FORHAANDSGODKENDT},
    "GodkendAnsoegning": BEHANDLES | {HOS_ANDEN_AKTOER},
    "AfvisAnsoegning": BEHANDLES | {HOS_ANDEN_AKTOER, AFVIST_TIL_ANDEN_AKTOER, GODKENDT},
    "TraekAnsoegningTilbage": LEVENDE,
    "AfgoerVurdering": LEVENDE - USIGNEREDE,
    "UdstedBevilling": BEHANDLES | {HOS_ANDEN_AKTOER, GODKENDT},
}
"""Action → the ansoegningStatus codes it is allowed in; an action that is not here does not ask."""

BEVILLING_FRA: dict[str, frozenset[int]] = {"SendBevilling": frozenset({9301}), "GenfremsendBevilling": frozenset({9302})}
"""Action → the codes that the grant must have for it: to be sent, of its own, whatever extended it; to be sent again, shown (R-5.4)."""


def navne(koder: frozenset[int]) -> str:
    """The statuses' names, in the order of their codes, as a refusal lists them."""
    return ", ".join(f"'{(ANSOEGNINGSTATUS | BEVILLINGSSTATUS)[kode]}'" for kode in sorted(koder))
