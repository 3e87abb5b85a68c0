"""What one and two workers take, and what an event and a case occupy, for docs/scaling.md: python benchmarks/scaling.py ACTIONS.

Prints JSON: bytes per event and per case by place, and saturated throughput with the CPU of each process, with one worker and with two.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, text

from hub.bootstrap import Hus
from hub.events.journal import Post
from hub.events.topics import FAKTA, NOTIFIKATIONER
from hub.local import kafka, postgres
from hub.local.bench.maetning import hent_log, hub_maetning
from hub.local.bench.tal import maskine
from hub.local.bench.tilfoej import tilfoej
from hub.local.stak import hub, kald, stak

KLAR_WORKER = "worker ready"
FORDELT_SEKUNDER = 6.0
"""Until two workers have shared partitions and lanes."""
TABELLER = text("""
SELECT schemaname AS skema, tablename AS tabel, pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass) AS bytes
FROM pg_tables WHERE schemaname IN ('ledger', 'delivery', 'keys', 'audit') OR schemaname ~ '^gen_'
""")
ANTAL = text("""
SELECT (SELECT count(*) FROM gen_1.tidslinje) AS events, (SELECT count(*) FROM gen_1.sager) AS cases,
       (SELECT count(*) FROM delivery.notifikationer) AS notifications
""")
USENDTE = text("""
SELECT (SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL) + (SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL)
       + (SELECT count(*) FROM ledger.outbox WHERE topic = 'vitas.sagshaendelser') - (SELECT count(*) FROM gen_1.tidslinje)
""")


def stoerrelser(hus: Hus, antal: int) -> tuple[dict[str, Any], list[Post]]:
    """Bytes by place after `antal` actions, and the log that they made."""
    engine = hus.motor("bench", 2)
    with hub(hus, "worker", vent=KLAR_WORKER):
        tilfoej(hus, antal, 1)
        while _et(engine, USENDTE):
            time.sleep(0.5)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM (ANALYZE)"))
        taelt = dict(conn.execute(ANTAL).mappings().one())
        tabeller = {f"{r.skema}.{r.tabel}": r.bytes for r in conn.execute(TABELLER)}
    engine.dispose()
    ud: dict[str, Any] = {**taelt, "events_per_case": round(taelt["events"] / taelt["cases"], 2)}
    ud["kafka_bytes_per_event"] = round(_logbytes(hus, re.escape(FAKTA)) / taelt["events"])
    ud["kafka_bytes_per_notification"] = round(_logbytes(hus, re.escape(NOTIFIKATIONER) + "[0-9]+") / taelt["notifications"])
    ud["postgres_bytes_per_event"] = {navn: round(b / taelt["events"]) for navn, b in sorted(tabeller.items()) if b > taelt["events"]}
    ud["postgres_bytes_per_event_in_all"] = round(sum(tabeller.values()) / taelt["events"])
    ud["verify"] = _verify(hus)
    return ud, asyncio.run(hent_log(hus))


def _verify(hus: Hus) -> dict[str, Any]:
    begyndt = time.monotonic()
    fundet = json.loads(kald(hus, "verify", "--json").stdout)
    return {"seconds": round(time.monotonic() - begyndt, 1), "differences": fundet["differences"]}


def maettet(hus: Hus, poster: Sequence[Post], workere: int) -> dict[str, Any]:
    """Events per second with so many workers, and ms of CPU an event by process."""
    engine = hus.motor("bench", 2)
    with ExitStack() as oppe:
        for _ in range(workere):
            oppe.enter_context(hub(hus, "worker", vent=KLAR_WORKER))
        time.sleep(FORDELT_SEKUNDER)
        foer = _cpu(hus)
        maalt = asyncio.run(hub_maetning(hus, engine, poster))
        efter = _cpu(hus)
    engine.dispose()
    ud: dict[str, Any] = {"events_per_second": round(maalt.antal / maalt.projiceret), "notified": round(maalt.antal / maalt.sendt)}
    return ud | {"cpu_ms_per_event": {navn: round(1000 * (efter[navn] - foer[navn]) / maalt.antal, 3) for navn in efter}}


def _cpu(hus: Hus) -> dict[str, float]:
    """CPU seconds so far: the workers together, PostgreSQL with its processes, Kafka."""
    data = hus.settings.data
    pids = {"postgres": postgres.running(data), "kafka": kafka.running(data)}
    ud = {navn: sum(_sekunder(p) for p in _familie(pid)) for navn, pid in pids.items() if pid}
    return ud | {"workers": sum(_sekunder(p) for p in psutil.Process().children() if _er_worker(p))}


def _er_worker(proces: psutil.Process) -> bool:
    try:
        return "worker" in proces.cmdline()
    except psutil.Error:
        return False


def _familie(pid: int) -> list[psutil.Process]:
    stamfader = psutil.Process(pid)
    return [stamfader, *stamfader.children(recursive=True)]


def _sekunder(proces: psutil.Process) -> float:
    try:
        tider = proces.cpu_times()
    except psutil.Error:
        return 0.0
    return float(tider.user + tider.system + tider.children_user + tider.children_system)


def _logbytes(hus: Hus, topic: str) -> int:
    """The records of the topics whose name matches; indexes, which are laid out in advance, are left out."""
    return sum(fil.stat().st_size for fil in Path(hus.settings.data).rglob("*.log") if re.fullmatch(f"{topic}-[0-9]+", fil.parent.name))


def _et(engine: Engine, spoerg: Any) -> int:
    with engine.connect() as conn:
        return int(conn.execute(spoerg).scalar_one())


@contextmanager
def _fortalt(tekst: str) -> Iterator[Hus]:
    print(tekst, file=sys.stderr)
    with stak() as hus:
        yield hus


def main(antal: int) -> None:
    """Measure on fresh stacks and print the figures."""
    with _fortalt(f"{antal} actions: sizes") as hus:
        ud, poster = stoerrelser(hus, antal)
    ud = {"machine": maskine(), **ud}
    print(json.dumps(ud, indent=1), file=sys.stderr)
    for workere in (1, 2):
        with _fortalt(f"{len(poster)} events through {workere} worker(s)") as hus:
            ud[f"saturated_{workere}"] = maettet(hus, poster, workere)
    print(json.dumps(ud, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]))
