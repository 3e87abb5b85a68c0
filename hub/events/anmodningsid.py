"""Request ids: what can be one, and the id of a line of actions that may bring none."""

import re
from collections.abc import Callable
from typing import Any

import orjson

from hub.domain.personnummer import TRUKKET, har_personnummer

MAKS = 46
_TEGN = re.compile(rf"[A-Za-z0-9._:-]{{1,{MAKS}}}", re.ASCII)
_CPR = re.compile(r"(?<!\d)\d{6}-?\d{4}(?!\d)", re.ASCII)
_SKILLETEGN = str.maketrans("_:/", "---")
"""What else a number's parts may be parted by in an id, where there are no spaces."""


class UgyldigtAnmodningsid(ValueError):
    """The id has other characters, is too long, or holds what may be a CPR number. Its text is not repeated."""


def er_anmodningsid(givet: object) -> bool:
    """Whether a text can be a request id: it stands open in the log, so no CPR number may be anywhere in it."""
    return isinstance(givet, str) and _TEGN.fullmatch(givet) is not None and not kan_rumme_cpr(givet)


def kan_rumme_cpr(tekst: str) -> bool:
    """Whether a CPR number may be anywhere in a text, for what stands in logs and addresses: the doubt counts against the text.

    Any ten digits in a row, perhaps with a dash after the sixth; or a day, a month, a year and four digits, however they are parted.
    Not what is part of a uuid, a hash or a longer run of digits: machines draw those.
    """
    rest = TRUKKET.sub(" x ", tekst)
    return _CPR.search(rest) is not None or har_personnummer(rest.translate(_SKILLETEGN))


def af_indhold(krop: bytes, request_hash: Callable[[bytes], bytes]) -> str:
    """The id of an action that brings none, from its canonical bytes by a keyed hash: the same action is the same request."""
    return request_hash(krop).hex()[:MAKS]


def anmodningsid(objekt: dict[str, Any], request_hash: Callable[[bytes], bytes]) -> str:
    """The line's own `requestId`, taken out of it, else one derived from its content by a keyed hash: the same line is the same request.

    Raises `UgyldigtAnmodningsid`.
    """
    if "requestId" not in objekt:
        return af_indhold(orjson.dumps(objekt, option=orjson.OPT_SORT_KEYS), request_hash)
    givet = objekt.pop("requestId")
    if not er_anmodningsid(givet):
        raise UgyldigtAnmodningsid("not a request id")
    return str(givet)
