"""Chapter 1: overview and interfaces (R-1.1 to R-1.6)."""

import asyncio
import base64
from hashlib import sha256
from typing import Any

from hub.domain.matrix import GETMETODER, MATRIX, har
from hub.domain.tillaegstyper import TILLAEGETS_METODE
from hub.local.demo import stof
from hub.local.demo.historie import Fortalt, Historie, Kapitel, notifikationer, tidslinje, uddrag, udsnit
from hub.local.demo.sag import AKT_AF_METODE, Demosag
from hub.local.demo.scene import Scene, Svar
from hub.projections.omraader import OMRAADER

PDF = "application/pdf"
AKTER = {**AKT_AF_METODE, **{metode: f"tillaeg {type_}" for type_, metode in TILLAEGETS_METODE.items()}}
"""GetMetode → the act of a whole life that it fetches."""
BRUGERE = ("Star-VITAS-CaseWorker", "Star-VITAS-Administrator")


async def et_forloeb(scene: Scene) -> Fortalt:
    """Apply, sign, grant, company approves, extends, ends on the last day."""
    sag = await (await Demosag(scene).bevilget()).forlaenget()
    await sag.goer("RegistrerOphoer", stopdato="2025-09-30")
    faaet = await sag.faar()
    dokument = await sag.dokument("GetBevilling")
    historik = await scene.hent(f"/v1/sager/{sag.id}/historik")
    set_ = {"notified": [n.getMetode for n in scene.koebenhavn.om(sag.id)], **udsnit(dokument, "gaeldendePeriode", "arbejdstid")}
    forventet = {
        "notified": ["GetAnsoegning"] * 2 + ["GetBevilling"] * 2 + ["GetForlaengelse"] * 2 + ["GetOphoer"],
        "gaeldendePeriode": stof.HALVAAR,
        "arbejdstid": {"timerPrUge": 37, "minutterPrUge": 0},
    }
    return Fortalt(set_, forventet, [*tidslinje(historik.krop), *notifikationer(faaet), *uddrag("GetBevilling", dokument)])


async def matricen(scene: Scene) -> Fortalt:
    """A whole life of a case of every scheme: every cell of the matrix answers, every other is 404 with its own code."""
    svar = dict(zip(MATRIX, await asyncio.gather(*(_et_liv(scene, ordning) for ordning in MATRIX)), strict=True))
    set_ = {ordning: {m: (s.status, s.krop.get("fejlkode")) for m, s in celler.items()} for ordning, celler in svar.items()}
    forventet = {o: {m: (200, None) if har(o, m) else (404, "ukendt_kombination") for m in GETMETODER} for o in MATRIX}
    bredder = [len(metode) for metode in GETMETODER]
    linjer = ["   " + " ".join(["ordning".ljust(19), *GETMETODER])]
    for ordning, celler in set_.items():
        tegn = ("✔" if status == 200 else "·" for status, _ in celler.values())
        linjer.append(("   " + " ".join([ordning.ljust(19), *(t.ljust(b) for t, b in zip(tegn, bredder, strict=True))])).rstrip())
    return Fortalt(set_, forventet, linjer)


async def _et_liv(scene: Scene, ordning: str) -> dict[str, Svar]:
    """What every GetMetode answers of a case that has had every act of its scheme."""
    sag = Demosag(scene, ordning)
    if har(ordning, "GetMentor"):
        await sag.goer("UdstedTillaegsbevilling", AKTER["GetMentor"])
        await sag.goer("UdstedTillaegsbevilling", AKTER["GetHjaelpemiddel"], uden=stof.UDEN_MENTOR, **stof.AID_I_TILLAEG)
    else:
        await sag.bevilget()
    for handling in (h for metode, navne in stof.DEREFTER.items() if har(ordning, metode) for h in navne):
        await sag.goer(handling)
    forreste = next(metode for metode in GETMETODER if har(ordning, metode))
    await _med_dokument(sag, AKTER[forreste], _pdf(ordning))
    await sag.faar()
    stier = (f"/v1/{ordning}/{metode}/{sag.akt(AKTER[metode])}?version={sag.version}" for metode in GETMETODER)
    return dict(zip(GETMETODER, await asyncio.gather(*(scene.hent(sti) for sti in stier)), strict=True))


