"""The notification on the wire: *that* something happened and which version of which act to fetch; no personal data, no derived date."""

from datetime import datetime

import msgspec


class Ordningsnotifikation(msgspec.Struct, frozen=True, gc=False):
    """One numbered notification to one jobcentre, in the shape of STAR's SendOrdningsnotifikation plus ours (contract)."""

    notifikationsId: str
    nummer: int
    eksternIdentifier: str
    sagsId: str
    version: int
    getMetode: str
    link: str
    jobCenterKode: str
    erOprettelse: bool
    registreringsDato: datetime
    haendelsestidspunkt: datetime
    virksomhedsordningSkabelon: int
    virksomhedsordningSubskabelon: int
    ansoegningStatus: int | None = None
    bevillingsstatus: int | None = None
