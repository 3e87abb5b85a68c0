"""An operator's verb that is killed: started as its user starts it, and struck at a moment that the database shows."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from rig.processes import Rig

PATIENCE = 60.0
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE %s"
AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE %s AND query LIKE %s AND wait_event_type = 'Lock'"


class Verb:
    """One `hub VERB` under way; `name` is how its sessions are named in PostgreSQL (LIKE)."""

    def __init__(self, rig: Rig, name: str, *verb: str) -> None:
        self._rig, self._name = rig, name
        environment = {**os.environ, "HUB_DATA": str(rig.hus.settings.data)}
        command = [sys.executable, "-m", "hub.cli", *verb]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def connected(self) -> bool:
        """Wait until it has a session; False when it ended before."""
        return await self._until(lambda: bool(self._rig.sql(SESSIONS, self._name)[0][0]))

    async def waits(self, statement: str) -> bool:
        """Wait until a statement of its (LIKE) waits for a lock; False when it ended before."""
        return await self._until(lambda: bool(self._rig.sql(AT_WORK, self._name, statement)[0][0]))

    async def kill(self, seconds: float) -> int:
        """Kill it with -9 after so long; its exit code when it ended before. Returns when PostgreSQL has let go of its sessions."""
        ends = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < ends:
            await asyncio.sleep(0.002)
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        code = await asyncio.to_thread(self._process.wait)
        async with asyncio.timeout(PATIENCE):
            while (await asyncio.to_thread(self._rig.sql, SESSIONS, self._name))[0][0]:
                await asyncio.sleep(0.02)
        return code

    async def _until(self, true: Callable[[], bool]) -> bool:
        async with asyncio.timeout(PATIENCE):
            while self._process.poll() is None:
                if await asyncio.to_thread(true):
                    return True
                await asyncio.sleep(0.002)
        return False
