"""Ctrl-C while a verb is still being loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

INTERRUPTED = """
import os, signal, sys
from importlib.abc import MetaPathFinder

module = sys.argv.pop(1)

class CtrlC(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, CtrlC())
from hub.cli import main
main()
"""


@pytest.mark.parametrize(
    ("module", "verb"),
    [
        ("hub.cli.root", "status"),
        ("pydantic.main", "status"),
        ("hub.cli.status", "status"),
        ("hub.local.demo", "demo"),
    ],
)
def test_ctrl_c_while_a_verb_is_loaded_ends_it_quietly(module: str, verb: str, tmp_path: Path) -> None:
    """The first module, one of a library in the middle of a class, the verb's own: exit 130, and not a word."""
    call = [sys.executable, "-c", INTERRUPTED, module, verb]
    done = subprocess.run(call, check=False, capture_output=True, text=True, env={**os.environ, "HUB_DATA": str(tmp_path)}, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
