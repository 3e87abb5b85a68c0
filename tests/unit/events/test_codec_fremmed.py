"""Hostile and foreign bytes: every one is `Ulaeselig` or an event, in bounded memory; what fastavro lets through is refused."""

import struct
import traceback
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import fastavro
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain import haendelser as h
from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import HAENDELSER, Data, Haendelse
from hub.domain.kuvert import Kuvert
from hub.events.avrolaesere import EPOKE, IkkeKanonisk
from hub.events.codec import STOERSTE, Kodeks, Ulaeselig
from hub.events.laesning import laeser
from hub.events.schemas import Skemaregister
from hub.events.skrivning import KanIkkeIndkodes

Eksempel = Callable[..., Haendelse]
RAMME, UUID = 5, 37
VERSION = RAMME + 2 * UUID
"""Where the version stands: after the frame and the ids of event and case; one byte for version 3."""
AKTOER = VERSION + 1 + UUID + 2 * 8
"""Where the actor's type stands: after version, act and the two times of eight bytes."""
KAEMPE = bytes([0xFE, *[0xFF] * 8, 0x01])
"""The length 2^63 - 1 on the wire."""


@pytest.fixture(scope="module")
def bytes_af(kodeks: Kodeks, eksempel: Eksempel) -> Callable[..., bytes]:
    """`bytes_af(type, fuld)`: the bytes of an example."""
    return lambda klasse, fuld=True: kodeks.indkod(eksempel(klasse, fuld))


def _skift(vaerdi: bytes, sted: int, nyt: bytes, laengde: int = 1) -> bytes:
    return vaerdi[:sted] + nyt + vaerdi[sted + laengde :]


@pytest.mark.parametrize("fuld", [True, False])
@pytest.mark.parametrize("klasse", [h.AnsoegningOprettet, h.AnsoegningRettet, h.ForlaengelseBevilget, h.SagFrigivet])
def test_truncated_anywhere_is_refused(kodeks: Kodeks, bytes_af: Any, klasse: Any, fuld: bool) -> None:
    """No beginning of an event's bytes is an event."""
    vaerdi = bytes_af(klasse, fuld)
    for laengde in range(len(vaerdi)):
        with pytest.raises(Ulaeselig):
            kodeks.afkod(vaerdi[:laengde])


@pytest.mark.parametrize("rest", [b"\0", b"x", bytes(1000)])
def test_trailing_bytes_are_refused(kodeks: Kodeks, bytes_af: Any, rest: bytes) -> None:
    """An event with anything after it is not that event."""
    with pytest.raises(Ulaeselig, match="left over"):
        kodeks.afkod(bytes_af(h.SagTildelt) + rest)


@pytest.mark.parametrize("gren", [b"\x01", b"\x03", b"\x04", b"\x82\x00"])
def test_a_union_index_is_one_of_two_bytes(kodeks: Kodeks, bytes_af: Any, gren: bytes) -> None:
    """Negative (-1, -2), unknown and over-long union indexes are refused."""
    vaerdi = bytes_af(h.SagTildelt, False)
    assert vaerdi[-1] == 0
    with pytest.raises(Ulaeselig, match="union"):
        kodeks.afkod(vaerdi[:-1] + gren)


@pytest.mark.parametrize("varint", [b"\x86\x00", b"\x86\x80\x00", b"\x86" + b"\x80" * 20 + b"\x00", b"\xff" * 9 + b"\x02"])
def test_an_over_long_varint_is_refused(kodeks: Kodeks, bytes_af: Any, varint: bytes) -> None:
    """A whole number has one encoding: padded ones and those beyond 64 bits are refused."""
    vaerdi = bytes_af(h.SagFrigivet)
    assert vaerdi[VERSION] == 6
    with pytest.raises(Ulaeselig, match="over-long"):
        kodeks.afkod(_skift(vaerdi, VERSION, varint))


@pytest.mark.parametrize("varint", [b"\x00", b"\x05", b"\x80\x80\x80\x80\x10"])
def test_a_version_is_a_whole_number_from_one_in_32_bits(kodeks: Kodeks, bytes_af: Any, varint: bytes) -> None:
    """The versions 0, -3 and 2^31 are refused."""
    with pytest.raises(Ulaeselig):
        kodeks.afkod(_skift(bytes_af(h.SagFrigivet), VERSION, varint))


