"""Tokens, roles and ownership over real HTTP."""

import base64
import hashlib
import hmac
import time
import uuid
from collections import defaultdict
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from hub.api.ruter import ALLE, RUTER

pytestmark = pytest.mark.integration

FULDE = {"iss": "urn:test", "aud": "vitas-hub", "sub": "x", "role": "auditor", "jobcentre": []}


def _kald(hub: Any, token: str | None) -> httpx.Response:
    hoveder = {} if token is None else {"Authorization": token}
    return httpx.get(f"{hub.base}/subjects", headers=hoveder)


def _token(noegle: Any, hoved: dict[str, Any] | None = None, **paastande: Any) -> str:
    nu = int(time.time())
    krop = {**FULDE, "nbf": nu, "exp": nu + 60, **paastande}
    hoved = {"alg": "ES256", "kid": "test", **(hoved or {})}
    return "Bearer " + jwt.encode(hoved, {n: v for n, v in krop.items() if v is not None}, noegle, [hoved["alg"]], default_type="JWT")


def _raa(hoved: dict[str, Any], underskrift: bytes = b"") -> str:
    """A token put together by hand."""
    nu = int(time.time())
    dele = [base64.urlsafe_b64encode(orjson.dumps(d)).rstrip(b"=") for d in (hoved, {**FULDE, "nbf": nu, "exp": nu + 60})]
    return "Bearer " + b".".join([*dele, underskrift]).decode()


def test_a_good_token_is_let_in(hub: Any, noegle: ECKey) -> None:
    """The control: what the other tests spoil one thing of."""
    assert _kald(hub, _token(noegle)).status_code == 200


def test_without_a_token_the_answer_is_401_with_a_challenge(hub: Any) -> None:
    """RFC 6750: no error code in the challenge when there was no token at all."""
    svar = _kald(hub, None)
    assert (svar.status_code, svar.json()["fejlkode"]) == (401, "mangler_token")
    assert svar.headers["www-authenticate"] == 'Bearer realm="vitas-hub"'


@pytest.mark.parametrize(
    ("aendring", "kode"),
    [
        ({"exp": int(time.time()) - 3_600}, "udloebet_token"),
        ({"exp": None}, "ugyldigt_token"),
        ({"exp": "i morgen"}, "ugyldigt_token"),
        ({"nbf": int(time.time()) + 3_600}, "ugyldigt_token"),
        ({"aud": "en-anden"}, "ugyldigt_token"),
        ({"aud": None}, "ugyldigt_token"),
        ({"iss": "urn:fremmed"}, "ugyldigt_token"),
        ({"iss": None}, "ugyldigt_token"),
        ({"sub": None}, "ugyldigt_token"),
        ({"sub": "a\nb"}, "ugyldigt_token"),
        ({"sub": "010190-1234"}, "ugyldigt_token"),
        ({"jobcentre": "46100"}, "ugyldigt_token"),
        ({"jobcentre": ["461"]}, "ugyldigt_token"),
        ({"jobcentre": [46100]}, "ugyldigt_token"),
    ],
)
def test_each_wrong_claim_is_401(hub: Any, noegle: ECKey, aendring: dict[str, Any], kode: str) -> None:
    """Issuer, audience, subject, times and the list of jobcentres are checked one by one."""
    svar = _kald(hub, _token(noegle, **aendring))
    assert (svar.status_code, svar.json()["fejlkode"]) == (401, kode)
    assert 'error="invalid_token"' in svar.headers["www-authenticate"]


@pytest.mark.parametrize("typ", ["JWE", "id+jwt", "dpop+jwt"])
def test_a_token_of_another_type_is_401(hub: Any, noegle: ECKey, typ: str) -> None:
    """A token made for something else is no access token."""
    assert _kald(hub, _token(noegle, {"typ": typ})).status_code == 401


def test_a_token_of_another_key_is_401_under_its_own_and_under_our_kid(hub: Any) -> None:
    """The signature counts, not the name of the key."""
    fremmed = ECKey.generate_key("P-256", {"kid": "fremmed"})
    assert _kald(hub, _token(fremmed, {"kid": "fremmed"})).status_code == 401
    assert _kald(hub, _token(fremmed)).status_code == 401


def test_alg_none_is_401(hub: Any) -> None:
    """An unsigned token is nothing, however it is spelled."""
    for alg in ("none", "None", "NONE", ""):
        assert _kald(hub, _raa({"alg": alg, "typ": "JWT", "kid": "test"})).status_code == 401


