"""The start of an append: streams locked, lanes checked, known requests and conflicts read, all in one round trip."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import psycopg

from hub.domain.handlinger import Handling
from hub.domain.opslag import Konflikt
from hub.domain.sag import FOLD_VERSION
from hub.events import ledger_sql as sql
from hub.events.forbindelse import Forbindelse, Raekke
from hub.events.journal import partition_for
from hub.events.kvittering import laest
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Ordre
from hub.events.stroem import Stroem, udpak
from hub.events.topics import FAKTA, KONFLIKTER

_KONFLIKT = msgspec.msgpack.Decoder(Konflikt)


class Kendt(NamedTuple):
    """A request that the ledger has already appended; `usendte` are its outbox rows that Kafka does not have yet."""

    request_hash: bytes
    kvittering: dict[str, Any]
    usendte: tuple[int, ...]


class Start(NamedTuple):
    """What an append decides on. `stroemme`: every stream named, by name; `indpakkede`: the cases' keys that there are, wrapped;
    `konflikter`: by CVR, of the companies of new cases, held as they are until the commit; `nu`: the database's clock after the locks.
    """

    stroemme: dict[str, Stroem]
    indpakkede: dict[str, bytes]
    kendte: dict[str, Kendt]
    konflikter: dict[str, Konflikt]
    nu: datetime


def laes(raa: Forbindelse, ordrer: Sequence[Ordre]) -> Start:
    """Lock the orders' streams and read what they need; one that is not there is made, at version 0, when an order opens its case.

    Raises `LedgerBagud` naming the partitions that may not be appended to, and `ForaeldetFoldning`.
    """
    partitioner = {navn: partition_for(navn.encode()) for navn in {o.handling.sagsId for o in ordrer}}
    nye = {o.handling.sagsId: partitioner[o.handling.sagsId] for o in ordrer if o.handling.aabner}
    cvr = sorted({nummer for o in ordrer if (nummer := virksomhed(o.handling)) is not None})
    brugte = sorted(set(partitioner.values()))
    with raa.pipeline():
        laaste = laas(raa, FAKTA, list(partitioner), nye)
        konflikter = raa.execute(sql.LAES_KONFLIKTER, {"cvr": cvr, "topic": KONFLIKTER}) if cvr else ()
        baner = raa.execute(sql.BANER, {"topic": FAKTA, "partitioner": brugte}, binary=True)
        kendte = raa.execute(sql.KENDTE_ANMODNINGER, {"request_ids": list({o.request_id for o in ordrer})}, binary=True)
    nu = kraev_baner(FAKTA, brugte, baner.fetchall())
    raekker = laaste.fetchall()
    ukendte = {navn: Stroem(navn, partition, 0, None, None) for navn, partition in partitioner.items()}
    return Start(
        stroemme=ukendte | {raekke[0]: stroem(raekke) for raekke in raekker},
        indpakkede={raekke[0]: raekke[-1] for raekke in raekker if raekke[-1] is not None},
        kendte={id_: Kendt(hash_, laest(kvittering), tuple(usendte)) for id_, hash_, kvittering, usendte in kendte},
        konflikter={navn: _KONFLIKT.decode(raekke) for navn, raekke in konflikter},
        nu=nu,
    )


def virksomhed(handling: Handling) -> str | None:
    """The CVR number of the company whose conflict row an action asks for: that of a new case."""
    if not handling.aabner:
        return None
    nummer: str = handling.data.virksomhed.cvrNummer  # type: ignore[attr-defined]
    return nummer


def kraev_baner(topic: str, partitioner: Iterable[int], raekker: Sequence[Raekke]) -> datetime:
    """The clock of the rows of `BANER` for these partitions.

    Raises `LedgerBagud` unless every partition was compared since this server started, and is not behind.
    """
    aarsager = dict.fromkeys(partitioner, "not compared with the log yet")
    for partition, bagud, sammenlignet, _ in raekker:
        if bagud is None and sammenlignet:
            aarsager.pop(partition, None)
        elif partition in aarsager and bagud is not None:
            aarsager[partition] = bagud
        elif partition in aarsager:
            aarsager[partition] = "not compared with the log since the database server started"
    if aarsager:
        raise LedgerBagud(topic, aarsager)
    nu: datetime = raekker[0][3]
    return nu.astimezone(UTC)


def laas(raa: Forbindelse, topic: str, navne: Sequence[str], nye: Mapping[str, int]) -> psycopg.Cursor[Raekke]:
    """Make the streams in `nye` (name → partition) that are not there, at version 0, and lock all of `navne` that are.

    A cursor of their rows, for use in a pipeline.
    """
    if nye:
        felter = {"topic": topic, "stroemme": list(nye), "partitioner": list(nye.values()), "fold_version": FOLD_VERSION}
        raa.execute(sql.NYE_STROEMME, felter)
    return raa.execute(sql.LAAS_STROEMME, {"topic": topic, "stroemme": navne}, binary=True)


def stroem(raekke: Raekke) -> Stroem:
    """A row of `LAAS_STROEMME`. Raises `ForaeldetFoldning`."""
    navn, partition, version, hoved, fold_version, sag, registreret, gulv, _ = raekke
    laast = Stroem(navn, partition, version, hoved, udpak(sag, fold_version))
    laast.registreret, laast.gulv = registreret, gulv
    return laast
