"""Who may see how much of a case (I7): its jobcentre all, a former owner up to its own last version, the auditor all, others nothing."""

from hub.api.problem import Problem
from hub.api.ruter import JOBCENTER
from hub.api.tokens import Bruger
from hub.domain.sag import Sag

SER_ALT = frozenset({"auditor"})
SER_NAVNE = JOBCENTER
"""Who sees citizens' names in a list: those who work on the cases. The auditor has them one case at a time, in its documents."""


def egne_jobcentre(bruger: Bruger, kode: str | None) -> tuple[str, ...] | None:
    """Whose cases the user sees in a list; None: everybody's. Raises `Problem` 403 when `kode` is none of the user's."""
    if bruger.rolle in SER_ALT:
        return None
    if kode is not None and kode not in bruger.jobcentre:
        raise Problem("ikke_eget_jobcenter")
    return bruger.jobcentre


def sidste_synlige(bruger: Bruger, sag: Sag) -> int | None:
    """The last version of the case that the user may see; None: all there is and will be. Raises `Problem` 403."""
    if bruger.rolle in SER_ALT or sag.jobCenterKode in bruger.jobcentre:
        return None
    tidligere = [ejer.til for ejer in sag.tidligereEjere if ejer.jobCenterKode in bruger.jobcentre]
    if not tidligere:
        raise Problem("ikke_egen_sag")
    return max(tidligere)
