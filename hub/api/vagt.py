"""The guard of every route: token first, then the route's roles. Denied by default."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from hub.api.problem import Problem
from hub.api.ruter import RUTER, tilladte
from hub.api.tjenester import Tjenester
from hub.api.tokens import Bruger
from hub.domain.fejl import doerfejl

BRUGER = "hub.bruger"
LOG_IND = ("mangler_token", "ugyldigt_token", "udloebet_token", "ingen_rolle")
"""What one is refused for whom logging in anew can help."""


async def vagt(forbindelse: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the caller through to a route that lists its role.

    Raises `Problem` 401 or 403: who is not logged in, or has no role, is told where to log in (R-1.2), the latter whom to ask too (R-1.3);
    405 for OPTIONS, which the framework knows of every address and we of none.
    """
    rute = RUTER.get(handler.name or "")
    if rute is not None and rute.roller is None:
        return
    if rute is None and isinstance(forbindelse, Request) and forbindelse.method == "OPTIONS":
        raise Problem("ukendt_metode", hoveder={"Allow": tilladte(forbindelse.scope["path_template"])})
    tjenester: Tjenester = forbindelse.app.state.dele.tjenester
    try:
        bruger = await tjenester.tokens.bruger(forbindelse.headers.get("authorization"))
        if not bruger.rolle:
            raise Problem("ingen_rolle", [doerfejl("ingen_rolle", kontakt=tjenester.adgang.kontakt)])
    except Problem as problem:
        if problem.kode in LOG_IND:
            problem.mere["login"] = tjenester.adgang.login
        raise
    if rute is None or rute.roller is None or bruger.rolle not in rute.roller:
        raise Problem("mangler_rolle")
    forbindelse.scope["state"][BRUGER] = bruger


def bruger_af(request: Request[Any, Any, Any]) -> Bruger:
    """The user whom the guard let through."""
    bruger: Bruger = request.scope["state"][BRUGER]
    return bruger
