"""The watchdog: the log's end is beyond our checkpoint and the checkpoint does not move → first a nudge, then the process ends.

Stream stalls are reported for years (faust-streaming#175, #523, #532, #596, #651), so the ends are read by a client of our own.
"""

import asyncio
from collections.abc import Mapping

import structlog
from aiokafka.errors import KafkaError

from hub.consumers.overvaagning import GivOp
from hub.consumers.spor import Log, Spor

log = structlog.get_logger(__name__)

UKENDT = -2


class Vagthund:
    """Looks at every track each `mellemrum` seconds; a checkpoint that stands still for `taalmodighed` seconds ends the process."""

    def __init__(self, journal: Log, spor: Mapping[int, Spor], *, mellemrum: float = 3.0, taalmodighed: float = 60.0) -> None:
        self._journal = journal
        self._spor = spor
        self._mellemrum = mellemrum
        self._taalmodighed = taalmodighed
        self._sidst: dict[int, tuple[int, float]] = {}

    async def koer(self) -> None:
        """Watch until cancelled. Raises `GivOp` when a partition is stalled."""
        while True:
            await asyncio.sleep(self._mellemrum)
            slutninger = await self._slutninger()
            for partition, spor in list(self._spor.items()):
                if partition in slutninger:
                    self._se_til(spor, slutninger[partition])

    async def _slutninger(self) -> dict[int, int]:
        try:
            return await self._journal.slutninger(set(self._spor)) if self._spor else {}
        except (KafkaError, OSError) as fejl:
            log.warning("log ends not readable", error=type(fejl).__name__)
            return {}

    def _se_til(self, spor: Spor, slut: int) -> None:
        nu = asyncio.get_running_loop().time()
        checkpoint, siden = self._sidst.get(spor.partition, (UKENDT, nu))
        if spor.checkpoint != checkpoint or spor.checkpoint >= slut:
            self._sidst[spor.partition] = (spor.checkpoint, nu)
            return
        # One look may fall between a record's arrival and its delivery; two do not.
        if not spor.travl and nu - siden > 1.5 * self._mellemrum:
            log.warning("records were not delivered; reading the log", partition=spor.partition, checkpoint=checkpoint, end=slut)
            spor.vaek()
        if nu - siden > self._taalmodighed:
            raise GivOp(f"partition {spor.partition} stands still at {checkpoint} for {nu - siden:.0f} s while the log ends at {slut}")
