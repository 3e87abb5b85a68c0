"""The life of a generation that is built beside the serving one: made bare, keyed and indexed when it is full, dropped when it is old."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, Engine, Index, LargeBinary, MetaData, Table, insert, select, text
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateSchema

from hub.events.database import EN_KERNE
from hub.events.tables import CHECKPOINTS, GENERATIONER
from hub.projections.generation import PROJEKTIONSVERSION, forbind, peger, skema
from hub.projections.kolonner import GENERATION, Pakket
from hub.projections.laesemodel import TABELLER

DROP_VENT = "10s"
_G = GENERATIONER.c
SKEMAER = text("SELECT nspname FROM pg_namespace WHERE nspname ~ '^gen_[0-9]+$'")


def findes(conn: Connection) -> list[int]:
    """The numbers of the generations that have a schema, half-built ones too."""
    return [int(navn.removeprefix("gen_")) for navn in conn.execute(SKEMAER).scalars()]


def nyt_nummer(conn: Connection) -> int:
    """The number after every generation there is or was begun."""
    return 1 + max([*findes(conn), *conn.execute(select(_G.nummer)).scalars()], default=0)


def opret_bar(conn: Connection, nummer: int, tabeller: MetaData = GENERATION) -> None:
    """Make the schema of generation `nummer` with `tabeller` that have neither keys nor indexes; it has no row and no checkpoints yet."""
    conn.execute(CreateSchema(skema(nummer)))
    bundet = forbind(conn, nummer)
    tabeller.create_all(bundet, checkfirst=False)
    for tabel in tabeller.tables.values():
        for indeks in tabel.indexes:
            conn.execute(text(f"DROP INDEX {skema(nummer)}.{indeks.name}"))
        conn.execute(text(f"ALTER TABLE {skema(nummer)}.{tabel.name} DROP CONSTRAINT {tabel.name}_pkey"))
        # What is being filled is not looked through again and again by autovacuum; `noegl` gives it back.
        conn.execute(text(f"ALTER TABLE {skema(nummer)}.{tabel.name} SET (autovacuum_enabled = off)"))


def noegl(conn: Connection, nummer: int, tabeller: MetaData = GENERATION) -> None:
    """Give the full tables their keys and indexes, and let the planner know them."""
    for tabel in tabeller.tables.values():
        _noegl(conn, nummer, tabel)


def noegl_samtidig(engine: Engine, nummer: int, ad_gangen: int) -> None:
    """`noegl` for the hub's own tables, so many at the same time, each in a transaction of its own and on one core."""

    def en(tabel: Table) -> None:
        with engine.begin() as conn:
            conn.execute(EN_KERNE)
            _noegl(conn, nummer, tabel)

    with ThreadPoolExecutor(ad_gangen) as traade:
        list(traade.map(en, TABELLER))


def _noegl(conn: Connection, nummer: int, tabel: Table) -> None:
    bundet, navn = forbind(conn, nummer), f"{skema(nummer)}.{tabel.name}"
    # Not isolated from its table: the same metadata makes the next generation too.
    bundet.execute(AddConstraint(tabel.primary_key, isolate_from_table=False))
    for indeks in sorted(tabel.indexes, key=_navn):
        bundet.execute(CreateIndex(indeks))
    # Nothing is looked for by what is packed, and its values are the larger part of a table.
    kolonner = ", ".join(kolonne.name for kolonne in tabel.columns if not isinstance(kolonne.type, LargeBinary | Pakket))
    conn.execute(text(f"ANALYZE {navn} ({kolonner})"))
    conn.execute(text(f"ALTER TABLE {navn} RESET (autovacuum_enabled)"))


def _navn(indeks: Index) -> str:
    return str(indeks.name)


def indskriv(conn: Connection, nummer: int, steder: dict[int, int]) -> None:
    """Give the generation its row, not serving, and its checkpoints."""
    conn.execute(insert(GENERATIONER).values(nummer=nummer, projektionsversion=PROJEKTIONSVERSION, serverer=False))
    if steder:
        conn.execute(insert(CHECKPOINTS), [{"generation": nummer, "partition": p, "naeste_offset": o} for p, o in steder.items()])


def skift(conn: Connection, nummer: int) -> int:
    """Let generation `nummer` serve from this transaction on; the one that served. The caller holds the pointer (`hold_pegepind`)."""
    gammel = peger(conn)
    conn.execute(GENERATIONER.update().where(_G.serverer).values(serverer=False))
    conn.execute(GENERATIONER.update().where(_G.nummer == nummer).values(serverer=True))
    return gammel


def hold_pegepind(conn: Connection) -> int:
    """The serving generation, whichever code made it; no live transaction begins until ours ends, and none is under way.

    The table and not the row: who waits for a row that others keep sharing may wait for ever, a table's lock is given in turn.
    """
    conn.execute(text("LOCK TABLE delivery.generationer IN EXCLUSIVE MODE"))
    return peger(conn)


def ryd(conn: Connection, behold: set[int]) -> list[int]:
    """Drop every generation but these and the serving one, half-built ones too; the numbers of those dropped.

    Raises SQLAlchemy's OperationalError when somebody reads one of them for longer than `DROP_VENT`.
    """
    behold = behold | set(conn.execute(select(_G.nummer).where(_G.serverer)).scalars())
    conn.execute(text(f"SET LOCAL lock_timeout = '{DROP_VENT}'"))
    vaek = [nummer for nummer in findes(conn) if nummer not in behold]
    for nummer in vaek:
        conn.execute(text(f"DROP SCHEMA {skema(nummer)} CASCADE"))
    conn.execute(CHECKPOINTS.delete().where(CHECKPOINTS.c.generation.not_in(behold)))
    conn.execute(GENERATIONER.delete().where(_G.nummer.not_in(behold)))
    return sorted(vaek)
