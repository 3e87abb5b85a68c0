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
MENTOR = frozenset({"Mentor"})
"""Schemes whose grants are of a mentor (R-5.1, R-5.2)."""
ASSISTANCE = frozenset({"PersonligAssistance"})
"""Schemes whose grants are of personal assistance (R-5.3); the citizen approves them after the company."""
HJAELPEMIDDEL = frozenset({"Hjaelpemiddel"})
"""Schemes whose grants are of an aid."""
TILLAEG = frozenset({"Tillaegsbevilling"})
"""Supplementary grants, of a mentor or of an aid."""
VURDERING = frozenset({"Fleksjob"})
"""Schemes with an assessment (R-4.1, R-4.2)."""
FORHAANDSGODKENDES = frozenset({"Voksenlaerling"})
"""Schemes whose applications may be approved beforehand (domain-facts 3)."""
JOBROTATION = frozenset({"Jobrotation"})
"""Schemes whose applications have lists of employees, courses and substitutes (R-4.3)."""
OEREMAERKET = frozenset({"Loentilskud"})
"""Schemes whose applications may say that the company has found the citizen itself."""
NEMREFUSION = frozenset({"Voksenlaerling"})
"""Schemes whose grants link to the form with which the subsidy is asked for (R-3.5)."""
OPHOER_I_ANDEN_METODE = frozenset({"Fleksjob", "Mentor", "PersonligAssistance", "Hjaelpemiddel", "Igu"})
"""Schemes that end early without a GetOphoer: another GetMetode carries both end dates (R-1.1, holes)."""
