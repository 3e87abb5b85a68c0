"""The settings: defaults, refusals, and what Kafka's clients are given."""

import base64
import ssl
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.settings import Settings, kafka_client_options, master_key


@pytest.fixture(autouse=True)
def _no_settings_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HUB_{name.upper()}", raising=False)


def test_every_setting_is_described() -> None:
    """A setting without a description cannot be added."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """HUB_KAFKA is the setting `kafka`."""
    monkeypatch.setenv("HUB_KAFKA", "broker:9092")
    assert Settings().kafka == "broker:9092"


def test_secrets_are_not_printed() -> None:
    """Neither password nor database URL appears in a printed settings object."""
    settings = Settings(database="postgresql://u:hemmelig@h/d", kafka_sasl_password="hemmelig")
    assert "hemmelig" not in repr(settings)


def test_a_refusal_does_not_repeat_the_secret() -> None:
    """The message about a wrong database URL names the setting and leaves its value out."""
    with pytest.raises(ValidationError) as refusal:
        Settings(database="mysql://u:hemmelig@h/d")
    assert "database" in str(refusal.value) and "hemmelig" not in str(refusal.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kafka_sasl_mechanism": "OAUTHBEARER"},
        {"kafka_security_protocol": "SASL_SSL"},
        {"kafka_tls_cert": __file__},
        {"database": "mysql://h/d"},
        {"master_key": "a2V5"},
        {"master_key": "not base64"},
        {"kafka": "broker"},
        {"kafka": "broker:9092,"},
        {"kafka": "PLAINTEXT://broker:9092"},
        {"jwks_url": "issuer.example/jwks"},
    ],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, str]) -> None:
    """OAUTHBEARER, SASL without a login, half of a key pair, another database, a short key, brokers without a port, an issuer's keys
    without a scheme are refused.
    """
    with pytest.raises(ValidationError):
        Settings(**wrong)


@pytest.mark.parametrize("kafka", ["broker:9092", "a.example:9092,b.example:9093", "127.0.0.1:1", "[::1]:9092"])
def test_brokers_have_a_host_and_a_port(kafka: str) -> None:
    """One or several, by name or by address."""
    assert Settings(kafka=kafka).kafka == kafka


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_an_empty_setting_is_named_and_not_taken_for_one_that_is_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A variable that a script left empty: else `hub up` would look for Kafka nowhere, and documents would lie where it was started."""
    monkeypatch.setenv(f"HUB_{name.upper()}", "")
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_the_embedded_kafka_is_reached_in_plain_text() -> None:
    """Without HUB_KAFKA the protocol settings do not count."""
    settings = Settings(kafka_security_protocol="SSL")
    assert kafka_client_options(settings, "b:1") == {"bootstrap_servers": "b:1", "security_protocol": "PLAINTEXT"}


def test_sasl_over_tls_gives_login_and_context() -> None:
    """SASL_SSL gives mechanism, login and a context that checks certificate and host name."""
    settings = Settings(kafka="b:1", kafka_security_protocol="SASL_SSL", kafka_sasl_username="hub", kafka_sasl_password="p")
    options = kafka_client_options(settings, "b:1")
    context = options.pop("ssl_context")
    assert context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED
    assert options == {
        "bootstrap_servers": "b:1",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "hub",
        "sasl_plain_password": "p",
    }


@pytest.mark.parametrize("name", ["kafka_tls_ca", "kafka_tls_cert", "kafka_tls_key"])
def test_a_missing_file_is_named_by_its_setting(tmp_path: Path, name: str) -> None:
    """A path that does not exist is never quietly left out, and found before anything is reached."""
    with pytest.raises(ValidationError, match=name):
        Settings(kafka="b:1", kafka_security_protocol="SSL", **{name: tmp_path / "none.pem"})


def test_an_authority_file_of_another_kind_is_an_error(tmp_path: Path) -> None:
    """A file that holds no certificate is never quietly left out."""
    (tmp_path / "ca.pem").write_text("no certificate")
    settings = Settings(kafka="b:1", kafka_security_protocol="SSL", kafka_tls_ca=tmp_path / "ca.pem")
    with pytest.raises(OSError):
        kafka_client_options(settings, "b:1")


def test_the_development_key_is_made_once_and_private(tmp_path: Path) -> None:
    """The development key is the same at the next start, 32 bytes, and readable by its owner only."""
    settings = Settings(data=tmp_path / "data")
    key = master_key(settings)
    assert (len(key), master_key(settings)) == (32, key)
    assert [path.name for path in settings.data.iterdir()] == ["master.key"]
    assert (settings.data / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_set_key_is_used_and_no_file_made(tmp_path: Path) -> None:
    """HUB_MASTER_KEY takes the place of the development key."""
    settings = Settings(data=tmp_path, master_key=base64.b64encode(b"k" * 32).decode())
    assert master_key(settings) == b"k" * 32
    assert list(tmp_path.iterdir()) == []
