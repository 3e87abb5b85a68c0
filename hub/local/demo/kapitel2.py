"""Chapter 2: across the schemes (R-2.1 to R-2.5): conflicts, the dates that the old messages got wrong, contractors, contacts, hours."""

from datetime import UTC, datetime
from typing import Any

from hub.local.demo import stof
from hub.local.demo.historie import Fortalt, Historie, Kapitel, gammel, notifikationer, uddrag, udsnit
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import Scene

KONFLIKT = ("konfliktramt", "konfliktOprindelse", "konfliktBesked")


async def konflikt(scene: Scene) -> Fortalt:
    """A registered company's application is marked, whatever it says; it stays so when the conflict ends, and the next one is not.

    One that was made before the end and is recorded after it is marked all the same.
    """
    firma = {"cvrNummer": stof.nyt_cvr(), "pNummer": "1017584921"}
    sti = f"/v1/konflikter/{firma['cvrNummer']}"
    await scene.kald("PUT", sti, {"fra": "2025-01-01", "fagomraader": ["Lager", "Transport"]})
    sag, sen = Demosag(scene, "Virksomhedspraktik"), Demosag(scene, "Virksomhedspraktik")
    nej = await sag.naegtet("OpretAnsoegning", virksomhed=firma, konfliktramt=False)
    await sag.goer("OpretAnsoegning", virksomhed=firma)
    uden = await sag.naegtet("UnderskrivAnsoegning")
    await scene.kald("DELETE", sti)
    await sag.goer("RetAnsoegning", konfliktKommentar="Lagerarbejde")
    await sag.goer("UnderskrivAnsoegning")
    efter = Demosag(scene, "Virksomhedspraktik", tid=datetime.now(UTC).isoformat())
    for ny in (sen, efter):
        await ny.goer("OpretAnsoegning", virksomhed=firma)
    faaet, dokument = await sag.faar(), await sag.dokument("GetAnsoegning")
    register = (await scene.hent(sti)).krop
    set_: dict[str, Any] = {"'Nej'": nej, "signed without a comment": uden, **udsnit(dokument, *KONFLIKT)}
    set_ |= {"standing now": register["staaende"], "recorded late": (await sen.dokument("GetAnsoegning"))["konfliktramt"]}
    set_ |= {"the next application": (await efter.dokument("GetAnsoegning"))["konfliktramt"]}
    forventet: dict[str, Any] = {"'Nej'": [(9701, "data.konfliktramt")], "signed without a comment": [(9702, "data.konfliktKommentar")]}
    forventet |= {"konfliktramt": True, "konfliktOprindelse": "Styrelsen", "konfliktBesked": "Virksomheden er omfattet af en konflikt."}
    forventet |= {"standing now": None, "recorded late": True, "the next application": False}
    return Fortalt(set_, forventet, [*sag.linjer(), *notifikationer(faaet), *uddrag("GetAnsoegning", dokument, *KONFLIKT)])


async def ophoer_foer_forlaengelsen(scene: Scene) -> Fortalt:
    """An extension to September is granted; then the grant ends in May, before the extension began."""
    sag = await (await Demosag(scene).bevilget()).forlaenget()
    await sag.goer("RegistrerOphoer", stopdato="2025-05-15")
    faaet = await sag.faar(3)
    bevilling, dokument = await sag.dokument("GetBevilling"), await sag.dokument("GetForlaengelse")
    set_ = {
        "GetForlaengelse": udsnit(dokument, "status", "bevilgetPeriode", "gaeldendePeriode", "aktuelSlutdato"),
        "annulled by the termination": dokument["annulleretAf"] == sag.akt("ophoer"),
        "GetBevilling": udsnit(bevilling, "gaeldendePeriode", "oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato"),
        "notified": [n.getMetode for n in faaet],
    }
    forventet = {
        "GetForlaengelse": {
            "status": "Annulleret",
            "bevilgetPeriode": stof.SOMMER,
            "gaeldendePeriode": None,
            "aktuelSlutdato": "2025-05-15",
        },
        "annulled by the termination": True,
        "GetBevilling": {
            "gaeldendePeriode": {"startdato": "2025-01-01", "slutdato": "2025-05-15"},
            "oprindeligSlutdato": "2025-06-30",
            "slutdatoFoerOphoer": "2025-09-30",
            "aktuelSlutdato": "2025-05-15",
        },
        "notified": ["GetOphoer", "GetBevilling", "GetForlaengelse"],
    }
    foer = gammel("startdato 2025-07-01  slutdato 2025-05-15", "a start after its end")
    return Fortalt(set_, forventet, [*sag.linjer(), foer, *notifikationer(faaet), *uddrag("GetForlaengelse", dokument)])


