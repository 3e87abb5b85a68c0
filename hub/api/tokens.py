"""Bearer tokens: signature, algorithm, type, issuer, audience, times and claims, all checked; then a `Bruger`."""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import Key
from joserfc.util import urlsafe_b64decode

from hub.api.noeglekilder import Noeglekilde, NoeglerVaek
from hub.api.problem import Problem
from hub.domain.personnummer import har_personnummer
from hub.operations.udsteder import AUDIENCE

ALGORITMER = ("ES256", "ES384", "EdDSA", "Ed25519", "RS256", "PS256")
"""What a signature may be made with; nothing symmetric, and never `none`."""
TYPER = frozenset({"jwt", "at+jwt", "application/at+jwt"})
ROLLER = frozenset({"vitas", "system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator", "operator", "auditor"})
MAKS_TOKEN = 8 * 1024
HUSKEDE = 1_000
HUSKES_SEKUNDER = 300
SLOER_SEKUNDER = 30
_KODE = re.compile(r"[0-9]{5}", re.ASCII)
_TEKST = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


class Bruger(NamedTuple):
    """Who calls: the token's subject, role, name, and the jobcentres it speaks for."""

    sub: str
    rolle: str
    jobcentre: tuple[str, ...]
    navn: str | None


class _Husket(NamedTuple):
    """A verified token's user; verified anew after `til`, so that a withdrawn key counts, and refused after `exp`."""

    bruger: Bruger
    til: float
    exp: float


class Verifikator:
    """Turns a bearer token into a `Bruger`. A verified token is remembered (by digest) until it expires."""

    def __init__(self, kilde: Noeglekilde, udsteder: str, ur: Callable[[], float] = time.time) -> None:
        self._kilde = kilde
        self._ur = ur
        self._register = jwt.JWTClaimsRegistry(
            now=lambda: int(ur()),
            leeway=SLOER_SEKUNDER,
            iss={"essential": True, "value": udsteder},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
        )
        self._jws = jws.JWSRegistry(algorithms=ALGORITMER, strict_check_header=False)
        self._huskede: OrderedDict[bytes, _Husket] = OrderedDict()

    async def bruger(self, autorisation: str | None) -> Bruger:
        """The user of an `Authorization` header. Raises `Problem` 401 (missing, invalid, expired) or 503 (no keys)."""
        token = _baerer(autorisation)
        aftryk = hashlib.sha256(token.encode()).digest()
        husket = self._huskede.get(aftryk)
        if husket is None or self._ur() > husket.til:
            husket = await self._verificer(token)
            self._husk(aftryk, husket)
        if self._ur() > husket.exp + SLOER_SEKUNDER:
            raise _afvist("udloebet_token")
        return husket.bruger

    async def _verificer(self, token: str) -> _Husket:
        noegle = await self._noegle(_hoved(token))
        try:
            paastande = jwt.decode(token, noegle, algorithms=ALGORITMER, registry=self._jws).claims
            self._register.validate(paastande)
        except ExpiredTokenError:
            raise _afvist("udloebet_token") from None
        except (JoseError, ValueError, TypeError):
            raise _afvist("ugyldigt_token") from None
        return _Husket(_bruger(paastande), self._ur() + HUSKES_SEKUNDER, min(paastande["exp"], 2**40))

    async def _noegle(self, hoved: dict[str, Any]) -> Key:
        if hoved.get("alg") not in ALGORITMER or str(hoved.get("typ", "")).lower() not in TYPER or "crit" in hoved:
            raise _afvist("ugyldigt_token")
        kid = hoved.get("kid")
        try:
            noegle = await self._kilde.find(kid if isinstance(kid, str) else None)
        except NoeglerVaek:
            raise Problem.proev_igen("noegler_vaek", 5) from None
        if noegle is None or noegle.alg not in {None, hoved["alg"]}:
            raise _afvist("ugyldigt_token")
        return noegle

    def _husk(self, aftryk: bytes, husket: _Husket) -> None:
        self._huskede[aftryk] = husket
        while len(self._huskede) > HUSKEDE:
            self._huskede.popitem(last=False)


def _baerer(autorisation: str | None) -> str:
    if not autorisation:
        raise _afvist("mangler_token")
    ordning, _, token = autorisation.partition(" ")
    if ordning.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= MAKS_TOKEN:
        raise _afvist("ugyldigt_token")
    return token


def _hoved(token: str) -> dict[str, Any]:
    """The token's header, before anything is trusted: it only chooses the key."""
    try:
        hoved = orjson.loads(urlsafe_b64decode(token.split(".")[0].encode()))
    except ValueError:
        raise _afvist("ugyldigt_token") from None
    if not isinstance(hoved, dict):
        raise _afvist("ugyldigt_token")
    return hoved


def _bruger(paastande: dict[str, Any]) -> Bruger:
    """The claims as a user; `jobcentre` must be a list of codes, every other shape is refused.

    The subject stands open in the logs of access, and as the actor of reference events: it holds no CPR number.
    """
    sub, rolle, navn, koder = (paastande.get(n) for n in ("sub", "role", "navn", "jobcentre"))
    if not isinstance(sub, str) or not _TEKST.fullmatch(sub) or har_personnummer(sub) or (navn is not None and not isinstance(navn, str)):
        raise _afvist("ugyldigt_token")
    koder = [] if koder is None else koder
    if not isinstance(koder, list) or not all(isinstance(k, str) and _KODE.fullmatch(k) for k in koder):
        raise _afvist("ugyldigt_token")
    return Bruger(sub, rolle if isinstance(rolle, str) and rolle in ROLLER else "", tuple(sorted(set(koder))), navn)


def _afvist(kode: str) -> Problem:
    """401 with the challenge of RFC 6750."""
    fejl = "" if kode == "mangler_token" else ', error="invalid_token"'
    return Problem(kode, hoveder={"WWW-Authenticate": f'Bearer realm="vitas-hub"{fejl}'})
