"""Where the issuer's public keys come from: fixed (the development issuer) or a JWKS address, cached and refreshed with a limit."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import orjson
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, import_key

LOG = structlog.get_logger(__name__)
MAKS_JWKS = 256 * 1024
GAMMEL_SEKUNDER = 600.0
PAUSE_SEKUNDER = 30.0


class NoeglerVaek(Exception):
    """The issuer's keys have never been fetched, and cannot be now."""


class Noeglekilde(Protocol):
    """Finds a public key by the token's `kid`."""

    async def find(self, kid: str | None) -> Key | None:
        """The key, or None when the issuer has no such one. Raises `NoeglerVaek`."""
        ...


class FastNoegle:
    """One key known at start; only its public part is used."""

    def __init__(self, noegle: ECKey) -> None:
        self._noegle = ECKey.import_key(noegle.as_dict(private=False))

    async def find(self, kid: str | None) -> Key | None:
        """The key, when the token names it."""
        return self._noegle if kid == self._noegle.kid else None


class Jwks:
    """The keys at an address: refetched when older than ten minutes, and at an unknown `kid` at most every 30 seconds."""

    def __init__(self, adresse: str, sekunder: float = 5.0, ur: Callable[[], float] = time.monotonic) -> None:
        dele = urlsplit(adresse)
        if dele.scheme != "https" and dele.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("HUB_JWKS_URL must start with https://")
        self._adresse = adresse
        self._frist = aiohttp.ClientTimeout(total=sekunder)
        self._ur = ur
        self._noegler: dict[str, Key] = {}
        self._hentet = float("-inf")
        self._proevet = float("-inf")
        self._laas = asyncio.Lock()

    async def find(self, kid: str | None) -> Key | None:
        """The key named `kid`; a token without `kid` is never accepted from a set."""
        if kid is None:
            return None
        if kid not in self._noegler or self._ur() - self._hentet > GAMMEL_SEKUNDER:
            await self._opdater()
        if not self._noegler:
            raise NoeglerVaek
        return self._noegler.get(kid)

    async def _opdater(self) -> None:
        """Fetch once for all who wait; on failure the old keys stay, and the next try waits its turn."""
        async with self._laas:
            if self._ur() - self._proevet < PAUSE_SEKUNDER:
                return
            self._proevet = self._ur()
            try:
                self._noegler = offentlige(await self._hent())
                self._hentet = self._ur()
            except (aiohttp.ClientError, TimeoutError, ValueError) as fejl:
                LOG.warning("jwks_not_fetched", error=type(fejl).__name__)

    async def _hent(self) -> bytes:
        async with aiohttp.ClientSession(timeout=self._frist) as session, session.get(self._adresse, allow_redirects=False) as svar:
            svar.raise_for_status()
            if svar.status != 200:
                raise ValueError("JWKS answered with another status than 200")
            raa = await svar.content.read(MAKS_JWKS + 1)
            while len(raa) <= MAKS_JWKS and (mere := await svar.content.read(MAKS_JWKS)):
                raa += mere
            if len(raa) > MAKS_JWKS:
                raise ValueError("JWKS is too large")
            return raa


def offentlige(raa: bytes) -> dict[str, Key]:
    """The signature keys of a JWKS by `kid`: asymmetric ones only, so that no public text can serve as a secret. Raises ValueError."""
    indhold = orjson.loads(raa)
    if not isinstance(indhold, dict) or not isinstance(indhold.get("keys"), list):
        raise ValueError("not a JWKS")
    noegler = [_noegle(jwk) for jwk in indhold["keys"] if isinstance(jwk, dict)]
    fundne = {noegle.kid: noegle for noegle in noegler if noegle is not None and noegle.kid}
    if not fundne:
        raise ValueError("JWKS has no signature key")
    return fundne


def _noegle(jwk: dict[str, Any]) -> Key | None:
    """One key of the set; None when it is symmetric, for something else, or of a kind not known: the others still count."""
    if jwk.get("kty") not in {"EC", "OKP", "RSA"} or jwk.get("use", "sig") != "sig":
        return None
    try:
        return import_key(jwk)
    except (JoseError, ValueError, TypeError):
        return None
