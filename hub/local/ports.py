"""Free TCP ports on this machine's loopback address."""

import errno
import random
import socket
import time

LOOPBACK = "127.0.0.1"
# Below the range that systems take for outgoing connections, so that a port chosen once is still free at the next start.
RANGE = range(20000, 32000)
ATTEMPTS = 200
LET_GO_SECONDS = 5.0
PAUSE_SECONDS = 0.05


def is_free(port: int) -> bool:
    """Say whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen()
        except OSError:
            return False
    return True


def choose(preferred: int | None, but_not: int | None = None) -> int:
    """Return the preferred port if it is free, else another free one; raise OSError when none is found.

    The preferred one is given five seconds: a process that was killed counts as gone before all its threads have let go of its port.
    """
    deadline = time.monotonic() + LET_GO_SECONDS
    while preferred is not None and not is_free(preferred) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    for port in [preferred, *(random.choice(RANGE) for _ in range(ATTEMPTS))]:  # noqa: S311 - no secret
        if port is not None and port != but_not and is_free(port):
            return port
    raise OSError(errno.EADDRINUSE, "no free port found on the loopback address")
