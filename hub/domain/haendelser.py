"""The facts: one class per event, with the fields of its schema. Dates are what was decided, never what can be derived (R-2.2).

A field of type `Fortrolig` is sealed in the log; every other field is open. Decimals are exact, as strings. Terms as in the contract.
"""

import msgspec

from hub.domain.haendelser_ansoegning import (
    AfvistTilAndenAktoer,
    AnsoegningAfvist,
    AnsoegningForhaandsgodkendt,
    AnsoegningGodkendt,
    AnsoegningOprettet,
    AnsoegningRettet,
    AnsoegningTrukketTilbage,
    AnsoegningUnderskrevet,
    Data,
    FlytningKvitteret,
    KladdeReturneret,
    KladdeSendt,
    OvertagetFraAndenAktoer,
    SagFlyttet,
    SagFrigivet,
    SagOvertaget,
    SagTildelt,
    SendtTilAndenAktoer,
    VurderingAfgjort,
    VurderingFrigivet,
    VurderingGenaabnet,
    VurderingOvertaget,
)
from hub.domain.haendelser_bevilling import (
    AftaleIndgaaet,
    AftaleRettet,
    BevillingAfvist,
    BevillingGenfremsendt,
    BevillingGodkendt,
    BevillingSendt,
    BevillingUdstedt,
    CprSkiftet,
    DokumentTilfoejet,
    ForlaengelseAfslaaet,
    ForlaengelseAnsoegt,
    ForlaengelseBevilget,
    OphoerRegistreret,
    OphoerRettet,
    OphoerTilbagekaldt,
    TillaegsbevillingUdstedt,
    TillaegsbevillingUnderskrevet,
    TilskudssatsRettet,
)
from hub.domain.kuvert import Kuvert
from hub.domain.vilkaar import Sats

__all__ = [
    "EFTER_TYPE",
    "HAENDELSER",
    "AftaleIndgaaet",
    "AftaleRettet",
    "AfvistTilAndenAktoer",
    "AnsoegningAfvist",
    "AnsoegningForhaandsgodkendt",
    "AnsoegningGodkendt",
    "AnsoegningOprettet",
    "AnsoegningRettet",
    "AnsoegningTrukketTilbage",
    "AnsoegningUnderskrevet",
    "BevillingAfvist",
    "BevillingGenfremsendt",
    "BevillingGodkendt",
    "BevillingSendt",
    "BevillingUdstedt",
    "CprSkiftet",
    "Data",
    "DokumentTilfoejet",
    "FlytningKvitteret",
    "ForlaengelseAfslaaet",
    "ForlaengelseAnsoegt",
    "ForlaengelseBevilget",
    "Haendelse",
    "KladdeReturneret",
    "KladdeSendt",
    "OphoerRegistreret",
    "OphoerRettet",
    "OphoerTilbagekaldt",
    "OvertagetFraAndenAktoer",
    "SagFlyttet",
    "SagFrigivet",
    "SagOvertaget",
    "SagTildelt",
    "Sats",
    "SendtTilAndenAktoer",
    "TillaegsbevillingUdstedt",
    "TillaegsbevillingUnderskrevet",
    "TilskudssatsRettet",
    "VurderingAfgjort",
    "VurderingFrigivet",
    "VurderingGenaabnet",
    "VurderingOvertaget",
]


class Haendelse(msgspec.Struct, frozen=True, gc=False):
    """One event: envelope and data."""

    kuvert: Kuvert
    data: Data

    @property
    def type(self) -> str:
        """The event's type, e.g. `ForlaengelseBevilget`."""
        return type(self.data).__name__


HAENDELSER: tuple[type[Data], ...] = (
    AnsoegningOprettet, AnsoegningRettet, AnsoegningUnderskrevet, SagTildelt, SagOvertaget, SagFrigivet,
    SendtTilAndenAktoer, AfvistTilAndenAktoer, OvertagetFraAndenAktoer, AnsoegningGodkendt, AnsoegningAfvist,
    AnsoegningTrukketTilbage, AnsoegningForhaandsgodkendt, SagFlyttet, FlytningKvitteret, KladdeSendt, KladdeReturneret,
    VurderingAfgjort, VurderingOvertaget, VurderingFrigivet, VurderingGenaabnet,
    BevillingUdstedt, BevillingSendt, BevillingGenfremsendt, BevillingGodkendt, BevillingAfvist,
    ForlaengelseAnsoegt, ForlaengelseBevilget, ForlaengelseAfslaaet, OphoerRegistreret, OphoerRettet, OphoerTilbagekaldt,
    AftaleIndgaaet, AftaleRettet, TillaegsbevillingUdstedt, TillaegsbevillingUnderskrevet, DokumentTilfoejet, CprSkiftet,
    TilskudssatsRettet,
)  # fmt: skip
"""Every event the hub knows, in the catalogue's order."""

EFTER_TYPE: dict[str, type[Data]] = {klasse.__name__: klasse for klasse in HAENDELSER}
