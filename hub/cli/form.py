"""The form that every verb has: stdout is data, stderr is talk, progress bars only on a terminal, `--json` and `--execute`."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from hub.domain.personnummer import har_personnummer


def _open(why: str | None) -> str | None:
    """What stands on a log that everybody may read."""
    if why is not None and not why.strip():
        raise typer.BadParameter("says nothing; it is kept for ever")
    if why is not None and har_personnummer(why):
        raise typer.BadParameter("seems to hold a CPR number; it is kept for ever, open to everybody")
    return why


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Execute = Annotated[bool, typer.Option("--execute", help="Do it; without this only the preview is shown.")]
Purpose = Annotated[str | None, typer.Option("--purpose", callback=_open, help="Why it is read; kept in the access log.")]
Why = Annotated[str, typer.Option("--why", callback=_open, help="Why; kept for ever with who, on the operators' log.")]
WhyIfSaid = Annotated[str | None, typer.Option("--why", callback=_open, help="Why; kept for ever with who, on the operators' log.")]
"""Of acts that can be called without: nobody is told anything of them."""

FINE, FINDING, MISUSE = 0, 1, 2
REFRESH_SECONDS = 0.2


def say(*lines: str) -> None:
    """Talk to the person at the terminal (stderr); nothing in the text is taken for markup."""
    console = Console(stderr=True)
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def json_line(value: Any) -> None:
    """Write one JSON value as a line of data. Dataclasses are objects; what JSON has no word for (bytes) is hexadecimal text."""
    sys.stdout.buffer.write(orjson.dumps(value, default=_as_text, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS))
    sys.stdout.buffer.flush()


def text_line(*parts: object) -> None:
    """Write one line of data, parts separated by tabs; None is `-`."""
    typer.echo("\t".join("-" if part is None else str(part) for part in parts))


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Write rows as aligned columns with a head, to be read by a person; scripts take `--json`."""
    lines = [list(columns), *([cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[nr]) for line in lines) for nr in range(len(columns))]
    for line in lines:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def cell(value: object) -> str:
    """A value in one cell: control characters cannot reach the terminal."""
    if value is None:
        return "-"
    if isinstance(value, bytes):
        return _as_text(value)
    return "".join(char if char.isprintable() else "�" for char in str(value))


def refusals(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    """The hub's own errors (rows of `errors` in a problem), each as a line: code, field, text."""
    return [f"{error['fejlkode']}{' ' if error['felt'] else ''}{error['felt'] or ''}: {error['fejltekst']}" for error in errors]


def finding(*lines: str) -> typer.Exit:
    """Say what was found and give the exit to raise: code 1."""
    say(*lines)
    return typer.Exit(FINDING)


def misuse(*lines: str) -> typer.Exit:
    """Say what was wrong with the call and give the exit to raise: code 2."""
    say(*lines)
    return typer.Exit(MISUSE)


class RateColumn(ProgressColumn):
    """How many a second lately."""

    def render(self, task: Task) -> Text:
        """Nothing until it is known."""
        return Text("" if task.speed is None else f"{task.speed:.0f}/s")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar with rate and time left on a terminal, nothing elsewhere; gives a function (done, total?) that moves it.

    Without a thread of its own: beside one no process is forked (`hub.operations.processes`).
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task, shown = bar.add_task(what, total=total), 0.0

        def move(done: int, total: int | None = None) -> None:
            nonlocal shown
            bar.update(task, completed=done, total=total or bar.tasks[task].total)
            if time.monotonic() - shown > REFRESH_SECONDS:
                bar.refresh()
                shown = time.monotonic()

        yield move


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    return str(value)
