"""POST /v1/soeg: search by criteria in the body; a citizen by CPR number in a header, and nowhere else."""

from litestar import Response

from hub.api import anmodning, kriterier
from hub.api.anmodning import Anmodning
from hub.api.json_ind import laes_objekt
from hub.api.listekald import SIDE, Kald, vis
from hub.api.modtag import TYPER
from hub.api.problem import Problem
from hub.api.tjenester import Dele
from hub.domain.fejl import doerfejl
from hub.projections.omraader import OMRAADER

STANDARD_OMRAADE = "Soeg"


async def soeg(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The page of the area asked for (else of the cases) that fulfils every criterion; at least one must be given."""
    givet, fejl = anmodning.laes_parametre(request, SIDE)
    anmodning.kraev_type(request, TYPER, "forkert_type")
    krop = laes_objekt(await anmodning.krop(request, dele.graenser), dele.graenser)
    omraade = krop.get("omraade", STANDARD_OMRAADE)
    kendt = isinstance(omraade, str) and omraade in OMRAADER
    laest = kriterier.fra_krop(krop, omraade if kendt else STANDARD_OMRAADE)
    laest = laest._replace(fejl=fejl + laest.fejl)
    if not kendt:
        laest.fejl.append(doerfejl("ugyldigt_kriterium", "omraade"))
        omraade = STANDARD_OMRAADE
    if not krop.keys() - {"omraade"} and "x-civilregistrationidentifier" not in request.headers:
        raise Problem("intet_kriterium", [doerfejl("intet_kriterium"), *laest.fejl])
    return await vis(request, dele, Kald("soeg", omraade, givet, laest))
