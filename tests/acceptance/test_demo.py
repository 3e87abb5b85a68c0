"""`hub demo`'s stories on the running hub: what a newcomer sees first is right."""

import asyncio
from typing import Any

import pytest

from hub.local.demo.forestilling import spil_paa, valgte

pytestmark = pytest.mark.acceptance
FRIST = 90.0
"""Seconds that the stories may take together: a tenth of it on a quiet machine, services not counted."""


def test_every_story_of_the_release_note_comes_out_right(hub: Any) -> None:
    """Each is played through the door and seen as expected; they are told in the order of the chapters, within the time."""
    fortalt: list[str] = []
    rapport = asyncio.run(
        asyncio.wait_for(spil_paa(hub.hus, hub.adresse, valgte(), lambda _, historie, *__: fortalt.append(historie.titel)), FRIST)
    )
    assert [s for s in rapport["stories"] if not s["ok"]] == []
    assert fortalt == [historie.titel for _, historie in valgte()] == [s["title"] for s in rapport["stories"]]
    assert rapport.keys() >= {"stories", "events", "notifications", "ok"}
    assert all(s.keys() == {"rule", "title", "ok", "seen", "expected"} for s in rapport["stories"])
