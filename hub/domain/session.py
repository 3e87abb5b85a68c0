"""A user's session (R-1.2, R-1.3, R-1.5): who is told what, and when. The same for everybody, companies too."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LOGINPROFIL = "fka"
"""The profile that the login entry names (R-1.2): roles then come from the shared user administration, in the token."""
LOG_UD_MINUTTER = 30
ADVARSEL_SEKUNDER = 300
"""How long before the end the warning begins to count down; the release note does not say, so five minutes is ours."""
ADVARSEL = "Du bliver automatisk logget ud om {tid}. Vælg 'Fortsæt' for at blive."
LOGGET_UD = f"Du er blevet logget ud, fordi du ikke har brugt VITAS i {LOG_UD_MINUTTER} minutter. Log ind igen for at fortsætte."


def loginadresse(adresse: str) -> str:
    """The address of the login entry with its profile, whatever its query had before."""
    dele = urlsplit(adresse)
    felter = [(navn, vaerdi) for navn, vaerdi in parse_qsl(dele.query, keep_blank_values=True) if navn != "loginProfile"]
    return urlunsplit(dele._replace(query=urlencode([*felter, ("loginProfile", LOGINPROFIL)])))


def regler() -> dict[str, Any]:
    """The rules of every session, as a page needs them; `{tid}` is the page's to fill in, mm:ss."""
    return {
        "logUdEfterMinutter": LOG_UD_MINUTTER,
        "advarselFraSekunder": ADVARSEL_SEKUNDER,
        "advarsel": ADVARSEL,
        "loggetUd": LOGGET_UD,
    }
