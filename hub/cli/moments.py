"""Times as they are typed: RFC 3339 with an offset."""

from datetime import datetime

from hub.api.laesekald import tidspunkt
from hub.cli.form import misuse


def moment(option: str, text: str) -> datetime:
    """The time, aware UTC. Raises typer.Exit (misuse) naming the option."""
    found = tidspunkt(text)
    if found is None:
        raise misuse(f"{option}: a time is written as 2026-01-31T08:30:00+01:00 (RFC 3339, with its offset)")
    return found
