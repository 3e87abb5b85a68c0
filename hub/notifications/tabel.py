"""The notification table (domain.md): which event tells whom of which act. Data; `notificer` only applies it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from hub.domain import haendelser as h
from hub.domain.koder import ORDNINGER, SUBSKABELONER
from hub.domain.matrix import AKTENS_METODE
from hub.domain.sag import Sag, find_bevilling, hovedakt
from hub.notifications.akter import Aktsyn, anmeldte_akter, bevillingens_akter, kender, omtale
from hub.notifications.udkast import Omtale, Udkast, bane, link, notifikations_id


class Skridt(NamedTuple):
    """One event and the case on both sides of it; `foer` is None for the event that made the case."""

    foer: Sag | None
    haendelse: h.Haendelse
    efter: Sag


class Regel(NamedTuple):
    """A row: the kind of act that the event is about, the subskabelon, whether it creates the act, and when the row counts."""

    art: str
    subskabelon: str
    opretter: Callable[[Skridt], bool]
    naar: Callable[[Skridt], bool]


class Besked(NamedTuple):
    """Who is told what of which act."""

    modtager: str
    omtale: Omtale
    subskabelon: str
    er_oprettelse: bool
    venter_paa: str | None = None


def _ja(_: Skridt) -> bool:
    return True


def _nej(_: Skridt) -> bool:
    return False


def _komplet(skridt: Skridt) -> bool:
    return skridt.efter.ansoegning is not None and skridt.efter.ansoegning.komplet


def _bliver_komplet(skridt: Skridt) -> bool:
    foer = skridt.foer.ansoegning if skridt.foer is not None else None
    return _komplet(skridt) and not (foer is not None and foer.komplet)


def _ny_akt(skridt: Skridt) -> bool:
    return not kender(skridt.foer, skridt.haendelse.kuvert.eksternIdentifier)


ANSOEGNING_OPRETTET = Regel("Ansoegning", "Ansoegning", _ja, _bliver_komplet)
ANSOEGNING_AENDRET = Regel("Ansoegning", "Ansoegning", _nej, _ja)
BEVILLING_AENDRET = Regel("Bevilling", "Bevilling", _nej, _ja)
FORLAENGELSE_AENDRET = Regel("Forlaengelse", "Forlaengelse", _nej, _ja)
OPHOER_AENDRET = Regel("Ophoer", "Ophoer", _nej, _ja)

TABEL: dict[type[h.Data], Regel] = {
    h.AnsoegningUnderskrevet: ANSOEGNING_OPRETTET,
    h.KladdeReturneret: ANSOEGNING_OPRETTET,
    h.AnsoegningRettet: Regel("Ansoegning", "Ansoegning", _nej, _komplet),
    h.SendtTilAndenAktoer: ANSOEGNING_AENDRET,
    h.AfvistTilAndenAktoer: ANSOEGNING_AENDRET,
    h.OvertagetFraAndenAktoer: ANSOEGNING_AENDRET,
    h.AnsoegningGodkendt: ANSOEGNING_AENDRET,
    h.AnsoegningAfvist: ANSOEGNING_AENDRET,
    h.AnsoegningTrukketTilbage: ANSOEGNING_AENDRET,
    h.VurderingAfgjort: Regel("Vurdering", "Vurdering", _nej, _ja),
    h.BevillingUdstedt: Regel("Bevilling", "Bevilling", _ja, _ja),
    h.BevillingGodkendt: BEVILLING_AENDRET,
    h.BevillingAfvist: BEVILLING_AENDRET,
    h.ForlaengelseAnsoegt: Regel("Forlaengelse", "Forlaengelse", _ja, _ja),
    h.ForlaengelseBevilget: Regel("Forlaengelse", "Forlaengelse", _ny_akt, _ja),
    h.ForlaengelseAfslaaet: FORLAENGELSE_AENDRET,
    h.OphoerRegistreret: Regel("Ophoer", "Ophoer", _ja, _ja),
    h.OphoerRettet: OPHOER_AENDRET,
    h.OphoerTilbagekaldt: OPHOER_AENDRET,
}
TAVSE: frozenset[type[h.Data]] = frozenset(
    {
        h.AnsoegningOprettet, h.KladdeSendt, h.SagTildelt, h.SagOvertaget, h.SagFrigivet, h.VurderingOvertaget, h.VurderingFrigivet,
        h.VurderingGenaabnet, h.BevillingSendt, h.BevillingGenfremsendt, h.FlytningKvitteret,
    }
)  # fmt: skip
"""Events that nobody is told of. Every event is here, in TABEL, or SagFlyttet, which tells two jobcentres."""


def notificer(foer: Sag | None, haendelse: h.Haendelse, efter: Sag) -> tuple[Udkast, ...]:
    """The notifications that an event gives rise to, in the order they must be offered; pure.

    `foer` and `efter` are the case without and with the event. Each (recipient, act, GetMetode) at most once.
    Raises KeyError for an event that the table does not know.
    """
    skridt = Skridt(foer, haendelse, efter)
    udkast: dict[str, Udkast] = {}
    for besked in _beskeder(skridt, type(haendelse.data)):
        ny = _udkast(skridt, besked)
        udkast.setdefault(ny.id, ny)
    return tuple(udkast.values())


def _beskeder(skridt: Skridt, type_: type[h.Data]) -> Iterator[Besked]:
    if type_ is h.SagFlyttet:
        return _flytning(skridt)
    return _beroerte(skridt) if type_ in TAVSE else _aendring(skridt, TABEL[type_])


def _aendring(skridt: Skridt, regel: Regel) -> Iterator[Besked]:
    """The event's own act, then the other acts of the same grant that it changed.

    An act without a GetMetode of its own creates nothing that can be fetched: it changes the act that holds it.
    """
    omtalt = omtale(skridt.efter, skridt.haendelse.kuvert.eksternIdentifier, regel.art)
    if omtalt is not None and regel.naar(skridt):
        egen = omtalt.get_metode == AKTENS_METODE.get(regel.art)
        yield Besked(skridt.efter.jobCenterKode, omtalt, regel.subskabelon, egen and regel.opretter(skridt))
    yield from _beroerte(skridt)


def _beroerte(skridt: Skridt) -> Iterator[Besked]:
    """The other acts of the event's grant whose effect it changed, found by comparing before and after, never by listing cases.

    For every event, those that tell nothing of their own too.
    """
    akt_id = skridt.haendelse.kuvert.eksternIdentifier
    efter = find_bevilling(skridt.efter, akt_id)
    if efter is None or skridt.foer is None:
        return
    foer = find_bevilling(skridt.foer, efter.id)
    kendte = {akt.id: akt.virkning for akt in bevillingens_akter(foer)} if foer is not None else {}
    for akt in bevillingens_akter(efter):
        if akt.id != akt_id and akt.id in kendte and akt.virkning != kendte[akt.id]:
            yield from _besked(skridt.efter, akt, er_oprettelse=False)


def _flytning(skridt: Skridt) -> Iterator[Besked]:
    """The giver's last word is the main act; the receiver's backfill waits until that is on the giver's topic.

    The giver is told even when nothing was ever announced to it (it knew its own draft); the receiver is only told of announced acts,
    and of a draft as of any other: by the signature that completes it.
    """
    kuvert, efter = skridt.haendelse.kuvert, skridt.efter
    giver = skridt.foer.jobCenterKode if skridt.foer is not None else efter.jobCenterKode
    sidste = _hovedbesked(efter, giver)
    yield sidste
    if giver == efter.jobCenterKode:
        return
    venter_paa = notifikations_id(kuvert.haendelsesId, giver, sidste.omtale)
    for akt in anmeldte_akter(efter):
        for besked in _besked(efter, akt, er_oprettelse=True):
            yield besked._replace(venter_paa=venter_paa)


def _hovedbesked(sag: Sag, modtager: str) -> Besked:
    akt_id = hovedakt(sag)
    art = "Ansoegning" if sag.ansoegning is not None and sag.ansoegning.id == akt_id else "Bevilling"
    omtalt = omtale(sag, akt_id, art)
    assert omtalt is not None, "every scheme has a GetMetode for its main act"
    return Besked(modtager, omtalt, art, er_oprettelse=False)


def _besked(sag: Sag, akt: Aktsyn, *, er_oprettelse: bool) -> Iterator[Besked]:
    """A message of an act with a GetMetode of its own; one without is told with the act that holds it."""
    omtalt = omtale(sag, akt.id, akt.art)
    if omtalt is not None and omtalt.akt_id == akt.id:
        yield Besked(sag.jobCenterKode, omtalt, akt.art, er_oprettelse)


def _udkast(skridt: Skridt, besked: Besked) -> Udkast:
    kuvert, sag = skridt.haendelse.kuvert, skridt.efter
    return Udkast(
        id=notifikations_id(kuvert.haendelsesId, besked.modtager, besked.omtale),
        bane=bane(besked.modtager),
        jobCenterKode=besked.modtager,
        sagsId=sag.id,
        version=kuvert.version,
        eksternIdentifier=besked.omtale.akt_id,
        getMetode=besked.omtale.get_metode,
        skabelon=ORDNINGER[sag.ordning].kode,
        subskabelon=SUBSKABELONER[besked.subskabelon].kode,
        erOprettelse=besked.er_oprettelse,
        link=link(sag.ordning, besked.omtale, kuvert.version),
        registreringsDato=kuvert.registreringstidspunkt,
        haendelsestidspunkt=kuvert.haendelsestidspunkt,
        ansoegningStatus=sag.ansoegningStatus,
        bevillingsstatus=sag.bevillingsstatus,
        venterPaa=besked.venter_paa,
    )
