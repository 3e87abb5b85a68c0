"""Reads with a million cases, beside what they are held against: python benchmarks/reads.py [CASES] [FOLDER].

One API process on core 0; PostgreSQL and the load on core 1. In each round, one after the other: one row selected and nothing else, the
limit of a read (select, unseal, access log, commit; see reads_sides.py) on the API's core, an empty route, reads of random acts by tokens
of their jobcentres, and the same as of random times. Prints medians of the rounds. With FOLDER the database is kept there and found again.
"""

import json
import multiprocessing
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psutil
import reads_load
import reads_sides
from reads_fill import MED_TIDSLINJE, fyld, kopi_id
from reads_load import Opgave
from reads_sides import Akt, Grundlag, Maalt
from sqlalchemy import Engine, text

from hub.bootstrap import Hus
from hub.local import services
from hub.local.bench.tal import fraktil, maskine
from hub.local.stak import adresse_i, hub
from hub.operations.udsteder import udsted, udviklingsnoegle
from hub.settings import Settings, master_key

API_KERNE, ANDEN_KERNE = {0}, {1}
RUNDER = 3
SEKUNDER = 3.0
TRAADE = (2, 4, 8)
"""Connections of the sides; the best of them counts."""
FORBINDELSER = 32
METODER = ("GetAnsoegning", "GetBevilling")
STIKPROEVE = 100
UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AKTER = """
SELECT c.ordning, :metode, a.ekstern_identifier, a.sags_id, c.job_center_kode, t.registreret, c.version
FROM gen_1.{tabel} a JOIN gen_1.sager c USING (sags_id) JOIN gen_1.tidslinje t ON t.sags_id = a.sags_id AND t.version = a.akt_version
WHERE substr(a.sags_id, 15, 1) <> '8'
"""
Resultat = dict[str, list[Maalt]]


def main() -> None:
    """Fill, check, measure."""
    print(maskine())
    antal = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with ExitStack() as ende:
        mappe = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(ende.enter_context(TemporaryDirectory(prefix="hub-reads-")))
        hus = ende.enter_context(_tjenester(mappe))
        engine = hus.motor("bench", 2)
        ende.callback(engine.dispose)
        if not _fyldt(engine):
            fyld(hus, engine, antal, _fortael)
        akter, gange, til = _akter(engine)
        with _paa(API_KERNE), hub(hus, "api", vent="http://") as linje:
            api = max(psutil.Process().children(), key=psutil.Process.create_time)
            adresse, tokens = adresse_i(linje), _tokens(hus, akter)
            _paa_anden_kerne(hus)
            _kontroller(adresse, tokens, akter, gange)
            _fortael(f"{gange} copies of {len(akter)} acts; {STIKPROEVE} copies read back are their originals but for the ids")
            dele = urlsplit(adresse)
            opgave = Opgave((str(dele.hostname), int(dele.port or 0)), tokens, akter, range(gange))
            _maal(hus, api, opgave, til)


@contextmanager
def _tjenester(mappe: Path) -> Iterator[Hus]:
    mappe.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=mappe, kafka=None, database=None, master_key=None, jwks_url=None, fault_points=mappe)
    try:
        adresser = services.start(settings)
        yield Hus(settings, adresser.bootstrap, adresser.database_url)
    finally:
        services.stop(settings)


def _fyldt(engine: Engine) -> bool:
    with engine.connect() as conn:
        if conn.execute(text("SELECT to_regclass('gen_1.sager')")).scalar_one() is None:
            return False
        return bool(conn.execute(text("SELECT EXISTS (SELECT FROM gen_1.sager)")).scalar_one())


def _akter(engine: Engine) -> tuple[list[Akt], int, Any]:
    """The originals' acts, how many times each is there, and the last registration."""
    with engine.connect() as conn:
        tabeller = {"GetAnsoegning": "ansoegninger", "GetBevilling": "bevillinger"}
        raekker = [r for m in METODER for r in conn.execute(text(AKTER.format(tabel=tabeller[m])), {"metode": m})]
        akter = [Akt(*r) for r in raekker]
        sager = conn.execute(text("SELECT count(*) FROM gen_1.sager")).scalar_one()
        originaler = conn.execute(text("SELECT count(*) FROM gen_1.sager WHERE substr(sags_id, 15, 1) <> '8'")).scalar_one()
        til = conn.execute(text("SELECT max(registreret) FROM gen_1.tidslinje")).scalar_one()
    return akter, sager // originaler, til


def _tokens(hus: Hus, akter: Sequence[Akt]) -> dict[str, str]:
    noegle = udviklingsnoegle(hus.settings.data)
    return {kode: udsted(noegle, hus.settings.issuer, f"bench-{kode}", "system", (kode,)) for kode in {akt.jobcenter for akt in akter}}


def _kontroller(adresse: str, tokens: dict[str, str], akter: Sequence[Akt], gange: int) -> None:
    """A copy's document is its original's but for the ids; what is sealed in it is open."""
    tal = random.Random(1)
    for akt in tal.choices(akter, k=STIKPROEVE):
        nummer = tal.randrange(1, gange)
        original, kopi = (_hent(adresse, akt, id_, tokens) for id_ in (akt.id, kopi_id(akt.id, nummer)))
        assert json.loads(kopi)["borger"]["personnummer"] and json.loads(kopi)["sagsId"] == kopi_id(akt.sags_id, nummer), akt
        assert UUID.sub(_uden_nummer, original) == UUID.sub(_uden_nummer, kopi), akt


