"""The operator's verbs: each does one thing, returns a report value and prints nothing."""
