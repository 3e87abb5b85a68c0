"""The stories of the promises: repeats, two writers, a failing event, a jobcentre that was away, and who may see what."""

import asyncio
from pathlib import Path

from hub.consumers.jobcenter import Modtager, lyt
from hub.local.demo.historie import Fortalt, Historie
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import FRIST, Scene, Svar, ny
from hub.local.stak import kald


async def samme_to_gange(scene: Scene) -> Fortalt:
    """The same request twice is one event; the same id with another body is refused."""
    sag = Demosag(scene)
    await sag.til_bevilling()
    akt, request = ny(), ny()
    handling = sag.handling("AnsoegForlaengelse", akt, True, slutdato="2025-09-30")
    foerste, anden = [await scene.send(handling, x_requestId=request) for _ in range(2)]
    andet = await scene.send(handling | {"data": {"slutdato": "2025-12-31"}}, x_requestId=request)
    sag.kvitteret(foerste, "AnsoegForlaengelse")
    await scene.koebenhavn.faar(sag.id, sag.version)
    historik = (await scene.hent(f"/v1/sager/{sag.id}/historik")).krop["haendelser"]
    set_ = {"same receipt": foerste.krop == anden.krop, "events": sum(h["type"] == "ForlaengelseAnsoegt" for h in historik)}
    set_ |= {"other body": andet.status}
    linjer = [f"   first receipt version {foerste.krop['version']}, second {anden.krop['version']}; other body: {andet.krop['fejltekst']}"]
    return Fortalt(set_, {"same receipt": True, "events": 1, "other body": 412}, linjer)


async def to_skrivere(scene: Scene) -> Fortalt:
    """Two caseworkers act on version 7 of a case at once: one gets through, the other is told that the case has moved on."""
    sag = Demosag(scene)
    version = await sag.til_bevilling()
    forsoeg = [sag.handling("AnsoegForlaengelse", ny(), True, slutdato=slut) for slut in ("2025-09-30", "2025-10-31")]
    svar = await asyncio.gather(*(scene.send(f, If_Match=f'"{version}"') for f in forsoeg))
    afvist = next((s.krop.get("fejltekst", "") for s in svar if s.status == 409), "")
    return Fortalt(sorted(s.status for s in svar), [201, 409], [f"   the second was told: {afvist}"])


async def parkeret_og_genkoert(scene: Scene) -> Fortalt:
    """One case's event fails; it and what follows of that case wait, another case flows; then an operator retries."""
    syg, rask = Demosag(scene), Demosag(scene)
    await syg.til_bevilling()
    await rask.til_bevilling()
    assert scene.hus.settings.fault_points is not None
    punkt = Path(scene.hus.settings.fault_points) / f"projektion.{syg.id}"
    punkt.touch()
    await syg.forlaeng("2025-09-30")
    await rask.forlaeng("2025-09-30")
    await scene.koebenhavn.faar(rask.id, rask.version)
    imens = await _parkerede(scene, syg.id)
    stille = await scene.hent(f"/v1/Loentilskud/GetBevilling/{syg.bevilling}?version={syg.version}")
    punkt.unlink()
    genkoert = await asyncio.to_thread(kald, scene.hus, "deadletters", "retry", syg.id, "--why", "the fault is mended", "--execute")
    faaet = await scene.koebenhavn.faar(syg.id, syg.version)
    set_ = {"parked meanwhile": imens, "GetBevilling meanwhile": stille.krop.get("fejlkode"), "retry": genkoert.returncode}
    set_ |= {"parked after": await _parkerede(scene, syg.id), "notified after": [n.getMetode for n in faaet]}
    forventet = {"parked meanwhile": 2, "GetBevilling meanwhile": "sag_parkeret", "retry": 0}
    forventet |= {"parked after": 0, "notified after": ["GetForlaengelse"]}
    linjer = [
        f"   {imens} events parked, the other case went on; meanwhile: {stille.krop.get('fejltekst')}",
        f"   {genkoert.stderr.strip()}",
    ]
    return Fortalt(set_, forventet, linjer)


async def _parkerede(scene: Scene, sags_id: str) -> int:
    """How many events of the case are parked; the events were received at the door, so waits until they are on the table."""
    for _ in range(20):
        vist = await asyncio.to_thread(kald, scene.hus, "deadletters", "show", sags_id, "--json")
        antal = vist.stdout.count('"offset"')
        if antal != 1:
            return antal
        await asyncio.sleep(0.1)
    return antal


