"""`hub oplog`: the operators' log."""

import asyncio
from contextlib import aclosing
from datetime import datetime
from typing import Annotated

import typer

from hub.cli.form import AsJson, cell, finding, json_line, say, text_line
from hub.cli.moments import moment
from hub.cli.reach import reach
from hub.operations import oplog as operation
from hub.operations.oplog import Act, Unreadable


def oplog(
    since: Annotated[str | None, typer.Option(help="What was done at this time or later (RFC 3339, with its offset).")] = None,
    as_json: AsJson = False,
) -> None:
    """The operators' log: what was parked, retried, discarded, rebuilt, restored, sent again and swept, when, by whom and why.

    A line for each event of `vitas.driftshaendelser`, the oldest first. Nothing personal is in them. Exit 1 when one cannot be read.
    """
    asyncio.run(_show(None if since is None else moment("--since", since), as_json))


async def _show(since: datetime | None, as_json: bool) -> None:
    hub, shown = await asyncio.to_thread(reach), 0
    bad: list[Unreadable] = []
    async with aclosing(operation.read(hub.options, hub.kodeks)) as acts:
        async for act in acts:
            if isinstance(act, Unreadable):
                bad.append(act)
            elif since is None or act.at >= since:
                _print(act, as_json)
                shown += 1
    if bad:
        raise finding(*(f"offset {one.offset}: {one.reason}" for one in bad))
    say(f"{shown} event(s)")


def _print(act: Act, as_json: bool) -> None:
    if as_json:
        json_line(act)
        return
    rest = " ".join(f"{name}={cell(value)}" for name, value in act.data.items())
    text_line(act.version, f"{act.at:%Y-%m-%d %H:%M:%S}Z", cell(act.who), act.what, cell(act.why), rest)
