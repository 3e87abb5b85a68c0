"""The write door in front of the framework: nobody can tell its answers from the framework's."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import pytest
from litestar import Litestar

from hub.api.app import create_api
from hub.operations.udsteder import udsted

from .conftest import NOEGLE, UDSTEDER, Hub

pytestmark = pytest.mark.integration
JSON = "application/json"


class Begge:
    """The application as it is, and the same with nothing in front of the framework; on the hub's database."""

    def __init__(self, hub: Hub) -> None:
        self.direkte, self.rammen = create_api(hub.tjenester), create_api(hub.tjenester)
        self.rammen.direkte = ()

    def ens(self, krop: Any, hoveder: Mapping[str, str] | None = None, rolle: str = "vitas", sti: str = "/v1/handlinger") -> int:
        """The status that both answer; the body and every header are the same too."""
        givet = {"Authorization": f"Bearer {udsted(NOEGLE, UDSTEDER, 'test', rolle)}", "Content-Type": JSON, **(hoveder or {})}
        raa = krop if isinstance(krop, bytes) else orjson.dumps(krop)
        direkte, rammen = (asyncio.run(send(app, sti, raa, givet)) for app in (self.direkte, self.rammen))
        assert direkte == rammen
        return int(direkte[0])


async def send(app: Litestar, sti: str, krop: bytes, hoveder: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    """One call."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub") as klient:
        svar = await klient.post(sti, content=krop, headers=hoveder)
    return svar.status_code, sorted(svar.headers.multi_items()), svar.content


@pytest.fixture
def begge(hub: Hub) -> Begge:
    """Both applications."""
    return Begge(hub)


def test_a_receipt_is_the_frameworks_to_the_byte_and_the_framework_is_not_asked(
    begge: Begge, bygger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action, the same again, one with an id and an If-Match, one that is refused, one that has another body than before."""
    opret, underskriv = bygger.opret(), bygger.underskriv()
    svar = [begge.ens(opret), begge.ens(opret), begge.ens(underskriv, {"x-requestId": f"direkte-{bygger.sags_id}", "If-Match": '"1"'})]
    svar += [begge.ens(underskriv, {"If-Match": '"7"'}), begge.ens(bygger.bevilg() | {"sagsId": "0" * 8 + bygger.sags_id[8:]})]
    svar.append(begge.ens(bygger.godkend(), {"x-requestId": f"direkte-{bygger.sags_id}"}))
    assert svar == [201, 201, 201, 409, 404, 412]

    async def aldrig(*_: Any) -> None:
        raise AssertionError("the framework was asked")

    monkeypatch.setattr(begge.direkte, "asgi_handler", aldrig)
    assert begge.ens(opret) == 201


def test_whatever_is_sent_and_whoever_sends_it_gets_what_the_framework_answers(begge: Begge, bygger: Any) -> None:
    """Bodies that are no action, too large or of another type, odd headers, a query, another method's path, and callers who may not."""
    opret = bygger.opret()
    kroppe = [b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff", b"{}", b"x" * 70_000]
    assert [begge.ens(krop, {"x-requestId": "direkte-krop"}) for krop in kroppe] == [400, 400, 400, 400, 400, 422, 413]
    hoveder = [{"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}, {"x-requestId": "x" * 300}]
    hoveder += [{"If-Match": "*"}, {"Authorization": ""}, {"Authorization": "Bearer x"}]
    assert [begge.ens(opret, hoved) for hoved in hoveder] == [415, 415, 400, 400, 401, 401]
    assert [begge.ens(opret, rolle=rolle) for rolle in ("system", "auditor", "ukendt")] == [403, 403, 403]
    assert [begge.ens(opret, sti=sti) for sti in ("/v1/handlinger?a=1", "/v1/handlinger/", "/v1/handling")] == [400, 201, 404]


def test_what_goes_wrong_is_a_problem_and_is_counted(begge: Begge, bygger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody thought of is 500 without a word of it; the metrics have the route with each status."""

    async def umuligt(*_: Any) -> None:
        raise ArithmeticError("0101901234")

    for app in (begge.direkte, begge.rammen):
        monkeypatch.setattr(app.state.dele.indskrivning, "tilfoej", umuligt)
    assert begge.ens(bygger.opret(), {"x-requestId": "direkte-fejl"}) == 500
    token = udsted(NOEGLE, UDSTEDER, "test", "operator")

    async def maalt() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(begge.direkte), base_url="http://hub") as klient:
            return (await klient.get("/metrics", headers={"Authorization": f"Bearer {token}"})).text

    assert 'hub_http_requests_total{method="POST",route="modtag",status="500"} 1.0' in asyncio.run(maalt())
