"""Where this data folder's API answers: written by the API when it listens, read by those who call it."""

from pathlib import Path

from hub.local import state
from hub.settings import Settings

FILE = "api.json"


def note(data: Path, address: str) -> None:
    """Remember where the API listens."""
    state.write(data / FILE, {"address": address})


def api_address(settings: Settings) -> str:
    """The address noted last, else the one that the settings give."""
    noted = state.read(settings.data / FILE).get("address")
    return str(noted) if noted else f"http://{settings.api_host}:{settings.api_port}"
