"""What can go wrong with the services the hub runs itself."""

from pathlib import Path

TAIL_LINES = 20


class LocalServiceError(RuntimeError):
    """An embedded service could not be started or stopped; the message says which and why."""


class JarsUnavailable(LocalServiceError):
    """Kafka's jars are neither in the cache nor to be downloaded, or are not those of the lock."""


class DidNotStart(LocalServiceError):
    """A service ended or stayed silent while starting; the message ends with the tail of its log."""

    def __init__(self, service: str, reason: str, log: Path) -> None:
        super().__init__(f"{service} did not start: {reason}\n{tail(log)}")


class NotReachable(LocalServiceError):
    """A configured service does not answer; the message names the setting, never its value."""

    def __init__(self, service: str, setting: str) -> None:
        super().__init__(f"{service} does not answer: check {setting}")


def tail(log: Path) -> str:
    """Return the last lines of a log file, or a sentence saying that there is none."""
    if not log.exists():
        return f"(no log at {log})"
    return "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
