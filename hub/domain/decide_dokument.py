"""A document of an act: only one that the store has, and just as the store has it."""

from collections.abc import Iterator

from hub.domain import haendelser as h
from hub.domain.akter import slags
from hub.domain.decide_grund import Kald, Regel, celle, ny_akt
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode


def vedroerer_en_akt(k: Kald) -> Iterator[Fejl]:
    """It is about an act of the case, and not about another document."""
    er = slags(k.sagen, k.data.vedroerer)
    if er is None:
        yield fejl(Fejlkode.UKENDT_AKT, "data.vedroerer")
    elif er == "Dokument":
        yield fejl(Fejlkode.ANDEN_SLAGS_AKT, "data.vedroerer", er=er, kraevet="en anden slags")


def er_uploadet(k: Kald) -> Iterator[Fejl]:
    """The store must have it, with the size and the type that the action says."""
    uploadet = k.opslag.dokument
    if uploadet is None:
        yield fejl(Fejlkode.DOKUMENT_IKKE_UPLOADET, "data.sha256")
        return
    for navn in ("stoerrelse", "mimetype"):
        if getattr(k.data, navn) != getattr(uploadet, navn):
            yield fejl(Fejlkode.DOKUMENT_AFVIGER, f"data.{navn}")


def _tilfoejet(k: Kald) -> h.DokumentTilfoejet:
    return h.DokumentTilfoejet(k.data.vedroerer, k.data.navn, k.data.mimetype, k.data.stoerrelse, k.data.sha256)


REGLER: dict[str, Regel] = {"TilfoejDokument": Regel(_tilfoejet, (celle("GetPDF"), ny_akt(), vedroerer_en_akt, er_uploadet))}
"""Action → what it becomes and its guards."""
