"""`python -m hub.cli`: the same as the `hub` script, for the processes that `hub up` starts."""

from hub.cli import main

main()
