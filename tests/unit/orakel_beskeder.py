"""An oracle of the two statuses and of who is told what, read off the tables of domain.md ("Statuses", "Notifications", R-1.1) alone.

It is told the events of one case one by one and answers for each with the messages that come of it. It knows nothing of `Sag`; what an act
shows it asks of the oracle of R-2.2.
"""

from typing import NamedTuple

from orakel import Facit, Fakta, Svar, aftalens_facit, facit, statuskode

from hub.domain import haendelser as h

METODER: dict[str, str] = {
    "Loentilskud": "GetAnsoegning GetBevilling GetForlaengelse GetOphoer GetPDF",
    "Virksomhedspraktik": "GetAnsoegning GetBevilling GetForlaengelse GetOphoer GetPDF",
    "Nytteindsats": "GetAnsoegning GetBevilling GetForlaengelse GetOphoer GetPDF",
    "Fleksjob": "GetAnsoegning GetBevilling GetPDF",
    "Voksenlaerling": "GetAnsoegning GetBevilling GetForlaengelse GetOphoer GetPDF",
    "Jobrotation": "GetAnsoegning GetPDF",
    "Mentor": "GetBevilling GetForlaengelse GetPDF",
    "PersonligAssistance": "GetBevilling GetForlaengelse GetPDF",
    "Hjaelpemiddel": "GetBevilling GetForlaengelse GetPDF",
    "Igu": "GetAftale GetPDF",
    "Tillaegsbevilling": "GetMentor GetHjaelpemiddel GetPDF",
}
"""R-1.1."""
SKABELONER: dict[str, int] = {ordning: nr for nr, ordning in enumerate(METODER, 9001)}
AKTENS: dict[str, tuple[str, int]] = {
    "ansoegning": ("GetAnsoegning", 9101),
    "vurdering": ("", 9103),
    "bevilling": ("GetBevilling", 9104),
    "forlaengelse": ("GetForlaengelse", 9105),
    "ophoer": ("GetOphoer", 9106),
    "aftale": ("GetAftale", 9107),
    "Mentor": ("GetMentor", 9108),
    "Hjaelpemiddel": ("GetHjaelpemiddel", 9109),
}
"""Kind of act → its GetMetode and its subskabelon."""
REGISTRERER: dict[type[h.Data], str] = {
    h.AnsoegningOprettet: "ansoegning",
    **dict.fromkeys((h.VurderingAfgjort, h.VurderingOvertaget, h.VurderingFrigivet, h.VurderingGenaabnet), "vurdering"),
    h.BevillingUdstedt: "bevilling",
    **dict.fromkeys((h.ForlaengelseAnsoegt, h.ForlaengelseBevilget), "forlaengelse"),
    h.OphoerRegistreret: "ophoer",
    h.AftaleIndgaaet: "aftale",
    h.DokumentTilfoejet: "dokument",
}
"""Event → the kind of act that it registers, the first time it names it; a supplementary grant's kind is its type."""

TABEL: dict[type[h.Data], tuple[str, bool]] = {
    h.AnsoegningUnderskrevet: ("ansoegning", True),
    h.KladdeReturneret: ("ansoegning", True),
    h.AnsoegningRettet: ("ansoegning", False),
    h.SendtTilAndenAktoer: ("ansoegning", False),
    h.AfvistTilAndenAktoer: ("ansoegning", False),
    h.OvertagetFraAndenAktoer: ("ansoegning", False),
    h.AnsoegningForhaandsgodkendt: ("ansoegning", False),  # not in the table: decision 012
    h.AnsoegningGodkendt: ("ansoegning", False),
    h.AnsoegningAfvist: ("ansoegning", False),
    h.AnsoegningTrukketTilbage: ("ansoegning", False),
    h.VurderingAfgjort: ("egen", False),
    h.BevillingUdstedt: ("egen", True),
    h.BevillingGodkendt: ("egen", False),
    h.BevillingAfvist: ("egen", False),
    h.ForlaengelseAnsoegt: ("egen", True),
    h.ForlaengelseBevilget: ("egen", True),
    h.ForlaengelseAfslaaet: ("egen", False),
    h.TilskudssatsRettet: ("egen", False),  # not in the table: decision 036
    h.OphoerRegistreret: ("egen", True),
    h.OphoerRettet: ("egen", False),
    h.OphoerTilbagekaldt: ("egen", False),
    h.AftaleIndgaaet: ("egen", True),
    h.AftaleRettet: ("egen", False),
    h.TillaegsbevillingUdstedt: ("egen", True),
    h.TillaegsbevillingUnderskrevet: ("egen", False),
    h.DokumentTilfoejet: ("egen", True),
    h.CprSkiftet: ("hoved", False),
}
"""Event → which act it is told of, and whether that creates it. What is not here tells nobody; SagFlyttet has rules of its own."""
ANSOEGNINGSTATUS: dict[type[h.Data], int] = {
    h.AnsoegningOprettet: 9201,
    h.KladdeSendt: 9202,
    h.SendtTilAndenAktoer: 9205,
    h.AfvistTilAndenAktoer: 9206,
    h.OvertagetFraAndenAktoer: 9207,
    h.AnsoegningGodkendt: 9208,
    h.AnsoegningAfvist: 9209,
    h.AnsoegningTrukketTilbage: 9211,
    h.AnsoegningForhaandsgodkendt: 9212,
}


