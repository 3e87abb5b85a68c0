"""Every exception as a problem: ours by code, the framework's by status, others as 500 without a word of what was in them."""

import traceback
from pathlib import Path
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import TimeoutError as PuljenTom

from hub.api.anmodning import REQUEST_ID
from hub.api.problem import Problem, svar
from hub.events.forbigaaende import er_forbigaaende
from hub.projections.generation import IngenGeneration

LOG = structlog.get_logger(__name__)
_EFTER_STATUS = {404: "ukendt_adresse", 405: "ukendt_metode", 413: "for_stor"}
_RAMMER = 8


def problemsvar(request: Request[Any, Any, Any], fejl: Exception) -> Response[bytes]:
    """The answer to any exception; the request id goes back with it, so that the same request can be sent again."""
    problem = noteret(fejl, request)
    hoveder = problem.hoveder
    if givet := request.scope.get("state", {}).get(REQUEST_ID):
        hoveder = {**hoveder, "x-requestId": givet}
    return svar(problem.krop(), hoveder)


def noteret(fejl: Exception, request: Request[Any, Any, Any]) -> Problem:
    """Any exception as its problem; what is our own trouble is logged."""
    problem = problem_af(fejl)
    if problem.status >= 500:
        LOG.warning(
            "request_failed", code=problem.kode, error=type(fejl).__name__, at=_hvor(fejl), route=request.scope.get("path_template")
        )
    return problem


def problem_af(fejl: Exception) -> Problem:
    """Any exception as its problem; of the database's passing errors 503 with Retry-After."""
    if isinstance(fejl, Problem):
        return fejl
    if isinstance(fejl, HTTPException):
        kode = _EFTER_STATUS.get(fejl.status_code, "ugyldig_parameter" if fejl.status_code < 500 else "intern_fejl")
        tilladt = {n: _egne(v) for n, v in (fejl.headers or {}).items() if n.lower() == "allow"}
        return Problem(kode, hoveder=tilladt)
    if isinstance(fejl, (PuljenTom, IngenGeneration)) or er_forbigaaende(fejl):
        return Problem.proev_igen("database_vaek", 2)
    return Problem("intern_fejl")


def _egne(metoder: str) -> str:
    """The methods of an Allow header, but for the one that the framework adds to every address."""
    return ", ".join(sorted(set(metoder.split(", ")) - {"OPTIONS"}))


def _hvor(fejl: BaseException) -> list[str]:
    """The last frames as file:line; never the exception's text, which may hold values."""
    return [f"{Path(r.filename).name}:{r.lineno}" for r in traceback.extract_tb(fejl.__traceback__)[-_RAMMER:]]
