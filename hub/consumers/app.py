"""The Faust app with every setting explicit; nothing is created at import, nothing discovered (pitfalls.md)."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import faust
from faust.types import EventT, StreamT

from hub.events.journal import Post

GRUPPE = "vitas-hub"
"""The consumer group, and Faust's app id."""
Modtag = Callable[[Post], Awaitable[None]]


class ForMangeSamtidige(RuntimeError):
    """The agent was asked to run more than once per process; messages would be lost after a kill (faust-streaming#606)."""


def create_app(bootstrap: str, klient: Mapping[str, Any], *, gruppe: str = GRUPPE, datamappe: str) -> faust.App:
    """A Faust app for `bootstrap`, with the aiokafka client options `klient`. Call inside the running event loop."""
    return faust.App(
        gruppe,
        broker=[f"kafka://{adresse}" for adresse in bootstrap.split(",")],
        broker_credentials=_legitimation(klient),
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_request_timeout=30.0,
        broker_commit_interval=2.0,
        broker_commit_every=20_000,
        broker_max_poll_records=4_000,
        broker_max_poll_interval=300.0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4 * 1024 * 1024,
        stream_buffer_maxsize=4_096,
        stream_wait_empty=False,
        stream_recovery_delay=0.0,
        processing_guarantee="at_least_once",
        autodiscover=False,
        datadir=datamappe,
        logging_config=None,
        loghandlers=[],
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )


def _legitimation(klient: Mapping[str, Any]) -> Any:
    """Faust's credentials for the same options that every other client takes; None for a plain connection."""
    protokol = klient.get("security_protocol", "PLAINTEXT")
    if protokol == "PLAINTEXT":
        return None
    if protokol == "SSL":
        return faust.SSLCredentials(context=klient["ssl_context"])
    return faust.SASLCredentials(
        username=klient["sasl_plain_username"],
        password=klient["sasl_plain_password"],
        mechanism=klient["sasl_mechanism"],
        ssl_context=klient.get("ssl_context"),
    )


def registrer_agent(app: faust.App, topic: str, modtag: Modtag, *, samtidige: int = 1) -> None:
    """The one agent: raw bytes of `topic` to `modtag`, in order per partition.

    Faust's acknowledgement moves only Kafka's committed offset, which is a hint: the checkpoint stands with the rows.
    """
    if samtidige != 1:
        raise ForMangeSamtidige("the agent runs with concurrency 1; scale out by partition")
    kanal = app.topic(topic, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes)

    async def sagshaendelser(stream: StreamT[bytes]) -> None:
        async for haendelse in stream.events():
            await modtag(som_post(haendelse))

    app.agent(kanal, name="sagshaendelser", concurrency=samtidige)(sagshaendelser)


def som_post(haendelse: EventT[bytes]) -> Post:
    """A Faust event as a record of the log."""
    besked = haendelse.message
    hoveder: Any = besked.headers or ()
    return Post(besked.partition, besked.offset, besked.key, besked.value, tuple(hoveder.items() if isinstance(hoveder, dict) else hoveder))


def ved_tildeling(app: faust.App, topic: str, tildelt: Callable[[set[int]], None], frataget: Callable[[set[int]], None]) -> None:
    """Report which partitions of `topic` this worker was given and lost."""

    def valgte(args: tuple[Any, ...]) -> set[int]:
        return {tp.partition for tp in args[0] if tp.topic == topic}

    async def paa_tildelt(_: Any, /, *args: Any, signal: Any, **__: Any) -> None:
        tildelt(valgte(args))

    async def paa_frataget(_: Any, /, *args: Any, signal: Any, **__: Any) -> None:
        frataget(valgte(args))

    app.on_partitions_assigned.connect(paa_tildelt, weak=False)
    app.on_partitions_revoked.connect(paa_frataget, weak=False)


def daemp_faust() -> None:
    """Keep Faust's and mode's loggers at warning: their defaults put the root logger at DEBUG."""
    for navn in ("faust", "mode", "aiokafka"):
        logging.getLogger(navn).setLevel(logging.WARNING)
