"""Chapter 5: mentor, personlig assistance, hjælpemiddel, tillægsbevilling (R-5.1 to R-5.4)."""

import asyncio

import orjson

from hub.domain.fejl import Afvisning
from hub.domain.handlinger import laes_handling
from hub.events.ordre import Kvitteret, Ordre
from hub.local.demo import stof
from hub.local.demo.historie import Fortalt, Historie, Kapitel, gammel, notifikationer, uddrag, udsnit
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import Scene, Svar, ny

MENTORENS = ("mentortype", "tilskudTilUddannelse", "mentorfunktion")
TRE = ("Mentor", "PersonligAssistance", "Hjaelpemiddel")
NYT, GAMMELT = 2000, 3500
"""Characters: the limit, and a text from when it was 4000."""


async def mentortype(scene: Scene) -> Fortalt:
    """34 or 35 in every document of the grant; it may be missing only when the subsidy is for education."""
    sag = Demosag(scene, "Mentor")
    uden = await sag.naegtet("UdstedBevilling", uden=["mentortype"])
    await (await sag.bevilget(mentortype=35)).forlaenget()
    dokumenter = {metode: await sag.dokument(metode) for metode in ("GetBevilling", "GetForlaengelse")}
    uddannelse = Demosag(scene, "Mentor")
    await uddannelse.goer("UdstedBevilling", uden=["mentortype"], tilskudTilUddannelse=True)
    set_ = {"without": uden, "education": (await uddannelse.dokument("GetBevilling"))["mentortype"]}
    set_ |= {metode: d["mentortype"] for metode, d in dokumenter.items()}
    plads = {"kode": 35, "navn": "Mentor, Plads"}
    forventet = {"without": [(9501, "data.mentortype")], "education": None, "GetBevilling": plads, "GetForlaengelse": plads}
    foer = gammel("no type, or a wrong one", "unless the subsidy was for education")
    return Fortalt(set_, forventet, [*sag.linjer(), foer, *uddrag("GetBevilling", dokumenter["GetBevilling"], *MENTORENS)])


async def mentorfunktion(scene: Scene) -> Fortalt:
    """2000 characters for new texts. An older, longer one is put on the ledger as the door of its time did, past today's: it stays whole
    in the timeline, and the document shows where it is cut.
    """
    sag = Demosag(scene, "Mentor")
    naegtet = await sag.naegtet("UdstedBevilling", mentorfunktion="ø" * (NYT + 1))
    await _som_dengang(sag, "ø" * GAMMELT)
    await sag.faar()
    dokument = await sag.dokument("GetBevilling")
    (haendelse,) = (await scene.hent(f"/v1/sager/{sag.id}/historik")).krop["haendelser"]
    i_loggen, vist = haendelse["data"]["mentorfunktion"], dokument["mentorfunktion"]
    set_ = {"new, 2001": naegtet, "old, in the timeline": len(i_loggen), "old, in the document": {**vist, "tekst": len(vist["tekst"])}}
    forventet = {"new, 2001": [(9505, "data.mentorfunktion")], "old, in the timeline": GAMMELT}
    forventet["old, in the document"] = {"tekst": NYT, "afkortet": True, "laengde": GAMMELT}
    linje = f"   put on the ledger past today's door, as yesterday's did; whole in the timeline: {len(i_loggen)} characters"
    return Fortalt(set_, forventet, [*sag.linjer(), linje, *uddrag("GetBevilling", dokument, "mentortype", "mentorfunktion")])


async def _som_dengang(sag: Demosag, tekst: str) -> None:
    """The grant with a text that the door takes no more, appended by the ledger itself. Raises `Afvist`."""
    raa = sag.handling("UdstedBevilling")
    handling = laes_handling(raa)
    data = handling.data.model_copy(update={"mentorfunktion": tekst})
    ordre = Ordre(handling.model_copy(update={"data": data}), ny(), orjson.dumps(raa, option=orjson.OPT_SORT_KEYS))

    def skriv() -> Kvitteret | Afvisning:
        motor = sag.scene.hus.motor("demo", 1)
        try:
            return sag.scene.hus.ledger(motor).append([ordre])[0]
        finally:
            motor.dispose()

    udfald = await asyncio.to_thread(skriv)
    sag.kvitteret(Svar(201, udfald.kvittering, b"") if isinstance(udfald, Kvitteret) else Svar(409, {}, b""), "UdstedBevilling")


