"""The fold of a document: an act of its own beside the act it is about."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.akter import slags
from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.kuvert import Kuvert
from hub.domain.sag import Dokument, Sag


def _tilfoejet(sag: Sag, k: Kuvert, d: h.DokumentTilfoejet) -> Sag:
    if slags(sag, d.vedroerer) in (None, "Dokument"):
        raise KanIkkeFoldes("the document is about an act that the case does not have")
    if slags(sag, k.eksternIdentifier) is not None:
        raise KanIkkeFoldes("the document has the id of another act")
    dokument = Dokument(
        id=k.eksternIdentifier,
        version=k.version,
        registreret=k.registreringstidspunkt,
        sket=k.haendelsestidspunkt,
        vedroerer=d.vedroerer,
        navn=felt(d.navn),
        mimetype=d.mimetype,
        stoerrelse=d.stoerrelse,
        sha256=d.sha256,
    )
    return replace(sag, dokumenter=(*sag.dokumenter, dokument))


FOLDNINGER: dict[type[h.Data], Callable[[Sag, Kuvert, Any], Sag]] = {h.DokumentTilfoejet: _tilfoejet}
