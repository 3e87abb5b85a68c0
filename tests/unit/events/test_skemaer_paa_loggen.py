"""`hub schemas check`, the log's half: which schemas its records are written with, and which of them cannot be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.domain.haendelser import EFTER_TYPE
from hub.events.codec import Kodeks
from hub.events.journal import Post
from hub.events.schemas import Skemaregister
from hub.operations import schema_log
from hub.operations.schema_log import NAMED, Lane, Tally, Unreadable, Use

GOLDEN = Path(__file__).parents[2] / "golden"
FAKTA = "vitas.sagshaendelser"


def _golden(name: str) -> bytes:
    return bytes.fromhex(json.loads((GOLDEN / name).read_text(encoding="utf-8"))["bytes"])


@pytest.fixture
def lane(kodeks: Kodeks) -> Lane:
    """The facts."""
    return Lane(FAKTA, kodeks.afkod, {0: (0, 9)})


def _taken(lane: Lane, *values: bytes | None) -> Tally:
    tally = Tally()
    tally.take(lane, [Post(3, offset, b"k", value, ()) for offset, value in enumerate(values, 7)])
    return tally


def test_r_3_3_records_of_every_published_version_are_counted_by_their_own(register: Skemaregister, kodeks: Kodeks, lane: Lane) -> None:
    """Old versions are still well on the log: each record counts for the id that it was written with."""
    events = [s for s in register.efter_id.values() if s.navn in EFTER_TYPE]
    report = _taken(lane, *(_golden(f"{s.navn}.v{s.version}.{form}.json") for s in events for form in ("fuld", "tom"))).report(register)
    assert report.used == tuple(Use(s.id, s.subject, s.version, 2) for s in sorted(events, key=lambda s: s.id))
    assert (report.records, report.unreadable, report.named) == (2 * len(events), 0, ())


def test_a_bad_record_is_named_by_place_and_without_content(register: Skemaregister, lane: Lane, ethvert: Any, kodeks: Kodeks) -> None:
    """An unknown schema, another topic's record, one cut short, one without a frame, one without a value: place and reason of each."""
    good = _golden("SagTildelt.v1.fuld.json")
    bad = (b"\0\0\0\xff\xff" + good[5:], kodeks.indkod_notifikation(ethvert("Ordningsnotifikation", True)), good[:-9], b"Kim Kim", None)
    report = _taken(lane, good, *bad).report(register)
    assert [(u.topic, u.partition, u.offset) for u in report.named] == [(FAKTA, 3, offset) for offset in range(8, 13)]
    reasons = [u.reason for u in report.named]
    assert reasons[0] == "schema id 65535 is not of a Haendelse" and reasons[-1] == "no value"
    assert "Kim" not in str(reasons)
    assert (report.records, report.unreadable, [u.records for u in report.used]) == (6, 5, [1])


def test_all_bad_records_are_counted_and_the_first_named(register: Skemaregister, lane: Lane) -> None:
    """A log full of something else does not fill memory, and no figure is lost."""
    report = _taken(lane, *[b"x"] * (NAMED + 5)).report(register)
    assert (report.unreadable, len(report.named)) == (NAMED + 5, NAMED)
    assert report.named[0] == Unreadable(FAKTA, 3, 7, "not framed: no zero byte and schema id")


def test_every_topic_with_schemas_is_read_as_what_it_holds(kodeks: Kodeks, ethvert: Any) -> None:
    """Facts, both reference topics, the operators' and every jobcentre's; dead letters and strangers' topics are left alone."""
    names = [FAKTA, "vitas.konflikter", "vitas.satser", "vitas.driftshaendelser", "ordningsnotifikation.46100"]
    decoders = dict(schema_log._decoders([*names, "vitas.sagshaendelser-dlt", "noget.andet"], kodeks))
    assert list(decoders) == names
    assert decoders[names[-1]](kodeks.indkod_notifikation(ethvert("Ordningsnotifikation", True)))
    assert decoders["vitas.driftshaendelser"](kodeks.indkod_drift(ethvert("HaendelseKasseret", True)))
    assert decoders["vitas.satser"](kodeks.indkod_reference(ethvert("SatsRegistreret", True)))
