"""What the Python contestants of the like-for-like table share: decode with fastavro, fold by hand, keep in a database, read back.

A contestant is `python benchmarks/FILE.py VARIANT BOOTSTRAP TOPIC EVENTS FOLDER DATABASE_URL`. It takes EVENTS records of TOPIC, keeps one
row per case durably, writes the rows that it reads back to FOLDER/rows.tsv and prints one line of JSON: events, seconds from the first
record to the last durable commit, and its peak memory in MB.
"""

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

from fastavro import parse_schema, schemaless_reader

SCHEMAS = Path(__file__).parents[2] / "schemas" / "avro"
HEAD = Struct(">bI")
COLUMNS = ("sags_id", "ordning", "job_center_kode", "start", "oprindelig_slut", "aktuel_slut", "version")
BATCH = 5_000


class Call(NamedTuple):
    """The command line."""

    variant: str
    bootstrap: str
    topic: str
    events: int
    folder: Path
    database_url: str


def call() -> Call:
    """The command line of this process."""
    variant, bootstrap, topic, events, folder, url = sys.argv[1:7]
    return Call(variant, bootstrap, topic, int(events), Path(folder), url)


class Decoder:
    """Framed Avro → (event type, its fields). A uuid stays text, as in the hub's own reading: fastavro's UUID objects only cost."""

    def __init__(self) -> None:
        ids = json.loads((SCHEMAS / "ids.json").read_text())
        self._by_id = {int(id_): self._schema(row["file"]) for id_, row in ids.items()}

    @staticmethod
    def _schema(file: str) -> tuple[str, Any]:
        schema = json.loads((SCHEMAS / file).read_text(), object_hook=_without_uuid)
        return schema["name"], parse_schema(schema)

    def __call__(self, value: bytes) -> tuple[str, dict[str, Any]]:
        """Raises KeyError for an unknown schema."""
        name, schema = self._by_id[HEAD.unpack_from(value)[1]]
        return name, schemaless_reader(BytesIO(value[HEAD.size :]), schema)


def _without_uuid(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if not (key == "logicalType" and value == "uuid")}


class Case:
    """One case folded: what the row shows, the end as granted, and the stop date of a termination that stands. Dates as ISO text."""

    __slots__ = ("jobcentre", "original", "scheme", "start", "stop", "until", "version")

    def __init__(self, scheme: str, jobcentre: str, start: str, original: str, until: str, stop: str | None, version: int) -> None:
        self.scheme, self.jobcentre, self.start, self.original = scheme, jobcentre, start, original
        self.until, self.stop, self.version = until, stop, version

    def row(self, case: str) -> tuple[Any, ...]:
        """COLUMNS."""
        return case, self.scheme, self.jobcentre, self.start, self.original, self.stop or self.until, self.version

    def packed(self) -> tuple[Any, ...]:
        """What makes the case again."""
        return self.scheme, self.jobcentre, self.start, self.original, self.until, self.stop, self.version


def fold(case: Case | None, name: str, data: Mapping[str, Any]) -> Case:
    """The case after the event; `case` itself is changed."""
    if case is None:
        until = data["slutdato"].isoformat()
        case = Case(data["ordning"], data["jobCenterKode"], data["startdato"].isoformat(), until, until, None, 0)
    elif name == "ForlaengelseBevilget":
        case.until = data["slutdato"].isoformat()
    elif name in ("OphoerRegistreret", "OphoerRettet"):
        case.stop = data["stopdato"].isoformat()
    elif name == "OphoerTilbagekaldt":
        case.stop = None
    elif name == "SagFlyttet":
        case.jobcentre = data["modtagendeJobCenterKode"]
    case.version = data["kuvert"]["version"]
    return case


class Cases:
    """Every case in memory, and which of them changed since they were last kept."""

    def __init__(self) -> None:
        self._decode, self._cases, self._changed = Decoder(), dict[str, Case](), dict[str, Case]()

    def take(self, value: bytes) -> None:
        """Decode and fold one record."""
        name, data = self._decode(value)
        id_ = data["kuvert"]["sagsId"]
        self._cases[id_] = self._changed[id_] = fold(self._cases.get(id_), name, data)

    def changed(self) -> list[tuple[Any, ...]]:
        """The rows that changed since this was last asked."""
        rows = [case.row(id_) for id_, case in self._changed.items()]
        self._changed = {}
        return rows


class Sqlite:
    """A table in SQLite, a synced commit per batch."""

    def __init__(self, folder: Path) -> None:
        # The frameworks call from threads of their own, one at a time.
        self._conn = sqlite3.connect(folder / "cases.db", check_same_thread=False)
        self._conn.execute("PRAGMA journal_mode = WAL")
        self._conn.execute("PRAGMA synchronous = FULL")
        self._conn.execute(f"CREATE TABLE cases ({', '.join(COLUMNS)}, PRIMARY KEY (sags_id)) WITHOUT ROWID")
        self._conn.execute("CREATE TABLE places (partition INTEGER PRIMARY KEY, next INTEGER)")

    def keep(self, rows: Iterable[tuple[Any, ...]], places: Mapping[int, int]) -> None:
        """Insert or replace the rows, and how far each partition was read, in one commit."""
        with self._conn:
            self._conn.executemany("REPLACE INTO cases VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            self._conn.executemany("REPLACE INTO places VALUES (?, ?)", places.items())

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """What is kept."""
        return self._conn.execute("SELECT * FROM cases")


def write_rows(folder: Path, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put what was read back where the runner compares it with what it expects."""
    with (folder / "rows.tsv").open("w") as file:
        file.writelines("\t".join(map(str, row)) + "\n" for row in rows)


class Clock:
    """Seconds from the first record to the last commit."""

    def __init__(self) -> None:
        self.first = 0.0

    def begin(self) -> None:
        """A record is there: the first one starts the clock."""
        self.first = self.first or time.perf_counter()

    def report(self, events: int, folder: Path, read_back: Callable[[], Iterable[tuple[Any, ...]]]) -> None:
        """Stop the clock, read the rows back, and print the line."""
        line = {"events": events, "seconds": time.perf_counter() - self.first, "peak_rss_mb": peak_rss_mb()}
        write_rows(folder, read_back())
        print(json.dumps(line), flush=True)


def peak_rss_mb() -> int:
    """The most memory this process has had; from /proc where there is one, since getrusage also counts who started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
