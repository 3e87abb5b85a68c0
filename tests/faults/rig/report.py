"""Where a run's figures go."""

from collections.abc import Callable
from typing import Any

Report = Callable[[dict[str, Any]], None]
