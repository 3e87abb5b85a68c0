"""Builders and the grammar of the domain's tests: `given([...]).when(...).then([...])`, or `.naegtet(code, …)`.

`given` takes actions, decided and folded one after another. Everything has a believable default; a test names only what it is about.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, get_args

import msgspec

from hub.domain.decide import decide
from hub.domain.evolve import evolve
from hub.domain.fejl import Afvisning, Fejl
from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import Data, Haendelse
from hub.domain.handlinger import Handling, laes_handling
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.matrix import FOEDES_VED, KUN_FOERSTE
from hub.domain.opslag import Konflikt, Opslag, Uploadet
from hub.domain.ordningsfelter import handlingens_fremmede
from hub.domain.sag import Sag
from hub.domain.satser import SATSER
from hub.domain.vilkaar import Ansat, Vikar

NU = datetime(2025, 9, 15, 12, tzinfo=UTC)
SKET = "2025-09-15T10:00:00+02:00"
SAG = "5a600000-0000-4000-8000-000000000000"
KONTAKT = {"navn": "Kim Kontakt", "email": "kim@firma.example", "telefon": "+4512345678"}
REPRAESENTANT = {"navn": "Rie Repræsentant"}
MEDARBEJDER = {"navn": "Sanne Sagsbehandler", "email": "sanne@jobcenter.example"}
VITAS = {"vitasSagsnummer": "V-2025-000123", "vitasUrl": "https://vitas.example/sag/V-2025-000123"}
PERIODE = {"startdato": "2025-01-01", "slutdato": "2025-06-30"}
OPSLAG = Opslag(None, SATSER, dokument=Uploadet(52_000, "application/pdf"))
I_KONFLIKT = Opslag(Konflikt("12345678", NU.date(), ("Transport",)), SATSER)


def et_id(navn: str) -> str:
    """The uuid that a short name stands for; a uuid is itself."""
    return navn if len(navn) == 36 else str(uuid.uuid5(uuid.NAMESPACE_OID, navn))


STANDARD: dict[str, dict[str, Any]] = {
    "OpretAnsoegning": {
        "virksomhed": {"cvrNummer": "12345678", "pNummer": "1234567890"},
        "borger": {"personnummer": "0101900000", "navn": "Bo Borger"},
        "periode": PERIODE,
        "ugentligArbejdstid": "37",
        "antalAnsatteSenesteMaaned": {"rimelighedskrav": "12", "merbeskaeftigelseskrav": "40.5"},
        "ansvarligKontaktperson": {"navn": "Ane Ansvarlig"},
        "kontaktpersonPaaArbejdsstedet": KONTAKT,
    },
    "RetAnsoegning": {},
    "UnderskrivAnsoegning": {"underskriver": "Arbejdsgiver"},
    "TildelSag": {"team": "Team Øst"},
    "OvertagSag": {"medarbejder": MEDARBEJDER},
    "SendTilAndenAktoer": {"andenAktoer": {"cvrNummer": "87654321", "pNummer": "1087654321"}},
    "AfvisAnsoegning": {"tekst": "Ansøgningen opfylder ikke betingelserne."},
    "FlytSag": {"modtagendeJobCenterKode": "14700"},
    "SendKladde": {"team": "Team Øst", "medarbejder": MEDARBEJDER},
    "ReturnerKladde": {"underskrevet": True},
    "AfgoerVurdering": {"arbejdsintensitetPct": "37.5"},
    "OvertagVurdering": {"medarbejder": MEDARBEJDER},
    "UdstedBevilling": {
        "periode": PERIODE,
        "ugentligArbejdstid": "36.9",
        "kontaktpersonPaaArbejdsstedet": KONTAKT,
        "timeTilskudsats": 9403,
    },
    "GodkendBevilling": {"af": "Virksomhed"},
    "AfvisBevilling": {"af": "Virksomhed"},
    "AnsoegForlaengelse": {"slutdato": "2025-09-30"},
    "BevilgForlaengelse": {"slutdato": "2025-09-30"},
    "RetTilskudssats": {"timeTilskudsats": 9404},
    "RegistrerOphoer": {"stopdato": "2025-05-15"},
    "RetOphoer": {"stopdato": "2025-05-16"},
    "RetAftale": {"periode": PERIODE},
    "UdstedTillaegsbevilling": {
        "periode": PERIODE,
        "kontaktpersonPaaArbejdsstedet": KONTAKT,
        "type": "Mentor",
        "mentortype": 35,
        "mentorfunktion": "Følger borgeren",
        "ugentligArbejdstid": "2.6",
    },
    "UnderskrivTillaegsbevilling": {"medBilag": False},
    "TilfoejDokument": {
        "vedroerer": et_id("ansoegning"),
        "navn": "Brev til Bo Borger.pdf",
        "mimetype": "application/pdf",
        "stoerrelse": 52_000,
        "sha256": "ab" * 32,
    },
}
"""Each action's data when a test does not care; an action that is not here has none."""

