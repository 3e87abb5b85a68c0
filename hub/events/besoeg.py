"""A visit to the database: prepared statements sent together, their answers read together; for what every action runs.

For the hot path alone, where psycopg's own pipeline takes five times the CPU (450 µs against 85 for a transaction of five statements).
Parameters and rows are binary. A statement is prepared at its first visit on a connection; psycopg must not prepare there too
(`prepare_threshold` None): its clearing up would take ours along.
"""

import re
import select
import struct
import time
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer

from hub.events.forbindelse import Forbindelse, Raekke

_PLADS = re.compile(r"%(?:\((\w+)\))?b::(\w+(?:\[\])?)")
_EPOKE = datetime(2000, 1, 1, tzinfo=UTC)
_EPOKENS_DAG = date(2000, 1, 1).toordinal()
_MIKROSEKUND = timedelta(microseconds=1)
_TOM = struct.Struct("!iiI")
_HOVED = struct.Struct("!iiIii")
_LAENGDE = struct.Struct("!i")
_NULL = _LAENGDE.pack(-1)
# Planned once, and for keys: what was planned while its table was small would else go through all of the table for ever after.
NOEGLEPLANER = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
"""Settings for the sessions of processes that serve and make visits."""
SAET_NOEGLEPLANER = ";".join(f" SET {navn} = {vaerdi}" for navn, vaerdi in NOEGLEPLANER.items())
BINAERT = pq.Format.BINARY
GODE = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})
FRISKE_PLANER_SEKUNDER = 10.0
"""So old may a plan be: what was planned while its table was small is planned anew while it grows."""

Svar = list[Raekke]
Gang = Generator[bool, None, list[Svar]]


class PsycopgForbereder(RuntimeError):
    """The connection lets psycopg prepare statements: it may deallocate them all, and ours with them."""


