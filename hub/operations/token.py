"""A development token. Whoever can read the data folder can be anybody, so a hub with a real issuer refuses to make one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from hub.operations.udsteder import udsted, udviklingsnoegle
from hub.settings import Settings

Role = Literal["vitas", "system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator", "operator", "auditor"]
OF_A_JOBCENTRE = frozenset({"system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator"})


class NoToken(ValueError):
    """The token cannot be made; the text says why."""


@dataclass(frozen=True)
class Token:
    """A signed token and what it says."""

    token: str
    role: Role
    jobcentres: tuple[str, ...]
    name: str
    expires: datetime


def issue(settings: Settings, role: Role, jobcentres: Sequence[str], name: str, minutes: int) -> Token:
    """A token from the development issuer. Raises `NoToken`."""
    if settings.jwks_url is not None:
        raise NoToken("HUB_JWKS_URL is set: tokens come from that issuer, the development issuer is not trusted")
    if role in OF_A_JOBCENTRE and not jobcentres:
        raise NoToken(f"a {role} sees its own jobcentre's cases only: name it with --jobcentre")
    if any(len(code) != 5 or not (code.isascii() and code.isdigit()) for code in jobcentres):
        raise NoToken("a jobcentre's code is five digits")
    key = udviklingsnoegle(settings.data)
    signed = udsted(key, settings.issuer, name, role, jobcentres, navn=name, sekunder=minutes * 60)
    return Token(signed, role, tuple(jobcentres), name, datetime.now(UTC) + timedelta(minutes=minutes))