SAGEN: dict[str, Any] = {navn: STANDARD["OpretAnsoegning"][navn] for navn in ("virksomhed", "borger")}
"""What names the company and the citizen in the data of a first action."""
BEVILLING: dict[str, Any] = {navn: STANDARD["UdstedBevilling"][navn] for navn in ("periode", "kontaktpersonPaaArbejdsstedet")}
LISTER: dict[str, Any] = {
    "ansatte": [{"personnummer": "0202900002", "navn": "Anna Ansat", "kursus": "K1"}],
    "kurser": [{"nr": "K1", "navn": "Svejsning", "startdato": "2025-01-06", "slutdato": "2025-03-28"}],
    "vikarer": [{"personnummer": "0303900003", "navn": "Viggo Vikar", "periode": PERIODE, "ugentligArbejdstid": "36.9"}],
}
"""A jobrotation's lists, complete (R-4.3)."""
ORDNINGENS: dict[tuple[str, str], dict[str, Any]] = {
    ("Voksenlaerling", "UdstedBevilling"): {**STANDARD["UdstedBevilling"], "timeTilskudsats": 9411},
    ("Voksenlaerling", "RetTilskudssats"): {"timeTilskudsats": 9412},
    ("Jobrotation", "OpretAnsoegning"): {**STANDARD["OpretAnsoegning"], **LISTER},
    ("Mentor", "UdstedBevilling"): {**SAGEN, **BEVILLING, "ugentligArbejdstid": "2.6", "mentortype": 34},
    ("PersonligAssistance", "UdstedBevilling"): {**SAGEN, **BEVILLING, "ugentligArbejdstid": "20.3"},
    ("Igu", "IndgaaAftale"): {**SAGEN, **BEVILLING},
    ("Tillaegsbevilling", "UdstedTillaegsbevilling"): {**SAGEN, **STANDARD["UdstedTillaegsbevilling"]},
    ("Hjaelpemiddel", "UdstedBevilling"): {**SAGEN, **BEVILLING, "hjaelpemiddel": {"art": "Arbejdsredskab", "beloeb": "4999.95"}},
}
"""(scheme, action) → its data, where they are not STANDARD's."""
SENERE = (*SAGEN, "ordning", "jobCenterKode", *VITAS)
"""What is left out (`uden`) of an action that could open a case and comes later."""

AKT: dict[str, str] = {
    **dict.fromkeys(("AfgoerVurdering", "OvertagVurdering", "FrigivVurdering", "GenaabnVurdering"), "vurdering"),
    **dict.fromkeys(("UdstedBevilling", "SendBevilling", "GenfremsendBevilling", "GodkendBevilling", "AfvisBevilling"), "bevilling"),
    "RetTilskudssats": "bevilling",
    **dict.fromkeys(("AnsoegForlaengelse", "BevilgForlaengelse", "AfslaaForlaengelse"), "forlaengelse"),
    **dict.fromkeys(("RegistrerOphoer", "RetOphoer", "TilbagekaldOphoer"), "ophoer"),
    **dict.fromkeys(("IndgaaAftale", "RetAftale"), "aftale"),
    "TilfoejDokument": "dokument",
    **dict.fromkeys(("UdstedTillaegsbevilling", "UnderskrivTillaegsbevilling"), "tillaeg"),
}
"""Each action's act when a test does not care; else the application."""


def raa(handling: str, akt: str | None = None, *, ordning: str = "Loentilskud", uden: Iterable[str] = (), **data: Any) -> dict[str, Any]:
    """An action as JSON: the defaults with `data` put over them and `uden` left out; it opens the case where `ordning` is opened by it."""
    aabner = handling in KUN_FOERSTE or FOEDES_VED.get(ordning) == handling
    standard = ORDNINGENS.get((ordning, handling), STANDARD.get(handling, {}))
    standard = {navn: vaerdi for navn, vaerdi in standard.items() if navn not in handlingens_fremmede(ordning, handling)}
    indhold = {navn: vaerdi for navn, vaerdi in (standard | data).items() if navn not in set(uden)}
    foerste = {"ordning": ordning, "jobCenterKode": "10100", **VITAS} if aabner else {}
    foerste = {navn: vaerdi for navn, vaerdi in foerste.items() if navn not in set(uden)}
    return {
        "handling": handling,
        "sagsId": SAG,
        "eksternIdentifier": et_id(akt or AKT.get(handling, "ansoegning")),
        "haendelsestidspunkt": SKET,
        "aktoer": {"type": "Sagsbehandler", "id": "CVR:12345678-UUID:1", "navn": "Sanne Sagsbehandler"},
        "data": indhold,
        **foerste,
    }


def an_action(handling: str, akt: str | None = None, *, ordning: str = "Loentilskud", uden: Iterable[str] = (), **data: Any) -> Handling:
    """A checked action; see `raa`."""
    return laes_handling(raa(handling, akt, ordning=ordning, uden=uden, **data))


