"""One case of the demonstration: the actions of its life, as VITAS sends them."""

from dataclasses import dataclass, field
from typing import Any

from hub.domain.ordningsfelter import handlingens_fremmede
from hub.local.demo.scene import Scene, Svar, ny

KONTAKT = {"navn": "Esben Hvidtjørn", "email": "esben@bageriet.example", "telefon": "+4533112233"}
TILLID = {"navn": "Ingeborg Damgaardsholm", "email": "ingeborg@bageriet.example", "telefon": "+4533112244"}
CVR, PNUMMER = "25313763", "1017584921"


class Afvist(AssertionError):
    """An action of the demonstration was refused although it should not have been."""


@dataclass
class Demosag:
    """A case; each action returns its receipt and fails loudly when it is refused."""

    scene: Scene
    ordning: str = "Loentilskud"
    jobcenter: str = "10100"
    id: str = field(default_factory=ny)
    ansoegning: str = field(default_factory=ny)
    bevilling: str = field(default_factory=ny)
    version: int = 0
    time: int = 0

    def handling(self, navn: str, akt: str, virksomhed: bool = False, /, **data: Any) -> dict[str, Any]:
        """The action as JSON, an hour after the one before."""
        self.time += 1
        aktoer: dict[str, Any] = {"type": "Sagsbehandler", "id": "B00123", "navn": "Kirstine Bregendahl"}
        organisation = {"type": "Jobcenter", "kode": self.jobcenter}
        if virksomhed:
            aktoer = {"type": "Virksomhed", "id": f"CVR:{CVR}-UUID:{ny()}", "navn": KONTAKT["navn"]}
            organisation = {"type": "Virksomhed", "kode": CVR}
        return {
            "handling": navn,
            "sagsId": self.id,
            "eksternIdentifier": akt,
            "haendelsestidspunkt": f"2025-01-{1 + self.time // 8:02d}T{9 + self.time % 8:02d}:00:00+01:00",
            "aktoer": aktoer | {"organisation": organisation},
            "data": data,
        }

    def ansoeg(self, **mere: Any) -> dict[str, Any]:
        """The action that opens the case."""
        data: dict[str, Any] = {
            "virksomhed": {"cvrNummer": CVR, "pNummer": PNUMMER},
            "borger": {"personnummer": "0506891234", "navn": "Agnete Lyngbakkegaard"},
            "periode": {"startdato": "2025-01-01", "slutdato": "2025-06-30"},
            "ugentligArbejdstid": "36.9",
            "antalAnsatteSenesteMaaned": {"rimelighedskrav": "12", "merbeskaeftigelseskrav": "40"},
            "ansvarligKontaktperson": KONTAKT,
            "kontaktpersonPaaArbejdsstedet": TILLID,
        }
        foerste = {
            "ordning": self.ordning,
            "jobCenterKode": self.jobcenter,
            "vitasSagsnummer": f"V-2025-{int(self.id[:5], 16) % 10**6:06d}",
        }
        return self.handling("OpretAnsoegning", self.ansoegning, True, **(self._egne("OpretAnsoegning", data) | mere)) | foerste

    def _egne(self, handling: str, data: dict[str, Any]) -> dict[str, Any]:
        """The fields that the case's scheme has."""
        fremmede = handlingens_fremmede(self.ordning, handling)
        return {navn: vaerdi for navn, vaerdi in data.items() if navn not in fremmede}

    async def goer(self, handling: dict[str, Any]) -> int:
        """Send an action; the case's version after it. Raises `Afvist`."""
        svar = await self.scene.send(handling)
        return self.kvitteret(svar, handling["handling"])

    def kvitteret(self, svar: Svar, navn: str) -> int:
        """The version that a receipt names. Raises `Afvist`."""
        if svar.status not in (201, 202):
            raise Afvist(f"{navn} was refused: {svar.status} {svar.krop.get('fejlkode')} {svar.krop.get('fejltekst')}")
        self.version = int(svar.krop["version"])
        return self.version

    async def til_bevilling(self, **grundlag: Any) -> int:
        """Apply, sign, approve, grant for the first half of 2025, and let the company approve."""
        await self.goer(self.ansoeg())
        await self.goer(self.handling("UnderskrivAnsoegning", self.ansoegning, True, underskriver="Arbejdsgiver"))
        await self.goer(self.handling("GodkendAnsoegning", self.ansoegning))
        return await self.bevilg(**grundlag)

    async def bevilg(self, **grundlag: Any) -> int:
        """Grant, send, and let the company approve."""
        data: dict[str, Any] = {"periode": {"startdato": "2025-01-01", "slutdato": "2025-06-30"}, "ugentligArbejdstid": "36.9"}
        data |= {"kontaktpersonPaaArbejdsstedet": TILLID, "timeTilskudsats": 9403}
        await self.goer(self.handling("UdstedBevilling", self.bevilling, **(self._egne("UdstedBevilling", data) | grundlag)))
        await self.goer(self.handling("SendBevilling", self.bevilling))
        return await self.goer(self.handling("GodkendBevilling", self.bevilling, True, af="Virksomhed"))

    async def forlaeng(self, slutdato: str) -> str:
        """Apply for and grant an extension; its id."""
        akt = ny()
        await self.goer(self.handling("AnsoegForlaengelse", akt, True, slutdato=slutdato))
        await self.goer(self.handling("BevilgForlaengelse", akt, slutdato=slutdato))
        return akt

    async def ophoer(self, stopdato: str) -> str:
        """Register a termination; its id."""
        akt = ny()
        data = {"stopdato": stopdato, "modtagetStoetteSeneste12Mdr": "41250.00", "loenudgiftSeneste12Mdr": "187400.50"}
        await self.goer(self.handling("RegistrerOphoer", akt, **self._egne("RegistrerOphoer", data)))
        return akt

    async def dokument(self, metode: str, akt: str) -> dict[str, Any]:
        """The document of an act as of the case's version now."""
        return await self.scene.dokument(metode, self.ordning, akt, self.version)
