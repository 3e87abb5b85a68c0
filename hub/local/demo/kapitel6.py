"""The hub's own chapter: repeats, two writers, a failing event, a jobcentre away, who may see what, a new CPR number, as of then."""

import asyncio
from pathlib import Path

import orjson

from hub.consumers.jobcenter import Modtager, lyt
from hub.local.demo import stof
from hub.local.demo.historie import Fortalt, Historie, Kapitel, notifikationer, uddrag
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import FREDERIKSBERG, FRIST, Scene, ny
from hub.local.stak import kald

FJERN = "26500"
"""The jobcentre that was away; no other story tells it anything."""


async def samme_to_gange(scene: Scene) -> Fortalt:
    """The same request twice is one event; the same id with another body is refused."""
    sag = await Demosag(scene).bevilget()
    request, handling = ny(), sag.handling("AnsoegForlaengelse")
    foerste, anden = [await scene.send(handling, x_requestId=request) for _ in range(2)]
    andet = await scene.send(handling | {"data": {"slutdato": "2025-12-31"}}, x_requestId=request)
    sag.kvitteret(foerste, "AnsoegForlaengelse")
    await sag.faar()
    historik = (await scene.hent(f"/v1/sager/{sag.id}/historik")).krop["haendelser"]
    set_ = {"same receipt": foerste.krop == anden.krop, "events": sum(h["type"] == "ForlaengelseAnsoegt" for h in historik)}
    set_ |= {"other body": andet.status}
    linjer = [f"   first receipt version {foerste.krop['version']}, second {anden.krop['version']}; other body: {andet.krop['fejltekst']}"]
    return Fortalt(set_, {"same receipt": True, "events": 1, "other body": 412}, linjer)


async def to_skrivere(scene: Scene) -> Fortalt:
    """Two caseworkers act on the same version of a case at once: one gets through, the other is told that the case has moved on."""
    sag = await Demosag(scene).bevilget()
    forsoeg = [sag.handling("AnsoegForlaengelse", navn, slutdato=slut) for navn, slut in (("en", "2025-09-30"), ("anden", "2025-10-31"))]
    svar = await asyncio.gather(*(scene.send(f, If_Match=f'"{sag.version}"') for f in forsoeg))
    afvist = next((s.krop.get("fejltekst", "") for s in svar if s.status == 409), "")
    return Fortalt(sorted(s.status for s in svar), [201, 409], [f"   the second was told: {afvist}"])


async def parkeret_og_genkoert(scene: Scene) -> Fortalt:
    """One case's event fails; it and what follows of that case wait, another case flows; then an operator retries."""
    syg, rask = await Demosag(scene).bevilget(), await Demosag(scene).bevilget()
    assert scene.hus.settings.fault_points is not None
    punkt = Path(scene.hus.settings.fault_points) / f"projektion.{syg.id}"
    punkt.touch()
    await syg.forlaenget()
    await rask.forlaenget()
    await rask.faar()
    imens = await _parkerede(scene, syg.id)
    stille = await scene.hent(f"/v1/Loentilskud/GetBevilling/{syg.akt('bevilling')}?version={syg.version}")
    punkt.unlink()
    genkoert = await asyncio.to_thread(kald, scene.hus, "deadletters", "retry", syg.id, "--why", "the fault is mended", "--execute")
    faaet = await syg.faar()
    set_ = {"parked meanwhile": imens, "GetBevilling meanwhile": stille.krop.get("fejlkode"), "retry": genkoert.returncode}
    set_ |= {"notified after": [n.getMetode for n in faaet]}
    forventet = {"parked meanwhile": 2, "GetBevilling meanwhile": "sag_parkeret", "retry": 0, "notified after": ["GetForlaengelse"]}
    linjer = [
        f"   {imens} events parked, the other case went on; meanwhile: {stille.krop.get('fejltekst')}",
        f"   retried: {genkoert.stderr.strip()}",
        *notifikationer(faaet),
    ]
    return Fortalt(set_, forventet, linjer)


