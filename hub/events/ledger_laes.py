"""The start of an append: streams locked, references looked up, lanes checked, known requests read, all in one round trip."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from hub.events import ledger_sql as sql
from hub.events.arter import ARTER, DOERE, REFERENCEBANER, REFERENCER, Art
from hub.events.besoeg import Kald, besoeg
from hub.events.flere_besoeg import Besoeg, gennemfoer
from hub.events.forbindelse import Forbindelse, Raekke
from hub.events.journal import partition_for
from hub.events.kvittering import laest
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Ordre
from hub.events.stroem import Stroem
from hub.events.topics import FAKTA


class Kendt(NamedTuple):
    """A request that the ledger has already appended; `usendte` are its outbox rows that Kafka does not have yet."""

    request_hash: bytes
    kvittering: dict[str, Any]
    usendte: tuple[int, ...]


class Start(NamedTuple):
    """What an append decides on. `topic`: the kind of its streams; `stroemme`: every stream named, by name; `indpakkede`: the cases' keys
    that there are, wrapped; `opslag`: the reference streams looked up that there are, by name, held as they are until the commit, and
    the acts that there are, by id, as the streams that have them; `nu`: the database's clock after the locks.
    """

    topic: str
    stroemme: dict[str, Stroem]
    indpakkede: dict[str, bytes]
    kendte: dict[str, Kendt]
    opslag: dict[str, Any]
    nu: datetime


def laes(raa: Forbindelse, ordrer: Sequence[Ordre]) -> Start:
    """Lock the orders' streams and read what they need; one that is not there is made, at version 0, when an order opens it.

    Raises what `laesning` does.
    """
    return gennemfoer(raa, laesning(ordrer))


def laesning(ordrer: Sequence[Ordre]) -> Besoeg[Start]:
    """The same, step by step: yields a visit's statements and is sent their answers.

    Raises `LedgerBagud` naming the partitions that may not be appended to, and `ForaeldetFoldning`.
    """
    topic = _topic(ordrer)
    art = ARTER[topic]
    partitioner = {navn: partition_for(navn.encode(), art.partitioner) for navn in {o.handling.sagsId for o in ordrer}}
    nye = {o.handling.sagsId: partitioner[o.handling.sagsId] for o in ordrer if o.handling.aabner}
    soegte = sorted({navn for o in ordrer for navn in DOERE[topic].soegte(o.handling)})
    egne = [(topic, partition) for partition in sorted(set(partitioner.values()))]
    laaste, opslag = laas(topic, list(partitioner), nye), _slaa_op(soegte) if soegte else []
    egne_opslag = [sql.TAG_OPSLAG.med(laase=_laase(partitioner))] if topic in REFERENCER else []
    stande = baner([*egne, *REFERENCEBANER] if soegte else egne)
    kendte_anmodninger = sql.KENDTE_ANMODNINGER.med(request_ids=list({o.request_id for o in ordrer}))
    svar = yield *laaste, *opslag, *egne_opslag, *_akter(art, ordrer), stande, kendte_anmodninger
    raekker, fundne = svar[len(laaste) - 1], svar[len(laaste) + len(opslag) - 1] if soegte else []
    lige, kendte = svar[-2:]
    akter: dict[str, Any] = dict(svar[-3]) if art.har_akter else {}
    nu = kraev_baner(egne, lige)
    if soegte:
        kraev_baner(REFERENCEBANER, lige)
    ukendte = {navn: Stroem(navn, partition, 0, None, None) for navn, partition in partitioner.items()}
    return Start(
        topic=topic,
        stroemme=ukendte | {raekke[0]: stroem(topic, raekke) for raekke in raekker},
        indpakkede={raekke[0]: raekke[-1] for raekke in raekker if raekke[-1] is not None},
        kendte=(yield from _kendte(kendte)),
        opslag={navn: ARTER[hvor].udpak(pakket, version) for navn, hvor, version, pakket in fundne} | akter,
        nu=nu,
    )


def laes_sager(raa: Forbindelse, navne: Sequence[str], request_id: str) -> Start:
    """Lock cases and read what one request on all of them needs. Raises `LedgerBagud` and `ForaeldetFoldning`."""
    brugte = [(FAKTA, partition) for partition in sorted({partition_for(navn.encode()) for navn in navne})]
    stande = [baner(brugte)] if brugte else []
    raekker, *lige, kendte, ur = besoeg(
        raa, *laas(FAKTA, navne, {}), *stande, sql.KENDTE_ANMODNINGER.med(request_ids=[request_id]), sql.UR.af()
    )
    if brugte:
        kraev_baner(brugte, lige[0])
    return Start(
        topic=FAKTA,
        stroemme={raekke[0]: stroem(FAKTA, raekke) for raekke in raekker},
        indpakkede={raekke[0]: raekke[-1] for raekke in raekker if raekke[-1] is not None},
        kendte=gennemfoer(raa, _kendte(kendte)),
        opslag={},
        nu=ur[0][0].astimezone(UTC),
    )


def _kendte(raekker: Sequence[Raekke]) -> Besoeg[dict[str, Kendt]]:
    """The requests that the ledger has already, with what of theirs Kafka does not have yet."""
    if not raekker:
        return {}
    usendte: dict[str, tuple[int, ...]] = {}
    (fundne,) = yield (sql.USENDTE_AF.med(request_ids=[id_ for id_, _, _ in raekker]),)
    for id_, raekke in sorted(fundne):
        usendte[id_] = (*usendte.get(id_, ()), raekke)
    return {id_: Kendt(hash_, laest(kvittering), usendte.get(id_, ())) for id_, hash_, kvittering in raekker}


def _topic(ordrer: Sequence[Ordre]) -> str:
    """The one kind of stream that a call's orders are for. Raises ValueError: mixed calls are nobody's."""
    (topic,) = {o.topic for o in ordrer}
    return topic


def _akter(art: Art, ordrer: Sequence[Ordre]) -> list[Kald]:
    """Ask which streams have the acts that orders of this kind name."""
    return [sql.KENDTE_AKTER.med(akter=list({o.handling.eksternIdentifier for o in ordrer}))] if art.har_akter else []


def _slaa_op(navne: Sequence[str]) -> list[Kald]:
    """Hold the reference streams named, then read them; one that is not there is held too."""
    return [sql.DEL_OPSLAG.med(laase=_laase(navne)), sql.LAES_OPSLAG.med(navne=navne, topics=list(REFERENCER))]


def _laase(navne: Iterable[str]) -> list[int]:
    """The numbers of streams' locks, each once, in one order for everybody."""
    return sorted({int.from_bytes(zlib.crc32(navn.encode()).to_bytes(4), signed=True) for navn in navne})


