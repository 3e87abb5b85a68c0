"""Generations of the read models (architecture 11): a PostgreSQL schema each, made by code; one row points at the one that serves."""

from sqlalchemy import Connection, Engine, exists, insert, select, text
from sqlalchemy.schema import CreateSchema

from hub.domain.sag import FOLD_VERSION
from hub.events.tables import GENERATIONER
from hub.projections.kolonner import GENERATION, SKEMA

VISNINGER = 1000
PROJEKTIONSVERSION = VISNINGER * FOLD_VERSION + 2
"""Raised (the last digits) when a view or a table here changes: what an older version wrote is then rebuilt, not read."""

LAAS = 0x67656E65
_SERVERENDE = select(GENERATIONER.c.nummer, GENERATIONER.c.projektionsversion).where(GENERATIONER.c.serverer)


class IngenGeneration(RuntimeError):
    """No generation serves: the database was not set up, or was lost (`hub restore`)."""


class AndenProjektionsversion(IngenGeneration):
    """The serving generation was written by other code, and is neither read nor written by this; the text says what to do."""

    def __init__(self, nummer: int, version: int) -> None:
        super().__init__(f"generation {nummer} has projection version {version}, this code {PROJEKTIONSVERSION}: {_raad(version)}")


def _raad(version: int) -> str:
    if version > PROJEKTIONSVERSION:
        return "newer code took over: end this process and start that code"
    services = "(embedded services: `hub services start` first)"
    if version // VISNINGER != FOLD_VERSION:
        return f"the ledger is folded anew too: end every worker and API, run `hub restore --replace --execute` with this code {services}"
    return f"run `hub rebuild --accept --execute` with this code, then start this again {services}"


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
    """The number of the generation that serves. Raises `IngenGeneration`, `AndenProjektionsversion`."""
    nummer, version = _pegepind(conn)
    kraev_version(nummer, version)
    return nummer


def peger(conn: Connection) -> int:
    """The number of the generation that serves, whichever code made it. Raises `IngenGeneration`."""
    return _pegepind(conn)[0]


def kraev_version(nummer: int, version: int) -> None:
    """Raises `AndenProjektionsversion` unless this code made the generation."""
    if version != PROJEKTIONSVERSION:
        raise AndenProjektionsversion(nummer, version)


def kontroller(engine: Engine) -> None:
    """Whether this code may serve what serves, asked before anything is changed; a database without generations has nothing to refuse.

    Raises `AndenProjektionsversion`.
    """
    with engine.connect() as conn:
        if conn.execute(text("SELECT to_regclass(:tabel)"), {"tabel": str(GENERATIONER)}).scalar_one() is None:
            return
        raekke = conn.execute(_SERVERENDE).one_or_none()
    if raekke is not None:
        kraev_version(raekke.nummer, raekke.projektionsversion)


def _pegepind(conn: Connection) -> tuple[int, int]:
    raekke = conn.execute(_SERVERENDE).one_or_none()
    if raekke is None:
        raise IngenGeneration("no generation of the read models serves")
    return raekke.nummer, raekke.projektionsversion


def sikr(engine: Engine) -> int:
    """The serving generation; the first start ever makes generation 1. Processes that start together make it once.

    Raises `AndenProjektionsversion` when the serving one was written by other code.
    """
    with engine.begin() as conn:
        conn.execute(text("SELECT pg_advisory_xact_lock(:laas)"), {"laas": LAAS})
        if conn.execute(select(exists().where(GENERATIONER.c.nummer > 0))).scalar_one():
            return serverende(conn)
        opret(conn, 1)
        conn.execute(GENERATIONER.update().values(serverer=True))
        return 1
