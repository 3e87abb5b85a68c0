"""Many true cases from few: what the hub made of generated actions, copied row by row under other ids, with keys of their own.

A copy's rows are the originals' bytes with the ids of case, citizen and acts exchanged for ids of the same length: ciphertext stays as it
is, since it is bound to its event and field, and the key that opens it is the original's, wrapped anew under the copy's name.
"""

import re
import struct
import time
from collections.abc import Callable, Iterator, Sequence, Set
from random import Random
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Engine, text

from hub.bootstrap import Hus
from hub.domain.handlinger import laes_handling
from hub.events.forbindelse import raa_forbindelse
from hub.events.keys import Noeglering
from hub.events.ordre import Ordre
from hub.local.bench.tilfoej import tilfoej
from hub.local.generator import en_sag
from hub.local.stak import hub
from hub.projections import sager, tidslinje
from hub.projections.metoder import METODER

HANDLINGER = 10_000
"""Actions of the originals: about 1,100 cases."""
LANG = 300
"""Events of one case among them, that has many."""
MED_TIDSLINJE = 10
"""Every so many-th set of copies has its timeline and its row in the ledger too."""
PROJICERET = text("SELECT coalesce(sum(naeste_offset), 0) FROM delivery.checkpoints")
IDER = """
SELECT sags_id FROM gen_1.sager UNION SELECT noegle FROM keys.noegler WHERE length(noegle) = 36
"""
AKTER = "SELECT ekstern_identifier FROM gen_1.{tabel}"
HOVEDER = "ledger.stroemme"
_KOPIHOVED = 19
"""Bytes before the first row of a binary COPY."""
_SLUT = b"\xff\xff"
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Fortael = Callable[[str], None]


class Skabelon(NamedTuple):
    """A table's rows as binary COPY; the last six hexadecimal digits of every id go between the parts."""

    tabel: str
    dele: Sequence[bytes]
    med_tidslinje: bool

    def kopi(self, nummer: int) -> bytes:
        """The rows of copy `nummer`, without COPY's beginning and end."""
        return haleled(nummer).encode().join(self.dele)


def haleled(nummer: int) -> str:
    """The end of every id of a copy."""
    return f"{nummer:06x}"


def kopi_id(id_: str, nummer: int) -> str:
    """The id that stands for `id_` in copy `nummer`: of no version that the generator gives out, so that it is never an original's."""
    return f"{id_[:14]}8{id_[15:30]}{haleled(nummer)}"


def fyld(hus: Hus, engine: Engine, antal: int, fortael: Fortael) -> None:
    """Record generated actions as the hub does, then copy their cases until there are about `antal`."""
    with hub(hus, "worker", vent="worker ready"):
        maalt = tilfoej(hus, HANDLINGER, 1)
        hus.ledger(engine).append(_lang_sag())
        _vent(engine, maalt.antal + LANG)
    with engine.connect() as conn:
        originaler = conn.execute(text("SELECT count(*) FROM gen_1.sager")).scalar_one()
        skabeloner, noegler = _skabeloner(conn), _noegler(conn, hus.noeglering)
    gange = max(1, round(antal / originaler))
    begyndt = time.perf_counter()
    for fra in range(1, gange, 50):
        til = min(gange, fra + 50)
        with engine.begin() as conn:
            _kopier(conn, skabeloner, range(fra, til))
            _kopier_noegler(conn, hus.noeglering, noegler, range(fra, til))
        fortael(f"{til * originaler} cases after {time.perf_counter() - begyndt:.0f} s")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM ANALYZE"))
        conn.execute(text("CHECKPOINT"))


def _lang_sag() -> list[Ordre]:
    """A case that is given to one team after another."""
    aabning = next(en_sag(Random(2), HANDLINGER, "Loentilskud"))
    faelles = {navn: aabning[navn] for navn in ("sagsId", "eksternIdentifier", "haendelsestidspunkt", "aktoer")}
    senere = [faelles | {"handling": "TildelSag", "data": {"team": f"Team {nr}"}} for nr in range(1, LANG)]
    linjer = [orjson.dumps(handling) for handling in (aabning, *senere)]
    return [Ordre(laes_handling(orjson.loads(linje)), f"bench-lang-{nr}", linje, None) for nr, linje in enumerate(linjer)]


