"""The facts of the reference streams: companies in conflict, rates, rejection texts, code lists. Nothing in them is personal."""

from datetime import date

import msgspec

from hub.domain.kuvert import Kuvert


class Referencedata(msgspec.Struct, frozen=True, gc=False):
    """What every reference event's data derive from; the class's name is the event's type."""


class KonfliktRegistreret(Referencedata, frozen=True, gc=False):
    """The company is affected by a conflict from `fra` on, in these trades (R-2.1); it replaces the registration that stands."""

    cvrNummer: str
    fra: date
    fagomraader: tuple[str, ...]


class KonfliktOphoert(Referencedata, frozen=True, gc=False):
    """The company is affected no more (R-2.1)."""

    cvrNummer: str


class SatsRegistreret(Referencedata, frozen=True, gc=False):
    """A rate, valid in [startdato, slutdato); null is open (R-3.1). It corrects earlier rows of the code on those days."""

    kode: int
    navn: str
    beskrivelse: str
    startdato: date
    slutdato: date | None = None


class AfslagstekstRegistreret(Referencedata, frozen=True, gc=False):
    """A version of a scheme's rejection text (R-3.4), valid in [startdato, slutdato); null is open."""

    ordning: str
    tekstversion: str
    tekst: str
    startdato: date
    slutdato: date | None = None


class KodeRegistreret(Referencedata, frozen=True, gc=False):
    """A row of a code list, valid in [startdato, slutdato); null is open (R-3.1)."""

    liste: str
    kode: int
    navn: str
    startdato: date
    slutdato: date | None = None
    beskrivelse: str | None = None


REFERENCEHAENDELSER: tuple[type[Referencedata], ...] = (
    KonfliktRegistreret,
    KonfliktOphoert,
    SatsRegistreret,
    AfslagstekstRegistreret,
    KodeRegistreret,
)


class Referencehaendelse(msgspec.Struct, frozen=True, gc=False):
    """One reference event: envelope (its `sagsId` and `eksternIdentifier` are the stream's name) and data."""

    kuvert: Kuvert
    data: Referencedata

    @property
    def type(self) -> str:
        """The event's type, e.g. `SatsRegistreret`."""
        return type(self.data).__name__