def test_a_boolean_is_one_of_two_bytes(kodeks: Kodeks, bytes_af: Any) -> None:
    """A boolean of 2 is refused, not taken as true."""
    vaerdi = bytes_af(h.KladdeReturneret)
    assert vaerdi[-1] == 1
    with pytest.raises(Ulaeselig, match="boolean"):
        kodeks.afkod(vaerdi[:-1] + b"\x02")


@pytest.mark.parametrize("laengde", [KAEMPE, b"\x01", b"\xfe\xff\x1f"])
def test_a_false_length_costs_nothing(kodeks: Kodeks, bytes_af: Any, laengde: bytes) -> None:
    """A text that says it has 2^63 - 1, -1 or 262,143 bytes is refused in less memory than the value may have."""
    _refuses_cheaply(kodeks, _skift(bytes_af(h.SagFrigivet), AKTOER, laengde))


@pytest.mark.parametrize("sted", [VERSION, AKTOER])
def test_a_varint_without_end_costs_nothing(kodeks: Kodeks, bytes_af: Any, sted: int) -> None:
    """A whole number or a length that goes on to the end of a large value is given up after 64 bits, not made into one huge number."""
    _refuses_cheaply(kodeks, bytes_af(h.SagFrigivet)[:sted] + b"\xff" * (STOERSTE - sted))


@pytest.mark.parametrize("antal", [KAEMPE, b"\x03\x04", b"\xfe\xff\x1f"])
def test_a_false_count_costs_nothing(kodeks: Kodeks, bytes_af: Any, antal: bytes) -> None:
    """An array of 2^63 - 1 items, of negative count, of more items than bytes is refused in little memory."""
    vaerdi = bytes_af(h.AnsoegningRettet, True)
    sted = vaerdi.index(b"\x04\x12startdato")
    _refuses_cheaply(kodeks, _skift(vaerdi, sted, antal))


@pytest.mark.parametrize("data", [h.SagTildelt(team=""), h.AnsoegningRettet(())])
def test_a_negative_length_is_refused(kodeks: Kodeks, kuvert: Kuvert, data: Data) -> None:
    """The empty text and the empty array have the length 0, and are not also written as -1."""
    tom = kodeks.indkod(Haendelse(kuvert, data))
    sted = len(kodeks.indkod(Haendelse(kuvert, h.SagFrigivet()))) + isinstance(data, h.SagTildelt)
    assert tom[sted] == 0
    with pytest.raises(Ulaeselig, match="negative"):
        kodeks.afkod(_skift(tom, sted, b"\x01"))


def test_a_count_is_bounded_by_the_bytes_there_are() -> None:
    """Items that are read without looking (hashes) are not made beyond the end of the bytes."""
    node = {"type": "array", "items": {"type": "fixed", "name": "F", "size": 1}}
    with pytest.raises(IkkeKanonisk, match="more items"):
        laeser(node, {}, "array")(b"\x80\x89\x7a" + b"x" * 9, 0)


def test_what_is_no_name_never_becomes_source() -> None:
    """The reader of a record is source with the fields' names in it: a schema whose field is no name has no reader."""
    node = {"name": "R", "type": "record", "fields": [{"name": "x = 1", "node": {"type": "int"}, "segl": "aaben"}]}
    with pytest.raises(ValueError, match="name of a field"):
        laeser(node, {"R": dict}, "R")


def test_a_traceback_shows_the_readers_source() -> None:
    """Whoever looks for what refused some bytes sees the line, as of any other code."""
    with pytest.raises(IkkeKanonisk) as fejl:
        laeser({"type": "boolean"}, {}, "Boolsk.v1.avsc")(b"\x02", 0)
    assert traceback.extract_tb(fejl.tb)[-1].filename == "<reader of Boolsk.v1.avsc>"
    assert "0 or 1" in (traceback.extract_tb(fejl.tb)[-1].line or "")


def test_a_sealed_value_has_nonce_and_tag(kodeks: Kodeks, kuvert: Kuvert) -> None:
    """A sealed value shorter than nonce and tag is refused."""
    uden = kodeks.indkod(Haendelse(kuvert, h.AnsoegningTrukketTilbage()))
    assert kodeks.afkod(uden[:-1] + b"\x02\x38" + bytes(28))
    with pytest.raises(Ulaeselig, match="short"):
        kodeks.afkod(uden[:-1] + b"\x02\x36" + bytes(27))


