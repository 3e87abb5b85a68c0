"""One case of the demonstration, of any scheme: the actions of its life as VITAS sends them, and the track they leave."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from hub.domain.koder import ORDNINGER
from hub.domain.matrix import AKTENS_METODE
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.local.demo import stof
from hub.local.demo.scene import Scene, Svar, ny
from hub.local.personer import Borger
from hub.local.skriver import vitas

Fejlsted = tuple[Any, str | None]
"""An error's code and field."""
AKT_AF_METODE = {metode: slags.lower() for slags, metode in AKTENS_METODE.items()}
BREDDE = 120
FEJL = " " * 9
"""What a line of a refusal begins with."""


class Skridt(NamedTuple):
    """A step of a case: the version and the event that were recorded, or the action that was refused with the lines of its errors."""

    tekst: str
    fejl: tuple[str, ...] = ()


class Afvist(AssertionError):
    """An action of the demonstration was refused although it should not have been."""


class Taget(AssertionError):
    """An action of the demonstration was taken although it should have been refused."""


@dataclass
class Demosag:
    """A case with a citizen of its own. Acts have short names, which stand for ids of this case alone; a uuid is itself."""

    scene: Scene
    ordning: str = "Loentilskud"
    jobcenter: str = "10100"
    borger: Borger = field(default_factory=stof.ny_borger)
    id: str = field(default_factory=ny)
    nummer: int = field(default_factory=lambda: next(stof.LOEBENUMMER))
    version: int = 0
    sket: str = ""
    tid: str | None = None
    spor: list[Skridt] = field(default_factory=list)
    _time: int = 0

    def akt(self, navn: str) -> str:
        """The id that a name stands for."""
        return navn if len(navn) == 36 else str(uuid.uuid5(uuid.UUID(self.id), navn))

    def handling(self, navn: str, akt: str | None = None, /, uden: Sequence[str] = (), **data: Any) -> dict[str, Any]:
        """An action as JSON, an hour after the one before, or at `tid`; the case's first one opens it."""
        self._time += 1
        self.sket = self.tid or f"2025-01-{1 + self._time // 8:02d}T{9 + self._time % 8:02d}:00:00+01:00"
        indhold = {felt: vaerdi for felt, vaerdi in (stof.data(self.ordning, navn) | data).items() if felt not in uden}
        slags = indhold["af"] if navn == "GodkendBevilling" else stof.AKTOER.get(navn, "Sagsbehandler")
        foerste: dict[str, Any] = {}
        if self.version == 0 and stof.aabner(self.ordning, navn):
            indhold = {"virksomhed": stof.VIRKSOMHED, "borger": self.borger.som_data()} | indhold
            foerste = {"ordning": self.ordning, "jobCenterKode": self.jobcenter, **vitas(self.nummer)}
        return {
            "handling": navn,
            "sagsId": self.id,
            "eksternIdentifier": self.akt(akt or stof.AKT.get(navn, "ansoegning")),
            "haendelsestidspunkt": self.sket,
            "aktoer": stof.aktoer(slags, self.borger, self.jobcenter, ny()),
            "data": indhold,
            **foerste,
        }

    async def goer(self, navn: str, akt: str | None = None, /, uden: Sequence[str] = (), **data: Any) -> Self:
        """An action that must be taken. Raises `Afvist`."""
        self.kvitteret(await self.scene.send(self.handling(navn, akt, uden, **data)), navn)
        return self

    async def naegtet(self, navn: str, akt: str | None = None, /, uden: Sequence[str] = (), **data: Any) -> list[Fejlsted]:
        """An action that must be refused: code and field of every error, told at once. Raises `Taget`."""
        svar = await self.scene.send(self.handling(navn, akt, uden, **data))
        if svar.status not in (403, 404, 409, 422):
            raise Taget(f"{navn} answered {svar.status}")
        fejlene = svar.krop["errors"]
        self.spor.append(Skridt(f"✗ {navn}", tuple(_fejllinje(f) for f in fejlene)))
        return [(f["fejlkode"], f["felt"]) for f in fejlene]

    def kvitteret(self, svar: Svar, navn: str) -> int:
        """The version that a receipt names. Raises `Afvist`."""
        if svar.status not in (201, 202):
            raise Afvist(f"{navn} was refused: {svar.status} {svar.krop.get('fejlkode')} {svar.krop.get('fejltekst')}")
        self.version = int(svar.krop["version"])
        self.spor += (Skridt(f"{h['version']} {h['type']}") for h in svar.krop["haendelser"])
        return self.version

    async def bevilget(self, **grundlag: Any) -> Self:
        """All the way to what the scheme grants; `grundlag` is put over the data of the grant, agreement or supplementary grant."""
        for navn, egne in stof.vej(self.ordning):
            over = grundlag if navn in ("UdstedBevilling", "IndgaaAftale", "UdstedTillaegsbevilling") else {}
            await self.goer(navn, **egne, **over)
        return self

    async def ansoegt(self, **data: Any) -> Self:
        """An application that is signed."""
        await self.goer("OpretAnsoegning", **data)
        return await self.goer("UnderskrivAnsoegning")

    async def forlaenget(self, slutdato: str = "2025-09-30") -> Self:
        """An extension, applied for and granted."""
        await self.goer("AnsoegForlaengelse", slutdato=slutdato)
        return await self.goer("BevilgForlaengelse", slutdato=slutdato)

    async def dokument(self, metode: str, akt: str | None = None) -> dict[str, Any]:
        """The document of an act (else the GetMetode's own kind) as of the case's version now, as the jobcentre reads it."""
        akt = self.akt(akt or AKT_AF_METODE[metode])
        return await self.scene.dokument(metode, self.ordning, akt, self.version, self.scene.center(self.jobcenter).http)

    async def faar(self, antal: int = 1) -> list[Ordningsnotifikation]:
        """What the jobcentre is told of the case's version now, once it has been told `antal` times. Raises TimeoutError."""
        return await self.scene.center(self.jobcenter).faar(self.id, self.version, antal)

    def linjer(self) -> list[str]:
        """The case's track: what was recorded, by version, and what was refused, with every error."""
        linjer = [f"   {ORDNINGER[self.ordning].navn}, {self.borger.navn}:"]
        for skridt in self.spor:
            ny_linje = bool(skridt.fejl) or linjer[-1].startswith(FEJL) or len(linjer[-1]) + len(skridt.tekst) > BREDDE
            if ny_linje:
                linjer.append(f"     {skridt.tekst}")
            else:
                linjer[-1] += f" {'' if linjer[-1].endswith(':') else '· '}{skridt.tekst}"
            linjer += skridt.fejl
        return linjer


def _fejllinje(fejl: dict[str, Any]) -> str:
    sted = f"{fejl['felt'].removeprefix('data.')}: " if fejl["felt"] else ""
    return f"{FEJL}{sted}{fejl['fejlkode']} {fejl['fejltekst']}"
