"""Where the ledger differs from the log: each case's row from the fold, the outbox from the records sent, the lanes from their ends."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, Connection, Row, Text, bindparam, case, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from hub.events.arter import SAG
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.framing import skema_id
from hub.events.hoveder import hoveder
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.tables import BANER, OUTBOX, STROEMME
from hub.projections.fund import Fund, vist
from hub.projections.genfold import Foldet, Paa
from hub.projections.ledgerakter import Akter, Sagsakter
from hub.projections.ledgerkaede import Hoved, Kilde, paa_vej, raekkens
from hub.projections.taalmodig import hent

_IDER = bindparam("ider", type_=ARRAY(Text))
_L, _O = STROEMME.c, OUTBOX.c
_SLUT = bindparam("slut", type_=BigInteger)
_FORAN = or_(_O.kafka_offset.is_(None), _O.kafka_offset >= _SLUT)
_UDBAKKE = select(
    _O.stroem, _O.version, _O.topic, _O.partition, _O.kafka_offset, func.sha256(_O.vaerdi).label("aftryk"),
    case((_FORAN, _O.vaerdi)).label("foran"), cast(_O.hoveder, Text).label("hoveder"),
).where(_O.stroem == func.any(_IDER))  # fmt: skip
_STROEMME = select(STROEMME).where(_L.stroem == func.any(_IDER))
_AFKORTET = text("""
SELECT o.topic, o.partition, o.kafka_offset, o.stroem, o.version, u.slut
FROM unnest(CAST(:topics AS text[]), CAST(:partitioner AS int[]), CAST(:slutter AS bigint[])) AS u(topic, partition, slut)
JOIN ledger.outbox o ON o.topic = u.topic AND o.partition = u.partition AND o.kafka_offset >= u.slut
ORDER BY 1, 2, 3 LIMIT 1000
""")
_HJEMLOESE = text("""
SELECT o.partition, coalesce(o.kafka_offset, -1), o.stroem, o.version FROM ledger.outbox o
WHERE NOT EXISTS (SELECT FROM ledger.stroemme s WHERE s.stroem = o.stroem) ORDER BY 1, 2 LIMIT 1000
""")
_BANER = select(BANER.c.topic, BANER.c.partition, BANER.c.naeste_offset)


class Ledger(NamedTuple):
    """What the ledger has of some streams: their rows, and their outbox."""

    raekker: Mapping[str, Row[Any]]
    udbakke: Mapping[str, Sequence[Row[Any]]]


def ledgeren(conn: Connection, stroemme: Sequence[str], slut: int) -> Ledger:
    """Read it; of the outbox the bytes only where the log up to `slut` has them not."""
    udbakke: dict[str, list[Row[Any]]] = {}
    for raekke in hent(conn, _UDBAKKE, {"ider": list(stroemme), "slut": slut}):
        udbakke.setdefault(raekke.stroem, []).append(raekke)
    return Ledger({r.stroem: r for r in hent(conn, _STROEMME, {"ider": list(stroemme)})}, udbakke)


def ledgerforskelle(
    conn: Connection, foldede: Mapping[str, Foldet], kilde: tuple[int, int], kodeks: Kodeks, akter: Akter
) -> Iterator[Fund]:
    """Compare these cases of one partition (`kilde`: partition, and the offset up to which it was read) with ledger and parked set."""
    log, egne = Kilde(SAG, *kilde), dict[str, Sagsakter]()
    ledger = ledgeren(conn, list(foldede), log.slut)
    for sags_id, foldet in foldede.items():
        sag, aftryk = foldet.tilstand
        yield from udsendt((sags_id, foldet.paa_log), ledger.udbakke.get(sags_id, ()), log, kodeks)
        kendte = foldet.til_side | paa_vej(ledger.udbakke.get(sags_id, ()), log, kodeks)
        egne[sags_id] = Sagsakter(log.partition, foldet.akter, _akterne((*kendte.values(), *(i.haendelse for i, _ in foldet.afviste))))
        raekke = ledger.raekker.get(sags_id)
        if raekke is None and not foldet.linjer:
            continue
        hoved = Hoved(0, None, None, None) if sag is None else Hoved(sag.version, aftryk, sag.registreret, sag)
        for forskel in raekkens(log, hoved, raekke, (kendte, foldet.kasserede)):
            yield Fund(*foldet.sted, sags_id, *forskel)
    yield from akter.forskelle(conn, egne)


def _akterne(haendelser: Iterable[Any]) -> list[str]:
    return [haendelse.kuvert.eksternIdentifier for haendelse in haendelser if haendelse is not None]


def ukendte(conn: Connection, stroemme: Sequence[str], steder: Mapping[int, int], kodeks: Kodeks, akter: Akter) -> Iterator[Fund]:
    """Cases that the log up to `steder` (by partition) does not have: every event of them must be on its way there."""
    ledger, egne = ledgeren(conn, stroemme, 0), dict[str, Sagsakter]()
    for stroem, raekke in ledger.raekker.items():
        log = Kilde(SAG, raekke.partition, steder.get(raekke.partition, 0))
        kendte = paa_vej(ledger.udbakke.get(stroem, ()), log, kodeks)
        egne[stroem] = Sagsakter(log.partition, {}, _akterne(kendte.values()))
        if any(raekkens(log, Hoved(0, None, None, None), raekke, (kendte, ()))):
            yield Fund(raekke.partition, -1, stroem, "ledger.stroemme", "no such case", "a stream")
    yield from akter.forskelle(conn, egne)


def afkortet(conn: Connection, slutter: Mapping[tuple[str, int], int]) -> Iterator[Fund]:
    """What the ledger knows to be on the log, beyond its end. `slutter`: (topic, partition) → that end, asked after the snapshot."""
    for topic, partition, sted in conn.execute(_BANER).all():
        slut = slutter.get((topic, partition), 0)
        if sted > slut:
            yield Fund(partition, slut, "", "ledger.baner.naeste_offset", f"{topic} ends at {slut}", str(sted))
    topics, partitioner = zip(*slutter, strict=True)
    felter = {"topics": list(topics), "partitioner": list(partitioner), "slutter": list(slutter.values())}
    for topic, partition, offset, stroem, version, slut in conn.execute(_AFKORTET, felter):
        yield Fund(partition, offset, stroem, "ledger.outbox.kafka_offset", f"{topic} ends at {slut}", f"version {version} at {offset}")


def udsendt(stroem: tuple[str, Mapping[int, Paa]], raekker: Iterable[Row[Any]], log: Kilde, kodeks: Kodeks) -> Iterator[Fund]:
    """What the outbox says was sent is the record at its offset, byte for byte; every row has the headers of its event.

    `stroem`: its name, and its records by offset.
    """
    navn, poster = stroem
    for raekke in raekker:
        sted = (log.partition, -1 if raekke.kafka_offset is None else raekke.kafka_offset)
        if (raekke.topic, raekke.partition) != (log.art.topic, log.partition):
            sider = f"{log.art.topic}/{log.partition}", f"{vist(raekke.topic)}/{raekke.partition}"
            yield Fund(*sted, navn, "ledger.outbox.partition", *sider)
        if raekke.foran is not None:
            yield from _hovedforskelle(navn, sted, raekke, _ikke_paa_log(log, raekke, kodeks))
            continue
        paa_log = poster.get(raekke.kafka_offset)
        if paa_log is None or paa_log.aftryk != raekke.aftryk:
            sider = "no such record" if paa_log is None else vist(paa_log.aftryk), vist(raekke.aftryk)
            yield Fund(*sted, navn, "ledger.outbox.vaerdi", *sider)
        elif paa_log.haendelse is not None:
            if (version := paa_log.haendelse.kuvert.version) != raekke.version:
                yield Fund(*sted, navn, "ledger.outbox.version", str(version), str(raekke.version))
            yield from _hovedforskelle(navn, sted, raekke, paa_log)


def _ikke_paa_log(log: Kilde, raekke: Row[Any], kodeks: Kodeks) -> Paa:
    """What the record of a row that is on its way will be."""
    try:
        return Paa(raekke.aftryk, log.art.afkod(kodeks, raekke.foran), skema_id(raekke.foran))
    except Ulaeselig:
        return Paa(raekke.aftryk, None, None)


def _hovedforskelle(navn: str, sted: tuple[int, int], raekke: Row[Any], paa_log: Paa) -> Iterator[Fund]:
    if paa_log.haendelse is None:
        return
    ventede, fundne = hoveder(_register(), paa_log.haendelse, paa_log.skema), orjson.loads(raekke.hoveder)
    if ventede == fundne:
        return
    if not isinstance(fundne, dict):
        yield Fund(*sted, navn, "ledger.outbox.hoveder", f"{len(ventede)} headers", vist(fundne))
        return
    for felt in sorted(ventede.keys() | fundne.keys()):
        if ventede.get(felt) != fundne.get(felt):
            yield Fund(*sted, navn, f"ledger.outbox.hoveder.{vist(felt)}", vist(ventede.get(felt)), vist(fundne.get(felt)))


@cache
def _register() -> Skemaregister:
    return Skemaregister(skemamappe())


def hjemloese(conn: Connection) -> Iterator[Fund]:
    """Outbox rows of a stream that the ledger has not."""
    for partition, offset, stroem, version in conn.execute(_HJEMLOESE):
        yield Fund(partition, offset, vist(stroem), "ledger.outbox.stroem", "no such stream", f"version {version}")
