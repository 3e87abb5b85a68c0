"""The entries of a jobrotation's lists as GetAnsoegning shows them, each with whether it is complete (R-4.3)."""

from hub.domain.jobrotation import udfyldt
from hub.domain.vilkaar import Ansat, Kursus, Vikar
from hub.projections import vis
from hub.projections.vis import Dokument


def ansat(a: Ansat) -> Dokument:
    """An employee; a person who is erased shows as nulls."""
    return {"personnummer": a.personnummer, "navn": a.navn, "kursus": a.kursus, "udfyldt": udfyldt(a)}


def kursus(k: Kursus) -> Dokument:
    """A course."""
    return {"nr": k.nr, "navn": k.navn, "periode": vis.periode(k.startdato, k.slutdato), "udfyldt": udfyldt(k)}


def vikar(v: Vikar) -> Dokument:
    """A substitute, with the hours as R-2.5 serves them."""
    return {
        "personnummer": v.personnummer,
        "navn": v.navn,
        "periode": vis.periode(v.startdato, v.slutdato),
        "arbejdstid": vis.arbejdstid(*vis.timer(v.ugentligArbejdstid)),
        "udfyldt": udfyldt(v),
    }
