"""`hub rebuild`: the read models anew from the log, beside the serving ones, compared and swapped."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.cli.form import AsJson, Execute, WhyIfSaid, finding, json_line, misuse, progress, say, table
from hub.cli.reach import reach
from hub.migrations.migrer import migrer
from hub.operations import rebuild as operation
from hub.operations.rebuild import AlreadyRebuilding, Parts, RebuildFailed, Rebuilt
from hub.projections.enkeltsag import UkendtSag
from hub.projections.forskel import Forskel
from hub.projections.ombyg import KanIkkeOmbygges
from hub.projections.skifte import Forskelle, IndhenterIkke, IngenGenerationTilbage, forrige

COLUMNS = ("sags_id", "kolonne", "serverende", "ny")
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes that read and fold; each takes partitions.")]


def rebuild(
    workers: Workers = 2,
    accept: Annotated[bool, typer.Option("--accept", help="Swap although rows differ (the projection's code has changed).")] = False,
    back: Annotated[bool, typer.Option("--back", help="Let the generation before serve again, caught up first.")] = False,
    case: Annotated[str | None, typer.Option("--case", help="Only this case, into the generation that serves.")] = None,
    why: WhyIfSaid = None,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Fill a new generation from the log, compare it row by row with the serving one, and let it serve. Nobody is notified.

    Live traffic goes on and goes first; readers see the old generation or the new one, never both. Ctrl-C at any time leaves everything
    as it was. Exit 1 when rows differ and --accept is not given, or when another rebuild is under way.
    """
    if back and (accept or case):
        raise misuse("--back goes with neither --accept nor --case: the generation before is taken as it is")
    if case and accept:
        raise misuse("--case does not go with --accept: nothing is swapped")
    try:
        with _parts(why) as parts:
            if case:
                _case(parts, case.lower(), execute, as_json)
                return
            if not execute:
                _preview(parts, back, as_json)
                return
            # New code may bring new tables outside the generations; the old code goes on with them.
            migrer(parts.engine)
            with progress("rebuilding") as move:
                done = operation.go_back(parts) if back else operation.rebuild(parts, workers, accept=accept, progress=move)
    except KeyboardInterrupt as problem:
        raise finding("Cut short. `hub status` says which generation serves; the same call begins anew.") from problem
    except Forskelle as problem:
        _differences(problem.sammenligning.forskelle, as_json, problem.sammenligning.antal)
        raise finding(f"{problem.sammenligning.antal} row(s) differ; nothing was swapped. --accept swaps all the same.") from problem
    except (AlreadyRebuilding, RebuildFailed, KanIkkeOmbygges, IndhenterIkke, IngenGenerationTilbage, UkendtSag) as problem:
        raise finding(str(problem)) from problem
    _show(done, as_json)


@contextmanager
def _parts(why: str | None) -> Iterator[Parts]:
    hub, who = reach(), getpass.getuser()
    db, data = hub.motor(f"rebuild by {who}", 6), hub.settings.data
    try:
        yield Parts(hub.settings, hub.bootstrap, hub.database_url, db, hub.options, hub.kodeks, hub.driftslog, data, who, why=why)
    finally:
        db.dispose()


def _preview(parts: Parts, back: bool, as_json: bool) -> None:
    seen = operation.preview(parts.engine)
    said: dict[str, object] = vars(seen)
    what = f"{seen.events} events would be folded into a new generation"
    if back:
        with parts.engine.connect() as conn:
            said = {**said, "back_to": forrige(conn)}
        what = f"Generation {said['back_to']} would serve again"
    if as_json:
        json_line({**said, "executed": False})
    else:
        table([{**said, "generations": ", ".join(map(str, seen.generations))}], tuple(said))
    say(f"{what}. Nothing is done yet: add --execute.")


def _case(parts: Parts, case: str, execute: bool, as_json: bool) -> None:
    done = operation.rebuild_case(parts, case, execute=execute)
    if as_json:
        found = [row._asdict() for row in done.forskelle]
        said = {"case": case, "generation": done.generation, "events": done.antal, "differences": len(found), "found": found}
        json_line({**said, "executed": execute})
    else:
        table([row._asdict() for row in done.forskelle], COLUMNS)
    what = "was written anew" if execute else "would be written anew; nothing is done yet: add --execute"
    say(f"{done.antal} events folded, {len(done.forskelle)} value(s) differ. The case {what}.")


def _differences(found: tuple[Forskel, ...], as_json: bool, count: int) -> None:
    if as_json:
        json_line({"differences": count, "found": [row._asdict() for row in found], "swapped": False})
    else:
        table([row._asdict() for row in found], COLUMNS)


def _show(done: Rebuilt, as_json: bool) -> None:
    said = {**vars(done), "events_per_second": round(done.events_per_second), "seconds": round(done.seconds, 3)}
    if as_json:
        json_line({**said, "found": [row._asdict() for row in done.found], "executed": True})
    else:
        table([said], ("events", "seconds", "events_per_second", "differences", "generation"))
        if done.found:
            table([row._asdict() for row in done.found], COLUMNS)
    say(f"Generation {done.generation} serves.")