async def _parkerede(scene: Scene, sags_id: str) -> int:
    """How many events of the case are parked; the events were received at the door, so waits until they are on the table."""
    for _ in range(20):
        vist = await asyncio.to_thread(kald, scene.hus, "deadletters", "show", sags_id, "--json")
        antal = vist.stdout.count('"offset"')
        if antal > 1:
            break
        await asyncio.sleep(0.1)
    return antal


async def var_vaek(scene: Scene) -> Fortalt:
    """A jobcentre that did not listen reads its topic from number 1 and misses nothing."""
    sag = await (await Demosag(scene, jobcenter=FJERN).bevilget()).forlaenget()
    modtager, versioner = Modtager(), []
    async with asyncio.timeout(FRIST):
        async for besked in lyt(scene.hus.options, scene.hus.kodeks, FJERN):
            modtager.modtag(besked)
            versioner.append(besked.notifikation.version)
            if besked.notifikation.version == sag.version:
                break
    set_ = {"numbers": modtager.sidste, "gaps": modtager.taeller.get("hul", 0), "versions": versioner}
    forventet = {"numbers": 6, "gaps": 0, "versions": [2, 3, 4, 6, 7, 8]}
    return Fortalt(set_, forventet, [f"   numbers 1 to {modtager.sidste} without a gap, the newest of version {versioner[-1]}"])


async def hvem_maa_se(scene: Scene) -> Fortalt:
    """A wrong token is refused, and so is another jobcentre; after a move the receiver sees all and the giver its last version."""
    sag = await Demosag(scene).bevilget()
    await sag.faar()
    sti = f"/v1/Loentilskud/GetBevilling/{sag.akt('bevilling')}"
    async with scene.session("system", token="ikke.et.token") as falsk:  # noqa: S106 (no token, that is the story)
        uden = await scene.hent(sti, falsk)
    fremmed = await scene.hent(sti, scene.frederiksberg.http)
    await sag.goer("FlytSag", modtagendeJobCenterKode=FREDERIKSBERG)
    flyttet, sag.jobcenter = sag.version, FREDERIKSBERG
    await sag.faar()
    await sag.goer("RegistrerOphoer", stopdato="2025-03-31")
    faaet = await sag.faar()
    ny_ejer, gammel_ejer = await scene.hent(sti, scene.frederiksberg.http), await scene.hent(sti)
    set_ = {"wrong token": uden.status, "another jobcentre": (fremmed.status, fremmed.krop["fejltekst"])}
    set_ |= {"receiver's version": ny_ejer.krop["version"], "giver's version": gammel_ejer.krop["version"]}
    forventet = {"wrong token": 401, "another jobcentre": (403, "Sagen hører til et andet jobcenter.")}
    forventet |= {"receiver's version": sag.version, "giver's version": flyttet}
    linje = f"   another jobcentre: {fremmed.krop['fejlkode']} {fremmed.krop['fejltekst']}"
    return Fortalt(set_, forventet, [*sag.linjer(), linje, *notifikationer(faaet)])


async def nyt_personnummer(scene: Scene) -> Fortalt:
    """One transaction tells every case of the citizen; both numbers find them, and only the new one is written with."""
    borger, nyt = stof.ny_borger(), stof.ny_borger().personnummer
    en, anden = Demosag(scene, borger=borger), Demosag(scene, "Mentor", borger=borger)
    await en.ansoegt()
    await anden.bevilget()
    await anden.faar()
    await scene.kald("POST", "/v1/borgere/personnummerskift", {"gammelt": borger.personnummer, "nyt": nyt})
    metoder = []
    for sag in (en, anden):
        sag.version += 1
        metoder += [n.getMetode for n in await sag.faar()]
    skrevet = await Demosag(scene, borger=borger).naegtet("OpretAnsoegning")
    fundne = [await _fundet(scene, nummer) for nummer in (borger.personnummer, nyt)]
    dokument = await en.dokument("GetAnsoegning")
    set_ = {"told": metoder, "the new one shown": dokument["borger"]["personnummer"] == nyt, "written with the old one": skrevet}
    set_ |= {"cases found by either": [len(sager) for sager in fundne], "the same ones": fundne[0] == fundne[1]}
    forventet = {"told": ["GetAnsoegning", "GetBevilling"], "the new one shown": True}
    forventet |= {"written with the old one": [(9460, "data.borger.personnummer")], "cases found by either": [2, 2], "the same ones": True}
    linjer = [*en.linjer(), *anden.linjer(), f"   told of both: {', '.join(metoder)}", "   written with the old number: 9460"]
    return Fortalt(set_, forventet, linjer)


