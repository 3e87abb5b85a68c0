"""One rig for the fault runs of a session: each test leaves it sound, and the invariants are checked over all that ever happened."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from random import SystemRandom
from typing import Any

import pytest
from rig.processes import Rig
from rig.processes import rig as a_rig
from rig.report import Report

FIGURES: list[str] = []


@pytest.hookimpl
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the runs counted, also when they passed."""
    if FIGURES:
        terminalreporter.section("fault runs")
    for line in FIGURES:
        terminalreporter.write_line(line)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Keeps a run's figures for the end of the session's output."""
    return lambda figures: FIGURES.append(f"{request.node.name}: {figures}")


@pytest.fixture(scope="session")
def stack() -> Iterator[Rig]:
    """The services of the session's fault runs."""
    with a_rig() as made:
        yield made
        asyncio.run(made.down())


@pytest.fixture
async def rig(stack: Rig) -> AsyncIterator[Rig]:
    """The rig with one worker and one API running; they stay up for the next test."""
    await stack.up("api", "worker")
    try:
        yield stack
    finally:
        await stack.rest("api", "worker")


@pytest.fixture
def seed() -> int:
    """A new seed for each run, printed when the test fails; FAULTS_SEED plays one again."""
    number = int(os.environ.get("FAULTS_SEED") or SystemRandom().randrange(1 << 32))
    sys.stdout.write(f"FAULTS_SEED={number}\n")
    return number


@pytest.fixture
def amount() -> int:
    """How many actions the long run sends; FAULTS_ACTIONS makes it another number."""
    return int(os.environ.get("FAULTS_ACTIONS") or 20_000)
