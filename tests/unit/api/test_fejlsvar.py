"""What the door makes of exceptions."""

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PuljenTom

from hub.api.fejlsvar import problem_af
from hub.events.gentag import FORSOEG, gentag

FORBIGAAENDE = [
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.AdminShutdown,
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.IdleInTransactionSessionTimeout,
]


@pytest.fixture(autouse=True)
def uden_pauser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried again at once."""
    monkeypatch.setattr("hub.events.gentag.PAUSE_SEKUNDER", 0)


@pytest.mark.parametrize("slags", FORBIGAAENDE)
@pytest.mark.parametrize("raa", [True, False], ids=["of the driver", "of SQLAlchemy"])
def test_the_database_s_passing_errors_are_503_and_an_append_is_tried_again(slags: type[psycopg.Error], raa: bool) -> None:
    """Whether the driver or SQLAlchemy raised it: the caller is told when to come back, and an append has been tried several times."""
    fejl = slags("væk") if raa else DBAPIError.instance("SELECT", {}, slags("væk"), psycopg.Error)
    assert isinstance(fejl, Exception)
    problem, forsoeg = problem_af(fejl), []

    def falder() -> None:
        forsoeg.append(1)
        raise fejl

    assert (problem.status, problem.kode, problem.hoveder) == (503, "database_vaek", {"Retry-After": "2"})
    with pytest.raises(type(fejl)):
        gentag(falder)
    assert len(forsoeg) == FORSOEG


@pytest.mark.parametrize("fejl", [errors.UniqueViolation("x"), errors.UndefinedTable("x"), errors.CheckViolation("x")])
def test_an_error_that_will_not_pass_is_500_and_tried_once(fejl: psycopg.Error) -> None:
    """Coming back would not help: neither the caller nor the append tries again."""
    forsoeg = []

    def falder() -> None:
        forsoeg.append(1)
        raise fejl

    assert (problem_af(fejl).status, problem_af(fejl).hoveder) == (500, {})
    with pytest.raises(type(fejl)):
        gentag(falder)
    assert forsoeg == [1]


def test_no_connection_free_in_time_is_503() -> None:
    """The pool's own timeout is the database's trouble, not the caller's."""
    assert problem_af(PuljenTom()).kode == "database_vaek"
