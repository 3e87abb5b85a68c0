"""The schemes that begin with an application: an action in, a document and a message out."""

from collections.abc import Callable
from typing import Any

import pytest

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance


def test_R_1_1_an_application_is_served_and_announced(sag: Sag) -> None:
    """Signed, the application is announced with GetAnsoegning, which answers with it."""
    loen = sag().goer("OpretAnsoegning").goer("UnderskrivAnsoegning")
    assert [(n["getMetode"], n["erOprettelse"]) for n in loen.fortalt()] == [("GetAnsoegning", True)]
    dok = loen.dokument("GetAnsoegning")
    assert (dok["sagsId"], dok["ansoegningStatus"]["kode"]) == (loen.id, 9204)
