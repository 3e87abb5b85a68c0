"""The whole HTTP surface against its own OpenAPI, on a real PostgreSQL and Kafka: no 500, and nothing that is not declared."""

from collections.abc import Iterator
from typing import Any

import pytest
from rig.fuzz import OPERATIONER, Doer, doer, fuzz

pytestmark = pytest.mark.acceptance

FROE = 20250915
MANGE, FAA = 50, 10
"""Requests of an operation; the cells of the matrix are one handler and get few each."""


@pytest.fixture(scope="module")
def doeren() -> Iterator[Doer]:
    """The door of this module."""
    with doer() as aaben:
        yield aaben


@pytest.mark.parametrize("operation", OPERATIONER, ids=lambda operation: operation.label)
def test_whatever_is_sent_the_answer_is_one_that_is_declared(doeren: Doer, operation: Any) -> None:
    """Good and bad requests, as every role and as nobody: a declared status, type, schema and error code; the process stays ready."""
    assert fuzz(doeren, operation, FAA if "Get" in operation.path else MANGE, FROE)
