"""Live latency with and without a rebuild beside it: python benchmarks/rebuild_beside_live.py EVENTS SECONDS ACTIONS_A_SECOND."""

import json
import sys

from hub.local.bench.tal import maskine
from hub.local.bench.ved_siden_af import ved_siden_af
from hub.local.stak import stak


def main(haendelser: int, sekunder: int, i_sekundet: int) -> None:
    """Measure on a fresh stack and print the figures as JSON."""
    with stak() as hus:
        maalt = ved_siden_af(hus, haendelser, (sekunder, i_sekundet), lambda tekst: print(tekst, file=sys.stderr))
    print(json.dumps({"machine": maskine(), **maalt}, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
