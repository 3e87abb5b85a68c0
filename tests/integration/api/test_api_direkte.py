"""The reads answered in front of the framework: nobody can tell them from the framework's, and each is noted before it is answered."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text

from hub.api.app import create_api
from hub.domain.matrix import MATRIX
from hub.local.generator import en_sag
from hub.operations.udsteder import udsted
from hub.projections import generation, sager
from hub.projections.metoder import METODER

from .conftest import NOEGLE, UDSTEDER, Hub

pytestmark = pytest.mark.integration
ODENSE, AARHUS, SKIVE = "46100", "75100", "77900"
LOGGET = "hvem, rolle, jobcentre, formaal, sags_id, version, opslag, ekstern_identifier, as_of, soegning"
RAEKKER = text(f"SELECT {LOGGET} FROM audit.adgangslog WHERE id > :efter ORDER BY id")
SIDSTE = text("SELECT coalesce(max(id), 0) FROM audit.adgangslog")
Hoved = tuple[str, str | bytes]
Hoveder = Sequence[Hoved]


class Svaret(NamedTuple):
    """What one call got, and the rows that it left in the access log."""

    status: int
    hoveder: list[tuple[str, str]]
    krop: bytes
    raekker: list[Any]


class Begge:
    """The application as it is, and the same with nothing in front of the framework; on the hub's database."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.direkte, self.rammen = create_api(hub.tjenester), create_api(hub.tjenester)
        self.rammen.direkte = ()

    def spoerg(self, app: Litestar, sti: str, hoveder: Hoveder) -> Svaret:
        """Ask one of them."""
        with self.hub.motor.connect() as conn:
            efter = conn.execute(SIDSTE).scalar_one()
        (svar,) = asyncio.run(mange(app, [(sti, hoveder)]))
        with self.hub.motor.connect() as conn:
            raekker = [tuple(r) for r in conn.execute(RAEKKER, {"efter": efter})]
        return Svaret(svar.status_code, sorted(svar.headers.multi_items()), svar.content, raekker)

    def ens(self, sti: str, *hoveder: Hoved) -> Svaret:
        """What both answer."""
        direkte, rammen = (self.spoerg(app, sti, hoveder) for app in (self.direkte, self.rammen))
        assert direkte == rammen
        return direkte


async def mange(app: Litestar, kald: Sequence[tuple[str, Hoveder]]) -> list[httpx.Response]:
    """Calls at the same time."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub") as klient:
        return await asyncio.gather(*(klient.get(sti, headers=list(hoveder)) for sti, hoveder in kald))


def baerer(rolle: str, *jobcentre: str, sub: str = "") -> tuple[str, str]:
    """The header of a token."""
    return "Authorization", f"Bearer {udsted(NOEGLE, UDSTEDER, sub or f'test-{rolle}', rolle, jobcentre)}"


@pytest.fixture(scope="module")
def begge(hub: Hub) -> Begge:
    """Both applications."""
    return Begge(hub)


@pytest.fixture
def sag(hub: Hub, bygger: Any) -> Any:
    """A granted case of Odense's: version 4."""
    hub.afspil(bygger.opret(), bygger.underskriv(), bygger.godkend(), bygger.bevilg())
    return bygger


def stien(sag: Any, metode: str = "GetAnsoegning") -> str:
    """Where an act of the case is read."""
    return f"/v1/Loentilskud/{metode}/{sag.ansoegning if metode == 'GetAnsoegning' else sag.bevilling}"


