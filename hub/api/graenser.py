"""The bounds of the door: how much, how deep, how long. Checked before anything is decoded."""

from dataclasses import dataclass

from hub.settings import Settings


@dataclass(frozen=True)
class Graenser:
    """Bytes, counts and seconds; bootstrap gives those that are settings, tests make them small."""

    krop: int = 64 * 1024
    linje: int = 64 * 1024
    bulk_linjer: int = 100_000
    bulk_del: int = 250
    json_dybde: int = 12
    json_led: int = 4_000
    forbindelser: int = 1_000
    hoveder: int = 16 * 1024
    adresse: int = 4 * 1024
    dokument: int = 10 * 1024 * 1024
    dokument_sekunder: float = 120.0
    uploads: int = 16
    krop_sekunder: float = 10.0
    kvittering_sekunder: float = 1.0
    laese_sekunder: float = 2.0
    feed_sekunder: float = 30.0
    feed_maks: int = 1_000
    feed_ventende: int = 500
    liste_maks: int = 1_000
    traade: int = 8
    traadkoe: int = 256


def af_settings(settings: Settings) -> Graenser:
    """The bounds with those that an installation may set."""
    return Graenser(
        kvittering_sekunder=settings.api_ack_wait_ms / 1_000,
        laese_sekunder=settings.api_read_wait_ms / 1_000,
        bulk_del=settings.api_bulk_batch,
        traade=settings.api_threads,
        dokument=settings.documents_max_mb * 1024 * 1024,
    )
