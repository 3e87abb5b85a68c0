"""One read of a case: snapshot, ownership, the version or time asked for, access-log row, keys; all in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from hub.api import adgangslog
from hub.api.aabning import aabn_alt, noeglenavne, noeglestand
from hub.api.adgangslog import Opslag
from hub.api.ejerskab import sidste_synlige
from hub.api.problem import Problem
from hub.api.tjenester import Tjenester
from hub.api.tokens import Bruger
from hub.domain.sag import Sag
from hub.projections import read
from hub.projections.generation import forbind, serverende
from hub.projections.read import Nu, Vej

Find = Callable[[Connection], list[Nu]]
Vis = Callable[[Connection, Sag, Nu | None], Any]
"""(connection, the case as asked for, the row of now when that is what was asked for) → the document, sealed; None: no such act then."""


class IkkeKlar(Exception):
    """Not now, perhaps soon."""


class Savnet(NamedTuple):
    """What is not found: its code, and where it may be all the same."""

    kode: str
    vej: Callable[[Connection], Vej | None]


class Oensket(NamedTuple):
    """What is read: how to find it, what to show of it, as of when, and what is said when it is not found."""

    find: Find
    vis: Vis
    savnet: Savnet
    opslag: Opslag
    version: int | None = None

    @property
    def as_of(self) -> datetime | None:
        """The time asked for."""
        return self.opslag.as_of


class Laest(NamedTuple):
    """What was read: the document with its leaves open, and its ETag."""

    dokument: Any
    etag: str


@contextmanager
def oejeblik(tjenester: Tjenester) -> Iterator[tuple[Connection, int]]:
    """A transaction with one snapshot: the pointer to the serving generation and its rows belong together (architecture 11)."""
    with tjenester.motor.connect().execution_options(isolation_level="REPEATABLE READ") as conn, conn.begin():
        nummer = serverende(conn)
        yield forbind(conn, nummer), nummer


def laes(tjenester: Tjenester, bruger: Bruger, oensket: Oensket) -> Laest:
    """Read once. Raises `Problem`, or `IkkeKlar` when it is worth trying again."""
    if oensket.as_of is not None:
        _goer_endelig(tjenester, bruger, oensket)
    with oejeblik(tjenester) as (conn, generation):
        nu, synlig = _find(conn, bruger, oensket)
        sag, raekke = _som_oensket(tjenester, conn, (nu, synlig), oensket)
        dokument = oensket.vis(conn, sag, raekke)
        if dokument is None:
            raise Problem(_uden_for(synlig, oensket))
        adgangslog.skriv(conn, bruger, oensket.opslag, sag.id, sag.version)
        navne = noeglenavne(dokument)
        noegler = tjenester.noeglering.hent(conn, navne)
    aabnet = aabn_alt(dokument, navne, noegler)
    return Laest(
        {**aabnet.vaerdi, "personoplysningerSlettet": aabnet.slettet}, f'"{sag.version}-{generation}-{noeglestand(navne, noegler)}"'
    )


def _uden_for(synlig: int | None, oensket: Oensket) -> str:
    """Why an act that is there has no document: not there then; or later than all that a former owner sees, when no moment was named."""
    bestemt = oensket.version is not None or oensket.as_of is not None
    return "fandtes_ikke" if synlig is None or bestemt else "sag_flyttet"


def _find(conn: Connection, bruger: Bruger, oensket: Oensket) -> tuple[Nu, int | None]:
    """The case and the last version that the user may see of it. Of two cases with one act id, the user's own."""
    fundne = oensket.find(conn)
    if not fundne:
        raise _ikke_fundet(conn, oensket)
    for nu in fundne[:-1]:
        try:
            return nu, sidste_synlige(bruger, nu.sag)
        except Problem:
            continue
    return fundne[-1], sidste_synlige(bruger, fundne[-1].sag)


def _ikke_fundet(conn: Connection, oensket: Oensket) -> Exception:
    """A version or a time was named by somebody who knows of it: it may be on its way, or set aside."""
    bestemt = oensket.version is not None or oensket.as_of is not None
    vej = oensket.savnet.vej(conn) if bestemt else None
    if vej is Vej.UNDERVEJS:
        return IkkeKlar()
    return Problem(oensket.savnet.kode if vej is None else "sag_parkeret")


def _goer_endelig(tjenester: Tjenester, bruger: Bruger, oensket: Oensket) -> None:
    """Make the answer at `asOf` final, in a transaction of its own, before it is read: whatever is appended later is registered later."""
    assert oensket.as_of is not None
    with tjenester.motor.begin() as conn:
        nu, _synlig = _find(forbind(conn, serverende(conn)), bruger, oensket)
        endelig = read.goer_endelig(conn, nu.sag.id, oensket.as_of)
    if not endelig:
        raise IkkeKlar()


def _som_oensket(tjenester: Tjenester, conn: Connection, fundet: tuple[Nu, int | None], oensket: Oensket) -> tuple[Sag, Nu | None]:
    """The case at the version or time asked for, and the row when it is that of now."""
    nu, synlig = fundet
    if oensket.as_of is not None:
        return _paa_tid(tjenester, conn, fundet, oensket), None
    if synlig is not None:
        version = synlig if oensket.version is None else oensket.version
        if version > synlig:
            raise Problem("sag_flyttet")
        return _foldet(read.fold(conn, tjenester.kodeks, nu.sag.id, read.til_version(version))), None
    if oensket.version is not None and nu.sag.version < oensket.version:
        foran = read.foran(conn, tjenester.kodeks, nu.sag.id)
        if foran is None or not foran.har_naaet(oensket.version):
            raise _bagud(conn, nu.sag.id)
    return nu.sag, nu


def _paa_tid(tjenester: Tjenester, conn: Connection, fundet: tuple[Nu, int | None], oensket: Oensket) -> Sag:
    nu, synlig = fundet
    assert oensket.as_of is not None
    if nu.sag.registreret <= oensket.as_of:
        foran = read.foran(conn, tjenester.kodeks, nu.sag.id)
        if foran is None or not foran.har_naaet_til(oensket.as_of):
            raise _bagud(conn, nu.sag.id)
        # Everything that there is was registered by then: the case as it was is the case as it is.
        return _synligt(nu.sag, synlig)
    return _synligt(_foldet(read.fold(conn, tjenester.kodeks, nu.sag.id, read.til_tid(oensket.as_of))), synlig)


def _synligt(sag: Sag, synlig: int | None) -> Sag:
    """The case, unless it is later than what its former owner may see."""
    if synlig is not None and sag.version > synlig:
        raise Problem("sag_flyttet")
    return sag


def _foldet(sag: Sag | None) -> Sag:
    if sag is None:
        raise Problem("fandtes_ikke")
    return sag


def _bagud(conn: Connection, sags_id: str) -> Exception:
    """Why the projection is not there yet: a parked event (which waiting does not help), or it is on its way."""
    return Problem("sag_parkeret") if read.er_parkeret(conn, sags_id) else IkkeKlar()
