"""Many acts in one statement, each for its own reader: the row, its case's head and keys as they are now, and a line of the access log.

One statement has one snapshot: the pointer to the serving generation, the rows and the keys belong together (architecture 11). Of what is
not found here, or is not simply the reader's own, nothing is noted: it is looked for again by `read`, which knows every case.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Connection

from hub.domain.sag import Sag
from hub.events.besoeg import FULDFOER, Saetning, besoeg
from hub.events.forbindelse import Raekke, raa_forbindelse
from hub.projections import sager
from hub.projections.generation import PROJEKTIONSVERSION, skema
from hub.projections.kolonner import Pakket
from hub.projections.metoder import METODER
from hub.projections.sager import Hoved

SERVERER = Saetning(f"SELECT nummer FROM delivery.generationer WHERE serverer AND projektionsversion = {PROJEKTIONSVERSION}").af()  # noqa: S608 (a number of our own)
"""Asks which generation serves: one row, or none when this code made none that does."""


class Spurgt(NamedTuple):
    """An act asked for, and by whom: one who sees all (`alt`), or what these jobcentres own (codes, space between)."""

    akt: str
    ordning: str
    alt: bool
    hvem: str
    rolle: str
    jobcentre: str
    formaal: str | None


_TYPER = ("int", "text", "text", "bool", "text", "text", "text", "text")
_SPURGT = ", ".join(f"%b::{slags}[]" for slags in _TYPER)
# An act id that two cases have is left to `read`: whose it is depends on who asks, and on who owned what.
_SQL = """
WITH fundet AS (
  SELECT s.*, '{metode}' AS opslag, {hoved}, c.sag, {raekke},
    (SELECT indpakket FROM keys.noegler WHERE noegle = c.sags_id) AS sagsnoegle,
    (SELECT indpakket FROM keys.noegler WHERE noegle = c.borger_id) AS borgernoegle
  FROM unnest({spurgt}) AS s (nr, {felter})
  JOIN {i}.{tabel} a ON a.ekstern_identifier = s.akt
  JOIN {i}.sager c ON c.sags_id = a.sags_id AND c.ordning = s.ordning
  WHERE (s.alt OR c.job_center_kode = ANY (string_to_array(s.jobcentre, ' ')))
    AND NOT EXISTS (SELECT FROM {i}.{tabel} b WHERE b.ekstern_identifier = s.akt AND b.sags_id <> a.sags_id)
    AND EXISTS (SELECT FROM delivery.generationer WHERE serverer AND nummer = {nummer})
), noteret AS ({noter})
SELECT nr, sagsnoegle, borgernoegle, sag, {ud} FROM fundet
"""
_FOERST = 4
"""Columns of an answer before the head's."""
_BORGER = Hoved._fields.index("borger_id")


class Fundet(NamedTuple):
    """An act as it is now: its case's head, the case when it has documents, the GetMetode's row; and the wrapped keys by name."""

    hoved: Hoved
    sag: Sag | None
    raekke: Any
    noegler: dict[str, bytes]


class _Dokumenter(msgspec.Struct):
    """Of a folded case, whether it has documents; the rest is passed over."""

    dokumenter: tuple[msgspec.Raw, ...] = ()


_dokumenter = msgspec.msgpack.Decoder(_Dokumenter)


class Laest(NamedTuple):
    """What one transaction read and noted: place among those asked for → what was found; and the generation that serves (null: none)."""

    fundne: dict[int, Fundet]
    serverer: int | None


def laes(conn: Connection, nummer: int, noter: str, spurgte: Sequence[tuple[str, Spurgt]]) -> Laest:
    """Read acts (GetMetode and what is asked) in generation `nummer` and note them; committed. Nothing is found in one that does not serve.

    `noter`: an INSERT of what was read from `fundet`, which has the fields of `Spurgt`, `opslag`, `h_sags_id` and `h_version`.
    """
    efter_metode: dict[str, list[tuple[int, Spurgt]]] = {}
    for nr, (metode, spurgt) in enumerate(spurgte):
        efter_metode.setdefault(metode, []).append((nr, spurgt))
    kald = [_saetning(metode, nummer, noter).af(_kolonnevis(egne)) for metode, egne in efter_metode.items()]
    serverer, *svar, _ = besoeg(raa_forbindelse(conn), SERVERER, *kald, FULDFOER)
    fundne = {raekke[0]: _fundet(metode, raekke) for metode, raekker in zip(efter_metode, svar, strict=True) for raekke in raekker}
    return Laest(fundne, serverer[0][0] if serverer else None)


def _kolonnevis(spurgte: Sequence[tuple[int, Spurgt]]) -> list[list[Any]]:
    return [[nr for nr, _ in spurgte], *map(list, zip(*(spurgt for _, spurgt in spurgte), strict=True))]


def _fundet(metode: str, raekke: Raekke) -> Fundet:
    sagsnoegle, borgernoegle, sag = raekke[1:_FOERST]
    felter = list(raekke[_FOERST:])
    for nr, afkod in _pakkede(metode):
        if felter[nr] is not None:
            felter[nr] = afkod(felter[nr])
    antal = len(Hoved._fields)
    par = ((felter[0], sagsnoegle), (felter[_BORGER], borgernoegle))
    return Fundet(
        Hoved._make(felter[:antal]),
        sager.udpak(sag) if _dokumenter.decode(sag).dokumenter else None,
        METODER[metode].raekke(*felter[antal:]),
        {navn: noegle for navn, noegle in par if noegle is not None},
    )


@cache
def _pakkede(metode: str) -> list[tuple[int, Callable[[bytes], Any]]]:
    """Which columns of head and row are packed, and what unpacks them."""
    return [(nr, msgspec.msgpack.Decoder(k.type.type_).decode) for nr, k in enumerate(_kolonner(metode)) if isinstance(k.type, Pakket)]


def _kolonner(metode: str) -> list[Column[Any]]:
    return [*(sager.TABEL.columns[felt] for felt in Hoved._fields), *METODER[metode].tabel.columns]


@cache
def _saetning(metode: str, nummer: int, noter: str) -> Saetning:
    hoved, raekke = Hoved._fields, [k.name for k in METODER[metode].tabel.columns]
    return Saetning(
        _SQL.format(
            metode=metode,
            hoved=", ".join(f"c.{felt} AS h_{felt}" for felt in hoved),
            raekke=", ".join(f"a.{felt} AS r_{felt}" for felt in raekke),
            spurgt=_SPURGT,
            felter=", ".join(Spurgt._fields),
            i=skema(nummer),
            tabel=METODER[metode].tabel.name,
            nummer=nummer,
            noter=noter,
            ud=", ".join([*(f"h_{felt}" for felt in hoved), *(f"r_{felt}" for felt in raekke)]),
        )
    )
