"""GET /v1/lister/{omraade}: one of the seven areas, a page at a time, as it is now (R-1.6)."""

from litestar import Response

from hub.api import kriterier
from hub.api.anmodning import Anmodning, laes_parametre
from hub.api.kriterier import KRITERIER
from hub.api.listekald import SIDE, Kald, vis
from hub.api.problem import Problem
from hub.api.tjenester import Dele
from hub.projections.omraader import OMRAADER


async def liste(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The page, narrowed by the parameters."""
    omraade = request.path_params["omraade"]
    if omraade not in OMRAADER:
        raise Problem("ukendt_omraade")
    givet, fejl = laes_parametre(request, (*KRITERIER, *SIDE))
    laest = kriterier.fra_parametre(givet, omraade)
    return await vis(request, dele, Kald("liste", omraade, givet, laest._replace(fejl=fejl + laest.fejl)))
