"""Prometheus metrics: calls and their time by route, method, status; threads in use. Never a value of a request."""

import math
import time
from collections.abc import Callable

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hub.operations.backlog import Backlog

SPANDE = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

VENTER = {
    "outbox_unsent": "Events acknowledged by the ledger and not yet by Kafka.",
    "outbox_oldest_seconds": "How long the oldest of them has waited.",
    "events_not_projected": "Events on the log that the serving read models do not have yet.",
    "events_parked": "Events set aside because they, or an earlier one of their case, failed.",
    "cases_parked": "Cases that stand still because of them.",
    "notifications_unnumbered": "Notifications without a number yet.",
    "notifications_unsent": "Notifications with a number that their topic does not have yet.",
}


class Maalinger:
    """One application's own registry, so that two in a process do not collide."""

    def __init__(self, optaget: Callable[[], int]) -> None:
        self._register = CollectorRegistry()
        self._kald = Counter("hub_http_requests", "Requests answered.", ["route", "method", "status"], registry=self._register)
        self._tid = Histogram(
            "hub_http_request_seconds",
            "Time to the first byte of the answer.",
            ["route", "method"],
            registry=self._register,
            buckets=SPANDE,
        )
        Gauge("hub_http_sql_threads_busy", "SQL calls running or waiting.", registry=self._register).set_function(optaget)
        self._venter = {navn: Gauge(f"hub_{navn}", VENTER[navn], registry=self._register) for navn in Backlog._fields}

    def tekst(self, venter: Backlog | None = None) -> bytes:
        """The metrics in Prometheus' text format; what waits is not a number while the database does not answer."""
        for navn, maaler in self._venter.items():
            maaler.set(math.nan if venter is None else getattr(venter, navn))
        return generate_latest(self._register)

    def lag(self, app: ASGIApp) -> ASGIApp:
        """The middleware that counts."""

        async def maalt(scope: Scope, receive: Receive, send: Send) -> None:
            start = time.perf_counter()

            async def send_og_tael(besked: Message) -> None:
                if besked["type"] == "http.response.start":
                    rute, metode = scope["route_handler"].name or "?", str(scope.get("method"))
                    self.tael(rute, metode, besked["status"], time.perf_counter() - start)
                await send(besked)

            await app(scope, receive, send_og_tael)

        return maalt

    def tael(self, rute: str, metode: str, status: int, sekunder: float) -> None:
        """Count an answer, `sekunder` after its call came."""
        self._kald.labels(rute, metode, status).inc()
        self._tid.labels(rute, metode).observe(sekunder)


TEKSTTYPE = CONTENT_TYPE_LATEST
