"""The whole HTTP surface against its own OpenAPI, on a real PostgreSQL and Kafka: no 500, and nothing that is not declared."""

from collections.abc import Iterator
from typing import Any

import pytest
from rig.fuzz import DOKUMENT, OPERATIONER, Doer, doer, fuzz

pytestmark = pytest.mark.acceptance

FROE = 20250915
MANGE, FAA = 40, 8
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


@pytest.mark.parametrize("metode", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"])
def test_a_method_that_an_address_does_not_have_is_a_problem(doeren: Doer, metode: str) -> None:
    """Every address of the document, every method that it does not list, with a token and without: refused, in the door's own shape."""
    for sti, metoder in DOKUMENT["paths"].items():
        if metode.lower() in metoder:
            continue
        for hvem in ("vitas", "ingen"):
            svar = doeren.session.request(metode, doeren.adresse + sti, headers=doeren.brugere[hvem], timeout=20)
            assert svar.status_code in (401, 403, 404, 405), (metode, sti, svar.status_code)
            assert metode == "HEAD" or svar.headers["content-type"] == "application/problem+json", (metode, sti)
