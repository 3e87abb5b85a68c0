"""Events that fail in a running worker: parked, waited behind, retried, told."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hub.operations import deadletters

pytestmark = pytest.mark.integration
PARKERET = "SELECT slags FROM delivery.parkerede WHERE stroem = :s AND tilstand = 'parkeret' ORDER BY kafka_offset"


async def test_a_poison_event_is_parked_and_retried_end_to_end(stand: Any, sag: Any) -> None:
    """One case's event fails: it and those behind it wait, another case flows; after the retry they are applied and told, in order."""
    syg, rask = sag(11), sag(12)
    sygdom, kode = syg[0]["sagsId"], "46100"
    async with stand.worker():
        await stand.tilfoej(*syg[:4])
        await stand.ajour()
        punkt = Path(stand.hus.settings.fault_points) / f"projektion.{sygdom}"
        punkt.touch()
        foer = await stand.fortalt(kode, sygdom)
        await stand.tilfoej(*syg[4:], *rask)
        await stand.ajour()
        parkeret = stand.sql(
            "SELECT slags FROM delivery.parkerede WHERE stroem = :s AND tilstand = 'parkeret' ORDER BY kafka_offset", s=sygdom
        )
        assert [slags for (slags,) in parkeret] == ["fejl"] + ["venter"] * (len(syg) - 5)
        assert await stand.fortalt(kode, sygdom) == foer
        assert await stand.fortalt(kode, rask[0]["sagsId"])
        punkt.unlink()
        genkoert = await asyncio.to_thread(deadletters.retry, stand.hus.projektion(stand.motor), sygdom, "test", "mended")
        await stand.ajour()
    assert (genkoert.applied, genkoert.left) == (len(syg) - 4, 0)
    versioner = [n.version for n in await stand.fortalt(kode, sygdom)]
    assert versioner == sorted(versioner)
    assert versioner[-1] == len(syg)


@pytest.mark.parametrize(("seed", "vaerdi"), [(13, b""), (14, b"\x00\xff"), (15, b"\x00\x00\x00\x00\x01" + b"\xff" * 40), (16, b"{}")])
async def test_raw_bytes_never_crash_the_agent(stand: Any, sag: Any, seed: int, vaerdi: bytes) -> None:
    """What does not decode is parked where it lies; the event behind it in the same partition is applied at once."""
    handlinger = sag(seed)
    async with stand.worker() as opgave:
        (kvittering, *_) = await stand.tilfoej(handlinger[0])
        await stand.ajour()
        partition = stand.sql("SELECT partition FROM ledger.stroemme WHERE stroem = :s", s=kvittering["sagsId"])[0][0]
        foer = stand.sql("SELECT count(*) FROM delivery.parkerede")[0][0]
        await stand.skriv(partition, 1, vaerdi)
        await stand.tilfoej(*handlinger[1:])
        await stand.ajour()
        assert not opgave.done()
    assert stand.sql("SELECT count(*) FROM delivery.parkerede")[0][0] == foer + 1
    assert stand.sql("SELECT version FROM gen_1.sager WHERE sags_id = :s", s=kvittering["sagsId"]) == [(len(handlinger),)]
