"""`hub sql`: a read-only prompt on the read models."""

import sys
from collections.abc import Iterator
from typing import Annotated

import psycopg
import typer

from hub.cli.form import FINDING, AsJson, finding, json_line, misuse, say, table
from hub.cli.reach import DATABASE, reach
from hub.operations.sql import NotAllowed, Prompt, Result, prompt


def sql(
    command: Annotated[str | None, typer.Option("-c", "--command", help="Run one query and end; else a prompt.")] = None,
    timeout: Annotated[int, typer.Option(min=1, max=3600, help="Seconds before a query is given up.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Read the read models of the serving generation: one query at a time, read-only. What is sealed comes out as ciphertext."""
    with prompt(reach(needs=DATABASE).database_url, timeout) as open_prompt:
        if command is None:
            _converse(open_prompt, as_json)
            return
        try:
            _print(open_prompt.run(command), as_json)
        except NotAllowed as problem:
            raise misuse(str(problem)) from problem
        except psycopg.Error as problem:
            raise finding(_words(problem)) from problem


def _converse(open_prompt: Prompt, as_json: bool) -> None:
    """Answer one query after the other; in a pipe, one that failed is a finding."""
    say(f"generation {open_prompt.generation}, read-only; tables: sager, ansoegninger, bevillinger …, tidslinje; \\q leaves")
    well = [_answer(open_prompt, query, as_json) for query in _queries()]
    if not all(well) and not sys.stdin.isatty():
        raise typer.Exit(FINDING)


def _queries() -> Iterator[str]:
    """Each ends with a semicolon, the last one also with the input; a backslash and q leaves."""
    pending = ""
    while True:
        if sys.stdin.isatty():
            typer.echo("hub> " if not pending else "  -> ", nl=False, err=True)
        line = sys.stdin.readline()
        if line.strip() == "\\q":
            return
        pending += line
        if not line or pending.rstrip().endswith(";"):
            yield pending.strip().rstrip(";")
            pending = ""
        if not line:
            return


def _answer(open_prompt: Prompt, query: str, as_json: bool) -> bool:
    """Whether the query could be run; an empty one always can."""
    if not query:
        return True
    try:
        _print(open_prompt.run(query), as_json)
    except (NotAllowed, psycopg.Error) as problem:
        say(_words(problem))
        return False
    return True


def _print(result: Result, as_json: bool) -> None:
    rows = result.as_dicts()
    if as_json:
        for row in rows:
            json_line(row)
    elif result.columns:
        table(rows, result.columns)
    say(f"{len(rows)} row(s){', and more that are not shown' if result.cut else ''}")


def _words(problem: Exception) -> str:
    return str(problem).strip() or type(problem).__name__
