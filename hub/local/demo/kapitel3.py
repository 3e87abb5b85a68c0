"""Chapter 3: løntilskud, virksomhedspraktik, voksenlærling (R-3.1 to R-3.7)."""

from typing import Any

from hub.local.demo.historie import Fortalt, Historie, Kapitel, notifikationer, uddrag, udsnit
from hub.local.demo.sag import Demosag
from hub.local.demo.scene import Scene

SATS = ("timeTilskudsatsType", "timeTilskudsatsBeskrivelse")
FIRE = ("GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer")
ANSATTE = "data.antalAnsatteSenesteMaaned"
ANSOEGNING = "dk.vitas.hub.AnsoegningOprettet"


async def satser_til_2035(scene: Scene) -> Fortalt:
    """A voksenlærling's two rates are in force on 31.12.2035 and not the day after, in the list as at the door."""
    dage = ("2035-12-31", "2036-01-01")
    i_kraft = {dag: [r["kode"] for r in (await scene.hent(f"/v1/satser?paa={dag}")).krop["raekker"]] for dag in dage}
    set_: dict[str, Any] = {dag: [kode for kode in koder if kode in (9411, 9412)] for dag, koder in i_kraft.items()}
    sag = await Demosag(scene, "Voksenlaerling").ansoegt()
    periode = {"startdato": dage[1], "slutdato": "2036-12-31"}
    set_["granted from the day after"] = await sag.naegtet("UdstedBevilling", periode=periode)
    await sag.goer("UdstedBevilling", periode=periode | {"startdato": dage[0]})
    dokument = await sag.dokument("GetBevilling")
    forventet = {dage[0]: [9411, 9412], dage[1]: [], "granted from the day after": [(9742, "data.timeTilskudsats")]}
    return Fortalt(set_, forventet, [*sag.linjer(), *uddrag("GetBevilling", dokument, "bevilgetPeriode", *SATS)])


async def ansatte_mangler(scene: Scene) -> Fortalt:
    """What eIndkomst does not have is empty, not 0: the signature waits until both numbers are there, and a real 0 is one."""
    set_, linjer = {}, []
    for ordning in ("Loentilskud", "Virksomhedspraktik"):
        sag = Demosag(scene, ordning)
        await sag.goer("OpretAnsoegning", antalAnsatteSenesteMaaned={})
        tomt = (await sag.dokument("GetAnsoegning"))["antalAnsatteSenesteMaaned"]
        uden = await sag.naegtet("UnderskrivAnsoegning")
        await sag.goer("RetAnsoegning", antalAnsatteSenesteMaaned={"rimelighedskrav": "0", "merbeskaeftigelseskrav": "3"})
        await sag.goer("UnderskrivAnsoegning")
        med = (await sag.dokument("GetAnsoegning"))["antalAnsatteSenesteMaaned"]
        set_[ordning] = (list(tomt.values()), [felt for _, felt in uden], list(med.values()))
        linjer += sag.linjer()
    linjer.insert(0, "   before:  0,00   ← what nobody knew, as if there were none")
    felter = [ANSATTE, f"{ANSATTE}.rimelighedskrav", f"{ANSATTE}.merbeskaeftigelseskrav"]
    return Fortalt(set_, dict.fromkeys(set_, ([None, None], felter, ["0", "3"])), linjer)


async def saerligt_cvr(scene: Scene) -> Fortalt:
    """The field is gone from form, event and document; the schema that had it stays, to read what was written with it."""
    sag = Demosag(scene)
    naegtet = await sag.naegtet("OpretAnsoegning", saerligtCvrNummer="87654321")
    await sag.ansoegt()
    dokument = await sag.dokument("GetAnsoegning")
    versioner = [(await scene.hent(f"/subjects/{ANSOEGNING}/versions/{v}")).krop for v in ("1", "latest")]
    har = ["saerligtCvrNummer" in v["schema"] for v in versioner]
    set_ = {"sent": naegtet, "in the first schema and the newest": har, "in the document": "saerligt" in str(dokument)}
    forventet = {"sent": [(9502, "data.saerligtCvrNummer")], "in the first schema and the newest": [True, False], "in the document": False}
    linje = f"   {ANSOEGNING}: version 1 has the field and stays registered, version {versioner[1]['version']} does not"
    return Fortalt(set_, forventet, [*sag.linjer(), linje])


async def afslagstekster(scene: Scene) -> Fortalt:
    """A rejection keeps the text it was sent with, also when that version is registered anew; an unknown one is refused."""
    tekst = {
        "ordning": "Virksomhedspraktik",
        "tekstversion": "2025-3",
        "tekst": "Vi kan desværre ikke godkende.",
        "startdato": "2025-01-01",
    }
    await scene.kald("POST", "/v1/afslagstekster", tekst)
    sag = await Demosag(scene, "Virksomhedspraktik").ansoegt()
    ukendt = await sag.naegtet("AfvisAnsoegning", tekstversion="2019-1", tekst=tekst["tekst"])
    await sag.goer("AfvisAnsoegning", tekstversion="2025-3", tekst=tekst["tekst"])
    await scene.kald("POST", "/v1/afslagstekster", tekst | {"tekst": "En ny tekst, som ingen har fået."})
    faaet, dokument = await sag.faar(), await sag.dokument("GetAnsoegning")
    set_ = {"an unknown version": [felt for _, felt in ukendt], **udsnit(dokument, "tekst", "tekstversion")}
    forventet = {"an unknown version": ["data.tekstversion"], "tekst": tekst["tekst"], "tekstversion": "2025-3"}
    linjer = [*sag.linjer(), *notifikationer(faaet), *uddrag("GetAnsoegning", dokument, "ansoegningStatus", "tekst", "tekstversion")]
    return Fortalt(set_, forventet, linjer)


