"""What the demonstration's cases are made of, as data: each action's believable data, its act, its actor, and a scheme's way to a grant."""

from itertools import count
from random import SystemRandom
from typing import Any

from hub.domain.matrix import FOEDES_VED, KUN_FOERSTE, har
from hub.domain.ordninger import ASSISTANCE
from hub.domain.ordningsfelter import handlingens_fremmede
from hub.local.personer import ANDEN_AKTOER, Borger, en_borger

KONTAKT = {"navn": "Esben Hvidtjørn", "email": "esben@bageriet.example", "telefon": "+4533112233"}
TILLID = {"navn": "Ingeborg Damgaardsholm", "email": "ingeborg@bageriet.example", "telefon": "+4533112244"}
VIRKSOMHED = {"cvrNummer": "25313763", "pNummer": "1017584921"}
KIRSTINE = {"navn": "Kirstine Ahlquist", "email": "kirstine@jobcenter.example"}
LUDVIG = {"navn": "Ludvig Cramon", "email": "ludvig@jobcenter.example"}
HALVAAR = {"startdato": "2025-01-01", "slutdato": "2025-06-30"}
SOMMER = {"startdato": "2025-07-01", "slutdato": "2025-09-30"}
AID = {"art": "Arbejdsredskab", "beloeb": "4999.95", "beskrivelse": "Hæve-sænke-bord"}
MENTORENS = {"mentortype": 34, "mentorfunktion": "Følger med de første uger og øver dagens opgaver."}
FOLK = SystemRandom()
LOEBENUMMER = count(1)

LISTER: dict[str, Any] = {
    "ansatte": [{"personnummer": "0202790002", "navn": "Cecilie Abildtrup", "kursus": "K1"}],
    "kurser": [{"nr": "K1", "navn": "Svejsning", "startdato": "2025-01-06", "slutdato": "2025-03-28"}],
    "vikarer": [{"personnummer": "0303830003", "navn": "Gorm Egeskovby", "periode": HALVAAR, "ugentligArbejdstid": "36.9"}],
}
"""A jobrotation's lists, complete (R-4.3)."""
BEVILLING: dict[str, Any] = {"periode": HALVAAR, "kontaktpersonPaaArbejdsstedet": TILLID}
STANDARD: dict[str, dict[str, Any]] = {
    "OpretAnsoegning": {
        "periode": HALVAAR,
        "ugentligArbejdstid": "36.9",
        "antalAnsatteSenesteMaaned": {"rimelighedskrav": "12", "merbeskaeftigelseskrav": "40"},
        "ansvarligKontaktperson": KONTAKT,
        "kontaktpersonPaaArbejdsstedet": TILLID,
        **LISTER,
    },
    "UnderskrivAnsoegning": {"underskriver": "Arbejdsgiver"},
    "TildelSag": {"team": "Team Øst", "medarbejder": KIRSTINE},
    "SendTilAndenAktoer": {"andenAktoer": ANDEN_AKTOER, "tekst": "Til jeres behandling."},
    "AfvisAnsoegning": {"tekst": "Kære virksomhed. Ansøgningen opfylder ikke betingelserne."},
    "FlytSag": {"modtagendeJobCenterKode": "14700"},
    "SendKladde": {"team": "Team Nord", "medarbejder": KIRSTINE},
    "ReturnerKladde": {"underskrevet": True},
    "AfgoerVurdering": {"arbejdsintensitetPct": "33.33"},
    "OvertagVurdering": {"medarbejder": LUDVIG},
    "UdstedBevilling": {**BEVILLING, "ugentligArbejdstid": "36.9", "timeTilskudsats": 9403, **MENTORENS, "hjaelpemiddel": AID},
    "GodkendBevilling": {"af": "Virksomhed"},
    "AnsoegForlaengelse": {"slutdato": "2025-09-30"},
    "BevilgForlaengelse": {"slutdato": "2025-09-30"},
    "RegistrerOphoer": {"stopdato": "2025-05-15", "modtagetStoetteSeneste12Mdr": "41250.00", "loenudgiftSeneste12Mdr": "187400.50"},
    "IndgaaAftale": {"periode": {"startdato": "2025-01-01", "slutdato": "2026-12-31"}, "kontaktpersonPaaArbejdsstedet": TILLID},
    "UdstedTillaegsbevilling": {**BEVILLING, "type": "Mentor", "ugentligArbejdstid": "2.6", **MENTORENS},
    "UnderskrivTillaegsbevilling": {"medBilag": True},
}
"""Each action's data where a story says nothing; what its scheme does not have is left out. An action that is not here has none."""
ORDNINGENS: dict[tuple[str, str], dict[str, Any]] = {
    ("Voksenlaerling", "UdstedBevilling"): {"timeTilskudsats": 9411},
    ("Mentor", "UdstedBevilling"): {"ugentligArbejdstid": "2.6"},
}
"""(scheme, action) → what is otherwise."""
AID_I_TILLAEG: dict[str, Any] = {"type": "Hjaelpemiddel", "hjaelpemiddel": AID}
UDEN_MENTOR = ("ugentligArbejdstid", *MENTORENS)
"""A supplementary grant of an aid: what comes, and what does not."""

