"""`hub generate`: realistic actions as JSON lines."""

import sys
from typing import Annotated

import orjson
import typer

from hub.local.generator import generer


def generate(
    cases: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many cases.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    json_: Annotated[bool, typer.Option("--json", help="JSON lines (always).")] = True,
) -> None:
    """Write the actions of invented cases to stdout, in an order in which they could have come; pipe them to `hub append -`."""
    for handling in generer(cases, seed):
        sys.stdout.buffer.write(orjson.dumps(handling) + b"\n")
