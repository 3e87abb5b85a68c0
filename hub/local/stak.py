"""A stack of its own for a demonstration or a benchmark: embedded services, and the hub's processes as its users start them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.request import urlopen

from hub.bootstrap import Hus
from hub.local import services
from hub.settings import Settings

FRIST = 60.0
LOGIN = "https://vitas.example/login"
"""The login page that users of the stack are sent to; nobody is there."""


class StartedeIkke(RuntimeError):
    """A process did not get ready; the text is the end of what it printed."""


@contextmanager
def stak() -> Iterator[Hus]:
    """A fresh Kafka and PostgreSQL in a temporary folder, with a folder of fault points; gone afterwards. From the main thread only."""
    with _sigterm_som_ctrl_c(), TemporaryDirectory(prefix="hub-stak-") as mappe:
        fejlpunkter = Path(mappe) / "fault-points"
        fejlpunkter.mkdir()
        settings = Settings(data=Path(mappe), kafka=None, database=None, master_key=None, jwks_url=None, fault_points=fejlpunkter)
        try:
            # Inside: Ctrl-C while they start, or one that does not start, leaves the other running.
            adresser = services.start(settings)
            yield Hus(settings, adresser.bootstrap, adresser.database_url)
        finally:
            services.stop(settings)


@contextmanager
def _sigterm_som_ctrl_c() -> Iterator[None]:
    """SIGTERM ends what runs as Ctrl-C does: by itself it would end this process alone, and leave the services running."""
    foer = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, foer)


@contextmanager
def hub(hus: Hus, *verbum: str, vent: str) -> Iterator[str]:
    """Run `hub VERB` on the stack until the context ends; gives the first line of its output that contains `vent`."""
    with proces([sys.executable, "-m", "hub.cli", *verbum], _miljoe(hus), vent) as linje:
        yield linje


@contextmanager
def proces(kommando: Sequence[str], miljoe: dict[str, str], vent: str) -> Iterator[str]:
    """Run a command until the context ends, from when a line of its output contains `vent`."""
    with subprocess.Popen(kommando, env=miljoe, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as kaldt:
        try:
            linje = _linje(kaldt, vent)
            # What nobody reads fills the pipe, and then the process waits in its next log line.
            Thread(target=_laes_resten, args=(kaldt,), daemon=True).start()
            yield linje
        finally:
            kaldt.send_signal(signal.SIGTERM)
            kaldt.wait(timeout=FRIST)


def _linje(kaldt: subprocess.Popen[str], vent: str) -> str:
    assert kaldt.stdout is not None
    set_: list[str] = []
    for linje in kaldt.stdout:
        set_.append(linje)
        if vent in linje:
            return linje.strip()
    raise StartedeIkke("".join(set_[-20:]))


def _laes_resten(kaldt: subprocess.Popen[str]) -> None:
    assert kaldt.stdout is not None
    for _ in kaldt.stdout:
        pass


def kald(hus: Hus, *verbum: str) -> subprocess.CompletedProcess[str]:
    """Run `hub VERB` on the stack to its end."""
    kommando = [sys.executable, "-m", "hub.cli", *verbum]
    return subprocess.run(kommando, check=False, env=_miljoe(hus), capture_output=True, text=True, timeout=FRIST)


def adresse_i(linje: str) -> str:
    """The API's address in the line with which `hub api` says where it listens."""
    return "http://" + linje.split("http://")[1].split()[0]


def vent_paa_http(adresse: str) -> None:
    """Wait until the API answers that it is ready. Raises `StartedeIkke`."""
    frist = time.monotonic() + FRIST
    while time.monotonic() < frist:
        try:
            with urlopen(f"{adresse}/health/ready", timeout=2) as svar:  # noqa: S310 (our own address)
                if svar.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise StartedeIkke(f"{adresse} is not ready")


def _miljoe(hus: Hus) -> dict[str, str]:
    uden = {navn: vaerdi for navn, vaerdi in os.environ.items() if not navn.startswith("HUB_")}
    egne = {"HUB_DATA": str(hus.settings.data), "HUB_API_PORT": "0", "HUB_LOG_LEVEL": "WARNING", "HUB_LOGIN_URL": LOGIN}
    return uden | egne | {"HUB_FAULT_POINTS": str(hus.settings.fault_points)}
