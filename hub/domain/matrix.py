"""R-1.1 as data: which GetMetode answers for which scheme. Routes, OpenAPI, refusals and notifications read it here."""

GETMETODER = ("GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer", "GetAftale", "GetMentor", "GetHjaelpemiddel", "GetPDF")
"""The GetMetoder served, in the order of the release note's table."""

_EGNE: dict[str, frozenset[str]] = {
    "Loentilskud": frozenset({"GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer"}),
    "Virksomhedspraktik": frozenset({"GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer"}),
    "Nytteindsats": frozenset({"GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer"}),
    "Fleksjob": frozenset({"GetAnsoegning", "GetBevilling"}),
    "Voksenlaerling": frozenset({"GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer"}),
    "Jobrotation": frozenset({"GetAnsoegning"}),
    "Mentor": frozenset({"GetBevilling", "GetForlaengelse"}),
    "PersonligAssistance": frozenset({"GetBevilling", "GetForlaengelse"}),
    "Hjaelpemiddel": frozenset({"GetBevilling", "GetForlaengelse"}),
    "Igu": frozenset({"GetAftale"}),
    "Tillaegsbevilling": frozenset({"GetMentor", "GetHjaelpemiddel"}),
}
FOR_ALLE = frozenset({"GetPDF"})
"""Every act of every scheme may have a document."""
MATRIX: dict[str, frozenset[str]] = {ordning: metoder | FOR_ALLE for ordning, metoder in _EGNE.items()}
"""Scheme → its GetMetoder. A cell that is not here is refused with its own error code."""

FOEDES_VED: dict[str, str] = {
    **dict.fromkeys(("Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Fleksjob", "Voksenlaerling", "Jobrotation"), "OpretAnsoegning"),
    **dict.fromkeys(("Mentor", "PersonligAssistance", "Hjaelpemiddel"), "UdstedBevilling"),
    "Igu": "IndgaaAftale",
    "Tillaegsbevilling": "UdstedTillaegsbevilling",
}
"""Scheme → the action that opens its cases."""
FOERSTE = frozenset(FOEDES_VED.values())
"""The actions that can open a case; some of them can also come later, on a case that is there."""
KUN_FOERSTE = frozenset({"OpretAnsoegning", "IndgaaAftale"})
"""Those that never come later: a case has one application, or one agreement."""

AKTENS_METODE: dict[str, str] = {
    "Ansoegning": "GetAnsoegning",
    "Bevilling": "GetBevilling",
    "Forlaengelse": "GetForlaengelse",
    "Ophoer": "GetOphoer",
    "Aftale": "GetAftale",
    "Dokument": "GetPDF",
}
"""Kind of act → the GetMetode that fetches it, where the scheme has one; a tillægsbevilling's is its type's (`tillaegstyper`)."""


def har(ordning: str, getmetode: str) -> bool:
    """Whether the cell (scheme, GetMetode) is in the matrix."""
    return getmetode in MATRIX.get(ordning, frozenset())
