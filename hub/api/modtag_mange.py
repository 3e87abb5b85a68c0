"""POST /v1/handlinger/bulk: actions as lines in, receipts and problems as lines out, in order, in bounded memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import orjson
import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hub.api import anmodning
from hub.api.anmodning import Anmodning
from hub.api.fejlsvar import noteret
from hub.api.json_ind import laes_objekt
from hub.api.modtag import afvist, ordre
from hub.api.problem import Problem
from hub.api.stroemsvar import Stroemsvar
from hub.api.tjenester import Dele
from hub.domain.fejl import Afvisning, doerfejl
from hub.events.anmodningsid import UgyldigtAnmodningsid, anmodningsid
from hub.events.ledger_fejl import ForaeldetFoldning, LedgerBagud
from hub.events.ordre import Ordre

NDJSON = "application/x-ndjson"
TYPER = frozenset({NDJSON, "application/ndjson", "application/jsonl"})
IF_MATCH = "If-Match"
"""A single action's: unheard it would be a promise that a case has not moved on. A client's `x-requestId` names its call and may stand:
what comes again is known line by line.
"""
Krop = dict[str, Any]


Gruppe = Sequence[tuple[int, bytes | None]]
"""Lines by their number (from 1); None stands for one longer than the bound."""


class Afbrudt(NamedTuple):
    """The lines ended before the body did: the number of the one that could not be had, and why."""

    nummer: int
    problem: Problem


class Linje(NamedTuple):
    """A line's number (from 1) and what it holds: an order, or why it is none."""

    nummer: int
    indhold: Ordre | Krop


async def modtag_mange(request: Anmodning, dele: Dele) -> Stroemsvar:
    """Answer each line with its receipt (`status` 202) or its problem; one line's refusal leaves the others untouched."""
    anmodning.kraev_type(request, TYPER, "forkert_type_bulk")
    anmodning.parametre(request, ())
    if IF_MATCH in request.headers:
        raise Problem("hoved_gaelder_ikke_bulk", [doerfejl("hoved_gaelder_ikke_bulk", IF_MATCH)])
    return Stroemsvar(_svar(request, dele), NDJSON)


async def _svar(request: Anmodning, dele: Dele) -> AsyncIterator[bytes]:
    """The answer, one piece per append. A body that stops half-way ends the answer with a problem line.

    From the first group that could not be taken on, every line gets that problem and is not tried: actions of a case stay in order.
    """
    svigt: Problem | None = None
    async for gruppe in _grupper(request, dele):
        if isinstance(gruppe, Afbrudt):
            svar = _linje(gruppe.nummer, gruppe.problem.krop())
        elif svigt is None:
            svar, svigt = await _forsoegt(gruppe, request, dele)
        else:
            svar = _alle(gruppe, svigt)
        yield svar


async def _forsoegt(gruppe: Gruppe, request: Anmodning, dele: Dele) -> tuple[bytes, Problem | None]:
    """The group's answers; and, when it could not be taken on, why."""
    try:
        return await dele.traade.koer(_behandl, gruppe, dele), None
    except (LedgerBagud, ForaeldetFoldning):
        svigt = Problem("hovedbog_bagud")
    except (Problem, psycopg.Error, SQLAlchemyError) as fejl:
        svigt = noteret(fejl, request)
    return _alle(gruppe, svigt), svigt


async def _grupper(request: Anmodning, dele: Dele) -> AsyncIterator[Gruppe | Afbrudt]:
    """Numbered lines in groups of `bulk_del`; empty lines are skipped but counted. Last, why it ended before the body did, if so."""
    gruppe: list[tuple[int, bytes | None]] = []
    nummer, afbrudt = 0, None
    try:
        async for raa in anmodning.linjer(request, dele.graenser):
            if nummer == dele.graenser.bulk_linjer:
                raise Problem("for_stor")
            nummer += 1
            if raa is None or raa.strip():
                gruppe.append((nummer, raa))
            if len(gruppe) >= dele.graenser.bulk_del:
                yield gruppe
                gruppe = []
    except Problem as problem:
        afbrudt = Afbrudt(nummer + 1, problem)
    if gruppe:
        yield gruppe
    if afbrudt is not None:
        yield afbrudt


def _alle(gruppe: Gruppe, problem: Problem) -> bytes:
    """The same problem for every line of a group."""
    return b"".join(_linje(nummer, problem.krop()) for nummer, _ in gruppe)


def _behandl(gruppe: Gruppe, dele: Dele) -> bytes:
    """Decode a group, append it in one call (in a thread), and give the answer's lines in the same order."""
    linjer = [Linje(nummer, _laes(raa, dele)) for nummer, raa in gruppe]
    udfald = iter(_tilfoej([linje.indhold for linje in linjer if isinstance(linje.indhold, Ordre)], dele))
    return b"".join(_linje(linje.nummer, next(udfald) if isinstance(linje.indhold, Ordre) else linje.indhold) for linje in linjer)


def _laes(raa: bytes | None, dele: Dele) -> Ordre | Krop:
    """One line as an order, or as its problem."""
    try:
        if raa is None:
            raise Problem("for_stor")
        objekt = laes_objekt(raa, dele.graenser)
        return ordre(objekt, anmodningsid(objekt, dele.tjenester.noeglering.request_hash), None)
    except Problem as problem:
        return problem.krop()
    except UgyldigtAnmodningsid:
        return Problem.om("ugyldigt_request_id", "requestId").krop()
    except Afvisning as afvisning:
        return afvist(afvisning)


def _tilfoej(ordrer: Sequence[Ordre], dele: Dele) -> list[Krop]:
    if not ordrer:
        return []
    udfald = dele.tjenester.ledger.append(ordrer)
    return [afvist(u) if isinstance(u, Afvisning) else {"status": 202, **u.kvittering} for u in udfald]


def _linje(nummer: int, krop: Krop) -> bytes:
    return orjson.dumps({"linje": nummer, **krop}, option=orjson.OPT_APPEND_NEWLINE)
