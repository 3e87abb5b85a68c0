"""GET /v1/session: who the token says the caller is, where to log in, and the rules of a session (R-1.2, R-1.5)."""

from litestar import Response

from hub.api.anmodning import Anmodning, parametre
from hub.api.problem import json_svar
from hub.api.tjenester import Dele
from hub.api.vagt import bruger_af
from hub.domain.session import regler


async def session(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The caller, with the one role and the jobcentres of the token. Without a known role the guard has refused (R-1.3)."""
    parametre(request, ())
    bruger = bruger_af(request)
    return json_svar(
        {
            "bruger": {"id": bruger.sub, "navn": bruger.navn, "rolle": bruger.rolle, "jobcentre": list(bruger.jobcentre)},
            "login": dele.tjenester.adgang.login,
            "session": regler(),
        }
    )
