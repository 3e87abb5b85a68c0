"""What a process says to PostgreSQL, message by message, so that the process can be killed at any one of them.

What a killed process leaves behind is decided by the last message that got out. So one that is killed before its nth message, or between
that message's arrival and its answer, has died at that step, whatever its code does beside.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import NamedTuple

from sqlalchemy.engine import make_url

SOCKET = ".s.PGSQL.5432"
READY = b"Z\x00\x00\x00\x05"
"""PostgreSQL is ready for the next query: the visit is done. The transaction's status, one byte, comes behind."""
CHUNK = 1 << 20
ANSWER_SECONDS = 2.0


class Cut(NamedTuple):
    """At the `nth` message from now on: before it, or `after` it arrived."""

    nth: int
    after: bool


class Wire:
    """A way to PostgreSQL: `database_url` leads through it. One process at a time uses it."""

    def __init__(self, database_url: str, folder: Path) -> None:
        url = make_url(database_url)
        self.database_url = url.update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
        self._server, self._own = (str(Path(str(host)) / SOCKET) for host in (url.query["host"], folder))
        self._loop, self._lock, self._listens = asyncio.new_event_loop(), Lock(), Event()
        self._cut: Cut | None = None
        self._kill: Callable[[], None] = lambda: None
        self._left = 0

    def arm(self, cut: Cut | None, kill: Callable[[], None]) -> None:
        """Call `kill` at a message that is to come, before that, or its answer, is passed on."""
        with self._lock:
            self._cut, self._kill, self._left = cut, kill, cut.nth if cut else 0

    def passes(self) -> Cut | None:
        """Count a message: None lets it through, else here it ends."""
        with self._lock:
            self._left -= 1
            return self._cut if self._left == 0 else None

    def kill(self) -> None:
        """End the process; its connections end with it."""
        self._kill()

    @contextmanager
    def listening(self) -> Iterator["Wire"]:
        """Bring what is said to and fro, in a thread of its own."""
        serving = self._loop.create_task(self._serve())

        def run() -> None:
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(serving)

        thread = Thread(target=run, daemon=True)
        thread.start()
        self._listens.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(serving.cancel)
            thread.join()
            self._loop.close()

    async def _serve(self) -> None:
        async with await asyncio.start_unix_server(self._connected, self._own):
            self._listens.set()
            await asyncio.Event().wait()

    async def _connected(self, asked: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_unix_connection(self._server)
        call = _Call(self, client, server)
        ways = [asyncio.ensure_future(call.ask(asked)), asyncio.ensure_future(call.answer(answers))]
        # Whichever end hangs up, the other hears it.
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        client.transport.abort()
        server.transport.abort()
        await asyncio.gather(*ways, return_exceptions=True)


class _Call:
    """One connection, both ways."""

    def __init__(self, wire: Wire, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._wire, self._client, self._server = wire, client, server
        self._held = False
        self._answered = asyncio.Event()

    async def ask(self, asked: asyncio.StreamReader) -> None:
        """Bring messages to the server, up to the cut."""
        while chunk := await asked.read(CHUNK):
            cut = self._wire.passes()
            if cut is None or cut.after:
                self._held = cut is not None
                self._answered.clear()
                self._server.write(chunk)
                await self._server.drain()
            if cut is not None and cut.after:
                # Who only listens is not answered.
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._answered.wait(), ANSWER_SECONDS)
            if cut is not None:
                self._wire.kill()
                return

    async def answer(self, answers: asyncio.StreamReader) -> None:
        """Bring the answers back, but for the one to the message that was the last."""
        while chunk := await answers.read(CHUNK):
            if chunk[-6:-1] == READY:
                self._answered.set()
            if not self._held:
                self._client.write(chunk)
                await self._client.drain()


@contextmanager
def a_wire(database_url: str) -> Iterator[Wire]:
    """A whole wire to a PostgreSQL whose address is a Unix socket's folder."""
    with TemporaryDirectory(prefix="hub-wire-") as folder, Wire(database_url, Path(folder)).listening() as wire:
        yield wire