class Besked(NamedTuple):
    """One message: to whom, of which act, by which GetMetode; `efter`: the place of the one that it must not overtake."""

    jobCenterKode: str
    eksternIdentifier: str
    getMetode: str
    subskabelon: int
    erOprettelse: bool
    ansoegningStatus: int | None
    bevillingsstatus: int | None
    efter: int | None = None


class Sagsorakel:
    """One case as its events are told; `ordning` and its first owner come with the first of them."""

    def __init__(self, ordning: str, jobcenter: str) -> None:
        self.ordning, self.ejer = ordning, jobcenter
        self.fakta: list[Fakta] = []
        self.slags: dict[str, str] = {}
        """Every act by its kind, in the order they were registered."""
        self.grund: dict[str, str] = {}
        """Act → the bevilling or aftale that it belongs to."""
        self.kendte: set[str] = set()
        """Acts that a jobcentre has been told of; a move alone announces none (decision 012)."""
        self.komplet = False
        self.ansoegningStatus: int | None = None

    def sker(self, akt: str, data: h.Data) -> list[Besked]:
        """One event; the messages of it, in order."""
        ny, foer, komplet_foer = akt not in self.slags, self.vist(), self.komplet
        self._registrer(akt, data)
        self.fakta.append((akt, data))
        self._ansoegningen(data)
        ud = self._flytning(data) if isinstance(data, h.SagFlyttet) else self._egen(akt, data, ny, komplet_foer)
        ud += self._beroerte(akt, foer, {b.eksternIdentifier for b in ud})
        if not isinstance(data, h.SagFlyttet):
            self.kendte |= {b.eksternIdentifier for b in ud}
        return ud

    def vist(self) -> dict[str, Svar]:
        """Each act with a period: what its document shows."""
        return {akt: svar for grund in dict.fromkeys(self.grund.values()) for akt, svar in self._facit(grund).akter.items()}

    def bevillingsstatus(self, akt: str = "") -> int | None:
        """The status of the grant that the act belongs to, else of the newest; None: nothing was granted."""
        if not (bevillinger := self._af("bevilling")):
            return None
        return statuskode(self._egne(self.grund.get(akt, bevillinger[-1])), frozenset(self._godkendere()))

    def hovedakt(self) -> str:
        """The newest grant that is not refused, the agreement, else the application, else the newest grant."""
        afvist = {akt for akt, d in self.fakta if isinstance(d, h.BevillingAfvist)}
        bevillinger = [akt for akt, slags in self.slags.items() if slags in ("bevilling", "Mentor", "Hjaelpemiddel")]
        staaende = [akt for akt in bevillinger if akt not in afvist]
        andre = [akt for slags in ("aftale", "ansoegning") for akt in self._af(slags)]
        return [*staaende[-1:], *andre[:1], *bevillinger[-1:]][0]

    def ophoersstatus(self, ophoer: str) -> str:
        """What a termination's own document shows."""
        navne = {h.OphoerRegistreret: "Registreret", h.OphoerRettet: "Rettet", h.OphoerTilbagekaldt: "Tilbagekaldt"}
        return [navne[type(d)] for akt, d in self.fakta if akt == ophoer and type(d) in navne][-1]

    def _af(self, slags: str) -> list[str]:
        return [akt for akt, art in self.slags.items() if art == slags]

    def _godkendere(self) -> set[str]:
        return {"Virksomhed", "Borger"} if self.ordning == "PersonligAssistance" else {"Virksomhed"}

    def _registrer(self, akt: str, data: h.Data) -> None:
        slags = data.type if isinstance(data, h.TillaegsbevillingUdstedt) else REGISTRERER.get(type(data))
        if slags is None or akt in self.slags:
            return
        self.slags[akt] = slags
        if slags in ("bevilling", "aftale"):
            self.grund[akt] = akt
        elif slags in ("forlaengelse", "ophoer"):
            self.grund[akt] = list(self.grund.values())[-1]

    def _ansoegningen(self, data: h.Data) -> None:
        """Its status, and whether everybody has signed: a signed draft returned is everybody's signature."""
        self.ansoegningStatus = ANSOEGNINGSTATUS.get(type(data), self.ansoegningStatus)
        if isinstance(data, h.AnsoegningUnderskrevet):
            mangler = self._underskrivere() - {d.underskriver for _, d in self.fakta if isinstance(d, h.AnsoegningUnderskrevet)}
            self.komplet = not mangler
            if not mangler or data.underskriver == "Arbejdsgiver":
                self.ansoegningStatus = 9203 if mangler else 9204
        if isinstance(data, h.KladdeReturneret):
            # Unsigned is not in the table: the draft is the jobcentre's again (decision 012).
            self.komplet, self.ansoegningStatus = data.underskrevet, 9204 if data.underskrevet else 9201

    def _underskrivere(self) -> set[str]:
        navngivet = False
        for _, d in self.fakta:
            if isinstance(d, h.AnsoegningOprettet) or (isinstance(d, h.AnsoegningRettet) and "medarbejderrepraesentant" in d.rettede):
                navngivet = d.harMedarbejderrepraesentant
        return {"Arbejdsgiver", "Medarbejderrepraesentant"} if navngivet else {"Arbejdsgiver"}

    def _egen(self, akt: str, data: h.Data, ny: bool, komplet_foer: bool) -> list[Besked]:
        """The message of the event's own act."""
        if type(data) not in TABEL:
            return []
        om, opretter = TABEL[type(data)]
        if isinstance(data, h.AnsoegningUnderskrevet | h.KladdeReturneret) and (komplet_foer or not self.komplet):
            return []
        if isinstance(data, h.AnsoegningRettet) and not self.komplet:
            return []
        akt = {"ansoegning": (*self._af("ansoegning"), "")[0], "hoved": self.hovedakt()}.get(om, akt)
        if isinstance(data, h.CprSkiftet) and akt not in self.kendte:
            return []  # decision 018
        return [self._besked(akt, opretter and (ny or om == "ansoegning"))]

    def _besked(self, akt: str, opretter: bool) -> Besked:
        """Of the act itself, else of the one that shows it: the grant or agreement its termination, the application its assessment."""
        om = akt
        if not self._metode(akt):
            om, opretter = self.grund.get(akt) or self._af("ansoegning")[0], False
        assert self._metode(om), f"{self.ordning} has no GetMetode for {self.slags[om]}"
        statusser = (self.ansoegningStatus, self.bevillingsstatus(om))
        return Besked(self.ejer, om, self._metode(om), self._subskabelon(akt), opretter, *statusser)

    def _metode(self, akt: str) -> str:
        """The GetMetode that fetches the act; empty: its scheme has none."""
        metode = "GetPDF" if self.slags[akt] == "dokument" else AKTENS[self.slags[akt]][0]
        return metode if metode in METODER[self.ordning].split() else ""

    def _subskabelon(self, akt: str) -> int:
        while self.slags[akt] == "dokument":
            akt = next(d.vedroerer for a, d in self.fakta if a == akt and isinstance(d, h.DokumentTilfoejet))
        return AKTENS[self.slags[akt]][1]

    def _flytning(self, data: h.SagFlyttet) -> list[Besked]:
        """The giver of the main act; then the receiver of every act that anybody knows of, each after the giver's."""
        giver, self.ejer = self._besked(self.hovedakt(), False), data.modtagendeJobCenterKode
        kendte = [akt for akt in self.slags if akt in self.kendte and self._metode(akt)]
        return [giver, *(self._besked(akt, True)._replace(efter=0) for akt in kendte)]

    def _beroerte(self, akt: str, foer: dict[str, Svar], fortalt: set[str]) -> list[Besked]:
        """Any other known act of the same grant that shows something else than before."""
        nu, grund = self.vist(), self.grund.get(akt)
        andre = [a for a in self.slags if a in foer and foer[a] != nu[a] and self.grund[a] == grund and a in self.kendte]
        return [self._besked(a, False) for a in andre if a not in fortalt]

    def _egne(self, grund: str) -> list[Fakta]:
        return [(akt, data) for akt, data in self.fakta if self.grund.get(akt) == grund]

    def _facit(self, grund: str) -> Facit:
        if self.slags[grund] == "aftale":
            return aftalens_facit(self._egne(grund))
        svar = facit(self._egne(grund), frozenset(self._godkendere()))
        assert svar is not None
        return svar