async def besked_til_virksomhed(scene: Scene) -> Fortalt:
    """What the company is told is part of the grant, and of its extension."""
    besked = "Assistenten møder første dag kl. 8."
    sag = await (await Demosag(scene, "PersonligAssistance").bevilget(beskedTilVirksomhed=besked, antalAssistenter=2)).forlaenget()
    felter = ("beskedTilVirksomhed", "antalAssistenter", "bevillingsstatus")
    faaet, dokument, forlaenget = await sag.faar(), await sag.dokument("GetBevilling"), await sag.dokument("GetForlaengelse")
    set_ = {"GetBevilling": dokument["beskedTilVirksomhed"], "GetForlaengelse": forlaenget["beskedTilVirksomhed"]}
    foer = gammel("no message to the company", "it was left out")
    linjer = [*sag.linjer(), foer, *notifikationer(faaet), *uddrag("GetBevilling", dokument, *felter)]
    return Fortalt(set_, dict.fromkeys(set_, besked), linjer)


async def genfremsend(scene: Scene) -> Fortalt:
    """Sent again only while it awaits the company; it changes nothing in the document and tells nobody."""
    set_, linjer = {}, []
    for ordning in TRE:
        sag = Demosag(scene, ordning)
        await sag.goer("UdstedBevilling")
        for_tidligt = await sag.naegtet("GenfremsendBevilling")
        await sag.goer("SendBevilling")
        foer = await sag.dokument("GetBevilling")
        await sag.goer("GenfremsendBevilling")
        efter = await sag.dokument("GetBevilling")
        await sag.goer("GodkendBevilling")
        await sag.faar()
        for_sent = await sag.naegtet("GenfremsendBevilling")
        aendret = sorted(felt for felt in foer if foer[felt] != efter[felt])
        fortalt = [n.version for n in scene.koebenhavn.om(sag.id)]
        set_[ordning] = ([kode for kode, _ in (*for_tidligt, *for_sent)], aendret, fortalt)
        linjer += [*sag.linjer(), f"     ← told of versions {', '.join(map(str, fortalt))}: not of the resend, which is version 3"]
    return Fortalt(set_, dict.fromkeys(TRE, ([9706, 9706], ["registreringstidspunkt", "version"], [1, 4])), linjer)


async def paa_en_sag(scene: Scene) -> Fortalt:
    """Supplementary grants of both types on one case: each its own GetMetode, period and fields."""
    sag = await Demosag(scene, "Tillaegsbevilling").bevilget()
    to_aar = {"startdato": "2025-01-01", "slutdato": "2026-12-31"}
    await sag.goer("UdstedTillaegsbevilling", "aid", uden=stof.UDEN_MENTOR, periode=to_aar, **stof.AID_I_TILLAEG)
    faaet = await sag.faar()
    mentor, aid_ = await sag.dokument("GetMentor", "tillaeg"), await sag.dokument("GetHjaelpemiddel", "aid")
    set_ = {"notified": [n.getMetode for n in faaet], "ends": [d["aktuelSlutdato"] for d in (mentor, aid_)]}
    set_ |= {
        "type": mentor["mentortype"]["kode"],
        "the other's fields": sorted({*udsnit(mentor, "hjaelpemiddel"), *udsnit(aid_, *MENTORENS)}),
    }
    forventet = {"notified": ["GetHjaelpemiddel"], "ends": ["2025-06-30", "2026-12-31"], "type": 34, "the other's fields": []}
    linjer = [*sag.linjer(), *notifikationer(faaet), *uddrag("GetMentor", mentor, "mentortype", "gaeldendePeriode")]
    return Fortalt(set_, forventet, [*linjer, *uddrag("GetHjaelpemiddel", aid_, "hjaelpemiddel", "gaeldendePeriode")])


KAPITEL = Kapitel(
    5,
    "Mentor, personlig assistance, hjælpemiddel, tillægsbevilling",
    (
        Historie("R-5.1", "The mentor's type is always there", mentortype),
        Historie("R-5.1", "A mentor and an aid on one supplementary case", paa_en_sag),
        Historie("R-5.2", "The mentor's function text, new and old", mentorfunktion),
        Historie("R-5.3", "The message to the company", besked_til_virksomhed),
        Historie("R-5.4", "Sent again while it awaits the company", genfremsend),
    ),
)
"""The release note's fifth chapter."""
