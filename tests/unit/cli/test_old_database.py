"""New code's verbs on a database that an earlier release made."""

import psycopg
import pytest
from aiokafka.errors import KafkaError
from sqlalchemy.exc import ProgrammingError

from hub.cli.errors import explain


@pytest.mark.parametrize("error", [psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.InvalidSchemaName])
def test_a_verb_on_a_database_that_was_not_brought_up_to_date_says_what_to_start(error: type[psycopg.Error]) -> None:
    """A table or column that is not there yet: one sentence, exit 1, and it names what migrates; the driver's text is not repeated."""
    for problem in (error("column x.y does not exist"), ProgrammingError("SELECT", {}, error("column x.y does not exist"))):
        code, (line,) = explain(problem)
        assert code == 1 and "start its `hub up`, `hub worker` or `hub api`, which bring it up to date" in line and "x.y" not in line


def test_a_kind_of_error_is_said_once() -> None:
    """The client's errors begin with their own kind, which the sentence has too."""
    assert explain(KafkaError("there is no topic x")) == (1, ["Kafka does not answer as it should (KafkaError): there is no topic x"])
