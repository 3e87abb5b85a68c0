"""The reference jobcentre's judgement of a notification by its number."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from hub.consumers.jobcenter import Besked, Modtager, bliv_ved, foelg_op
from hub.events.ordningsnotifikation import Ordningsnotifikation


def en_besked(nummer: int, vaerdi: bytes | None = None) -> Besked:
    """A notification with a number."""
    felter = dict.fromkeys(Ordningsnotifikation.__struct_fields__) | {"nummer": nummer, "version": 7, "link": "/akt"}
    return Besked(nummer, vaerdi or str(nummer).encode(), Ordningsnotifikation(**felter))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numre", "domme"),
    [
        ([1, 2, 3], ["ny", "ny", "ny"]),
        ([1, 2, 2, 1, 3], ["ny", "ny", "gentaget", "gentaget", "ny"]),
        ([1, 4, 5], ["ny", "hul", "ny"]),
        ([2], ["hul"]),
    ],
)
def test_a_number_tells_new_repeated_or_missing(numre: list[int], domme: list[str]) -> None:
    """First occurrences are 1..n; a repeat is dropped; a gap is shouted once."""
    modtager = Modtager()
    assert [modtager.modtag(en_besked(n)) for n in numre] == domme


def test_a_repeat_that_is_no_identical_copy_is_seen() -> None:
    """A number given twice with other content is a fault of the hub, and the jobcentre says so."""
    modtager = Modtager()
    modtager.modtag(en_besked(1, b"a"))
    assert modtager.modtag(en_besked(1, b"b")) == "afvigende"


@pytest.fixture
async def hub() -> AsyncIterator[tuple[aiohttp.ClientSession, list[web.Response]]]:
    """A server that gives the answers put into the list, the first first, and a client for it."""
    svar: list[web.Response] = []

    async def akt(request: web.Request) -> web.Response:
        return svar.pop(0)

    app = web.Application()
    app.router.add_get("/akt", akt)
    runner = web.AppRunner(app)
    await runner.setup()
    sted = web.TCPSite(runner, "127.0.0.1", 0)
    await sted.start()
    port = sted._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        yield http, svar
    await runner.cleanup()


async def test_in_a_moment_is_asked_again(hub: tuple[aiohttp.ClientSession, list[web.Response]]) -> None:
    """425 and 503 with Retry-After are no answer yet; the document that follows is."""
    http, svar = hub
    igen = {"Retry-After": "0"}
    svar += [web.Response(status=425, headers=igen), web.Response(status=503, headers=igen), web.json_response({"version": 7})]
    assert (await bliv_ved(http, en_besked(1).notifikation)).ok


async def test_an_older_document_and_a_page_that_is_no_document_are_seen(hub: tuple[aiohttp.ClientSession, list[web.Response]]) -> None:
    """A version below the announced one is not what was announced, and a proxy's page is no document."""
    http, svar = hub
    svar += [web.json_response({"version": 6}), web.Response(status=502, text="<html>")]
    notifikation = en_besked(1).notifikation
    assert [(await foelg_op(http, notifikation)).ok for _ in range(2)] == [False, False]
