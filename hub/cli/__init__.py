"""The operator's tool: arguments in, an operation called, its report printed.

stdout is data, stderr is talk; exit 0 fine, 1 a finding, 2 misuse.
"""

import importlib

from hub.cli.interrupt import quiet


def main() -> None:
    """The `hub` script: everything else is loaded from here, so that Ctrl-C may come meanwhile."""
    quiet()
    importlib.import_module("hub.cli.root").main()


__all__ = ["main"]