def _tid(vaerdi: datetime) -> bytes:
    return struct.pack("!q", (vaerdi - _EPOKE) // _MIKROSEKUND)


INDKODERE: dict[str, tuple[int, Callable[[Any], bytes]]] = {
    "text": (25, str.encode),
    "int": (23, struct.Struct("!i").pack),
    "bigint": (20, struct.Struct("!q").pack),
    "bytea": (17, bytes),
    "bool": (16, struct.Struct("!?").pack),
    "date": (1082, lambda vaerdi: struct.pack("!i", vaerdi.toordinal() - _EPOKENS_DAG)),
    "timestamptz": (1184, _tid),
}
"""Type → its OID, and how a value goes out in binary."""
ANDRE_NAVNE = {"integer": "int", "boolean": "bool"}


def _array(oid: int, indkod: Callable[[Any], bytes]) -> Callable[[Sequence[Any]], bytes]:
    pak = _LAENGDE.pack

    def en(vaerdier: Sequence[Any]) -> bytes:
        if not vaerdier:
            return _TOM.pack(0, 0, oid)
        dele = [_HOVED.pack(1, 1, oid, len(vaerdier), 1)]
        for vaerdi in vaerdier:
            if vaerdi is None:
                dele.append(_NULL)
            else:
                raa = indkod(vaerdi)
                dele += (pak(len(raa)), raa)
        return b"".join(dele)

    return en


def _indkoder(slags: str) -> Callable[[Any], bytes]:
    enkelt = slags.removesuffix("[]")
    oid, indkod = INDKODERE[ANDRE_NAVNE.get(enkelt, enkelt)]
    return _array(oid, indkod) if slags.endswith("[]") else indkod


class Saetning:
    """A statement with every parameter written `%(name)b::type` or `%b::type`; the same name is one parameter."""

    def __init__(self, sql: str) -> None:
        self.felter: list[str] = []
        self._indkodere: list[Callable[[Any], bytes]] = []
        self.tekst = _PLADS.sub(self._plads, sql)
        self.navn = b"hub_" + sha256(self.tekst.encode()).hexdigest()[:16].encode()
        self.formater = [BINAERT] * len(self.felter)

    def _plads(self, fund: re.Match[str]) -> str:
        navn, slags = fund.group(1) or str(len(self.felter)), fund.group(2)
        if navn not in self.felter:
            self.felter.append(navn)
            self._indkodere.append(_indkoder(slags))
        return f"${self.felter.index(navn) + 1}::{slags}"

    def med(self, **felter: Any) -> "Kald":
        """The statement with named values; others than its own may be there too."""
        return self.af([felter[navn] for navn in self.felter])

    def af(self, vaerdier: Sequence[Any] = ()) -> "Kald":
        """The statement with its values in the order of its parameters. Raises psycopg's DataError, UnicodeEncodeError."""
        try:
            return Kald(self, [None if v is None else indkod(v) for indkod, v in zip(self._indkodere, vaerdier, strict=True)])
        except struct.error:
            raise psycopg.errors.NumericValueOutOfRange("a number does not fit its column") from None


class Kald(NamedTuple):
    """A statement to be sent, its parameters as bytes."""

    saetning: Saetning
    parametre: list[bytes | None]


class _Forberedt:
    """What a connection has prepared, and when it is to plan it anew (monotonic seconds)."""

    def __init__(self) -> None:
        self.navne: set[bytes] = set()
        self.planer_til = time.monotonic() + FRISKE_PLANER_SEKUNDER


FORBEREDTE: "WeakKeyDictionary[psycopg.Connection[Any], _Forberedt]" = WeakKeyDictionary()
GLEM_PLANER = Saetning("DISCARD PLANS").af()
BEGYND = Saetning("BEGIN").af()
FULDFOER = Saetning("COMMIT").af()


def besoeg(raa: Forbindelse, *kald: Kald) -> list[Svar]:
    """Send the statements together; each one's rows, in their order. Begins a transaction where psycopg would.

    The first that fails is raised as psycopg's error, and those behind it are not run: the transaction is then to be rolled back.
    """
    if not kald:
        return []
    with raa.lock:
        return _i_traaden(raa.pgconn, gang(raa, *kald))


def gang(raa: Forbindelse, *kald: Kald) -> Gang:
    """The same, step by step: it yields whenever the server must be waited for, and is to go on when there is something to read.

    It yields True when the socket has not taken everything yet: then also when it takes more. One at a time on a connection.
    """
    if raa.prepare_threshold is not None:
        raise PsycopgForbereder("the connection was made without prepare_threshold=None")
    forberedt = FORBEREDTE.get(raa) or FORBEREDTE.setdefault(raa, _Forberedt())
    if time.monotonic() > forberedt.planer_til:
        # Alone: what stands before a BEGIN in the same visit is a transaction already, whose isolation can no longer be chosen.
        yield from _gang(raa, (GLEM_PLANER,), forberedt.navne)
        forberedt.planer_til = time.monotonic() + FRISKE_PLANER_SEKUNDER
    if raa.autocommit or raa.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        return (yield from _gang(raa, kald, forberedt.navne))
    return (yield from _gang(raa, (BEGYND, *kald), forberedt.navne))[1:]


def _gang(raa: Forbindelse, kald: Sequence[Kald], kendte: set[bytes]) -> Gang:
    pg = raa.pgconn
    nye = _laeg(pg, kald, kendte)
    while pg.flush():
        # More than the socket takes at once: the server may be waiting for us to read.
        yield True
        pg.consume_input()
    svar: list[Svar] = []
    fejl = None
    laeser: Any = Transformer(raa)
    for en in kald:
        if (navn := en.saetning.navn) in nye:
            nye.discard(navn)
            forberedt = yield from _resultat(pg)
            fejl = fejl or _fejl(forberedt)
            if forberedt.status == pq.ExecStatus.COMMAND_OK:
                kendte.add(navn)
        resultat = yield from _resultat(pg)
        fejl = fejl or _fejl(resultat)
        if fejl is None:
            laeser.set_pgresult(resultat)
            svar.append(laeser.load_rows(0, resultat.ntuples, tuple) if resultat.ntuples else [])
    yield from _naeste(pg)
    pg.exit_pipeline_mode()
    if fejl is not None:
        raise psycopg.errors.error_from_result(fejl, raa.info.encoding)
    return svar


def _laeg(pg: Any, kald: Sequence[Kald], kendte: set[bytes]) -> set[bytes]:
    """Write the statements to the connection; the names of those that are prepared by it."""
    pg.enter_pipeline_mode()
    nye: set[bytes] = set()
    for en in kald:
        if (navn := en.saetning.navn) not in kendte and navn not in nye:
            pg.send_prepare(navn, en.saetning.tekst.encode())
            nye.add(navn)
        pg.send_query_prepared(navn, en.parametre, en.saetning.formater, BINAERT)
    pg.pipeline_sync()
    return nye


def _i_traaden(pg: Any, gang: Gang) -> list[Svar]:
    """Walk a visit to its end, waiting in this thread."""
    ventende = select.poll()
    ventende.register(pg.socket, select.POLLIN)
    try:
        while True:
            if next(gang):
                ventende.modify(pg.socket, select.POLLIN | select.POLLOUT)
                ventende.poll()
                ventende.modify(pg.socket, select.POLLIN)
            else:
                ventende.poll()
    except StopIteration as slut:
        svar: list[Svar] = slut.value
        return svar


def _resultat(pg: Any) -> Generator[bool, None, Any]:
    """A statement's one result; after it comes an empty one."""
    resultat = yield from _naeste(pg)
    yield from _naeste(pg)
    return resultat


def _naeste(pg: Any) -> Generator[bool, None, Any]:
    while pg.is_busy():
        yield False
        pg.consume_input()
    return pg.get_result()


def _fejl(resultat: Any) -> Any:
    return None if resultat.status in GODE else resultat