def test_a_good_event_that_is_too_large_is_refused(kodeks: Kodeks, bytes_af: Any) -> None:
    """The size is judged before anything is decoded: an event that is good in every other way is refused beyond the limit."""
    laengde = STOERSTE * 2
    varint = bytes([laengde & 127 | 128, laengde >> 7 & 127 | 128, laengde >> 14])
    med = bytes_af(h.SagTildelt, False)[:-3] + b"\x02" + varint + b"x" * STOERSTE + b"\0\0"
    with pytest.raises(Ulaeselig, match="larger"):
        kodeks.afkod(med)


def test_an_array_is_one_block(kodeks: Kodeks, bytes_af: Any) -> None:
    """The same items in two blocks are other bytes, and refused."""
    vaerdi = bytes_af(h.AnsoegningRettet)
    ét, to = b"\x12startdato", b"\x24ugentligArbejdstid"
    i_et = b"\x04" + ét + to + b"\x00"
    assert i_et in vaerdi
    with pytest.raises(Ulaeselig, match="blocks"):
        kodeks.afkod(vaerdi.replace(i_et, b"\x02" + ét + b"\x02" + to + b"\x00"))


def _refuses_cheaply(kodeks: Kodeks, vaerdi: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Ulaeselig):
            kodeks.afkod(vaerdi)
        assert tracemalloc.get_traced_memory()[1] < STOERSTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "vaerdi", [b"", b"\0", b"\x01\0\0\0\x01", struct.pack(">bI", 0, 0), struct.pack(">bI", 0, 9999), bytes(STOERSTE + 1)]
)
def test_only_known_schemas_in_bounded_size_are_read(kodeks: Kodeks, vaerdi: bytes) -> None:
    """Bytes without frame, of an unknown schema, or too many are refused before anything is decoded."""
    with pytest.raises(Ulaeselig):
        kodeks.afkod(vaerdi)


def test_text_that_postgresql_cannot_keep_is_refused(kodeks: Kodeks, bytes_af: Any) -> None:
    """A NUL character and bytes that are not UTF-8 are refused; the reason does not quote them."""
    vaerdi = bytes_af(h.SagFrigivet)
    assert b"Grete" in vaerdi
    for grim in (b"Gret\0", b"Gret\xff"):
        with pytest.raises(Ulaeselig) as fejl:
            kodeks.afkod(vaerdi.replace(b"Grete", grim))
        assert "Gret" not in str(fejl.value)
        assert fejl.value.__cause__ is None


def _varint(n: int) -> bytes:
    ud = b""
    while n > 127:
        ud, n = ud + bytes([n & 127 | 128]), n >> 7
    return ud + bytes([n])


def _tidslaeser(efter: int) -> Callable[[bytes, int], Any]:
    """How a time is read, and so many bytes behind it."""
    felter = [("tid", {"type": "long", "logicalType": "timestamp-micros"}), ("efter", {"type": "fixed", "size": efter})]
    node = {"name": "T", "type": "record", "fields": [{"name": navn, "node": type_, "segl": "aaben"} for navn, type_ in felter]}
    return laeser(node, {"T": dict}, "T")


TIDER = [_tidslaeser(efter) for efter in range(10)]


@given(
    st.datetimes(timezones=st.just(UTC)) | st.integers(-(2**49), 2**50).map(lambda n: EPOKE + timedelta(microseconds=n)),
    st.binary(max_size=9),
)
def test_a_time_of_any_length_is_read_as_it_was_written(tid: datetime, efter: bytes) -> None:
    """Eight bytes, as now, are read at once, others byte by byte, whatever comes behind; cut short or padded they are none."""
    mikro = (tid - EPOKE) // timedelta(microseconds=1)
    b = _varint((mikro << 1) ^ (mikro >> 63))
    laes = TIDER[len(efter)]
    assert laes(b + efter, 0) == {"tid": tid, "efter": efter}
    with pytest.raises(IkkeKanonisk):
        laes(b[:-1] + bytes([b[-1] | 128, 0]) + efter, 0)
    with pytest.raises((IkkeKanonisk, IndexError)):
        TIDER[0](b[:-1], 0)


