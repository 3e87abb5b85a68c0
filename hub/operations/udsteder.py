"""The development issuer: an ES256 key under the data folder, and the tokens it signs (`hub token`). Never for production."""

import json
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

AUDIENCE = "vitas-hub"
ALGORITME = "ES256"
FILNAVN = "udsteder.jwk"
ET_DOEGN = 24 * 3600


def udviklingsnoegle(mappe: Path) -> ECKey:
    """The issuer's private key, made on first use with mode 0600 by whichever process comes first.

    Raises ValueError when the file has been damaged.
    """
    sti = mappe / FILNAVN
    if not sti.exists():
        _lav(sti)
    try:
        return ECKey.import_key(json.loads(sti.read_text()))
    except (ValueError, KeyError, TypeError, JoseError) as fejl:
        raise ValueError(f"{FILNAVN} in the data folder is not a key") from fejl


def udsted(
    noegle: ECKey, udsteder: str, sub: str, rolle: str, jobcentre: Sequence[str] = (), *, navn: str | None = None, sekunder: int = ET_DOEGN
) -> str:
    """A signed token for one role; `jobcentre` is a list of five-digit codes; valid from now for `sekunder`."""
    nu = int(time.time())
    paastande = {
        "iss": udsteder, "aud": AUDIENCE, "sub": sub, "iat": nu, "nbf": nu, "exp": nu + sekunder,
        "role": rolle, "jobcentre": list(jobcentre), "navn": navn or sub,
    }  # fmt: skip
    return jwt.encode({"alg": ALGORITME, "typ": "JWT", "kid": noegle.kid}, paastande, noegle, [ALGORITME])


def _lav(sti: Path) -> None:
    """Write the key beside and link it in place: a second process either loses the race or sees a whole file."""
    sti.parent.mkdir(parents=True, exist_ok=True)
    noegle = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITME, "kid": secrets.token_hex(8)}, private=True)
    kladde = sti.with_name(f".{FILNAVN}.{secrets.token_hex(4)}")
    kladde.touch(mode=0o600, exist_ok=False)
    kladde.write_text(json.dumps(noegle.as_dict(private=True)), encoding="utf-8")
    try:
        os.link(kladde, sti)
    except FileExistsError:
        return
    finally:
        kladde.unlink()
