"""The engine of `hub rebuild` with the small read model plugged in: bulk reader, `project`, COPY, key. VARIANT: how many processes.

Its clock also counts the start of its processes. The topic must be the hub's own, the database migrated.
"""

import asyncio
import json
import time
from pathlib import Path

from hub_model import METADATA, TABLE, model
from peer import Call, call, write_rows

from hub.bootstrap import Hus
from hub.events.forbindelse import raa_forbindelse
from hub.events.journal import slutninger
from hub.events.topics import FAKTA
from hub.operations.rebuild_fill import Parts, fill
from hub.projections.generation import skema
from hub.projections.generationsbyg import noegl, nyt_nummer, opret_bar, ryd
from hub.settings import Settings


def main(it: Call) -> None:
    """Fill a bare generation, give it its key, and read it back."""
    hus = Hus(_settings(it.folder), it.bootstrap, it.database_url)
    engine = hus.motor("bench", 2)
    parts = Parts(hus.settings, it.bootstrap, it.database_url, engine, hus.options, hus.kodeks, hus.driftslog, it.folder, "bench", model)
    with engine.begin() as conn:
        number = nyt_nummer(conn)
        opret_bar(conn, number, METADATA)
    begun = time.perf_counter()
    peak = fill(parts, number, asyncio.run(slutninger(hus.options, FAKTA)), {}, int(it.variant), lambda done, total: None)
    with engine.begin() as conn:
        noegl(conn, number, METADATA)
    line = {"events": it.events, "seconds": time.perf_counter() - begun, "peak_rss_mb": peak}
    with engine.begin() as conn, raa_forbindelse(conn).cursor("read_back") as cursor:
        cursor.execute(f"SELECT * FROM {skema(number)}.{TABLE.name}")
        write_rows(it.folder, cursor)
    with engine.begin() as conn:
        ryd(conn, set())
    engine.dispose()
    print(json.dumps(line), flush=True)


def _settings(folder: Path) -> Settings:
    return Settings(data=folder, kafka=None, database=None, master_key=None, jwks_url=None)


if __name__ == "__main__":
    main(call())