def _pdf(ord_: str) -> bytes:
    """A small document that a reader opens: one empty page, with a word of its own in a comment."""
    sider = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj"
    side = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj"
    return b"%PDF-1.4\n% " + ord_.encode() + b"\n" + sider + b" " + side + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


async def _upload(scene: Scene, indhold: bytes, sum_: str) -> Svar:
    return await scene.kald("PUT", f"/v1/dokumenter/{sum_}", indhold, hoveder={"Content-Type": PDF})


async def _med_dokument(sag: Demosag, akt: str, indhold: bytes) -> None:
    """Upload it, then add it to the act."""
    sum_ = sha256(indhold).hexdigest()
    await _upload(sag.scene, indhold, sum_)
    data: dict[str, Any] = {"navn": "Bevilling.pdf", "mimetype": PDF, "stoerrelse": len(indhold), "sha256": sum_}
    await sag.goer("TilfoejDokument", vedroerer=sag.akt(akt), **data)


async def et_dokument(scene: Scene) -> Fortalt:
    """A PDF is uploaded, added to the grant, announced, and fetched as JSON and as the file it is; one with another content is not kept."""
    sag = await Demosag(scene).bevilget()
    indhold = _pdf(sag.id)
    forkert = await _upload(scene, indhold, sha256(b"noget andet").hexdigest())
    await _med_dokument(sag, "bevilling", indhold)
    faaet = await sag.faar()
    dokument, bevilling = await sag.dokument("GetPDF"), await sag.dokument("GetBevilling")
    fil = await scene.hent(f"/v1/Loentilskud/GetPDF/{sag.akt('dokument')}", Accept=PDF)
    set_ = {
        "other content": forkert.krop.get("fejlkode"),
        "notified": [n.getMetode for n in faaet],
        "as JSON": base64.b64decode(dokument["indhold"]) == indhold,
        "as a file": fil.raa == indhold,
        "listed by the grant": [led["navn"] for led in bevilling["dokumenter"]],
    }
    forventet = {"other content": "forkert_sha256", "notified": ["GetPDF"], "as JSON": True, "as a file": True}
    forventet["listed by the grant"] = ["Bevilling.pdf"]
    return Fortalt(set_, forventet, [*sag.linjer(), *notifikationer(faaet), *uddrag("GetPDF", dokument, "navn", "stoerrelse", "sha256")])


async def roller(scene: Scene) -> Fortalt:
    """Caseworker and administrator log in through the shared user administration; neither appends, that is VITAS's alone."""
    set_: dict[str, Any] = {}
    linjer = []
    for rolle in BRUGERE:
        async with scene.session(rolle, "10100") as bruger:
            svar = (await scene.hent("/v1/session", bruger)).krop
            skrevet = await scene.kald("POST", "/v1/handlinger", Demosag(scene).handling("OpretAnsoegning"), som=bruger)
        set_[rolle] = (svar["bruger"]["rolle"], svar["bruger"]["jobcentre"], "loginProfile=fka" in str(svar["login"]), skrevet.status)
        linjer += [f"   {rolle}: login {svar['login']}", f"      an action: {skrevet.status} {skrevet.krop['fejltekst']}"]
    return Fortalt(set_, {rolle: (rolle, ["10100"], True, 403) for rolle in BRUGERE}, linjer)


async def uden_rolle(scene: Scene) -> Fortalt:
    """Somebody who is logged in without a role is told whom to contact."""
    async with scene.session("Star-Noget-Andet") as bruger:
        svar = await scene.hent("/v1/session", bruger)
    tekst = svar.krop["fejltekst"]
    return Fortalt(
        (svar.status, svar.krop["fejlkode"], "Kontakt" in tekst), (403, "ingen_rolle", True), [f"   {svar.krop['fejlkode']}: {tekst}"]
    )


