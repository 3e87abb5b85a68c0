"""The supplementary grant: issued, with the terms of its type, and signed once (R-3.7, R-5.1, R-5.2)."""

from collections.abc import Iterator

from hub.domain import haendelser as h
from hub.domain.decide_grund import Kald, Regel, akt, identitet, ny_akt
from hub.domain.decide_vilkaar import hjaelpemidlets, mentorens, mentortype_mangler
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.matrix import har
from hub.domain.tillaegstyper import TILLAEGETS_METODE, TYPENS_FELTER


def typens_celle(k: Kald) -> Iterator[Fejl]:
    """The scheme must have the GetMetode of the grant's type (R-1.1)."""
    metode = TILLAEGETS_METODE[k.data.type]
    if not har(k.ordning, metode):
        yield fejl(Fejlkode.CELLE_MANGLER, "ordning", ordning=k.ordning, getmetode=metode)


def typens_felter(k: Kald) -> Iterator[Fejl]:
    """No field of another type; an aid says what it is."""
    fremmede = [navn for type_, felter in TYPENS_FELTER.items() for navn in felter if type_ != k.data.type]
    for navn in fremmede:
        if getattr(k.data, navn) is not None:
            yield fejl(Fejlkode.HOERER_IKKE_TIL_TYPEN, f"data.{navn}", type=k.data.type)
    if "hjaelpemiddel" in TYPENS_FELTER[k.data.type] and k.data.hjaelpemiddel is None:
        yield fejl(Fejlkode.MANGLER, "data.hjaelpemiddel")


def har_mentortype(k: Kald) -> Iterator[Fejl]:
    """A mentor has its type, unless it is a subsidy for education (R-5.1)."""
    if "mentortype" in TYPENS_FELTER[k.data.type] and mentortype_mangler(k.data):
        yield fejl(Fejlkode.MANGLER, "data.mentortype")


def ikke_underskrevet(k: Kald) -> Iterator[Fejl]:
    """It is signed once (R-3.7: the first signature's time stands)."""
    if any(t.id == k.id and t.underskrevet is not None for t in k.sagen.tillaegsbevillinger):
        yield fejl(Fejlkode.ALLEREDE_UNDERSKREVET, underskriver="Arbejdsgiver")


def _udsted(k: Kald) -> h.TillaegsbevillingUdstedt:
    d = k.data
    return h.TillaegsbevillingUdstedt(
        type=d.type,
        startdato=d.periode.startdato,
        slutdato=d.periode.slutdato,
        ugentligArbejdstid=d.ugentligArbejdstid,
        kontaktpersonPaaArbejdsstedet=d.kontaktpersonPaaArbejdsstedet and d.kontaktpersonPaaArbejdsstedet.model_dump(),
        tilSagsId=d.tilSagsId,
        **mentorens(d),
        **hjaelpemidlets(d.hjaelpemiddel),
        **identitet(k),
    )


REGLER: dict[str, Regel] = {
    "UdstedTillaegsbevilling": Regel(_udsted, (typens_celle, ny_akt(), typens_felter, har_mentortype)),
    "UnderskrivTillaegsbevilling": Regel(
        lambda k: h.TillaegsbevillingUnderskrevet(k.data.medBilag), (akt("Tillaegsbevilling"), ikke_underskrevet)
    ),
}
"""Action → what it becomes and its guards."""
