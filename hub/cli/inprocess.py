"""Ask the hub's own HTTP application without a network: what is answered is exactly what the API would answer, access log included."""

import getpass
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import orjson
import psycopg
from sqlalchemy.exc import ProgrammingError

from hub.api.app import create_api
from hub.api.tjenester import Tjenester
from hub.api.tokens import Bruger
from hub.bootstrap import Hus
from hub.cli.reach import engine
from hub.events.ack import Kvitteringer
from hub.notifications.tilbud import Tilbud
from hub.projections.generation import IngenGeneration

ROLE = "auditor"
"""The role that the access log names beside the operating system's user: it may read every case, and change nothing."""
OPERATORS = (IngenGeneration, ProgrammingError, psycopg.ProgrammingError)
"""What the API keeps to itself and an operator mends: a database that was not set up, or that other code made."""


@dataclass
class Answer:
    """Status, headers (lower case) and body."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def document(self) -> dict[str, Any]:
        """The body's JSON object."""
        decoded: dict[str, Any] = orjson.loads(self.body)
        return decoded


class TheOperator:
    """The port that turns an Authorization header into a user: here always who is at the terminal."""

    async def bruger(self, autorisation: str | None) -> Bruger:
        """The operating system's user."""
        return Bruger(getpass.getuser(), ROLE, (), None)


Get = Callable[[str, Mapping[str, str]], Coroutine[Any, Any, Answer]]
"""GET a path with its query."""


async def ask(hub: Hus, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """GET a path, or POST a body of JSON to it. The database's errors come as the API's problems (503). Raises `OPERATORS`."""
    with _application(hub) as app:
        json = {} if body is None else {"content-type": "application/json"}
        return await _call(app, path, urlencode(query).encode(), {**headers, **json}, body)


@contextmanager
def asking(hub: Hus, headers: Mapping[str, str]) -> Iterator[Get]:
    """Ask several times, of one application. Asking raises `OPERATORS`."""
    with _application(hub) as app:
        yield lambda path, query: _call(app, path, urlencode(query).encode(), headers, None)


@contextmanager
def _application(hub: Hus) -> Iterator[Any]:
    with engine(hub) as db:
        yield create_api(
            Tjenester(
                motor=db,
                ledger=hub.ledger(db),
                kvitteringer=Kvitteringer(hub.database_url),
                tilbud=Tilbud(hub.database_url),
                kodeks=hub.kodeks,
                noeglering=hub.noeglering,
                skemaregister=hub.register,
                dokumenter=hub.dokumentlager(db),
                tokens=TheOperator(),
            )
        )


async def _call(app: Any, path: str, query: bytes, headers: Mapping[str, str], body: bytes | None) -> Answer:
    """One request by the ASGI protocol. Raises `OPERATORS`, where the API would answer that something went wrong."""
    answer, raised = Answer(), list[Exception]()

    async def note(problem: Exception, _: Any) -> None:
        raised.append(problem)

    app.after_exception = [note]
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "scheme": "http",
        "method": "GET" if body is None else "POST",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query, "root_path": "", "client": None, "server": ("hub", 80),
        "headers": [(b"host", b"hub"), *((name.lower().encode(), value.encode()) for name, value in headers.items())], "state": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    for problem in raised:
        if isinstance(problem, OPERATORS):
            raise problem
    return answer
