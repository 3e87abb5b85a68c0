"""The types of a supplementary grant (tillægsbevilling), as data."""

TILLAEGETS_METODE: dict[str, str] = {"Mentor": "GetMentor", "Hjaelpemiddel": "GetHjaelpemiddel"}
"""Type → the GetMetode that fetches it (R-1.1); a type that is not here cannot be shown, and so not be folded."""
TYPENS_FELTER: dict[str, tuple[str, ...]] = {
    "Mentor": ("ugentligArbejdstid", "mentortype", "tilskudTilUddannelse", "mentorfunktion"),
    "Hjaelpemiddel": ("hjaelpemiddel",),
}
"""Type → the fields that it alone has; every other field belongs to both."""
