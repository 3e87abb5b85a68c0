"""The development issuer, and the keys at a JWKS address, in memory."""

import asyncio
import json
import stat
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from joserfc.jwk import ECKey, OctKey

from hub.api.noeglekilder import FastNoegle, Jwks, NoeglerVaek, offentlige
from hub.api.problem import Problem
from hub.api.tokens import Verifikator
from hub.operations.udsteder import udsted, udviklingsnoegle

UDSTEDER = "urn:test"


def _noegle(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "alg": "ES256", "use": "sig"})


class Udsteder:
    """An issuer whose JWKS can change, fail and be counted."""

    def __init__(self) -> None:
        self.noegler: list[dict[str, Any]] = []
        self.hentet = 0
        self.status = 200
        self.adresse = ""

    async def svar(self, _: web.Request) -> web.Response:
        """The JWKS."""
        self.hentet += 1
        return web.json_response({"keys": self.noegler}, status=self.status)


@pytest.fixture
async def udsteder() -> AsyncIterator[Udsteder]:
    """The issuer, served on a free port."""
    udsteder, app = Udsteder(), web.Application()
    app.router.add_get("/jwks", udsteder.svar)
    koerer = web.AppRunner(app)
    await koerer.setup()
    sted = web.TCPSite(koerer, "127.0.0.1", 0)
    await sted.start()
    udsteder.adresse = f"http://127.0.0.1:{koerer.addresses[0][1]}/jwks"
    yield udsteder
    await koerer.cleanup()


class Ur:
    """A clock that the test turns."""

    nu = 1_000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.nu


async def test_keys_are_fetched_once_for_all_who_wait_and_kept(udsteder: Udsteder) -> None:
    """One fetch for twenty requests at once."""
    udsteder.noegler = [_noegle("a").as_dict(private=False)]
    jwks = Jwks(udsteder.adresse)
    fundne = await asyncio.gather(*(jwks.find("a") for _ in range(20)))
    assert {n.kid for n in fundne if n} == {"a"}
    assert udsteder.hentet == 1


async def test_an_unknown_kid_refetches_at_most_every_thirty_seconds(udsteder: Udsteder) -> None:
    """A new key is found soon; made-up ones cannot make the hub hammer its issuer."""
    udsteder.noegler, ur = [_noegle("a").as_dict(private=False)], Ur()
    jwks = Jwks(udsteder.adresse, ur=ur)
    await jwks.find("a")
    udsteder.noegler.append(_noegle("b").as_dict(private=False))
    for _ in range(50):
        assert await jwks.find("b") is None
    assert udsteder.hentet == 1
    ur.nu += 31
    assert await jwks.find("b") is not None
    assert udsteder.hentet == 2


async def test_a_withdrawn_key_is_gone_after_the_next_fetch_and_old_keys_outlive_an_issuer_that_is_away(udsteder: Udsteder) -> None:
    """Refetched when ten minutes old; while the issuer fails, what is known still counts."""
    udsteder.noegler, ur = [_noegle("a").as_dict(private=False), _noegle("b").as_dict(private=False)], Ur()
    jwks = Jwks(udsteder.adresse, ur=ur)
    await jwks.find("a")
    ur.nu, udsteder.status = ur.nu + 601, 500
    assert await jwks.find("a") is not None
    ur.nu, udsteder.status = ur.nu + 31, 200
    udsteder.noegler.pop(0)
    assert await jwks.find("a") is None


async def test_an_issuer_that_was_never_reached_is_told_apart_from_a_bad_token() -> None:
    """503 with Retry-After, for the caller has done nothing wrong."""
    verifikator = Verifikator(Jwks("http://127.0.0.1:9/jwks", sekunder=0.2), UDSTEDER)
    with pytest.raises(Problem) as refuseret:
        await verifikator.bruger("Bearer " + udsted(_noegle("a"), UDSTEDER, "x", "system"))
    assert (refuseret.value.kode, "Retry-After" in refuseret.value.hoveder) == ("noegler_vaek", True)
    with pytest.raises(NoeglerVaek):
        await Jwks("http://127.0.0.1:9/jwks", sekunder=0.2).find("a")


def test_only_signature_keys_that_are_not_secrets_are_taken_from_a_set() -> None:
    """A symmetric key in a public set would let anybody sign."""
    saet = [
        _noegle("a").as_dict(private=False),
        OctKey.generate_key(256, {"kid": "hemmelig"}).as_dict(),
        {"kty": "EC", "kid": "x", "use": "enc"},
    ]
    assert set(offentlige(json.dumps({"keys": saet}).encode())) == {"a"}
    for raa in (b"[]", b"{}", b'{"keys": 1}', b'{"keys": []}', b"x"):
        with pytest.raises(ValueError, match=r"."):
            offentlige(raa)


def test_a_jwks_address_must_be_https_but_on_this_machine() -> None:
    """Keys fetched in plain text are anybody's keys."""
    with pytest.raises(ValueError, match="HUB_JWKS_URL"):
        Jwks("http://udsteder.example/jwks")


async def test_a_remembered_token_is_verified_anew_after_five_minutes_and_refused_when_expired() -> None:
    """So that a withdrawn key counts, and an expired token does at once."""
    noegle, ur = _noegle("a"), Ur()
    token = "Bearer " + udsted(noegle, UDSTEDER, "x", "system", sekunder=400)
    ur.nu = time.time()
    kilde = Vekslende(noegle)
    verifikator = Verifikator(kilde, UDSTEDER, ur)
    assert (await verifikator.bruger(token)).rolle == "system"
    kilde.noegle = None
    assert (await verifikator.bruger(token)).rolle == "system"
    ur.nu += 301
    with pytest.raises(Problem, match="ugyldigt_token"):
        await verifikator.bruger(token)


class Vekslende:
    """A source whose key can be withdrawn."""

    def __init__(self, noegle: ECKey) -> None:
        self.noegle: ECKey | None = noegle

    async def find(self, kid: str | None) -> Any:
        """The key, while it is there."""
        return self.noegle


async def test_an_expired_token_is_refused_also_when_it_is_remembered() -> None:
    """The clock counts, not the memory."""
    noegle, ur = _noegle("a"), Ur()
    ur.nu = time.time()
    verifikator = Verifikator(FastNoegle(noegle), UDSTEDER, ur)
    token = "Bearer " + udsted(noegle, UDSTEDER, "x", "system", sekunder=60)
    await verifikator.bruger(token)
    ur.nu += 120
    with pytest.raises(Problem, match="udloebet_token"):
        await verifikator.bruger(token)


def test_the_development_key_is_made_once_also_by_processes_that_start_together(tmp_path: Path) -> None:
    """All get the same key; its file is for its owner only, and nothing half-written is left."""
    fundne: list[str] = []
    traade = [threading.Thread(target=lambda: fundne.append(udviklingsnoegle(tmp_path / "data").thumbprint())) for _ in range(8)]
    for traad in traade:
        traad.start()
    for traad in traade:
        traad.join()
    assert len(set(fundne)) == 1
    assert [f.name for f in (tmp_path / "data").iterdir()] == ["udsteder.jwk"]
    assert stat.S_IMODE((tmp_path / "data" / "udsteder.jwk").stat().st_mode) == 0o600


def test_a_damaged_development_key_is_said(tmp_path: Path) -> None:
    """Not made anew in silence: every token out there would stop working."""
    (tmp_path / "udsteder.jwk").write_text("{}")
    with pytest.raises(ValueError, match=r"udsteder\.jwk"):
        udviklingsnoegle(tmp_path)