def _uden_nummer(fund: re.Match[str]) -> str:
    return fund[0][:14] + fund[0][15:30]


def _hent(adresse: str, akt: Akt, id_: str, tokens: dict[str, str]) -> str:
    hoveder = {"Authorization": f"Bearer {tokens[akt.jobcenter]}"}
    with urlopen(Request(f"{adresse}/v1/{akt.ordning}/{akt.metode}/{id_}", headers=hoveder), timeout=10) as svar:
        return str(svar.read().decode())


def _maal(hus: Hus, api: psutil.Process, opgave: Opgave, til: Any) -> None:
    grundlag = Grundlag(hus.database_url, master_key(hus.settings), opgave.akter, len(opgave.numre))
    med_tidslinje = opgave._replace(numre=[n for n in opgave.numre if n % MED_TIDSLINJE == 0], til=til)
    lang = max(opgave.akter, key=lambda akt: akt.haendelser)
    resultat: Resultat = {}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, _fast, (API_KERNE,)) as her, ProcessPoolExecutor(1, spawn, _fast, (ANDEN_KERNE,)) as der:

        def last(hvad: Opgave, forbindelser: int) -> Maalt:
            foer = _cpu(api)
            maalt = _med_postgres(hus, lambda: der.submit(reads_load.koer, hvad, forbindelser, SEKUNDER).result())
            return maalt._replace(cpu=_cpu(api) - foer)

        dele: dict[str, Callable[[], Maalt]] = {
            f"{navn}, {traade} connections": lambda navn=navn, traade=traade: _med_postgres(
                hus, lambda: her.submit(reads_sides.maal, grundlag, navn, traade, SEKUNDER).result()
            )
            for navn in ("select", "limit", "limit, visits")
            for traade in TRAADE
        }
        dele["no HTTP"] = lambda: _med_postgres(hus, lambda: her.submit(reads_sides.maal, grundlag, "no HTTP", 2, SEKUNDER).result())
        dele["empty route"] = lambda: last(opgave._replace(akter=()), FORBINDELSER)
        dele["reads"] = lambda: last(opgave, FORBINDELSER)
        dele["reads, one at a time"] = lambda: last(opgave, 1)
        dele["as of"] = lambda: last(med_tidslinje, 4)
        dele[f"as of, a case of {lang.haendelser} events"] = lambda: last(med_tidslinje._replace(akter=(lang,)), 4)
        dele["reads"]()
        for nummer in range(RUNDER):
            _fortael(f"round {nummer + 1} of {RUNDER}, load {os.getloadavg()[0]:.1f}")
            for navn, del_ in dele.items():
                resultat.setdefault(navn, []).append(del_())
    _skriv(resultat)


def _skriv(resultat: Resultat) -> None:
    i_sekundet = {navn: statistics.median(m.antal / m.sekunder for m in maalte) for navn, maalte in resultat.items()}
    for navn, maalte in resultat.items():
        tider = [tid for m in maalte for tid in m.tider]
        p50, p99 = (1_000 * fraktil(tider, andel) for andel in (0.5, 0.99))
        cpu, postgres = (1e6 * sum(tal) / len(tider) for tal in ([m.cpu for m in maalte], [m.postgres for m in maalte]))
        print(f"{navn}: {i_sekundet[navn]:.0f}/s, p50 {p50:.2f} ms, p99 {p99:.2f} ms, CPU {cpu:.0f} µs, PostgreSQL {postgres:.0f} µs")
    for navn in ("select", "limit", "limit, visits"):
        bedste = max(i_sekundet[f"{navn}, {traade} connections"] for traade in TRAADE)
        print(f"reads / {navn}: {i_sekundet['reads'] / bedste:.2f} of {bedste:.0f}/s")
    print(f"reads / no HTTP: {i_sekundet['reads'] / i_sekundet['no HTTP']:.2f}")


def _med_postgres(hus: Hus, kald: Callable[[], Maalt]) -> Maalt:
    foer = _postgres_cpu(hus)
    maalt = kald()
    return maalt._replace(postgres=_postgres_cpu(hus) - foer)


def _postgres(hus: Hus) -> list[psutil.Process]:
    pid = int((hus.settings.data / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
    postmaster = psutil.Process(pid)
    return [postmaster, *postmaster.children()]


def _postgres_cpu(hus: Hus) -> float:
    """CPU seconds of the server so far; those of children that have ended are their parent's."""
    postmaster, *boern = _postgres(hus)
    sekunder = 0.0
    for proces in boern:
        with suppress(psutil.NoSuchProcess):
            sekunder += _cpu(proces)
    egne = postmaster.cpu_times()
    return sekunder + float(sum(egne[:4]))


def _cpu(proces: psutil.Process) -> float:
    tider = proces.cpu_times()
    return float(tider.user + tider.system)


def _paa_anden_kerne(hus: Hus) -> None:
    for proces in _postgres(hus):
        proces.cpu_affinity(list(ANDEN_KERNE))


def _fast(kerner: set[int]) -> None:
    """The first thing that a process of the pool does: it stays on these cores."""
    os.sched_setaffinity(0, kerner)


@contextmanager
def _paa(kerner: set[int]) -> Iterator[None]:
    """What is started meanwhile stays on these cores."""
    foer = os.sched_getaffinity(0)
    os.sched_setaffinity(0, kerner)
    try:
        yield
    finally:
        os.sched_setaffinity(0, foer)


def _fortael(tekst: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {tekst}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
