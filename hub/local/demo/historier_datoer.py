"""The stories of R-2.2 and of a plain life: the dates that the old messages got wrong."""

from hub.local.demo.historie import Fortalt, Historie, datoer, notifikationer, tidslinje, udsnit
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import Scene

HALVAAR = {"startdato": "2025-01-01", "slutdato": "2025-06-30"}
SOMMER = {"startdato": "2025-07-01", "slutdato": "2025-09-30"}


async def et_forloeb(scene: Scene) -> Fortalt:
    """Apply, sign, grant, company approves, extend, end on the last day."""
    sag = Demosag(scene)
    await sag.til_bevilling()
    await sag.forlaeng("2025-09-30")
    await sag.ophoer("2025-09-30")
    faaet = await scene.koebenhavn.faar(sag.id, sag.version)
    dokument = await sag.dokument("GetBevilling", sag.bevilling)
    historik = await scene.hent(f"/v1/sager/{sag.id}/historik")
    metoder = [n.getMetode for n in scene.koebenhavn.om(sag.id)]
    set_ = {"notified": metoder, "gaeldendePeriode": dokument["gaeldendePeriode"], "arbejdstid": dokument["arbejdstid"]}
    forventet = {
        "notified": ["GetAnsoegning"] * 2 + ["GetBevilling"] * 2 + ["GetForlaengelse"] * 2 + ["GetOphoer"],
        "gaeldendePeriode": HALVAAR,
        "arbejdstid": {"timerPrUge": 37, "minutterPrUge": 0},
    }
    return Fortalt(set_, forventet, [*tidslinje(historik.krop), *notifikationer(faaet), *datoer("GetBevilling", dokument)])


async def ophoer_foer_forlaengelsen(scene: Scene) -> Fortalt:
    """An extension to September is granted; then the grant ends in May, before the extension began."""
    sag = Demosag(scene)
    await sag.til_bevilling()
    forlaengelse = await sag.forlaeng("2025-09-30")
    ophoer = await sag.ophoer("2025-05-15")
    faaet = await scene.koebenhavn.faar(sag.id, sag.version, 3)
    bevilling, dokument = await sag.dokument("GetBevilling", sag.bevilling), await sag.dokument("GetForlaengelse", forlaengelse)
    set_ = {
        "GetForlaengelse": udsnit(dokument, "status", "bevilgetPeriode", "gaeldendePeriode", "aktuelSlutdato"),
        "annulled by the termination": dokument["annulleretAf"] == ophoer,
        "GetBevilling": udsnit(bevilling, "gaeldendePeriode", "oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato"),
        "notified": [n.getMetode for n in faaet],
    }
    forventet = {
        "GetForlaengelse": {"status": "Annulleret", "bevilgetPeriode": SOMMER, "gaeldendePeriode": None, "aktuelSlutdato": "2025-05-15"},
        "annulled by the termination": True,
        "GetBevilling": {
            "gaeldendePeriode": {"startdato": "2025-01-01", "slutdato": "2025-05-15"},
            "oprindeligSlutdato": "2025-06-30",
            "slutdatoFoerOphoer": "2025-09-30",
            "aktuelSlutdato": "2025-05-15",
        },
        "notified": ["GetOphoer", "GetBevilling", "GetForlaengelse"],
    }
    gammel = "   the legacy message:  startdato 2025-07-01  slutdato 2025-05-15   ← a start after its end"
    return Fortalt(set_, forventet, [gammel, *notifikationer(faaet), *datoer("GetForlaengelse", dokument)])


async def fleksjob_ophoert(scene: Scene) -> Fortalt:
    """A fleksjob granted for a year ends early; there is no GetOphoer, the grant itself shows both ends."""
    sag = Demosag(scene, ordning="Fleksjob")
    await sag.til_bevilling(periode={"startdato": "2025-01-01", "slutdato": "2025-12-31"})
    await sag.ophoer("2025-04-30")
    faaet = await scene.koebenhavn.faar(sag.id, sag.version)
    dokument = await sag.dokument("GetBevilling", sag.bevilling)
    set_ = {"notified": [(n.getMetode, n.eksternIdentifier == sag.bevilling) for n in faaet]}
    set_ |= udsnit(dokument, "gaeldendePeriode", "oprindeligSlutdato", "aktuelSlutdato")
    forventet = {
        "notified": [("GetBevilling", True)],
        "gaeldendePeriode": {"startdato": "2025-01-01", "slutdato": "2025-04-30"},
        "oprindeligSlutdato": "2025-12-31",
        "aktuelSlutdato": "2025-04-30",
    }
    gammel = "   the legacy message:  slutdato 2025-12-31   ← the original end as if it were the current one"
    return Fortalt(set_, forventet, [gammel, *notifikationer(faaet), *datoer("GetBevilling", dokument)])


async def ophoer_tilbagekaldt(scene: Scene) -> Fortalt:
    """The termination that annulled an extension is withdrawn: everything stands as before, and everybody concerned is told."""
    sag = Demosag(scene)
    await sag.til_bevilling()
    forlaengelse = await sag.forlaeng("2025-09-30")
    ophoer = await sag.ophoer("2025-05-15")
    await sag.goer(sag.handling("TilbagekaldOphoer", ophoer))
    faaet = await scene.koebenhavn.faar(sag.id, sag.version, 3)
    bevilling, dokument = await sag.dokument("GetBevilling", sag.bevilling), await sag.dokument("GetForlaengelse", forlaengelse)
    set_ = {
        "GetForlaengelse": udsnit(dokument, "status", "gaeldendePeriode"),
        "GetBevilling": udsnit(bevilling, "gaeldendePeriode", "slutdatoFoerOphoer", "aktuelSlutdato"),
        "notified": [n.getMetode for n in faaet],
    }
    forventet = {
        "GetForlaengelse": {"status": "Bevilget", "gaeldendePeriode": SOMMER},
        "GetBevilling": {"gaeldendePeriode": HALVAAR, "slutdatoFoerOphoer": None, "aktuelSlutdato": "2025-09-30"},
        "notified": ["GetOphoer", "GetBevilling", "GetForlaengelse"],
    }
    return Fortalt(set_, forventet, [*notifikationer(faaet), *datoer("GetForlaengelse", dokument)])


HISTORIER = (
    Historie("R-1.1", "The plain life of a løntilskud", et_forloeb),
    Historie("R-2.2", "An extension, then a termination before it starts", ophoer_foer_forlaengelsen),
    Historie("R-2.2", "A fleksjob that ends early", fleksjob_ophoert),
    Historie("R-2.2", "A termination withdrawn", ophoer_tilbagekaldt),
)
