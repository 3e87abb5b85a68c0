"""Chapter 4: fleksjob and jobrotation (R-4.1 to R-4.4)."""

from typing import Any

from hub.local.demo import stof
from hub.local.demo.historie import Fortalt, Historie, Kapitel, notifikationer, uddrag, udsnit
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import Scene

VURDERING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("OvertagVurdering", {"medarbejder": stof.KIRSTINE}),
    ("AfgoerVurdering", {}),
    ("GenaabnVurdering", {}),
    ("FrigivVurdering", {}),
    ("OvertagVurdering", {"medarbejder": stof.LUDVIG}),
)


async def overtag_vurdering(scene: Scene) -> Fortalt:
    """Taken over, decided, reopened, released: who has the assessment is a fact, and it can always be taken over again."""
    sag = await Demosag(scene, "Fleksjob").ansoegt()
    set_ = []
    for handling, data in VURDERING:
        await sag.goer(handling, **data)
        vurdering = (await sag.dokument("GetAnsoegning"))["vurdering"]
        set_.append((handling, (vurdering["ansvarligMedarbejder"] or {"navn": None})["navn"], vurdering["afgjort"]))
    hun, han = stof.KIRSTINE["navn"], stof.LUDVIG["navn"]
    hvem = ((hun, False), (hun, True), (hun, False), (None, False), (han, False))
    forventet = [(handling, *svar) for (handling, _), svar in zip(VURDERING, hvem, strict=True)]
    linjer = [f"   {h:<18} {'afgjort' if afgjort else 'åben':<8} {navn or 'ingen'}" for h, navn, afgjort in set_]
    return Fortalt(set_, forventet, [*sag.linjer(), *linjer])


async def arbejdsintensitet(scene: Scene) -> Fortalt:
    """33.33 percent is 33.33 percent, in the event and in the document; more than a hundred is refused."""
    sag = await Demosag(scene, "Fleksjob").ansoegt()
    for_meget = await sag.naegtet("AfgoerVurdering", arbejdsintensitetPct="100.01")
    await sag.goer("AfgoerVurdering", arbejdsintensitetPct="33.33")
    faaet, dokument = await sag.faar(), await sag.dokument("GetAnsoegning")
    set_ = {"100.01": [felt for _, felt in for_meget], "33.33": dokument["vurdering"]["arbejdsintensitetPct"]}
    linjer = [
        *sag.linjer(),
        *notifikationer(faaet),
        f"   GetAnsoegning version {dokument['version']}: arbejdsintensitetPct {set_['33.33']}",
    ]
    return Fortalt(set_, {"100.01": ["data.arbejdsintensitetPct"], "33.33": "33.33"}, linjer)


async def roede_krydser(scene: Scene) -> Fortalt:
    """Employees, courses and substitutes, each entry with whether it is complete (the red cross); signed only when all are."""
    sag = Demosag(scene, "Jobrotation")
    await sag.goer("OpretAnsoegning", kurser=[*stof.LISTER["kurser"], {"nr": "K2", "navn": "Regnskab"}])
    foer = await sag.dokument("GetAnsoegning")
    mangler = await sag.naegtet("UnderskrivAnsoegning")
    await sag.goer("RetAnsoegning", kurser=stof.LISTER["kurser"])
    await sag.goer("UnderskrivAnsoegning")
    faaet, efter = await sag.faar(), await sag.dokument("GetAnsoegning")
    set_ = {"before": [k["udfyldt"] for k in foer["kurser"]], "missing": [felt for _, felt in mangler]}
    set_["after"] = [led["udfyldt"] for liste in ("ansatte", "kurser", "vikarer") for led in efter[liste]]
    forventet = {"before": [True, False], "missing": ["data.kurser.1.startdato", "data.kurser.1.slutdato"], "after": [True] * 3}
    lister = ("ansatte", "kurser", "vikarer")
    linjer = [*sag.linjer(), *uddrag("GetAnsoegning", foer, *lister), *notifikationer(faaet), *uddrag("GetAnsoegning", efter, *lister)]
    return Fortalt(set_, forventet, linjer)


async def returneret_kladde(scene: Scene) -> Fortalt:
    """The caseworker's draft comes back from the company signed, and is still her team's."""
    sag = Demosag(scene, "Fleksjob")
    await sag.goer("OpretAnsoegning")
    await sag.goer("SendKladde", team="Team Nord", medarbejder=stof.KIRSTINE)
    await sag.goer("ReturnerKladde")
    faaet, dokument = await sag.faar(), await sag.dokument("GetAnsoegning")
    felter = ("team", "ansvarligMedarbejder", "ansoegningStatus")
    forventet = {"team": "Team Nord", "ansvarligMedarbejder": stof.KIRSTINE}
    forventet["ansoegningStatus"] = {"kode": 9204, "navn": "Til behandling i jobcenter"}
    linjer = [*sag.linjer(), *notifikationer(faaet), *uddrag("GetAnsoegning", dokument, *felter)]
    return Fortalt(udsnit(dokument, *felter), forventet, linjer)


KAPITEL = Kapitel(
    4,
    "Fleksjob and jobrotation",
    (
        Historie("R-4.1", "'Overtag vurdering' after reopening and release", overtag_vurdering),
        Historie("R-4.2", "The work intensity is exact", arbejdsintensitet),
        Historie("R-4.3", "A jobrotation's lists and their red crosses", roede_krydser),
        Historie("R-4.4", "A returned draft keeps its team", returneret_kladde),
    ),
)
"""The release note's fourth chapter."""
