"""Named fault points, for the demonstration and the fault tests: a file in a folder makes one event fail at one place."""

from pathlib import Path


class Fejlpunkt(RuntimeError):
    """The fault that a test or the demonstration asked for."""


class Fejlpunkter:
    """`naa(name, stream)` fails while the file `<folder>/<name>.<stream>` exists; without a folder it costs nothing."""

    def __init__(self, mappe: Path | None = None) -> None:
        self._mappe = mappe

    def naa(self, navn: str, stroem: str) -> None:
        """Pass the fault point `navn` for a stream. Raises `Fejlpunkt` when it is set."""
        if self._mappe is not None and (self._mappe / f"{navn}.{stroem}").exists():
            raise Fejlpunkt(f"fault point {navn} is set for this stream")