async def fleksjob_ophoert(scene: Scene) -> Fortalt:
    """A fleksjob granted for a year ends early; there is no GetOphoer, the grant itself shows both ends."""
    sag = await Demosag(scene, "Fleksjob").bevilget(periode={"startdato": "2025-01-01", "slutdato": "2025-12-31"})
    await sag.goer("RegistrerOphoer", stopdato="2025-04-30")
    faaet, dokument = await sag.faar(), await sag.dokument("GetBevilling")
    set_ = {"notified": [(n.getMetode, n.eksternIdentifier == sag.akt("bevilling")) for n in faaet]}
    set_ |= udsnit(dokument, "gaeldendePeriode", "oprindeligSlutdato", "aktuelSlutdato")
    forventet = {
        "notified": [("GetBevilling", True)],
        "gaeldendePeriode": {"startdato": "2025-01-01", "slutdato": "2025-04-30"},
        "oprindeligSlutdato": "2025-12-31",
        "aktuelSlutdato": "2025-04-30",
    }
    foer = gammel("slutdato 2025-12-31", "the original end as if it were the current one")
    return Fortalt(set_, forventet, [*sag.linjer(), foer, *notifikationer(faaet), *uddrag("GetBevilling", dokument)])


async def ophoer_tilbagekaldt(scene: Scene) -> Fortalt:
    """The termination that annulled an extension is withdrawn: everything stands as before, and everybody concerned is told."""
    sag = await (await Demosag(scene).bevilget()).forlaenget()
    await sag.goer("RegistrerOphoer", stopdato="2025-05-15")
    await sag.goer("TilbagekaldOphoer")
    faaet = await sag.faar(3)
    bevilling, dokument = await sag.dokument("GetBevilling"), await sag.dokument("GetForlaengelse")
    set_ = {
        "GetForlaengelse": udsnit(dokument, "status", "gaeldendePeriode"),
        "GetBevilling": udsnit(bevilling, "gaeldendePeriode", "slutdatoFoerOphoer", "aktuelSlutdato"),
        "notified": [n.getMetode for n in faaet],
    }
    forventet = {
        "GetForlaengelse": {"status": "Bevilget", "gaeldendePeriode": stof.SOMMER},
        "GetBevilling": {"gaeldendePeriode": stof.HALVAAR, "slutdatoFoerOphoer": None, "aktuelSlutdato": "2025-09-30"},
        "notified": ["GetOphoer", "GetBevilling", "GetForlaengelse"],
    }
    return Fortalt(set_, forventet, [*sag.linjer(), *notifikationer(faaet), *uddrag("GetForlaengelse", dokument)])


async def aftale_uden_begyndelse(scene: Scene) -> Fortalt:
    """An IGU agreement is corrected, then stopped before it began; a stop that contradicts the dates is refused with the dates in force."""
    sag = await Demosag(scene, "Igu").bevilget()
    await sag.goer("RetAftale", periode={"startdato": "2025-02-01", "slutdato": "2027-01-31"})
    for_sent = await sag.naegtet("RegistrerOphoer", stopdato="2027-02-01")
    await sag.goer("RegistrerOphoer", stopdato="2025-01-20")
    faaet, dokument = await sag.faar(), await sag.dokument("GetAftale")
    set_ = {"a stop after the end": for_sent, **udsnit(dokument, "status", "gaeldendePeriode", "oprindeligSlutdato", "slutdatoFoerOphoer")}
    set_["annulled by the termination"] = dokument["annulleretAf"] == sag.akt("ophoer")
    forventet: dict[str, Any] = {"a stop after the end": [(9724, "data.stopdato")], "status": "IkkePaabegyndt", "gaeldendePeriode": None}
    forventet |= {"oprindeligSlutdato": "2026-12-31", "slutdatoFoerOphoer": "2027-01-31", "annulled by the termination": True}
    return Fortalt(set_, forventet, [*sag.linjer(), *notifikationer(faaet), *uddrag("GetAftale", dokument)])


