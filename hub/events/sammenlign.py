"""Compare a lane with its log, from where the ledger knew it to its end, before anything is appended or sent there."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import structlog

from hub.events.bedoem import Dom, Dommer, Kuvertlaeser
from hub.events.journal import graenser, laes
from hub.events.outbox import Banenavn, Bundt, Outbox

POSTER_AD_GANGEN = 1000

log = structlog.get_logger(__name__)


class Sammenlignet(NamedTuple):
    """Where the lane stands now, why it may not be used (`bagud`), if it may not, and what was found on the way."""

    naeste: int
    bagud: str | None
    tal: Dom


class Sammenligning:
    """Compares lanes. `i_traad(f, *args)` runs SQL in the one thread that uses the connection."""

    def __init__(self, options: dict[str, Any], outbox: Outbox, kuvert: Kuvertlaeser, i_traad: Callable[..., Awaitable[Any]]) -> None:
        self._options = options
        self._outbox = outbox
        self._kuvert = kuvert
        self._i_traad = i_traad

    async def bane(self, bane: Banenavn) -> Sammenlignet:
        """Mark what the log has of ours, and store that the lane was compared, or why the ledger is behind.

        Raises KafkaError, `UdenForLoggen` (the log was cut while it was read), `BaneFlyttet` or psycopg's errors: nothing is known then.
        """
        topic, partition = bane
        fra, foer = await self._i_traad(self._outbox.stand, bane)
        start, slut = (await graenser(self._options, topic, [partition]))[partition]
        if start <= fra <= slut:
            fundet = await self._laes(bane, fra, slut)
        else:
            aarsag = f"the ledger knows the log to offset {fra}, but the log has {start} to {slut}"
            fundet = Sammenlignet(fra, f"partition {partition}: {aarsag}: it was cut or is another log; run `hub restore`", Dom())
        await self._i_traad(self._outbox.afslut, bane, fundet.naeste, fundet.bagud)
        _fortael(bane, foer, fundet)
        return fundet

    async def _laes(self, bane: Banenavn, fra: int, slut: int) -> Sammenlignet:
        """Judge the log from `fra` to `slut`; the lane's position follows, so that a comparison cut short goes on where it was."""
        topic, partition = bane
        dommer = Dommer(self._outbox.conn, topic, partition, self._kuvert)
        naeste, tal = fra, Dom()
        async for _, poster in laes(self._options, topic, {partition: fra}, {partition: slut}, POSTER_AD_GANGEN):
            dom: Dom = await self._i_traad(dommer.doem, poster)
            til = poster[-1].offset + 1 if dom.bagud is None else dom.bagud
            await self._i_traad(self._outbox.noter, Bundt(bane, naeste, til, dom.ider, dom.offsets))
            naeste, tal = til, dom.med(tal)
            if dom.bagud is not None:
                aarsag = f"the log holds an event at offset {dom.bagud} that the ledger does not know"
                return Sammenlignet(naeste, f"partition {partition}: {aarsag}; run `hub restore`", tal)
        if naeste < slut:
            await self._i_traad(self._outbox.noter, Bundt(bane, naeste, slut, [], []))
        return Sammenlignet(slut, None, tal)


def _fortael(bane: Banenavn, foer: str | None, fundet: Sammenlignet) -> None:
    """Log what an operator needs to know, once, and nothing of any record's content."""
    topic, partition = bane
    if fundet.bagud and fundet.bagud != foer:
        log.error("ledger behind", topic=topic, partition=partition, reason=fundet.bagud)
    if foer and not fundet.bagud:
        log.info("ledger level again", topic=topic, partition=partition)
    if fundet.tal.ulaeselige or fundet.tal.fremmede:
        antal = {"unreadable": fundet.tal.ulaeselige, "foreign": fundet.tal.fremmede}
        log.warning("records that are not ours", topic=topic, partition=partition, before=fundet.naeste, **antal)