def baner(navne: Sequence[tuple[str, int]]) -> Kald:
    """Ask for the rows of lanes (topic, partition), for `kraev_baner`."""
    topics, partitioner = zip(*navne, strict=True)
    return sql.BANER.med(topics=topics, partitioner=partitioner)


def kraev_baner(baner: Sequence[tuple[str, int]], raekker: Sequence[Raekke]) -> datetime:
    """The clock of the rows of `BANER`; these lanes, of one topic or several, must be among them.

    Raises `LedgerBagud`, about the first topic of those, unless every partition was compared since this server started and is not behind.
    """
    aarsager = dict.fromkeys(baner, "not compared with the log yet")
    for topic, partition, bagud, sammenlignet, _ in raekker:
        bane = (topic, partition)
        if bagud is None and sammenlignet:
            aarsager.pop(bane, None)
        elif bane in aarsager and bagud is not None:
            aarsager[bane] = bagud
        elif bane in aarsager:
            aarsager[bane] = "not compared with the log since the database server started"
    if aarsager:
        foerste = next(topic for topic, _ in aarsager)
        raise LedgerBagud(foerste, {partition: aarsag for (topic, partition), aarsag in aarsager.items() if topic == foerste})
    nu: datetime = raekker[0][4]
    return nu.astimezone(UTC)


def laas(topic: str, navne: Sequence[str], nye: Mapping[str, int]) -> list[Kald]:
    """Make the streams in `nye` (name → partition) that are not there, at version 0, and lock all of `navne` that are.

    The rows of the last statement are those that were locked.
    """
    laes = sql.LAAS_STROEMME.med(topic=topic, stroemme=navne)
    if not nye:
        return [laes]
    felter = {"stroemme": list(nye), "partitioner": list(nye.values()), "fold_version": ARTER[topic].fold_version}
    return [sql.NYE_STROEMME.med(topic=topic, **felter), laes]


def stroem(topic: str, raekke: Raekke) -> Stroem:
    """A row of `LAAS_STROEMME`. Raises `ForaeldetFoldning`."""
    navn, partition, version, hoved, fold_version, sag, registreret, gulv, _ = raekke
    laast = Stroem(navn, partition, version, hoved, ARTER[topic].udpak(sag, fold_version))
    laast.registreret, laast.gulv = registreret, gulv
    return laast
