"""The operator's tool: arguments in, an operation called, its report printed.

stdout is data, stderr is talk; exit 0 fine, 1 a finding, 2 misuse.
"""

from hub.cli.root import main

__all__ = ["main"]
