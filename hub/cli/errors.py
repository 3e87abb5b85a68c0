"""Expected failures, in words and with an exit code, in one place: no verb shows a traceback for what can happen to anybody."""

import psycopg
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from sqlalchemy.exc import InternalError, OperationalError, ProgrammingError

from hub.cli.form import FINDING, MISUSE
from hub.consumers.overvaagning import GivOp
from hub.events.genskabelseslaas import ArbejdesPaa, GenskabesNu, LaasTabt
from hub.events.journal import LoggenSvarerIkke, UdenForLoggen
from hub.events.ledger_fejl import ForaeldetFoldning, LedgerBagud
from hub.events.topics import TopicFejl
from hub.local.errors import LocalServiceError
from hub.projections.checkpoint import CheckpointUdenForLoggen, UdenCheckpoint
from hub.projections.generation import AndenProjektionsversion, IngenGeneration
from hub.projections.ledgersag import KaedeAfbrudt

OUR_WORDS = (
    LocalServiceError, GivOp, TopicFejl, LedgerBagud, ForaeldetFoldning, UdenForLoggen, LoggenSvarerIkke,
    UdenCheckpoint, CheckpointUdenForLoggen, IngenGeneration, AndenProjektionsversion,
    ArbejdesPaa, GenskabesNu, LaasTabt, KaedeAfbrudt,
)  # fmt: skip
"""Their texts are ours: they say what is wrong and what to do, and hold nothing personal."""

EXPECTED = (
    *OUR_WORDS, ValidationError, KafkaError, OSError,
    OperationalError, psycopg.OperationalError, ProgrammingError, psycopg.ProgrammingError, InternalError, psycopg.InternalError,
)  # fmt: skip


SET_UP = "start its `hub up`, `hub worker` or `hub api`, which bring it up to date"


def explain(problem: BaseException) -> tuple[int, list[str]]:
    """The exit code and the lines for an expected failure."""
    if isinstance(problem, ValidationError):
        return MISUSE, _settings(problem)
    if isinstance(problem, BrokenPipeError):
        return FINDING, []
    if isinstance(problem, OUR_WORDS):
        return FINDING, [str(problem)]
    cause = getattr(problem, "orig", problem)
    if isinstance(cause, psycopg.Error):
        return FINDING, [_of_postgres(cause)]
    if isinstance(cause, KafkaError):
        kind = type(cause).__name__
        return FINDING, [f"Kafka does not answer as it should ({kind}): {_first_line(cause).removeprefix(f'{kind}: ')}"]
    return FINDING, [str(problem)]


def _of_postgres(problem: psycopg.Error) -> str:
    if isinstance(problem, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
        return f"The database is not set up for this code: {SET_UP}, or `hub restore` when it was lost and the log has events."
    if isinstance(problem, psycopg.errors.UndefinedColumn):
        return f"The database is older than this code: {SET_UP}."
    if isinstance(problem, psycopg.errors.InsufficientPrivilege):
        return f"PostgreSQL refused: {_first_line(problem)}"
    return f"PostgreSQL does not answer as it should ({type(problem).__name__}): {_first_line(problem)}"


def _settings(problem: ValidationError) -> list[str]:
    """Which settings are wrong and why; never what was typed (it may be a secret)."""
    lines = []
    for error in problem.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in error["loc"]).upper()
        lines.append(f"HUB_{name}: {error['msg']}" if name else error["msg"])
    return ["The settings are wrong:", *lines]


def _first_line(problem: BaseException) -> str:
    return (str(problem).splitlines() or [""])[0]