def test_hs256_with_the_public_key_as_secret_is_401(hub: Any, noegle: ECKey) -> None:
    """The public key is no secret: a symmetric algorithm is never accepted."""
    for hemmelighed in (noegle.as_pem(private=False), orjson.dumps(noegle.as_dict(private=False))):
        token = _raa({"alg": "HS256", "typ": "JWT", "kid": "test"})[7:-1]
        underskrift = base64.urlsafe_b64encode(hmac.digest(hemmelighed, token.encode(), hashlib.sha256)).rstrip(b"=").decode()
        assert _kald(hub, f"Bearer {token}.{underskrift}").status_code == 401
    assert _kald(hub, _token(OctKey.generate_key(256), {"alg": "HS256"})).status_code == 401


def test_a_key_in_the_token_itself_is_not_used(hub: Any) -> None:
    """`jwk`, `jku` and `crit` in the header change nothing but the refusal."""
    egen = ECKey.generate_key("P-256", {"kid": "test"})
    assert _kald(hub, _token(egen, {"jwk": egen.as_dict(private=False)})).status_code == 401
    assert _kald(hub, _raa({"alg": "ES256", "typ": "JWT", "kid": "test", "crit": ["x"], "x": 1}, b"AAAA")).status_code == 401


@pytest.mark.parametrize("autorisation", ["Basic abc", "Bearer", "Bearer a.b.c", "Bearer " + "a" * 9_000, "Bearer ..", "Bearer e30.e30."])
def test_what_is_no_token_is_401(hub: Any, autorisation: str) -> None:
    """Garbage is refused, not stumbled over."""
    assert _kald(hub, autorisation).status_code == 401


def test_a_changed_token_is_401_also_after_the_right_one_was_remembered(hub: Any, noegle: ECKey) -> None:
    """What is remembered is the whole token."""
    token = _token(noegle)
    assert _kald(hub, token).status_code == 200
    hoved, _, underskrift = token[7:].split(".")
    krop = base64.urlsafe_b64encode(orjson.dumps({**FULDE, "exp": int(time.time()) + 60})).rstrip(b"=").decode()
    assert _kald(hub, f"Bearer {hoved}.{krop}.{underskrift}").status_code == 401


def test_every_route_refuses_every_role_it_does_not_list(hub: Any) -> None:
    """The guard's table is what is enforced: 403 for a role not in a route's row, never for one that is; an unknown role has nothing."""
    id_ = str(uuid.uuid4())
    proever = defaultdict(
        lambda: "x",
        {
            "ordning": "Loentilskud",
            "getMetode": "GetBevilling",
            "eksternIdentifier": id_,
            "sagsId": id_,
            "id": "1",
            "subject": "x",
            "version": "1",
        },
    )
    for rute in RUTER.values():
        for rolle in (*sorted(ALLE), "ukendt"):
            with hub.klient(rolle, "46100") as klient:
                svar = klient.request(rute.metode, rute.sti.format_map(proever))
            kode = svar.json()["fejlkode"] if svar.status_code == 403 else None
            naegtet = kode == ("mangler_rolle" if rolle in ALLE else "ingen_rolle")
            assert naegtet == (rute.roller is not None and rolle not in rute.roller), (rute, rolle, svar.status_code)


def test_without_a_token_only_health_answers(hub: Any) -> None:
    """Bearer on everything but health."""
    aabne = {rute.sti for rute in RUTER.values() if httpx.request(rute.metode, hub.base + rute.sti).status_code != 401}
    assert aabne == {"/health/live", "/health/ready"}


def test_an_unknown_route_and_a_wrong_method_are_problems(hub: Any) -> None:
    """404 and 405 in the same shape as everything else; of a 405 the methods that there are, and OPTIONS is none of them."""
    with hub.klient() as vitas:
        assert vitas.get("/findes/ikke").json()["fejlkode"] == "ukendt_adresse"
        svar = vitas.delete("/v1/handlinger")
        valg = [vitas.options(sti) for sti in ("/v1/konflikter/12345678", "/health/live")]
    assert (svar.status_code, svar.json()["fejlkode"], svar.headers["allow"]) == (405, "ukendt_metode", "POST")
    assert [(s.status_code, s.headers["allow"]) for s in valg] == [(405, "DELETE, GET, PUT"), (405, "GET")]
