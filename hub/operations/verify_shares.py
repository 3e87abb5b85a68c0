"""A verification by several processes: partitions and jobcentres dealt out, everybody in one snapshot of the database."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from hub.events.topics import FAKTA
from hub.operations.numbers import Counted, Heads
from hub.operations.processes import deal, side_by_side
from hub.operations.verify_part import Log, Share, Step, run
from hub.projections.live import Notificer
from hub.projections.verify import Rapport
from hub.settings import Settings


class Whole(NamedTuple):
    """What is shared out, among how many processes; `step` is told of the records that they read or compare."""

    settings: Settings
    bootstrap: str
    database_url: str
    notify: Notificer
    log: Log
    sample: float
    centres: Sequence[Heads]
    processes: int
    step: Step


class Together:
    """Who compares the partitions; `counted` and `peak_mb` (of the largest process) are known when they are done."""

    def __init__(self, whole: Whole, conn: Connection) -> None:
        self._whole = whole
        self._snapshot: str = conn.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        self._reports: dict[int, Rapport] = {}
        self.counted = Counted()
        self.peak_mb = 0

    def __call__(self, partitions: Sequence[int]) -> list[Rapport]:
        """A report for each, in their order. Raises `ProcessFailed`."""
        side_by_side(run, [(share,) for share in self._shares(partitions)], self._take, lambda: None)
        return [self._reports[partition] for partition in partitions]

    def _shares(self, partitions: Sequence[int]) -> list[Share]:
        w, heads = self._whole, {head.code: head for head in self._whole.centres}
        ends = {partition: w.log.bounds[FAKTA].get(partition, (0, 0))[1] for partition in partitions}
        centres = deal({code: head.head for code, head in heads.items()}, w.processes)
        return [
            Share(
                w.settings, w.bootstrap, w.database_url, self._snapshot, w.notify, w.log, w.sample, own, [heads[code] for code in codes]
            )
            for own, codes in zip(deal(ends, w.processes), centres, strict=True)
        ]  # fmt: skip

    def _take(self, what: str, value: object) -> None:
        match value:
            case (int() as partition, Rapport() as report):
                self._reports[partition] = report
            case Counted() as counted:
                self.counted.take(counted)
            case int() as number if what == "done":
                self.peak_mb = max(self.peak_mb, number)
            case int() as records:
                self._whole.step(records)
