"""The prompt of `hub sql` when queries come through a pipe: none is lost, and a script sees that one failed."""

import io
from collections.abc import Callable

import pytest
import typer

from hub.cli.sql import _converse
from hub.operations.sql import NotAllowed, Result


class Asked:
    """A prompt that answers every query with one row, and refuses those with `bad` in them."""

    generation = 1

    def __init__(self) -> None:
        self.queries: list[str] = []

    def run(self, query: str) -> Result:
        """Note the query."""
        self.queries.append(query)
        if "bad" in query:
            raise NotAllowed("only queries are run here")
        return Result(("n",), ((len(self.queries),),), False)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[list[str], int]]:
    """Send a text through standard input: the queries that were run, and the exit code."""

    def send(text: str) -> tuple[list[str], int]:
        asked = Asked()
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        try:
            _converse(asked, as_json=False)  # type: ignore[arg-type]
        except typer.Exit as ended:
            return asked.queries, ended.exit_code
        return asked.queries, 0

    return send


@pytest.mark.parametrize("end", ["", "\n", ";", ";\n", ";\n\\q\n"])
def test_the_last_query_is_run_with_a_semicolon_or_without(pipe: Callable[[str], tuple[list[str], int]], end: str) -> None:
    """`echo 'select 1' | hub sql` answers."""
    assert pipe(f"select 1;\n\nselect\n2{end}") == (["select 1", "select\n2"], 0)


def test_a_query_that_fails_in_a_pipe_is_a_finding_and_the_rest_is_run(pipe: Callable[[str], tuple[list[str], int]]) -> None:
    """Exit 1, as with -c; at a terminal, who typed it has seen it."""
    assert pipe("bad;\nselect 1;\n") == (["bad", "select 1"], 1)
    assert pipe("\n \n") == ([], 0)
    assert pipe("select 1;\nbad\n\\q\n") == (["select 1"], 0)
