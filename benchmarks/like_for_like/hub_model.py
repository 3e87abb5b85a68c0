"""The small read model as the hub would have it: a table and a view, plugged into the engine of `hub rebuild`."""

from collections.abc import Iterable

from sqlalchemy import Column, Date, Integer, MetaData, Table, Text

from hub.domain.datoer import datoer
from hub.domain.sag import Sag
from hub.projections.kolonner import SKEMA
from hub.projections.laesemodel import Laesemodel
from hub.projections.metoder import Billede, Raekke
from hub.projections.project import Sagsgang

METADATA = MetaData(schema=SKEMA)
TABLE = Table(
    "cases",
    METADATA,
    Column("sags_id", Text, primary_key=True),
    Column("ordning", Text, nullable=False),
    Column("job_center_kode", Text, nullable=False),
    Column("start", Date, nullable=False),
    Column("oprindelig_slut", Date),
    Column("aktuel_slut", Date),
    Column("version", Integer, nullable=False),
)


def view(case: Sag | None) -> Billede:
    """The row of a case that has a grant."""
    if case is None or case.bevilling is None:
        return {TABLE.name: {}}
    grant = case.bevilling
    dates = datoer(grant)
    start, first, now = grant.periode.startdato, dates.oprindeligSlutdato, dates.aktuelSlutdato
    return {TABLE.name: {case.id: (case.id, case.ordning, case.jobCenterKode, start, first, now, case.version)}}


def _rows(case: Sagsgang) -> Iterable[Raekke]:
    return case.billede[TABLE.name].values()


def model() -> Laesemodel:
    """One table of one row per case."""
    return Laesemodel(METADATA, ((TABLE, _rows),), view)
