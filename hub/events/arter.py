"""The kinds of stream as data: cases, companies in conflict, lists, operators.

A kind is a row here: the ledger, the relay's comparison, restore and verify take the kind of a topic from it and know none by name.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from hub.domain.decide import decide
from hub.domain.evolve import evolve
from hub.domain.haendelser import Haendelse
from hub.domain.kuvert import Kuvert
from hub.domain.opslag import Opslag
from hub.domain.reference import REFERENCE_FOLD_VERSION, Reference, evolve_reference
from hub.domain.reference_decide import decide_reference
from hub.domain.reference_haendelser import Referencehaendelse
from hub.domain.reference_opslag import opslag, soegte
from hub.domain.sag import FOLD_VERSION, Sag
from hub.events.codec import Kodeks
from hub.events.drift import Driftshaendelse
from hub.events.ledger_fejl import ForaeldetFoldning
from hub.events.sealing import forsegl, forsegl_aktoer
from hub.events.topics import DRIFT, ERKLAEREDE, FAKTA, KONFLIKTER, SATSER

Nogen = Haendelse | Referencehaendelse | Driftshaendelse
"""An event of any kind of stream."""
PARTITIONER = {topic.navn: topic.partitioner for topic in ERKLAEREDE}


class Art(NamedTuple):
    """How the events of a topic are written, read and folded, and the fold kept (msgpack, in its row).

    `evolve` raises `KanIkkeFoldes`, `indkod` `KanIkkeIndkodes`, `afkod` `Ulaeselig`. `har_akter`: its events are about acts, each of which
    is one stream's for ever (`ledger.akter`, decision 033).
    """

    topic: str
    fold_version: int
    foldet: msgspec.msgpack.Decoder[Any]
    evolve: Callable[[Any, Any], Any]
    indkod: Callable[[Kodeks, Any], bytes]
    afkod: Callable[[Kodeks, bytes], Any]
    har_akter: bool = False

    @property
    def partitioner(self) -> int:
        """How many its topic has."""
        return PARTITIONER[self.topic]

    def udpak(self, pakket: bytes | None, fold_version: int) -> Any:
        """What a row has. Raises `ForaeldetFoldning` when other code folded it."""
        if pakket is None:
            return None
        if fold_version != self.fold_version:
            raise ForaeldetFoldning(fold_version, self.fold_version)
        return self.foldet.decode(pakket)


class Doer(NamedTuple):
    """How actions become events on streams of a topic.

    `soegte` names the reference streams that an action looks up, `opslag` makes of those there are what `decide` is told; `luk` makes the
    event of envelope and data, sealed with the keys (by name) of the stream as it stands; a kind that is not `personlig` has none.
    """

    decide: Callable[[Any, Any, Opslag, datetime], tuple[Any, ...]]
    soegte: Callable[[Any], Iterable[str]]
    opslag: Callable[[Any, Mapping[str, Any]], Opslag]
    luk: Callable[[Kuvert, Any, Mapping[str, bytes], Any], Any]
    personlig: bool


def _lukket(kuvert: Kuvert, data: Any, noegler: Mapping[str, bytes], sag: Sag | None) -> Haendelse:
    """An event of a case: the actor is sealed as the data are, unless at work."""
    id_, navn = kuvert.haendelsesId, kuvert.sagsId
    borger_id = sag.borgerId if sag is not None else getattr(data, "borgerId", "")
    aktoer = forsegl_aktoer(kuvert.aktoer, id_, noegler[navn], navn)
    return Haendelse(replace(kuvert, aktoer=aktoer), forsegl(data, id_, noegler, navn, borger_id))


def _aaben(kuvert: Kuvert, data: Any, noegler: Mapping[str, bytes], tilstand: Reference | None) -> Referencehaendelse:
    """A reference event: nothing in it is personal, and nothing sealed."""
    return Referencehaendelse(kuvert, data)


def _reference(topic: str) -> Art:
    foldet = msgspec.msgpack.Decoder(Reference)
    return Art(topic, REFERENCE_FOLD_VERSION, foldet, evolve_reference, Kodeks.indkod_reference, Kodeks.afkod_reference)


SAG = Art(FAKTA, FOLD_VERSION, msgspec.msgpack.Decoder(Sag), evolve, Kodeks.indkod, Kodeks.afkod, har_akter=True)
KONFLIKT = _reference(KONFLIKTER)
LISTE = _reference(SATSER)
OPERATOER = Art(DRIFT, FOLD_VERSION, msgspec.msgpack.Decoder(None), lambda _, __: None, Kodeks.indkod_drift, Kodeks.afkod_drift)

ARTER: dict[str, Art] = {art.topic: art for art in (SAG, KONFLIKT, LISTE, OPERATOER)}
"""Topic → its kind; every topic that the ledger fills."""

_REFERENCE = Doer(decide_reference, lambda _: (), lambda _, __: Opslag(), _aaben, personlig=False)
DOERE: dict[str, Doer] = {FAKTA: Doer(decide, soegte, opslag, _lukket, personlig=True), KONFLIKTER: _REFERENCE, SATSER: _REFERENCE}
"""Topic → how actions become its events; the operators' are made by what they did (`drift_append`)."""

REFERENCER = (KONFLIKTER, SATSER)
"""The topics of the streams that others look up."""
REFERENCEBANER = tuple((topic, partition) for topic in REFERENCER for partition in range(PARTITIONER[topic]))
"""Their lanes: what is looked up must be level with its log too."""
