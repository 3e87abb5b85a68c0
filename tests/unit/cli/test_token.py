"""`hub token`: the development issuer."""

import json
from pathlib import Path

import pytest
from joserfc import jwt
from typer.testing import CliRunner

from hub.cli.root import app
from hub.operations.udsteder import udviklingsnoegle


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUB_DATA", str(tmp_path))
    monkeypatch.delenv("HUB_JWKS_URL", raising=False)


def test_a_token_says_who_and_what(tmp_path: Path) -> None:
    """Role, jobcentres, name and life time are signed by the folder's own key; the token alone is on stdout."""
    result = CliRunner().invoke(
        app, ["token", "--role", "system", "--jobcentre", "10100", "--jobcentre", "14700", "--name", "kmd", "--minutes", "5"]
    )
    claims = jwt.decode(result.stdout.strip(), udviklingsnoegle(tmp_path), algorithms=["ES256"]).claims
    assert (claims["role"], claims["jobcentre"], claims["sub"]) == ("system", ["10100", "14700"], "kmd")
    assert claims["exp"] - claims["nbf"] == 300 and claims["aud"] == "vitas-hub"


@pytest.mark.parametrize(
    "args", [["--role", "system"], ["--role", "system", "--jobcentre", "101"], ["--role", "system", "--jobcentre", "x0100"]]
)
def test_a_jobcentre_role_needs_its_jobcentre(args: list[str]) -> None:
    """Without one, or with a code that is none, the token would open nothing: exit 2."""
    assert CliRunner().invoke(app, ["token", *args]).exit_code == 2


def test_a_hub_with_a_real_issuer_makes_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its API would refuse them."""
    monkeypatch.setenv("HUB_JWKS_URL", "https://issuer.example/jwks")
    result = CliRunner().invoke(app, ["token", "--role", "vitas"])
    assert result.exit_code == 2 and "HUB_JWKS_URL" in result.stderr


def test_json_names_the_end(tmp_path: Path) -> None:
    """Scripts see when it ends."""
    assert json.loads(CliRunner().invoke(app, ["token", "--role", "vitas", "--json"]).stdout)["role"] == "vitas"
