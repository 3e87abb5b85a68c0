"""The Faust app: every setting that the pitfalls name is set, and one agent at a time."""

import asyncio
from pathlib import Path

import faust
import pytest

from hub.consumers.app import ForMangeSamtidige, create_app, registrer_agent
from hub.events.journal import Post


@pytest.fixture
async def app(tmp_path: Path) -> faust.App:
    """An app that is not started."""
    return create_app("127.0.0.1:9092", {"security_protocol": "PLAINTEXT"}, datamappe=str(tmp_path))


@pytest.mark.parametrize(
    ("navn", "vaerdi"),
    [
        ("web_enabled", False),
        ("topic_allow_declare", False),
        ("topic_disable_leader", True),
        ("autodiscover", False),
        ("processing_guarantee", faust.types.enums.ProcessingGuarantee.AT_LEAST_ONCE),
        ("broker_session_timeout", 10.0),
        ("broker_heartbeat_interval", 3.0),
        ("worker_redirect_stdouts", False),
        ("stream_wait_empty", False),
        ("consumer_auto_offset_reset", "earliest"),
    ],
)
async def test_a_setting_with_a_bad_default_is_explicit(app: faust.App, navn: str, vaerdi: object) -> None:
    """No web server with /table, no topics made with one replica, no transactions, short sessions (pitfalls.md)."""
    assert getattr(app.conf, navn) == vaerdi


async def test_more_than_one_agent_at_a_time_is_refused(app: faust.App) -> None:
    """Concurrency above 1 loses messages after a kill (faust-streaming#606)."""

    async def modtag(post: Post) -> None:
        await asyncio.sleep(0)

    with pytest.raises(ForMangeSamtidige):
        registrer_agent(app, "vitas.sagshaendelser", modtag, samtidige=2)