async def anden_aktoer(scene: Scene) -> Fortalt:
    """Rejected towards the contractor, taken over by the jobcentre, rejected with the text that the company is mailed."""
    sag = await Demosag(scene).ansoegt()
    statusser = []
    tekst = "Kære virksomhed. Pladsen er ikke egnet."
    for handling, data in (
        ("SendTilAndenAktoer", {}),
        ("AfvisTilAndenAktoer", {}),
        ("OvertagFraAndenAktoer", {}),
        ("AfvisAnsoegning", {"tekst": tekst}),
    ):
        await sag.goer(handling, **data)
        statusser += [n.ansoegningStatus for n in await sag.faar()]
    dokument = await sag.dokument("GetAnsoegning")
    set_ = {"told of": statusser, "tekst": dokument["tekst"]}
    linjer = [*sag.linjer(), *notifikationer(await sag.faar()), *uddrag("GetAnsoegning", dokument, "ansoegningStatus", "tekst")]
    return Fortalt(set_, {"told of": [9205, 9206, 9207, 9209], "tekst": tekst}, linjer)


async def kontaktperson(scene: Scene) -> Fortalt:
    """The grant's documents carry the contact at the place of work; the application's own contact stands in the application alone."""
    sag = await (await Demosag(scene).bevilget()).forlaenget()
    dokumenter = {metode: (await sag.dokument(metode))["virksomhed"] for metode in ("GetAnsoegning", "GetBevilling", "GetForlaengelse")}
    set_ = {m: [v[felt]["navn"] if felt in v else None for felt in _KONTAKTER] for m, v in dokumenter.items()}
    ansvarlig, paa_stedet = stof.KONTAKT["navn"], stof.TILLID["navn"]
    forventet = {"GetAnsoegning": [ansvarlig, paa_stedet], "GetBevilling": [None, paa_stedet], "GetForlaengelse": [None, paa_stedet]}
    linjer = []
    for metode, v in dokumenter.items():
        navne = ", ".join(f"{felt}: {v[felt]['navn']}" for felt in _KONTAKTER if felt in v)
        linjer.append(f"   {metode:<16} {navne}")
    return Fortalt(set_, forventet, [*sag.linjer(), gammel(ansvarlig, "the application's contact in the grant"), *linjer])


_KONTAKTER = ("ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet")
_TIMER = (("Loentilskud", "36.9", (37, 0)), ("Fleksjob", "36.26", (36, 30)), ("Mentor", "37.25", (37, 15)))


async def timer(scene: Scene) -> Fortalt:
    """Exact in the event; served as hours and minutes raised to the next quarter, exact quarters kept; more than 59:45 is refused."""
    set_: dict[str, Any] = {}
    linjer = []
    for ordning, givet, _ in _TIMER:
        sag = await Demosag(scene, ordning).bevilget(ugentligArbejdstid=givet)
        tid = (await sag.dokument("GetBevilling"))["arbejdstid"]
        set_[f"{ordning} {givet}"] = (tid["timerPrUge"], tid["minutterPrUge"])
        linjer.append(f"   {ordning:<14} {givet:>5} → {tid['timerPrUge']}:{tid['minutterPrUge']:02d}")
    for_meget = Demosag(scene, "PersonligAssistance")
    set_["59.76"] = await for_meget.naegtet("UdstedBevilling", ugentligArbejdstid="59.76")
    forventet: dict[str, Any] = {f"{ordning} {givet}": tid for ordning, givet, tid in _TIMER}
    return Fortalt(
        set_,
        forventet | {"59.76": [(9510, "data.ugentligArbejdstid")]},
        [gammel("36.9", "a decimal, where hours and minutes were asked for"), *linjer, *for_meget.linjer()],
    )


KAPITEL = Kapitel(
    2,
    "Across the schemes",
    (
        Historie("R-2.1", "A company in conflict, and after", konflikt),
        Historie("R-2.2", "An extension, then a termination before it starts", ophoer_foer_forlaengelsen),
        Historie("R-2.2", "A fleksjob that ends early", fleksjob_ophoert),
        Historie("R-2.2", "A termination withdrawn", ophoer_tilbagekaldt),
        Historie("R-2.2", "An agreement that never began", aftale_uden_begyndelse),
        Historie("R-2.3", "Rejected to the contractor, taken over, rejected", anden_aktoer),
        Historie("R-2.4", "The contact at the place of work", kontaktperson),
        Historie("R-2.5", "Weekly hours to the next quarter", timer),
    ),
)
"""The release note's second chapter."""
