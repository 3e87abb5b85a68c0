"""What each scheme has and has not, as data: a further scheme is rows here, not branches elsewhere."""

KONFLIKT = frozenset({"Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Jobrotation"})
"""Schemes whose applications are marked when the company is registered as in conflict (R-2.1)."""
ANSATTE = frozenset({"Loentilskud", "Virksomhedspraktik"})
"""Schemes whose applications need the number of employees for both requirements before they are signed (R-3.2)."""
ANSATTE_TRIN = 2
"""The step of the form that asks for the number of employees (R-3.2)."""
REPRAESENTANT = frozenset({"Loentilskud", "Virksomhedspraktik", "Nytteindsats"})
"""Schemes whose applications an employee representative may sign too."""
TIMER = frozenset({"Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Fleksjob", "Mentor", "PersonligAssistance", "Jobrotation"})
"""Schemes with weekly hours (R-2.5)."""
OPHOERSBELOEB = frozenset({"Loentilskud"})
"""Schemes whose terminations may carry the two amounts of the last twelve months."""
VURDERING = frozenset({"Fleksjob"})
"""Schemes with an assessment (R-4.1, R-4.2)."""
OPHOER_I_ANDEN_METODE = frozenset({"Fleksjob", "Mentor", "PersonligAssistance", "Hjaelpemiddel", "Igu"})
"""Schemes that end early without a GetOphoer: another GetMetode carries both end dates (R-1.1, holes)."""
