"""Page times of lists and search with N cases written straight into the read models: python benchmarks/lists.py postgresql://… [N].

The database must be empty: schemas are made, filled and left. Prints one line per question: first page, a page in the middle, the count.
"""

import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from hub.domain.forseglet import Forseglet
from hub.domain.jobcentre import KOMMUNER
from hub.events.database import motor
from hub.events.forbindelse import raa_forbindelse
from hub.migrations.migrer import migrer
from hub.projections import ansoegning, bevilling, generation, lister, ophoer, sager
from hub.projections.kolonner import Segl, pak
from hub.projections.lister import Kriterier, Sortering, Udsnit

GENTAGELSER = 15
FOLDET_SAG = 2_000
"""Bytes of a folded case, as the generator's cases have on average."""
START = datetime(2025, 1, 1, tzinfo=UTC)
KODER = [f"{kode}00" for kode in KOMMUNER]
NYESTE = Sortering("registreringstidspunkt", faldende=True)


def main() -> None:
    """Fill and measure."""
    url, antal = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    engine = motor(url, "bench", 2)
    migrer(engine)
    generation.sikr(engine)
    tal = random.Random(1)
    with engine.begin() as aaben:
        _fyld(generation.forbind(aaben, 1), antal, tal)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as aaben:
        aaben.execute(text("VACUUM ANALYZE"))
    with engine.connect() as aaben:
        conn = generation.forbind(aaben, 1)
        for navn, jobcentre in (("largest jobcentre", (KODER[0],)), ("middle jobcentre", (KODER[len(KODER) // 2],)), ("auditor", None)):
            for omraade, sortering in (
                ("Soeg", NYESTE), ("Ansoegninger", NYESTE), ("Bevillinger", NYESTE), ("Bevillinger", Sortering("team", faldende=False)),
                ("Ophoer", Sortering("stopdato", faldende=True)), ("SendteKladder", NYESTE),
            ):  # fmt: skip
                _maal(conn, f"{navn}, {omraade} by {sortering.kolonne}", Udsnit(omraade, jobcentre, Kriterier(), sortering, 100))
        borger = conn.execute(text(f"SELECT borger_id FROM {generation.skema(1)}.sager LIMIT 1")).scalar_one()
        _maal(conn, "auditor, one citizen", Udsnit("Soeg", None, Kriterier(borgerId=borger), NYESTE, 100))
        periode = Kriterier(fra=date(2025, 6, 1), til=date(2025, 6, 30))
        _maal(conn, "largest jobcentre, Soeg in a period", Udsnit("Soeg", (KODER[0],), periode, NYESTE, 100))
    engine.dispose()


def _maal(conn: Connection, navn: str, udsnit: Udsnit) -> None:
    foerste = lister.side(conn, udsnit)
    midt = udsnit._replace(efter=foerste.naeste)
    for _ in range(20 if foerste.naeste else 0):
        midt = midt._replace(efter=lister.side(conn, midt).naeste or foerste.naeste)
    tider = [
        _median(lambda: lister.side(conn, udsnit)),
        _median(lambda: lister.side(conn, midt)),
        _median(lambda: lister.antal(conn, udsnit)),
    ]
    antal = lister.antal(conn, udsnit)
    print(f"{navn}: {antal} rows; first page {tider[0]:.1f} ms, a later page {tider[1]:.1f} ms, count {tider[2]:.1f} ms", flush=True)


def _median(kald: Callable[[], Any]) -> float:
    tider = []
    for _ in range(GENTAGELSER):
        start = time.perf_counter()
        kald()
        tider.append((time.perf_counter() - start) * 1_000)
    return statistics.median(tider)


def _fyld(conn: Connection, antal: int, tal: random.Random) -> None:
    """Cases spread over the jobcentres by a power law."""
    vaegte = [1 / (n + 1) for n in range(len(KODER))]
    data: dict[Any, list[Any]] = {sager.TABEL: [], ansoegning.TABEL: [], bevilling.TABEL: [], ophoer.TABEL: []}
    for n in range(antal):
        for tabel, raekke in _sag(n, tal.choices(KODER, vaegte)[0], tal):
            data[tabel].append(raekke)
        if n % 5_000 == 4_999 or n == antal - 1:
            for tabel, raekker in data.items():
                _kopier(conn, tabel, raekker)
                raekker.clear()


def _kopier(conn: Connection, tabel: Any, raekker: list[dict[str, Any]]) -> None:
    navne = [k.name for k in tabel.columns]
    segl = {k.name for k in tabel.columns if isinstance(k.type, Segl)}
    sql = f"COPY {generation.skema(1)}.{tabel.name} ({', '.join(navne)}) FROM STDIN"
    with raa_forbindelse(conn).cursor() as markoer, markoer.copy(sql.encode()) as kopi:
        for raekke in raekker:
            kopi.write_row([pak(raekke[n]) if n in segl and raekke.get(n) is not None else raekke.get(n) for n in navne])


def _sag(n: int, kode: str, tal: random.Random) -> Iterator[tuple[Any, dict[str, Any]]]:
    sags_id, borger = str(uuid.UUID(int=tal.getrandbits(128))), str(uuid.UUID(int=tal.getrandbits(128)))
    status = tal.choice([9201, 9202, 9203, 9204, 9204, 9208, 9208, 9208, 9208, 9209])
    start = date(2025, 1, 1) + timedelta(days=tal.randrange(600))
    slut, bevilget = start + timedelta(days=tal.randrange(30, 360)), status == 9208
    segl = Forseglet(borger, str(uuid.UUID(int=n)), "borgerNavn", tal.randbytes(48))
    yield sager.TABEL, {
        "sags_id": sags_id, "version": 5, "registreret": START + timedelta(seconds=tal.randrange(40_000_000)), "ordning": "Loentilskud",
        "vitas_sagsnummer": f"V-2025-{n:06d}", "job_center_kode": kode, "team": tal.choice([None, "Øst", "Vest", "Nord", "Syd", "Unge"]),
        "ansvarlig_navn": tal.choice([None, *(f"Medarbejder {m}" for m in range(20))]), "ansvarlig_email": None,
        "ansoegning_status": status, "bevillingsstatus": tal.choice([9302, 9304, 9307, 9308]) if bevilget else None,
        "cvr_nummer": f"{10_000_000 + tal.randrange(5_000)}", "p_nummer": f"{1_000_000_000 + tal.randrange(9_000)}", "borger_id": borger,
        "personnummer": segl, "borger_navn": segl, "hoved": b"h" * 32, "sag": tal.randbytes(FOLDET_SAG),
    }  # fmt: skip
    akt = {"sags_id": sags_id, "akt_version": 1, "haendelsestidspunkt": START}
    tomme = {navn: pak(()) for navn in ("ansatte", "kurser", "vikarer")}
    periode = {**tomme, "periode_start": start, "periode_slut": slut, "konfliktramt": False, "konflikt_vises": False, "underskrevet_af": ""}
    yield ansoegning.TABEL, {**akt, **periode, "ekstern_identifier": str(uuid.UUID(int=tal.getrandbits(128)))}
    if not bevilget:
        return
    id_ = str(uuid.UUID(int=tal.getrandbits(128)))
    stop = tal.random() < 0.2
    datoer = {"oprindelig_slutdato": slut, "aktuel_slutdato": slut - timedelta(days=5) if stop else slut}
    grant = {"gaeldende_start": start, "gaeldende_slut": datoer["aktuel_slutdato"], "bevilget_start": start, "bevilget_slut": slut}
    yield (
        bevilling.TABEL,
        {**akt, **datoer, **grant, "ekstern_identifier": id_, "bevillingsstatus": 9308 if stop else 9304, "status": "Godkendt"},
    )
    if stop:
        ende = {"bevilling": id_, "bevillingsstatus": 9308, "status": "Registreret", "stopdato": datoer["aktuel_slutdato"]}
        yield ophoer.TABEL, {**akt, **datoer, **ende, "ekstern_identifier": str(uuid.UUID(int=tal.getrandbits(128)))}


if __name__ == "__main__":
    main()