async def _fundet(scene: Scene, nummer: str) -> list[str]:
    hoveder = {"x-civilRegistrationIdentifier": nummer}
    svar = await scene.kald("POST", "/v1/soeg", {}, som=scene.koebenhavn.http, hoveder=hoveder)
    return sorted(raekke["sagsId"] for raekke in svar.krop["raekker"])


async def som_den_var(scene: Scene) -> Fortalt:
    """An auditor asks for the grant as it was registered before the termination, before and after: the same answer."""
    sag = await Demosag(scene).bevilget()
    foer = await sag.dokument("GetBevilling")
    dengang = f"/v1/Loentilskud/GetBevilling/{sag.akt('bevilling')}?asOf={foer['registreringstidspunkt']}"
    async with scene.session("auditor") as revisor:
        straks = (await scene.hent(dengang, revisor)).krop
        await sag.goer("RegistrerOphoer")
        nu = await sag.dokument("GetBevilling")
        senere = (await scene.hent(dengang, revisor)).krop
    set_ = {"then": (straks["version"], straks["aktuelSlutdato"]), "the same later": straks == senere, "now": nu["aktuelSlutdato"]}
    forventet = {"then": (foer["version"], "2025-06-30"), "the same later": True, "now": "2025-05-15"}
    felter = ("aktuelSlutdato", "gaeldendePeriode")
    linjer = [*sag.linjer(), *uddrag("as of then,", senere, *felter), *uddrag("now,", nu, *felter)]
    return Fortalt(set_, forventet, linjer)


async def alle_fejl(scene: Scene) -> Fortalt:
    """Bad input is told everything that is wrong at once."""
    handling = Demosag(scene).handling("OpretAnsoegning", ugentligArbejdstid="60") | {"jobCenterKode": "99999"}
    handling["data"]["virksomhed"] = {"cvrNummer": "123", "pNummer": "10"}
    svar = await scene.send(handling)
    forventet = ["data.ugentligArbejdstid", "data.virksomhed.cvrNummer", "data.virksomhed.pNummer", "jobCenterKode"]
    linjer = [f"   {fejl['felt']}: {fejl['fejltekst']}" for fejl in svar.krop["errors"]]
    return Fortalt([svar.status, sorted(fejl["felt"] for fejl in svar.krop["errors"])], [422, forventet], linjer)


async def alt_stemmer(scene: Scene) -> Fortalt:
    """Everything that was told is folded anew from the log: every row, document, number and hash is as it is served."""
    verify = await asyncio.to_thread(kald, scene.hus, "verify", "--json")
    fundet = orjson.loads(verify.stdout)
    set_ = {"exit": verify.returncode, "differences": fundet["differences"], "parked": fundet["parked"]}
    tal = ("cases", "references", "events", "notifications", "differences")
    return Fortalt(set_, dict.fromkeys(set_, 0), [f"   {', '.join(f'{fundet[navn]} {navn}' for navn in tal)}"])


KAPITEL = Kapitel(
    6,
    "The hub's own promises",
    (
        Historie("I1", "The same action sent twice", samme_to_gange),
        Historie("I1", "Two writers at one case", to_skrivere),
        Historie("I5", "An event that fails, parked while other cases flow, then retried", parkeret_og_genkoert),
        Historie("I4", "A jobcentre that was away catches up", var_vaek),
        Historie("I7", "A wrong token, another jobcentre's case, and a move", hvem_maa_se),
        Historie("CPR", "A citizen's new CPR number", nyt_personnummer),
        Historie("asOf", "The grant as it was", som_den_var),
        Historie("Door", "Everything that is wrong, at once", alle_fejl),
        Historie("I2", "All of it agrees with the log", alt_stemmer, til_sidst=True),
    ),
)
"""What the release note does not ask for, and everything else rests on."""