async def var_vaek(scene: Scene) -> Fortalt:
    """A jobcentre that did not listen reads its topic from number 1 and misses nothing."""
    sag = Demosag(scene, jobcenter="26500")
    await sag.til_bevilling()
    await sag.forlaeng("2025-09-30")
    modtager, versioner = Modtager(), []
    async with asyncio.timeout(FRIST):
        async for besked in lyt(scene.hus.options, scene.hus.kodeks, "26500"):
            modtager.modtag(besked)
            versioner.append(besked.notifikation.version)
            if besked.notifikation.version == sag.version:
                break
    set_ = {"numbers": modtager.sidste, "gaps": modtager.taeller.get("hul", 0), "versions": versioner}
    forventet = {"numbers": 6, "gaps": 0, "versions": [2, 3, 4, 6, 7, 8]}
    return Fortalt(set_, forventet, [f"   numbers 1 to {modtager.sidste} without a gap, the newest of version {versioner[-1]}"])


async def hvem_maa_se(scene: Scene) -> Fortalt:
    """A wrong token is refused, and so is another jobcentre; after a move the receiver sees all and the giver its last version."""
    sag = Demosag(scene)
    await sag.til_bevilling()
    await scene.koebenhavn.faar(sag.id, sag.version)
    sti = f"/v1/Loentilskud/GetBevilling/{sag.bevilling}"
    async with scene.session("system", token="ikke.et.token") as falsk:  # noqa: S106 (no token, that is the story)
        uden = await scene.hent(sti, falsk)
    fremmed = await scene.hent(sti, scene.frederiksberg.http)
    await sag.goer(sag.handling("FlytSag", sag.ansoegning, modtagendeJobCenterKode="14700"))
    flyttet = sag.version
    await scene.frederiksberg.faar(sag.id, flyttet)
    await sag.goer(sag.handling("RegistrerOphoer", ny(), stopdato="2025-03-31"))
    await scene.frederiksberg.faar(sag.id, sag.version)
    ny_ejer, gammel_ejer = await scene.hent(sti, scene.frederiksberg.http), await scene.hent(sti)
    set_ = {"wrong token": uden.status, "another jobcentre": (fremmed.status, fremmed.krop["fejltekst"])}
    set_ |= {"receiver's version": ny_ejer.krop["version"], "giver's version": gammel_ejer.krop["version"]}
    forventet = {"wrong token": 401, "another jobcentre": (403, "Sagen hører til et andet jobcenter.")}
    forventet |= {"receiver's version": sag.version, "giver's version": flyttet}
    return Fortalt(set_, forventet, [f"   another jobcentre: {fremmed.krop['fejlkode']} {fremmed.krop['fejltekst']}"])


async def alle_fejl(scene: Scene) -> Fortalt:
    """Bad input is told everything that is wrong at once."""
    handling = Demosag(scene).ansoeg(ugentligArbejdstid="60") | {"jobCenterKode": "99999"}
    handling["data"]["virksomhed"] = {"cvrNummer": "123", "pNummer": "10"}
    svar = await scene.send(handling)
    forventet = ["data.ugentligArbejdstid", "data.virksomhed.cvrNummer", "data.virksomhed.pNummer", "jobCenterKode"]
    return Fortalt([svar.status, sorted(_felter(svar))], [422, forventet], _fejl(svar))


async def ansatte_mangler(scene: Scene) -> Fortalt:
    """A number of employees that eIndkomst does not have is missing, not 0: the application cannot be signed before it is filled in."""
    sag = Demosag(scene)
    await sag.goer(sag.ansoeg(antalAnsatteSenesteMaaned={}))
    underskrift = sag.handling("UnderskrivAnsoegning", sag.ansoegning, True, underskriver="Arbejdsgiver")
    uden = await scene.send(underskrift)
    rettet = {"rimelighedskrav": "0", "merbeskaeftigelseskrav": "3"}
    await sag.goer(sag.handling("RetAnsoegning", sag.ansoegning, True, antalAnsatteSenesteMaaned=rettet))
    med = await scene.send(underskrift)
    forventet = [f"data.antalAnsatteSenesteMaaned{krav}" for krav in ("", ".merbeskaeftigelseskrav", ".rimelighedskrav")]
    return Fortalt([sorted(_felter(uden)), med.status], [forventet, 201], _fejl(uden))


def _felter(svar: Svar) -> list[str]:
    return [str(fejl["felt"]) for fejl in svar.krop.get("errors", ())]


def _fejl(svar: Svar) -> list[str]:
    return [f"   {fejl['felt']}: {fejl['fejltekst']}" for fejl in svar.krop.get("errors", ())]


HISTORIER = (
    Historie("I1", "The same action sent twice", samme_to_gange),
    Historie("I1", "Two writers at one case", to_skrivere),
    Historie("I5", "An event that fails, parked while other cases flow, then retried", parkeret_og_genkoert),
    Historie("I4", "A jobcentre that was away catches up", var_vaek),
    Historie("I7", "A wrong token, another jobcentre's case, and a move", hvem_maa_se),
    Historie("R-3.2", "A missing number of employees is not 0", ansatte_mangler),
    Historie("Door", "Everything that is wrong, at once", alle_fejl),
)
