"""`hub documents`: the document store."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.bootstrap import Hus
from hub.cli.acting import operators_log
from hub.cli.form import AsJson, Execute, WhyIfSaid, finding, json_line, say, table
from hub.cli.reach import DATABASE, engine, reach
from hub.operations import documents
from hub.operations.documents import Store

HELP = "The document store: what waits in it, what is damaged, what nobody can read any more."
app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False)
Days = Annotated[int, typer.Option(min=1, help="Days that an upload which no action names is kept.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every upload that an action may name, the oldest first."""
    with _store(reach(needs=DATABASE)) as store:
        found = documents.waiting(store)
    if as_json:
        json_line({"uploads": found})
    elif found:
        table([vars(upload) for upload in found], ("sha256", "bytes", "type", "uploaded", "named"))
    unnamed = [upload for upload in found if upload.named is None]
    say(f"{len(found)} upload(s); {len(unnamed)} of {sum(upload.bytes for upload in unnamed)} byte(s) that no action has named")


@app.command()
def sweep(days: Days = 7, why: WhyIfSaid = None, execute: Execute = False, as_json: AsJson = False) -> None:
    """Remove uploads that no action named in time, those whose case has its own key, and files that no key knows any more.

    Among these are the documents of erased citizens: their bytes leave the disk here.
    What is removed is an event on the operators' log, with who and why.
    """
    hub = reach(needs=DATABASE)
    with _store(hub) as store:
        if execute:
            operators_log(hub, store.engine)
        done = documents.sweep(store, days, getpass.getuser(), why) if execute else documents.preview_sweep(store, days)
    if as_json:
        json_line(done)
    else:
        table([vars(done)], ("uploads", "drafts", "files", "bytes"))
    if not execute:
        say("Would be removed. Nothing is done yet: add --execute.")


@app.command()
def check(as_json: AsJson = False) -> None:
    """Read every document that the log names, and hold it against its size and SHA-256; exit 1 when one cannot be read."""
    with _store(reach(needs=DATABASE)) as store:
        checked = documents.check(store)
    if as_json:
        json_line({**vars(checked), "ok": not checked.findings})
    elif checked.findings:
        table([vars(found) for found in checked.findings], ("case", "act", "sha256", "problem"))
    if checked.findings:
        raise finding(f"{len(checked.findings)} document(s) cannot be read: put their files back from the backup")
    say(f"{checked.documents} document(s), {checked.erased} of them erased; every other one is as it was uploaded.")


@contextmanager
def _store(hub: Hus) -> Iterator[Store]:
    with engine(hub) as db:
        yield Store(db, hub.noeglering, hub.dokumentmappe, hub.driftslog)