async def nemrefusion(scene: Scene) -> Fortalt:
    """The voksenlærling's grant links to where the form AB505 is filled in; no other scheme's grant has the field."""
    sag, anden = await Demosag(scene, "Voksenlaerling").bevilget(), await Demosag(scene).bevilget()
    dokument, andet = await sag.dokument("GetBevilling"), await anden.dokument("GetBevilling")
    set_ = {"voksenlærling": dokument["nemRefusionLink"].startswith("https://www.virk.dk/"), "løntilskud": "nemRefusionLink" in andet}
    linjer = [*sag.linjer(), *uddrag("GetBevilling", dokument, "nemRefusionLink")]
    return Fortalt(set_, {"voksenlærling": True, "løntilskud": False}, linjer)


async def satsen(scene: Scene) -> Fortalt:
    """All four GetMetoder show code and text of the rate in force on the act's own start; a row registered later changes none of them,
    until it is said of an act that its rate is corrected.
    """
    sag = Demosag(scene)
    await sag.ansoegt(timeTilskudsats=9402)
    await sag.goer("UdstedBevilling", timeTilskudsats=9402)
    await sag.goer("SendBevilling")
    await sag.goer("GodkendBevilling")
    await sag.forlaenget()
    await sag.goer("RegistrerOphoer")
    foer = [udsnit(await sag.dokument(metode), *SATS) for metode in FIRE]
    ny = {"kode": 9402, "navn": "Pensionister, særlige tilfælde", "beskrivelse": f"Ny sats {sag.id[:8]}", "startdato": "2025-01-01"}
    registreret = await scene.kald("POST", "/v1/satser", ny)
    efter = [udsnit(await sag.dokument(metode), *SATS) for metode in FIRE]
    senere = Demosag(scene)
    await senere.ansoegt(timeTilskudsats=9402)
    ny_sag = udsnit(await senere.dokument("GetAnsoegning"), *SATS)
    set_ = {
        "codes": [d["timeTilskudsatsType"] for d in efter],
        "one text in all four": len({d["timeTilskudsatsBeskrivelse"] for d in efter}),
    }
    set_ |= {"a new row": registreret.status in (201, 202), "changed by it": foer != efter, "a later case has it": ny_sag[SATS[1]]}
    await sag.goer("RetTilskudssats")
    faaet = await sag.faar()
    rettet = [udsnit(await sag.dokument(metode), *SATS) for metode in FIRE]
    set_ |= {"corrected": [d[SATS[1]] == ny["beskrivelse"] for d in rettet], "told of": [n.getMetode for n in faaet]}
    forventet = {"codes": [9402] * 4, "one text in all four": 1, "a new row": True, "changed by it": False}
    forventet |= {"a later case has it": ny["beskrivelse"], "corrected": [False, True, False, False], "told of": ["GetBevilling"]}
    linjer = [f"   {metode:<16} {d[SATS[0]]} {d[SATS[1]]}" for metode, d in zip(FIRE, efter, strict=True)]
    linjer.append(f"   a case after the new row: {ny_sag[SATS[0]]} {ny_sag[SATS[1]]}")
    linjer += [*notifikationer(faaet), f"   GetBevilling     {rettet[1][SATS[0]]} {rettet[1][SATS[1]]}"]
    return Fortalt(set_, forventet, [*sag.linjer(), *linjer])


async def underskrift(scene: Scene) -> Fortalt:
    """A supplementary grant signed with an attachment has the time it was signed; signed twice it is not."""
    sag = Demosag(scene, "Tillaegsbevilling")
    await sag.goer("UdstedTillaegsbevilling")
    foer = (await sag.dokument("GetMentor", "tillaeg"))["underskrevetTidspunkt"]
    await sag.goer("UnderskrivTillaegsbevilling", medBilag=True)
    underskrevet = sag.sket
    igen = await sag.naegtet("UnderskrivTillaegsbevilling", medBilag=False)
    faaet, dokument = await sag.faar(), await sag.dokument("GetMentor", "tillaeg")
    set_ = {"before": foer, "signed at": dokument["underskrevetTidspunkt"][:13], "with an attachment": dokument["underskrevetMedBilag"]}
    set_["again"] = [kode for kode, _ in igen]
    time = int(underskrevet[11:13]) - 1
    forventet = {"before": None, "signed at": f"{underskrevet[:11]}{time:02d}", "with an attachment": True, "again": [9619]}
    linjer = [
        *sag.linjer(),
        *notifikationer(faaet),
        *uddrag("GetMentor", dokument, "status", "underskrevetTidspunkt", "underskrevetMedBilag"),
    ]
    return Fortalt(set_, forventet, linjer)


KAPITEL = Kapitel(
    3,
    "Løntilskud, virksomhedspraktik, voksenlærling",
    (
        Historie("R-3.1", "The voksenlærling's rates run to the end of 2035", satser_til_2035),
        Historie("R-3.2", "A missing number of employees is not 0", ansatte_mangler),
        Historie("R-3.3", "The special CVR number is gone", saerligt_cvr),
        Historie("R-3.4", "A rejection keeps its text", afslagstekster),
        Historie("R-3.5", "The link to AB505", nemrefusion),
        Historie("R-3.6", "The rate in all four GetMetoder, and corrected", satsen),
        Historie("R-3.7", "Signed with an attachment, and when", underskrift),
    ),
)
"""The release note's third chapter."""
