"""The notification table (domain.md): which event tells whom of which act. Data; `notificer` only applies it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from hub.domain import haendelser as h
from hub.domain.koder import ORDNINGER, SUBSKABELONER
from hub.domain.sag import Sag, find_bevilling, find_forloeb, hovedakt
from hub.notifications.akter import Aktsyn, anmeldte_akter, forloebets_akter, kender, omtale, subskabelon
from hub.notifications.udkast import Omtale, Udkast, bane, link, notifikations_id


class Skridt(NamedTuple):
    """One event and the case on both sides of it; `foer` is None for the event that made the case."""

    foer: Sag | None
    haendelse: h.Haendelse
    efter: Sag


class Regel(NamedTuple):
    """A row: which act is told of, whether the event creates it, and when the row counts."""

    akt: Callable[[Skridt], str]
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


def _egen(skridt: Skridt) -> str:
    """The act that the event names."""
    return skridt.haendelse.kuvert.eksternIdentifier


def _ansoegningen(skridt: Skridt) -> str:
    """The application, whatever act the event names."""
    return skridt.efter.ansoegning.id if skridt.efter.ansoegning is not None else _egen(skridt)


def _hovedakten(skridt: Skridt) -> str:
    """The main act, as the case is after the event."""
    return hovedakt(skridt.efter)


def _anmeldt(skridt: Skridt) -> bool:
    """Its jobcentre has been told of the main act: a company's unsigned draft is nobody else's business, and names a citizen."""
    return any(akt.id == hovedakt(skridt.efter) for akt in anmeldte_akter(skridt.efter))


OPRETTET, AENDRET = Regel(_egen, _ja, _ja), Regel(_egen, _nej, _ja)
ANSOEGNING_OPRETTET, ANSOEGNING_AENDRET = Regel(_ansoegningen, _ja, _bliver_komplet), Regel(_ansoegningen, _nej, _ja)

TABEL: dict[type[h.Data], Regel] = {
    h.AnsoegningUnderskrevet: ANSOEGNING_OPRETTET,
    h.KladdeReturneret: ANSOEGNING_OPRETTET,
    h.AnsoegningRettet: Regel(_ansoegningen, _nej, _komplet),
    h.SendtTilAndenAktoer: ANSOEGNING_AENDRET,
    h.AfvistTilAndenAktoer: ANSOEGNING_AENDRET,
    h.OvertagetFraAndenAktoer: ANSOEGNING_AENDRET,
    h.AnsoegningGodkendt: ANSOEGNING_AENDRET,
    h.AnsoegningAfvist: ANSOEGNING_AENDRET,
    h.AnsoegningTrukketTilbage: ANSOEGNING_AENDRET,
    # Not in the contract's table: a decision that changes ansoegningStatus as the three above do, and is told as they are.
    h.AnsoegningForhaandsgodkendt: ANSOEGNING_AENDRET,
    h.VurderingAfgjort: AENDRET,
    h.BevillingUdstedt: OPRETTET,
    h.BevillingGodkendt: AENDRET,
    h.BevillingAfvist: AENDRET,
    h.ForlaengelseAnsoegt: OPRETTET,
    h.ForlaengelseBevilget: Regel(_egen, _ny_akt, _ja),
    h.ForlaengelseAfslaaet: AENDRET,
    # Not in the contract's table: a correction of a grant or an extension, told as its other changes are (decision 036).
    h.TilskudssatsRettet: AENDRET,
    h.OphoerRegistreret: OPRETTET,
    h.OphoerRettet: AENDRET,
    h.OphoerTilbagekaldt: AENDRET,
    h.AftaleIndgaaet: OPRETTET,
    h.AftaleRettet: AENDRET,
    h.TillaegsbevillingUdstedt: OPRETTET,
    h.TillaegsbevillingUnderskrevet: AENDRET,
    h.DokumentTilfoejet: OPRETTET,
    # As a correction (AnsoegningRettet): not of a draft, and not of an application that still lacks a signature.
    h.CprSkiftet: Regel(_hovedakten, _nej, _anmeldt),
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
    """The row's act, then the other acts of the same grant that the event changed.

    An act without a GetMetode of its own creates nothing that can be fetched: it changes the act that holds it.
    """
    akt_id = regel.akt(skridt)
    omtalt = omtale(skridt.efter, akt_id)
    if omtalt is not None and regel.naar(skridt):
        egen = omtalt.akt_id == akt_id
        yield Besked(skridt.efter.jobCenterKode, omtalt, subskabelon(skridt.efter, akt_id), egen and regel.opretter(skridt))
    yield from _beroerte(skridt)


def _beroerte(skridt: Skridt) -> Iterator[Besked]:
    """The other acts of the event's grant or agreement whose effect it changed, found by comparing before and after.

    For every event, those that tell nothing of their own too.
    """
    akt_id = skridt.haendelse.kuvert.eksternIdentifier
    efter = find_forloeb(skridt.efter, akt_id)
    if efter is None or skridt.foer is None:
        return
    foer = find_forloeb(skridt.foer, efter.id)
    kendte = {akt.id: akt.virkning for akt in forloebets_akter(foer)} if foer is not None else {}
    for akt in forloebets_akter(efter):
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
    omtalt = omtale(sag, akt_id)
    assert omtalt is not None, "every scheme has a GetMetode for its main act"
    return Besked(modtager, omtalt, subskabelon(sag, akt_id), er_oprettelse=False)


def _besked(sag: Sag, akt: Aktsyn, *, er_oprettelse: bool) -> Iterator[Besked]:
    """A message of an act with a GetMetode of its own; one without is told with the act that holds it."""
    omtalt = omtale(sag, akt.id)
    if omtalt is not None and omtalt.akt_id == akt.id:
        yield Besked(sag.jobCenterKode, omtalt, subskabelon(sag, akt.id), er_oprettelse)


def _udkast(skridt: Skridt, besked: Besked) -> Udkast:
    """A message of a grant, or of an act of one, has that grant's status, as the document it names; any other the case's."""
    kuvert, sag = skridt.haendelse.kuvert, skridt.efter
    bevilling = find_bevilling(sag, besked.omtale.akt_id)
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
        bevillingsstatus=sag.bevillingsstatus if bevilling is None else bevilling.status,
        venterPaa=besked.venter_paa,
    )
