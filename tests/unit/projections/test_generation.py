"""The version of the read models is raised with their tables: else a hub would read what an older one wrote as if it were its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from hub.projections.generation import PROJEKTIONSVERSION
from hub.projections.kopi import DIALEKT
from hub.projections.laesemodel import TABELLER

FIL = Path(__file__).parents[2] / "golden" / "tabeller.json"


def _tabel(tabel: Table) -> list[str]:
    kolonner = [f"{k.name} {k.type.compile(DIALEKT)}{'' if k.nullable else ' NOT NULL'}" for k in tabel.columns]
    return [*kolonner, *sorted(str(indeks.name) for indeks in tabel.indexes)]


def test_the_projection_version_is_raised_with_the_tables() -> None:
    """The tables are those that were written down with this version; changed ones need a higher one, and are then written down anew."""
    nu: dict[str, Any] = {"version": PROJEKTIONSVERSION, "tabeller": {tabel.name: _tabel(tabel) for tabel in TABELLER}}
    gemt: dict[str, Any] = json.loads(FIL.read_text(encoding="utf-8")) if FIL.exists() else {"version": 0, "tabeller": {}}
    if nu["tabeller"] != gemt["tabeller"]:
        assert gemt["version"] < PROJEKTIONSVERSION, "the tables changed: raise the last digits of PROJEKTIONSVERSION, then run this again"
    if nu != gemt:
        FIL.write_text(json.dumps(nu, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{FIL.name} is renewed: look at it and commit it")