async def satsers_tekster(scene: Scene) -> Fortalt:
    """A rate whose text names an old law is refused; no rate that is served names a paragraph."""
    sats = {"kode": 9405, "navn": "Højeste sats", "beskrivelse": "Efter lov nr. 522 af 24. juni 2005, § 52", "startdato": "2025-01-01"}
    svar = await scene.kald("POST", "/v1/satser", sats)
    raekker = (await scene.hent("/v1/satser")).krop["raekker"]
    set_ = {"refused": [(f["fejlkode"], f["felt"]) for f in svar.krop["errors"]]}
    set_["served with a paragraph"] = [r["raekke"] for r in raekker if "§" in r["beskrivelse"]]
    linjer = [f"   {sats['beskrivelse']}", *(f"   ✗ {f['fejlkode']} {f['fejltekst']}" for f in svar.krop["errors"])]
    linjer.append(f"   {len(raekker)} rates served, e.g. {raekker[-1]['kode']} {raekker[-1]['beskrivelse']}")
    return Fortalt(set_, {"refused": [(9753, "beskrivelse")], "served with a paragraph": []}, linjer)


async def log_ud(scene: Scene) -> Fortalt:
    """After thirty minutes, for everybody, with a countdown before and a page afterwards: what a page needs to show it."""
    svar = [(await scene.hent("/v1/session", som)).krop["session"] for som in (scene.vitas, scene.koebenhavn.http)]
    regler = svar[0]
    set_ = {
        "minutes": regler["logUdEfterMinutter"],
        "the same for everybody": svar[0] == svar[1],
        "counts down": "{tid}" in regler["advarsel"],
    }
    linjer = [f"   {regler['advarselFraSekunder'] // 60} minutes before: {regler['advarsel']}", f"   afterwards: {regler['loggetUd']}"]
    return Fortalt(set_, {"minutes": 30, "the same for everybody": True, "counts down": True}, linjer)


async def lister(scene: Scene) -> Fortalt:
    """The seven areas have Team and Medarbejder in the same place; the team's list has the case, and so has a search by the citizen."""
    sag = await Demosag(scene).bevilget()
    hold = f"Team {sag.id[:8]}"
    await sag.goer("TildelSag", team=hold)
    await sag.dokument("GetBevilling")
    hoveder = {omraade: await scene.hent(f"/v1/lister/{omraade}?maks=1", Accept="text/csv") for omraade in OMRAADER}
    overskrifter = {
        o: svar.raa.decode("utf-8-sig").splitlines()[0].replace('"', "").replace(";", ",").split(",") for o, svar in hoveder.items()
    }
    raekker = (await scene.hent(f"/v1/lister/Bevillinger?team={hold}")).krop["raekker"]
    cpr = {"x-civilRegistrationIdentifier": sag.borger.personnummer}
    fundet = (await scene.kald("POST", "/v1/soeg", {}, som=scene.koebenhavn.http, hoveder=cpr)).krop["raekker"]
    set_ = {o: felter[2:4] for o, felter in overskrifter.items()}
    set_ |= {"the team's list": [r["sagsId"] for r in raekker], "found by the citizen": [r["sagsId"] for r in fundet]}
    forventet = {**{o: ["Team", "Medarbejder"] for o in OMRAADER}, "the team's list": [sag.id], "found by the citizen": [sag.id]}
    linjer = [f"   {o:<14} {' | '.join(felter[:5])} …" for o, felter in overskrifter.items()]
    linjer.append(
        f"   {hold}: {raekker[0]['vitasSagsnummer']} {raekker[0]['medarbejder']}, {raekker[0]['borgerNavn']}" if raekker else "   –"
    )
    return Fortalt(set_, forventet, linjer)


KAPITEL = Kapitel(
    1,
    "Overview and interfaces",
    (
        Historie("R-1.1", "The plain life of a løntilskud", et_forloeb),
        Historie("R-1.1", "Every scheme and every GetMetode", matricen),
        Historie("R-1.1", "A document, from upload to GetPDF", et_dokument),
        Historie("R-1.2", "Caseworker and administrator", roller),
        Historie("R-1.3", "A user without a role", uden_rolle),
        Historie("R-1.4", "No rate names an old law", satsers_tekster),
        Historie("R-1.5", "Logged out after thirty minutes", log_ud),
        Historie("R-1.6", "Team and Medarbejder in the same place", lister),
    ),
)
"""The release note's first chapter."""