AKT: dict[str, str] = {
    **dict.fromkeys(("AfgoerVurdering", "OvertagVurdering", "FrigivVurdering", "GenaabnVurdering"), "vurdering"),
    **dict.fromkeys(("UdstedBevilling", "SendBevilling", "GenfremsendBevilling", "GodkendBevilling", "AfvisBevilling"), "bevilling"),
    "RetTilskudssats": "bevilling",
    **dict.fromkeys(("AnsoegForlaengelse", "BevilgForlaengelse", "AfslaaForlaengelse"), "forlaengelse"),
    **dict.fromkeys(("RegistrerOphoer", "RetOphoer", "TilbagekaldOphoer"), "ophoer"),
    **dict.fromkeys(("IndgaaAftale", "RetAftale"), "aftale"),
    **dict.fromkeys(("UdstedTillaegsbevilling", "UnderskrivTillaegsbevilling"), "tillaeg"),
    "TilfoejDokument": "dokument",
}
"""The act that an action is about where a story says nothing; else the application."""
AKTOER: dict[str, str] = {
    **dict.fromkeys(("OpretAnsoegning", "RetAnsoegning", "UnderskrivAnsoegning", "ReturnerKladde", "AnsoegForlaengelse"), "Virksomhed"),
    **dict.fromkeys(("IndgaaAftale", "RetAftale", "UnderskrivTillaegsbevilling"), "Virksomhed"),
    "AfvisTilAndenAktoer": "AndenAktoer",
}
"""Who does it; else a caseworker. What is approved is approved by whom the data name."""

_BEVILLING = ("UdstedBevilling", "SendBevilling", "GodkendBevilling")
_VEJE: dict[str, tuple[str, ...]] = {
    "OpretAnsoegning": ("OpretAnsoegning", "UnderskrivAnsoegning", "GodkendAnsoegning"),
    "UdstedBevilling": _BEVILLING,
    "IndgaaAftale": ("IndgaaAftale",),
    "UdstedTillaegsbevilling": ("UdstedTillaegsbevilling", "UnderskrivTillaegsbevilling"),
}
DEREFTER: dict[str, tuple[str, ...]] = {
    "GetForlaengelse": ("AnsoegForlaengelse", "BevilgForlaengelse"),
    "GetOphoer": ("RegistrerOphoer",),
}
"""GetMetode → the actions that give a case what it fetches, after what the scheme grants; in the order they are done."""


def vej(ordning: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The actions from nothing to what the scheme grants, with the data that are not the believable ones."""
    foedt = FOEDES_VED[ordning]
    navne = (*_VEJE[foedt], *(_BEVILLING if foedt == "OpretAnsoegning" and har(ordning, "GetBevilling") else ()))
    borger = (("GodkendBevilling", {"af": "Borger"}),) if ordning in ASSISTANCE else ()
    return (*((navn, {}) for navn in navne), *borger)


def aabner(ordning: str, handling: str) -> bool:
    """Whether a case of the scheme can begin with the action."""
    return handling in KUN_FOERSTE or FOEDES_VED[ordning] == handling


def data(ordning: str, handling: str) -> dict[str, Any]:
    """The action's believable data in the scheme."""
    fremmede = handlingens_fremmede(ordning, handling)
    alle = STANDARD.get(handling, {}) | ORDNINGENS.get((ordning, handling), {})
    return {navn: vaerdi for navn, vaerdi in alle.items() if navn not in fremmede}


def ny_borger() -> Borger:
    """A citizen of a case's own."""
    return en_borger(FOLK)


def nyt_cvr() -> str:
    """A company's number that no other story uses."""
    return f"{FOLK.randrange(30_000_000, 99_999_999)}"


def aktoer(slags: str, borger: Borger, jobcenter: str, id_: str) -> dict[str, Any]:
    """Who acts, as an action names them."""
    if slags == "Borger":
        return {"type": slags, "id": f"BORGER-UUID:{id_}", "navn": borger.navn}
    if slags in ("Virksomhed", "AndenAktoer"):
        cvr = (VIRKSOMHED if slags == "Virksomhed" else ANDEN_AKTOER)["cvrNummer"]
        return {"type": slags, "id": f"CVR:{cvr}-UUID:{id_}", "organisation": {"type": slags, "kode": cvr}}
    organisation = {"type": "Jobcenter", "kode": jobcenter}
    return {"type": "Sagsbehandler", "id": KIRSTINE["email"], "navn": KIRSTINE["navn"], "organisation": organisation}
