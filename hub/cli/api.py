"""`hub api`: the HTTP door."""

import signal
import sys

import typer

from hub.api.start import koer
from hub.bootstrap import frys, klargoer_database
from hub.cli.form import AsJson, json_line
from hub.cli.reach import DATABASE, reach
from hub.cli.tied import Tied, end_with_parent
from hub.cli.where import note


def api(as_json: AsJson = False, tied: Tied = False) -> None:
    """Serve HTTP until Ctrl-C or SIGTERM; several may serve side by side. Exit 1 when the port is taken."""
    if tied:
        end_with_parent()
    # The server hands the signal on once it has answered what was under way; that is a clean end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    hub = reach(needs=DATABASE)
    klargoer_database(hub)

    def listening(address: str) -> None:
        frys()
        note(hub.settings.data, address)
        if as_json:
            json_line({"api": address})
        else:
            typer.echo(f"API: {address}")

    koer(hub, listening)