def test_a_time_outside_the_calendar_is_refused(kodeks: Kodeks, bytes_af: Any) -> None:
    """A day or time that Python's calendar lacks is refused, not an OverflowError."""
    vaerdi = bytes_af(h.SagFrigivet)
    with pytest.raises(Ulaeselig):
        kodeks.afkod(_skift(vaerdi, VERSION + 1 + UUID, KAEMPE, 8))
    vaerdi = bytes_af(h.OphoerRegistreret, False)
    with pytest.raises(Ulaeselig):
        kodeks.afkod(_skift(vaerdi, len(vaerdi) - 7, b"\xfe\xff\xff\xff\x0f", 3))


@pytest.mark.parametrize("klasse", HAENDELSER)
def test_nothing_decoded_can_be_changed(kodeks: Kodeks, bytes_af: Any, klasse: Any) -> None:
    """A decoded event is frozen all through: no list, dict or bytearray that another event could share."""
    rest: list[Any] = [kodeks.afkod(bytes_af(klasse))]
    while rest:
        vaerdi = rest.pop()
        assert not isinstance(vaerdi, list | dict | bytearray)
        if isinstance(vaerdi, msgspec.Struct):
            assert vaerdi.__struct_config__.frozen
            rest += [getattr(vaerdi, felt) for felt in vaerdi.__struct_fields__]
        elif isinstance(vaerdi, tuple):
            rest += vaerdi


@settings(deadline=None)
@given(data=st.data(), klasse=st.sampled_from(HAENDELSER), fuld=st.booleans())
def test_mutated_bytes_are_an_event_or_unreadable(kodeks: Kodeks, bytes_af: Any, data: Any, klasse: Any, fuld: bool) -> None:
    """Bytes changed, cut out or put in anywhere give `Ulaeselig`, or an event whose bytes are exactly these; never another exception."""
    vaerdi = bytearray(bytes_af(klasse, fuld))
    for _ in range(data.draw(st.integers(1, 3))):
        sted = data.draw(st.integers(RAMME, len(vaerdi)))
        vaerdi[sted : sted + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=12))
    _event_or_unreadable(kodeks, bytes(vaerdi))


@settings(deadline=None)
@given(krop=st.binary(max_size=600), id_=st.integers(0, 60))
def test_random_bytes_are_an_event_or_unreadable(kodeks: Kodeks, krop: bytes, id_: int) -> None:
    """Random bytes behind any schema id give `Ulaeselig`, or an event whose bytes are exactly these."""
    _event_or_unreadable(kodeks, struct.pack(">bI", 0, id_) + krop)


def _event_or_unreadable(kodeks: Kodeks, vaerdi: bytes) -> None:
    try:
        haendelse = kodeks.afkod(vaerdi)
    except Ulaeselig:
        return
    try:
        assert kodeks.indkod(haendelse) == vaerdi
    except KanIkkeIndkodes as fejl:
        # An open actor who is not at work can be read (it is a fact of the log), but is not written.
        assert str(fejl).startswith("aktoer")


@pytest.mark.parametrize("fuld", [True, False])
@pytest.mark.parametrize("klasse", HAENDELSER)
def test_fastavro_reads_the_same(register: Skemaregister, eksempel: Eksempel, bytes_af: Any, klasse: Any, fuld: bool) -> None:
    """An Avro library that is not ours reads every field, by the published schema, with the value that the event had."""
    vaerdi, haendelse = bytes_af(klasse, fuld), eksempel(klasse, fuld)
    skema = fastavro.parse_schema(register.nyeste(klasse.__name__).skema)
    laest: Any = fastavro.schemaless_reader(BytesIO(vaerdi[RAMME:]), skema, None)
    assert laest == {"kuvert": _plain(haendelse.kuvert), **_plain(haendelse.data)}


def _plain(vaerdi: Any) -> Any:
    if isinstance(vaerdi, Forseglet):
        return vaerdi.data
    if isinstance(vaerdi, msgspec.Struct):
        uuider = ("haendelsesId", "sagsId", "eksternIdentifier") if isinstance(vaerdi, Kuvert) else ("borgerId", "vedroerer", "tilSagsId")
        felter = {felt: _plain(getattr(vaerdi, felt)) for felt in vaerdi.__struct_fields__}
        return {felt: uuid.UUID(v) if felt in uuider and v is not None else v for felt, v in felter.items()}
    return [_plain(v) for v in vaerdi] if isinstance(vaerdi, tuple) else vaerdi
