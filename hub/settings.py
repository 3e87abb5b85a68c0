"""Every setting of the hub, from environment variables HUB_*; nothing else reads the environment."""

import base64
import binascii
import os
import secrets
import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MASTER_KEY_BYTES = 32
BROKERS = r"^[^\s,/]+:[0-9]{1,5}(,[^\s,/]+:[0-9]{1,5})*$"
"""host:port, several parted by commas."""
SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


class Settings(BaseSettings):
    """The settings of one process, read once; a wrong one raises pydantic's ValidationError naming it."""

    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Field(Path(".hub"), description="Folder of the embedded services, development keys and state files.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least severe level that is logged.")

    kafka: str | None = Field(
        None,
        pattern=BROKERS,
        description="Bootstrap servers (host:port,host:port); unset: an embedded Kafka under the data folder.",
    )
    kafka_security_protocol: SecurityProtocol = Field("PLAINTEXT", description="How clients reach the Kafka of HUB_KAFKA.")
    kafka_sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism. OAUTHBEARER is refused: the client cannot re-authenticate when its token ends."
    )
    kafka_sasl_username: str | None = Field(None, description="User name; needed with SASL_PLAINTEXT and SASL_SSL.")
    kafka_sasl_password: SecretStr | None = Field(None, description="Password; needed with SASL_PLAINTEXT and SASL_SSL.")
    kafka_tls_ca: Path | None = Field(
        None, description="PEM file of the authorities that Kafka's certificate is checked against; unset: the system's."
    )
    kafka_tls_cert: Path | None = Field(None, description="PEM file of the client's certificate (mutual TLS); needs HUB_KAFKA_TLS_KEY.")
    kafka_tls_key: Path | None = Field(None, description="PEM file of the client's private key; needs HUB_KAFKA_TLS_CERT.")
    embedded_kafka_heap_mb: int = Field(512, ge=128, description="Largest heap of the embedded Kafka, MiB.")

    database: SecretStr | None = Field(
        None, description="postgresql:// URL of a database; unset: an embedded PostgreSQL under the data folder."
    )

    master_key: SecretStr | None = Field(
        None, description="Base64 of the 32 bytes that wrap every citizen's key; unset: a development key, made once under the data folder."
    )

    documents: Path | None = Field(
        None, description="Folder of the document store, the same for every API process; unset: `documents` under the data folder."
    )
    documents_max_mb: int = Field(10, ge=1, le=100, description="Largest document, MiB.")
    documents_waiting_mb: int = Field(
        2_048, ge=1, description="Uploads that no action has named yet, MiB (each counts as 64 KiB at least); more are refused."
    )

    api_host: str = Field("127.0.0.1", description="Address that the API listens on.")
    api_port: int = Field(8080, ge=0, le=65535, description="Port that the API listens on; 0: a free one.")
    api_threads: int = Field(8, ge=1, le=64, description="SQL calls that one API process makes at a time; each has a connection.")
    api_ack_wait_ms: int = Field(1_000, ge=0, le=30_000, description="How long an append waits for Kafka before it answers 202, not 201.")
    api_read_wait_ms: int = Field(2_000, ge=0, le=30_000, description="How long a read waits for a version before it answers 425.")
    api_bulk_batch: int = Field(250, ge=1, le=1_000, description="Lines of POST /v1/handlinger/bulk that one append transaction takes.")
    issuer: str = Field("urn:vitas-hub:udvikling", description="The `iss` claim that tokens must carry.")
    jwks_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Where the issuer's public keys are; unset: the development issuer under the data folder.",
    )

    login_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Address of the login page, given to users with `loginProfile=fka`; unset: they are given none.",
    )
    role_contact: str = Field(
        "jobcentrets brugeradministrator", description="Whom a user without a role is told to contact, as it stands in a Danish sentence."
    )

    fault_points: Path | None = Field(
        None, description="Folder whose files make single events fail on purpose (demonstration and fault tests); unset: off."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_not_empty(cls, value: Any) -> Any:
        if value == "":
            raise ValueError("must not be empty; leave it unset for the default")
        return value

    @field_validator("database")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("postgresql://"):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("kafka_tls_ca", "kafka_tls_cert", "kafka_tls_key")
    @classmethod
    def _is_a_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("there is no such file")
        return value

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _decoded(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _has_what_the_protocol_needs(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL") and not (self.kafka_sasl_username and self.kafka_sasl_password):
            raise ValueError("HUB_KAFKA_SASL_USERNAME and HUB_KAFKA_SASL_PASSWORD are needed with SASL")
        if (self.kafka_tls_cert is None) != (self.kafka_tls_key is None):
            raise ValueError("HUB_KAFKA_TLS_CERT and HUB_KAFKA_TLS_KEY go together")
        return self


def kafka_client_options(settings: Settings, bootstrap: str) -> dict[str, Any]:
    """Return the keyword arguments that every aiokafka client takes to reach `bootstrap`.

    The embedded Kafka listens on this machine only and is reached in plain text, whatever the protocol settings say.
    Raises OSError or ssl.SSLError when a TLS file cannot be used.
    """
    protocol = settings.kafka_security_protocol if settings.kafka else "PLAINTEXT"
    options: dict[str, Any] = {"bootstrap_servers": bootstrap, "security_protocol": protocol}
    if protocol.endswith("SSL"):
        options["ssl_context"] = _tls(settings)
    if protocol.startswith("SASL"):
        options |= _sasl(settings)
    return options


def master_key(settings: Settings) -> bytes:
    """Return the 32 bytes of the master key: the one set, or the development key (made on first use, mode 0600).

    Raises ValueError when the development key's file has been damaged.
    """
    if settings.master_key is not None:
        return _decoded(settings.master_key.get_secret_value())
    path = settings.data / "master.key"
    if not path.exists():
        _make_key(path)
    return _decoded(path.read_text())


def documents(settings: Settings) -> Path:
    """Return the folder of the document store."""
    return settings.documents or settings.data / "documents"


def _tls(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(settings.kafka_tls_ca) if settings.kafka_tls_ca else None)
    if settings.kafka_tls_cert is not None:
        context.load_cert_chain(settings.kafka_tls_cert, settings.kafka_tls_key)
    return context


def _sasl(settings: Settings) -> dict[str, Any]:
    assert settings.kafka_sasl_password is not None
    return {
        "sasl_mechanism": settings.kafka_sasl_mechanism,
        "sasl_plain_username": settings.kafka_sasl_username,
        "sasl_plain_password": settings.kafka_sasl_password.get_secret_value(),
    }


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError(f"must be the base64 of {MASTER_KEY_BYTES} bytes")
    return key


def _make_key(path: Path) -> None:
    """Write a new key beside `path` and link it there: of two processes at once, one wins whole and both read the winner's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
