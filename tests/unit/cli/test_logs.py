"""What libraries log is a line like our own."""

import logging
import threading
from collections.abc import Iterator

import pytest
import structlog

from hub.cli import logs


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logging as a verb sets it up, put back afterwards."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = list(root.handlers), root.level
    logs.configure("INFO")
    yield
    root.handlers[:], threading.excepthook = handlers, hook
    root.setLevel(level)
    structlog.reset_defaults()


def _fail() -> None:
    raise ConnectionError("010190-1234")


def test_an_exception_is_one_line_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind and where it was are said; neither a traceback nor what it quotes."""
    try:
        _fail()
    except ConnectionError:
        logging.getLogger("faust.app").exception("[^App]: crashed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "level='error' event='[^App]: crashed'" in line and "library='faust.app'" in line
    assert "error='ConnectionError'" in line and "test_logs.py:" in line and "010190" not in line


def test_what_is_said_again_and_again_is_counted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a minute, with how often it was said meanwhile; something else at once."""
    clock = [0.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: clock[0])
    for second in (0, 1, 59, 61):
        clock[0] = float(second)
        logging.getLogger("aiokafka").error("Unable connect to node with id %s", second)
    logging.getLogger("aiokafka").error("Unable to update metadata")
    first, later, other = capsys.readouterr().err.splitlines()
    assert "with id 0'" in first and "again" not in first
    assert "with id 61'" in later and "again=2" in later and "update metadata" in other


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_an_exception_ends_says_so_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Faust's consumer has a thread of its own, and Kafka may go away while it ends."""
    logs.log_ends_of_threads()
    thread = threading.Thread(target=_fail, name="consumer")
    thread.start()
    thread.join()
    (line,) = capsys.readouterr().err.splitlines()
    assert "event='a thread ended' thread='consumer' error='ConnectionError'" in line and "010190" not in line
