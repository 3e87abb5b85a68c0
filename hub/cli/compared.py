"""`hub case SAGSID --as-of T1 --diff T2`: what the case's documents said at two moments, field by field."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from hub.cli.form import finding, json_line, misuse, refusals, say, table
from hub.cli.inprocess import Answer, Get, asking
from hub.cli.reach import DATABASE, reach
from hub.operations.difference import differences

NOT_THERE = ("fandtes_ikke", "ukendt_akt")
"""The API's words for what was not there at that time."""
CONTENT = "indhold"
"""A document's bytes: they never change, and nobody reads them in a table."""
COLUMNS = ("document", "act", "field", "before", "after")
Key = tuple[str, str]
"""GetMetode (or `sag`) and the act's id."""


class Refused(Exception):
    """The API's answer to one of the questions was neither a document nor that there was none."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(*refusals(answer.document["errors"]))
        self.misuse = answer.status == 400


@dataclass
class Moment:
    """What there was at a time: the case's version, and every document by its key."""

    at: str
    version: int | None = None
    documents: dict[Key, dict[str, Any]] = field(default_factory=dict)


class Row(NamedTuple):
    """A field of a document that differs."""

    document: str
    act: str | None
    field: str
    before: Any
    after: Any


def compare(case_id: str, times: tuple[str, str], purpose: str | None, as_json: bool) -> None:
    """Print the differences. Raises typer.Exit when the case cannot be read at either time."""
    try:
        before, after = asyncio.run(_moments(case_id, times, purpose))
    except Refused as problem:
        raise (misuse if problem.misuse else finding)(*problem.args) from problem
    if before.version is None and after.version is None:
        raise finding(f"The case was there neither at {times[0]} nor at {times[1]}.")
    rows = [row for key in {**before.documents, **after.documents} for row in _rows(key, before, after)]
    if as_json:
        ends = {name: {"asOf": moment.at, "version": moment.version} for name, moment in (("from", before), ("to", after))}
        json_line({"sagsId": case_id, **ends, "differences": [row._asdict() for row in rows]})
    elif rows:
        table([row._asdict() for row in rows], COLUMNS)
    say(f"{len(rows)} field(s) differ between version {before.version or '-'} and version {after.version or '-'}.")


def _rows(key: Key, before: Moment, after: Moment) -> list[Row]:
    found = differences(before.documents.get(key), after.documents.get(key))
    return [Row(key[0], key[1] or None, *difference) for difference in found]


async def _moments(case_id: str, times: tuple[str, str], purpose: str | None) -> tuple[Moment, Moment]:
    with asking(reach(needs=DATABASE), {} if purpose is None else {"x-formaal": purpose}) as get:
        return await _moment(get, case_id, times[0]), await _moment(get, case_id, times[1])


async def _moment(get: Get, case_id: str, at: str) -> Moment:
    moment = Moment(at)
    case = await _document(get, f"/v1/sager/{quote(case_id, safe='')}", at)
    if case is None:
        return moment
    moment.version = case["version"]
    moment.documents["sag", ""] = case | {"akter": {act["eksternIdentifier"]: act for act in case["akter"]}}
    for act in case["akter"]:
        document = await _document(get, act["link"], at)
        if document is not None:
            moment.documents[act["getMetode"], act["eksternIdentifier"]] = document
    return moment


async def _document(get: Get, path: str, at: str) -> dict[str, Any] | None:
    """The document at a time; None when there was none. Raises `Refused`."""
    answer = await get(path, {"asOf": at})
    if answer.status == 200:
        return {name: value for name, value in answer.document.items() if name != CONTENT}
    if _codes(answer.document) <= set(NOT_THERE):
        return None
    raise Refused(answer)


def _codes(problem: Mapping[str, Any]) -> set[str]:
    return {error["fejlkode"] for error in problem["errors"]}