def _vent(engine: Engine, antal: int) -> None:
    """Until everything is projected; a minute at most without anything new."""
    sidst, frist = -1, time.monotonic() + 60
    while sidst < antal:
        with engine.connect() as conn:
            nu = conn.execute(PROJICERET).scalar_one()
        if nu > sidst:
            sidst, frist = nu, time.monotonic() + 60
        if time.monotonic() > frist:
            raise TimeoutError(f"no progress at {nu} of {antal} events")
        time.sleep(0.2)


def _skabeloner(conn: Connection) -> list[Skabelon]:
    tabeller = sorted(metode.tabel.name for metode in METODER.values())
    spoergsmaal = (IDER, *(AKTER.format(tabel=tabel) for tabel in tabeller))
    ider = {id_.encode() for sql in spoergsmaal for id_ in conn.execute(text(sql)).scalars()}
    navne = [(f"gen_1.{t}", False) for t in (sager.TABEL.name, *tabeller)]
    navne += [(f"gen_1.{tidslinje.TABEL.name}", True), (HOVEDER, True)]
    return [Skabelon(tabel, _dele(conn, tabel, ider), med_tidslinje) for tabel, med_tidslinje in navne]


def _dele(conn: Connection, tabel: str, ider: Set[bytes]) -> list[bytes]:
    udvalg = f"SELECT * FROM {tabel}" + (" WHERE topic = 'vitas.sagshaendelser'" if tabel == HOVEDER else "")
    with raa_forbindelse(conn).cursor() as markoer, markoer.copy(f"COPY ({udvalg}) TO STDOUT (FORMAT binary)".encode()) as kopi:
        raa = b"".join(bytes(stykke) for stykke in kopi)[_KOPIHOVED:].removesuffix(_SLUT)
    dele, sidst = [], 0
    for fund in _UUID.finditer(raa):
        if (id_ := fund.group()) in ider:
            dele.append(raa[sidst : fund.start()] + id_[:14] + b"8" + id_[15:30])
            sidst = fund.end()
    return [*dele, raa[sidst:]]


def _kopier(conn: Connection, skabeloner: Sequence[Skabelon], numre: range) -> None:
    for skabelon in skabeloner:
        egne = [n for n in numre if not skabelon.med_tidslinje or n % MED_TIDSLINJE == 0]
        _ind(conn, f"COPY {skabelon.tabel} FROM STDIN (FORMAT binary)", (skabelon.kopi(n) for n in egne))


def _noegler(conn: Connection, ring: Noeglering) -> list[tuple[str, str, str, bytes]]:
    """Every key of a case or citizen: name, kind, citizen, and the key itself."""
    raekker = conn.execute(text("SELECT noegle, slags, borger_id, indpakket FROM keys.noegler WHERE length(noegle) = 36"))
    return [(navn, slags, borger, ring.pak_ud(navn, bytes(indpakket))) for navn, slags, borger, indpakket in raekker]


def _kopier_noegler(conn: Connection, ring: Noeglering, noegler: Sequence[tuple[str, str, str, bytes]], numre: range) -> None:
    def raekker() -> Iterator[bytes]:
        for n in numre:
            for navn, slags, borger, noegle in noegler:
                ny = kopi_id(navn, n)
                felter = (ny.encode(), slags.encode(), kopi_id(borger, n).encode(), ring.pak_ind(ny, noegle))
                yield struct.pack("!h", len(felter)) + b"".join(struct.pack("!i", len(felt)) + felt for felt in felter)

    _ind(conn, "COPY keys.noegler (noegle, slags, borger_id, indpakket) FROM STDIN (FORMAT binary)", raekker())


def _ind(conn: Connection, sql: str, raekker: Iterator[bytes]) -> None:
    with raa_forbindelse(conn).cursor() as markoer, markoer.copy(sql.encode()) as kopi:
        kopi.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for del_ in raekker:
            kopi.write(del_)
        kopi.write(_SLUT)
