"""A numbered notification as it lies on its topic: the final bytes, and the headers that say the same of it every time."""

from hub.events.codec import Kodeks
from hub.events.framing import skema_id
from hub.events.hoveder import hoveder_notifikation
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.schemas import Skemaregister

Hoveder = tuple[tuple[str, bytes], ...]


class Pakning:
    """Makes bytes and headers; slow enough to belong in a thread."""

    def __init__(self, kodeks: Kodeks, register: Skemaregister) -> None:
        self.kodeks = kodeks
        self._register = register

    def pak(self, notifikation: Ordningsnotifikation) -> tuple[bytes, Hoveder]:
        """The final bytes, and their headers."""
        vaerdi = self.kodeks.indkod_notifikation(notifikation)
        return vaerdi, _som_bytes(hoveder_notifikation(self._register, notifikation))

    def hoveder(self, vaerdi: bytes) -> Hoveder:
        """The headers of bytes packed before, for sending them again: those of the schema that they are written with.

        Raises `Ulaeselig`.
        """
        return _som_bytes(hoveder_notifikation(self._register, self.kodeks.afkod_notifikation(vaerdi), skema_id(vaerdi)))


def _som_bytes(hoveder: dict[str, str]) -> Hoveder:
    return tuple((navn, tekst.encode()) for navn, tekst in hoveder.items())