@contextmanager
def uden_rammen(begge: Begge, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While the framework answers nothing."""

    async def aldrig(*_: Any) -> None:
        raise AssertionError("the framework was asked")

    with monkeypatch.context() as vaek:
        vaek.setattr(begge.direkte, "asgi_handler", aldrig)
        yield


@pytest.mark.parametrize("ordning", sorted(MATRIX))
def test_every_document_of_every_scheme_is_the_frameworks_to_the_byte(
    hub: Hub, begge: Begge, monkeypatch: pytest.MonkeyPatch, ordning: str
) -> None:
    """Every act of a generated case, open leaves, lists of other people and documents included: body, headers and access-log row; answered
    directly, but for GetPDF, whose answer may be a stream.
    """
    with hub.klient() as vitas:
        svar = [vitas.post("/v1/handlinger", json=handling) for handling in en_sag(random.Random(f"direkte {ordning}"), 7, ordning)]
    hub.fremad()
    sags_id = svar[0].json()["sagsId"]
    stier = []
    for metode in METODER:
        spoerg = text(f"SELECT ekstern_identifier FROM gen_1.{METODER[metode].tabel.name} WHERE sags_id = :s")
        with hub.motor.connect() as conn:
            stier += [(metode, f"/v1/{ordning}/{metode}/{akt}") for akt in conn.execute(spoerg, {"s": sags_id}).scalars()]
    assert stier
    for metode, sti in stier:
        begge.ens(sti, baerer("auditor"))
        if metode != "GetPDF":
            with uden_rammen(begge, monkeypatch):
                assert begge.spoerg(begge.direkte, sti, [baerer("auditor")]).status == 200


def test_whoever_asks_and_however_gets_what_the_framework_answers(hub: Hub, begge: Begge, sag: Any) -> None:
    """Owners, former owners, strangers, other roles, no token; purposes, ETags, options, odd headers and addresses."""
    hub.afspil(sag.flyt(AARHUS))
    sti, egen = stien(sag), baerer("system", AARHUS)
    etag = dict(begge.ens(sti, egen).hoveder)["etag"]
    hvem = [baerer("system", ODENSE), baerer("system", SKIVE), baerer("system", SKIVE, AARHUS), baerer("Star-VITAS-CaseWorker", AARHUS)]
    hvem += [baerer("auditor"), baerer("operator"), baerer("vitas"), baerer("system"), ("Authorization", "Bearer x"), ("x-andet", "y")]
    hvem += [baerer("operator", AARHUS), baerer("vitas", AARHUS)]
    statusser = [begge.ens(sti, en).status for en in hvem]
    assert statusser == [200, 403, 200, 200, 200, 403, 403, 403, 401, 401, 403, 403]
    hoveder: list[Hoved] = [
        ("x-formaal", "opfølgning".encode()),
        ("x-formaal", "opfølgning".encode("latin-1")),
        ("x-formaal", "x" * 201),
        ("If-None-Match", etag),
        ("If-None-Match", f'"x", W/{etag}'),
    ]
    hoveder += [("If-None-Match", "*"), ("If-None-Match", '"x"'), ("Accept", "text/html"), ("Authorization", "Bearer y")]
    assert [begge.ens(sti, egen, hoved).status for hoved in hoveder] == [200, 200, 400, 304, 304, 304, 200, 200, 200]
    for en, anden in ((("x-formaal", "a"), ("x-formaal", "b")), (("If-None-Match", '"x"'), ("If-None-Match", etag))):
        begge.ens(sti, egen, en, anden)
        begge.ens(sti, egen, anden, en)
    stier = [sti + "?version=1", sti + "?ukendt=1", sti + "/", sti.upper(), sti[:-12] + sti[-12:].upper(), sti[:-1]]
    stier += [stien(sag, "GetBevilling"), sti.replace("Loentilskud", "Fleksjob"), sti.replace("GetAnsoegning", "GetMentor"), sti[:-36]]
    stier += [
        sti.replace("Loentilskud", "Loentilskud%0a"),
        sti.replace(sag.ansoegning, sag.sags_id),
        sti.replace("GetAnsoegning", "GetPDF"),
    ]
    for en in stier:
        begge.ens(en, egen)


def test_an_erased_key_shows_as_it_does_elsewhere(hub: Hub, begge: Begge, sag: Any) -> None:
    """The case's key erased, then the citizen's: null leaves, the mark and the ETag are the framework's."""
    etags = set()
    for noegle in ("", sag.sags_id, "borger"):
        with hub.motor.begin() as conn:
            borger = conn.execute(text("SELECT borger_id FROM gen_1.sager WHERE sags_id = :s"), {"s": sag.sags_id}).scalar_one()
            conn.execute(text("DELETE FROM keys.noegler WHERE noegle = :n"), {"n": borger if noegle == "borger" else noegle})
        svar = begge.ens(stien(sag), baerer("system", ODENSE))
        etags.add(dict(svar.hoveder)["etag"])
        assert (b'"personoplysningerSlettet":true' in svar.krop) == bool(noegle)
    assert len(etags) == 3


def test_an_act_id_that_two_cases_have_is_the_frameworks(hub: Hub, begge: Begge, sag: Any, ny_sag: Any) -> None:
    """Recorded before the ledger knew whose an act is: each owner gets its own document, and the auditor the same as ever."""
    anden = ny_sag(AARHUS)
    anden.ansoegning = sag.ansoegning
    with hub.motor.begin() as conn:
        conn.execute(text("DELETE FROM ledger.akter WHERE stroem = :s"), {"s": sag.sags_id})
    hub.afspil(anden.opret())
    for en in (baerer("system", ODENSE), baerer("system", AARHUS), baerer("auditor"), baerer("system", SKIVE)):
        svar = begge.ens(stien(sag), en)
        assert len(svar.raekker) == (svar.status == 200)


def test_reads_of_one_moment_are_each_ones_own(hub: Hub, begge: Begge, sag: Any, ny_sag: Any) -> None:
    """Sixty calls at once, of two cases, by owners and strangers with purposes of their own: each gets its own answer, and each that was
    answered has one row, of its own; the refused have none.
    """
    anden = ny_sag(AARHUS)
    hub.afspil(anden.opret())
    kald, ventet = [], []
    for nr in range(60):
        egen, jobcenter = ((sag, ODENSE), (anden, AARHUS))[nr % 2]
        fremmed = nr % 5 == 0
        kald.append((stien(egen), (baerer("system", SKIVE if fremmed else jobcenter, sub=f"kald-{nr}"), ("x-formaal", f"f{nr}"))))
        ventet.append((f"kald-{nr}", f"f{nr}", egen.sags_id, fremmed))
    with hub.motor.connect() as conn:
        efter = conn.execute(SIDSTE).scalar_one()
    svar = asyncio.run(mange(begge.direkte, kald))
    with hub.motor.connect() as conn:
        raekker = sorted((r.hvem, r.formaal, r.sags_id) for r in conn.execute(RAEKKER, {"efter": efter}))
    for en, (_, _, sags_id, fremmed) in zip(svar, ventet, strict=True):
        assert (en.status_code, en.json().get("sagsId")) == ((403, None) if fremmed else (200, sags_id))
    assert raekker == sorted(v[:3] for v in ventet if not v[3])


@pytest.mark.parametrize("hvornaar", ["IMMEDIATE", "DEFERRED"])
def test_what_cannot_be_noted_is_not_answered_and_stops_nobody_else(hub: Hub, begge: Begge, sag: Any, hvornaar: str) -> None:
    """A row that is refused, at once or not before the commit: that read is 500, those that came with it are answered and noted (I8)."""
    naegter = f"""
    CREATE FUNCTION naegt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
    CREATE CONSTRAINT TRIGGER naegter AFTER INSERT ON audit.adgangslog DEFERRABLE INITIALLY {hvornaar}
    FOR EACH ROW WHEN (NEW.formaal = 'naegtes') EXECUTE FUNCTION naegt()
    """
    kald = [(stien(sag), (baerer("system", ODENSE), ("x-formaal", "naegtes" if nr == 3 else "ja"))) for nr in range(8)]
    asyncio.run(mange(begge.direkte, kald[:1]))
    with hub.motor.begin() as conn:
        efter = conn.execute(SIDSTE).scalar_one()
        conn.exec_driver_sql(naegter)
    try:
        svar = asyncio.run(mange(begge.direkte, kald))
    finally:
        with hub.motor.begin() as conn:
            conn.exec_driver_sql("DROP TRIGGER naegter ON audit.adgangslog; DROP FUNCTION naegt()")
    assert [en.status_code for en in svar] == [500 if nr == 3 else 200 for nr in range(8)]
    with hub.motor.connect() as conn:
        assert [r.formaal for r in conn.execute(RAEKKER, {"efter": efter})] == ["ja"] * 7


def test_a_swap_of_the_generation_is_followed_at_once(hub: Hub, begge: Begge, sag: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer is read with the rows: after the swap, and after the swap back, nothing of the other generation is served, even when the
    schema that served is gone; and the framework is needed no more than once.
    """
    egen = baerer("system", ODENSE)
    assert dict(begge.ens(stien(sag), egen).hoveder)["etag"].startswith('"4-1-')
    with hub.motor.begin() as conn:
        generation.opret(conn, 2)
        for tabel in (sager.TABEL, *(metode.tabel for metode in METODER.values())):
            conn.execute(text(f"INSERT INTO gen_2.{tabel.name} SELECT * FROM gen_1.{tabel.name}"))
        conn.execute(text("UPDATE gen_2.sager SET team = 'Team To' WHERE sags_id = :s"), {"s": sag.sags_id})
        peg(conn, 2)
    try:
        svar = [begge.ens(stien(sag), egen) for _ in range(2)]
        assert all(b'"Team To"' in en.krop and dict(en.hoveder)["etag"].startswith('"4-2-') for en in svar)
    finally:
        with hub.motor.begin() as conn:
            peg(conn, 1)
            conn.execute(text("DROP SCHEMA gen_2 CASCADE"))
            conn.execute(text("DELETE FROM delivery.generationer WHERE nummer = 2"))
    for _ in range(2):
        assert b'"Team To"' not in begge.ens(stien(sag), egen).krop
    with uden_rammen(begge, monkeypatch):
        assert begge.spoerg(begge.direkte, stien(sag), [egen]).status == 200


def peg(conn: Any, nummer: int) -> None:
    """Let a generation serve."""
    conn.execute(text("UPDATE delivery.generationer SET serverer = false"))
    conn.execute(text("UPDATE delivery.generationer SET serverer = true WHERE nummer = :n"), {"n": nummer})


def test_direct_answers_are_counted_under_their_route(begge: Begge, sag: Any) -> None:
    """`/metrics` counts them as the route's, whoever answered."""
    etag = dict(begge.ens(stien(sag), baerer("system", ODENSE)).hoveder)["etag"]
    begge.ens(stien(sag), baerer("system", ODENSE), ("If-None-Match", etag))
    tekst = begge.spoerg(begge.direkte, "/metrics", [baerer("operator")]).krop.decode()
    for status in ("200", "304"):
        assert f'hub_http_requests_total{{method="GET",route="hent",status="{status}"}}' in tekst