def forseglet(data: Data, haendelses_id: str, sags_id: str = SAG) -> Data:
    """The event's data as the ledger seals them, with a stand-in for the ciphertext."""
    nye: dict[str, Any] = {}
    for felt in msgspec.structs.fields(type(data)):
        vaerdi = getattr(data, felt.name)
        if Forseglet in get_args(felt.type) and vaerdi is not None:
            nye[felt.name] = Forseglet(sags_id, haendelses_id, felt.name, msgspec.json.encode(vaerdi))
        if {Ansat, Vikar}.intersection(get_args(felt.type)):
            nye[felt.name] = tuple(_lukket_person(person, haendelses_id) for person in vaerdi)
    return msgspec.structs.replace(data, **nye)


def _lukket_person(person: Ansat | Vikar, haendelses_id: str) -> Ansat | Vikar:
    """One entry of a list of people as the ledger seals it."""
    felter = ("personnummer", "navn")
    lukket = {navn: Forseglet("en anden", haendelses_id, navn, msgspec.json.encode(getattr(person, navn))) for navn in felter}
    return msgspec.structs.replace(person, **lukket)


def an_event(data: Data, akt: str, version: int, sags_id: str = SAG) -> Haendelse:
    """An event in its envelope, sealed; registered a minute after the one before."""
    tid = NU + timedelta(minutes=version)
    haendelses_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{sags_id}/{version}"))
    aktoer = Aktoer("Sagsbehandler", "CVR:12345678-UUID:1", "Sanne Sagsbehandler")
    kuvert = Kuvert(haendelses_id, sags_id, version, et_id(akt), NU, tid, aktoer, f"r-{version}", bytes(32), "k-1")
    return Haendelse(kuvert, forseglet(data, haendelses_id, sags_id))


def udfoert(sag: Sag | None, handling: Handling, opslag: Opslag = OPSLAG) -> Sag:
    """The case after an action: decided, sealed, folded. Raises `Afvisning`."""
    for data in decide(sag, handling, opslag, NU):
        sag = evolve(sag, an_event(data, handling.eksternIdentifier, 1 if sag is None else sag.version + 1, handling.sagsId))
    assert sag is not None
    return sag


def a_sag(*handlinger: Handling, opslag: Opslag = OPSLAG) -> Sag:
    """A case folded from actions; none given: a løntilskud that is complete and granted."""
    sag = None
    for handling in handlinger or BEVILGET:
        sag = udfoert(sag, handling, opslag)
    assert sag is not None
    return sag


class Udfald(NamedTuple):
    """What came of an action: the case before it, its events or its errors, and the case after it."""

    foer: Sag | None
    haendelser: tuple[Data, ...]
    fejl: list[Fejl]
    efter: Sag | None

    def then(self, ventet: Sequence[Data]) -> "Udfald":
        """These events, and no others."""
        assert not self.fejl, [(f.kode, f.felt, f.fejltekst) for f in self.fejl]
        assert list(self.haendelser) == list(ventet)
        return self

    def ok(self) -> Sag:
        """Accepted; the case after it."""
        assert not self.fejl, [(f.kode, f.felt, f.fejltekst) for f in self.fejl]
        assert self.efter is not None
        return self.efter

    def naegtet(self, *koder: int) -> list[Fejl]:
        """Refused with these codes, all of them at once, in this order."""
        assert [f.kode for f in self.fejl] == [int(kode) for kode in koder], [(f.kode, f.felt, f.fejltekst) for f in self.fejl]
        assert self.haendelser == ()
        return self.fejl


class Givet(NamedTuple):
    """A case and what may be looked up, before the action of the test."""

    sag: Sag | None
    opslag: Opslag

    def when(self, handling: Handling, nu: datetime = NU) -> Udfald:
        """The action at the door."""
        try:
            haendelser = decide(self.sag, handling, self.opslag, nu)
        except Afvisning as afvisning:
            return Udfald(self.sag, (), afvisning.fejl, self.sag)
        return Udfald(self.sag, haendelser, [], udfoert(self.sag, handling, self.opslag))


def given(handlinger: Sequence[Handling], opslag: Opslag = OPSLAG) -> Givet:
    """A case with these actions behind it; none: no case yet."""
    return Givet(a_sag(*handlinger, opslag=opslag) if handlinger else None, opslag)


def fleksjob(*handlinger: Handling, **data: Any) -> list[Handling]:
    """A fleksjob: an open-ended application, signed, and what follows."""
    periode = {"startdato": "2025-01-01"}
    return [
        an_action("OpretAnsoegning", ordning="Fleksjob", **{"periode": periode, **data}),
        an_action("UnderskrivAnsoegning"),
        *handlinger,
    ]


OPRETTET = [an_action("OpretAnsoegning")]
KOMPLET = [*OPRETTET, an_action("UnderskrivAnsoegning")]
UDSTEDT = [*KOMPLET, an_action("UdstedBevilling")]
BEVILGET = [*UDSTEDT, an_action("SendBevilling"), an_action("GodkendBevilling")]
FORLAENGET = [*BEVILGET, an_action("BevilgForlaengelse")]
OPHOERT = [*FORLAENGET, an_action("RegistrerOphoer")]
FLEKSBEVILLING = an_action("UdstedBevilling", uden=["timeTilskudsats"], periode={"startdato": "2025-01-01"})
