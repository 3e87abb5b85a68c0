"""Generations of the read models (architecture 11): a PostgreSQL schema each, made by code; one row points at the one that serves."""

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.schema import CreateSchema

from hub.domain.sag import FOLD_VERSION
from hub.events.tables import GENERATIONER
from hub.projections.kolonner import GENERATION, SKEMA

PROJEKTIONSVERSION = 1000 * FOLD_VERSION + 1
"""Raised (the last digits) when a view or a table here changes: what an older version wrote is then rebuilt, not read."""

LAAS = 0x67656E65
_SERVERENDE = select(GENERATIONER.c.nummer).where(GENERATIONER.c.serverer)


class IngenGeneration(RuntimeError):
    """No generation serves: the database was not set up, or was lost (`hub restore`)."""


class AndenProjektionsversion(RuntimeError):
    """The serving generation was written by other code; `hub restore --replace` makes one that this code can use."""


def skema(nummer: int) -> str:
    """The schema of a generation."""
    return f"gen_{nummer}"


def oversaettelse(nummer: int) -> dict[str | None, str | None]:
    """The schema_translate_map that makes the tables here those of a generation."""
    return {SKEMA: skema(nummer)}


def forbind(conn: Connection, nummer: int) -> Connection:
    """The connection, on which the tables here are those of generation `nummer` from now on."""
    return conn.execution_options(schema_translate_map=oversaettelse(nummer))


def opret(conn: Connection, nummer: int) -> None:
    """Make the empty schema of generation `nummer` and its row, not serving."""
    conn.execute(CreateSchema(skema(nummer)))
    GENERATION.create_all(forbind(conn, nummer), checkfirst=False)
    conn.execute(insert(GENERATIONER).values(nummer=nummer, projektionsversion=PROJEKTIONSVERSION, serverer=False))


def serverende(conn: Connection) -> int:
    """The number of the generation that serves. Raises `IngenGeneration`."""
    nummer = conn.execute(_SERVERENDE).scalar_one_or_none()
    if nummer is None:
        raise IngenGeneration("no generation of the read models serves")
    return int(nummer)


def sikr(engine: Engine) -> int:
    """The serving generation; the first start ever makes generation 1. Processes that start together make it once.

    Raises `AndenProjektionsversion` when the serving one was written by other code.
    """
    with engine.begin() as conn:
        conn.execute(text("SELECT pg_advisory_xact_lock(:laas)"), {"laas": LAAS})
        raekker = conn.execute(select(GENERATIONER.c.nummer, GENERATIONER.c.projektionsversion, GENERATIONER.c.serverer)).all()
        if not raekker:
            opret(conn, 1)
            conn.execute(GENERATIONER.update().values(serverer=True))
            return 1
        nummer = serverende(conn)
        version = next(r.projektionsversion for r in raekker if r.nummer == nummer)
    if version != PROJEKTIONSVERSION:
        versioner = f"generation {nummer} has projection version {version}, this code {PROJEKTIONSVERSION}"
        raise AndenProjektionsversion(f"{versioner}: stop every process, then run `hub restore --replace --execute`")
    return nummer
