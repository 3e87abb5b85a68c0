"""Routes answered in front of the framework: those called most, in their plainest form.

A direct answer is the framework's to the byte; whatever a direct route does not know how to answer (a refusal, an option, an odd header) it
leaves untouched, and the framework answers. So there is one place for every refusal, and nothing here that a caller could tell.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Litestar
from litestar.types import HTTPScope, Receive, Send

Direkte = Callable[[HTTPScope, Receive, Send], Awaitable[bool]]
"""Answers a call and says so, or has neither read nor sent anything of it."""


class Applikation(Litestar):
    """The application with its direct routes."""

    direkte: tuple[Direkte, ...] = ()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One call: by the first direct route that answers it, else by the framework."""
        if scope["type"] == "http":
            for rute in self.direkte:
                if await rute(scope, receive, send):
                    return
        await super().__call__(scope, receive, send)
