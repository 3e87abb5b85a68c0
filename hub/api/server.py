"""Serving the application: uvicorn with uvloop and httptools, a port that is checked first, and an orderly end."""

import socket
from collections.abc import Callable

import uvicorn
from litestar import Litestar

from hub.api.protokol import BundetProtokol
from hub.api.tjenester import Dele

EFTERLOEB_SEKUNDER = 20
HVILE_SEKUNDER = 15
KOE = 512


class PortOptaget(OSError):
    """The address cannot be listened on; the text says which and what to do."""


def lyt(host: str, port: int) -> socket.socket:
    """A socket bound to host and port (0: a free one). Raises `PortOptaget`."""
    familie = socket.AF_INET6 if ":" in host else socket.AF_INET
    sok = socket.socket(familie, socket.SOCK_STREAM)
    try:
        sok.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sok.bind((host, port))
        sok.listen(KOE)
    except OSError as fejl:
        sok.close()
        raise PortOptaget(
            f"cannot listen on {host}:{port} ({fejl.strerror}); set HUB_API_HOST and HUB_API_PORT, or 0 for a free port"
        ) from fejl
    return sok


def adresse(sok: socket.socket) -> str:
    """The address that a bound socket answers on, e.g. http://127.0.0.1:8080."""
    host, port = sok.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """uvicorn, that lets go those who wait for news before it waits for its requests to end."""

    def __init__(self, config: uvicorn.Config, dele: Dele) -> None:
        super().__init__(config)
        self._dele = dele

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, answer what is under way."""
        self._dele.tilstand.slutter = True
        await super().shutdown(sockets)


def server(app: Litestar) -> uvicorn.Server:
    """A server for the application; `await server(app).serve(sockets=[...])`, and `should_exit = True` ends it."""
    dele: Dele = app.state.dele

    class Protokol(BundetProtokol):
        graenser = dele.graenser

    return Server(
        uvicorn.Config(
            app,
            loop="auto",
            http=Protokol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=HVILE_SEKUNDER,
            timeout_graceful_shutdown=EFTERLOEB_SEKUNDER,
        ),
        dele,
    )


def koer(app: Litestar, host: str, port: int, klar: Callable[[str], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM, then answer what is under way; `klar` is told the address. Raises `PortOptaget`."""
    with lyt(host, port) as sok:
        klar(adresse(sok))
        server(app).run(sockets=[sok])
