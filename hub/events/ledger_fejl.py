"""Why the ledger cannot append now. None of these is the caller's fault, and none holds personal data."""


class LedgerBagud(RuntimeError):
    """The lanes named are not known to be level with their log: 503 until the relay has compared them, or `hub restore` has run."""

    def __init__(self, topic: str, aarsager: dict[int, str]) -> None:
        self.topic = topic
        self.partitioner = sorted(aarsager)
        super().__init__("; ".join(f"{topic}/{partition}: {aarsager[partition]}" for partition in self.partitioner))


class ForaeldetFoldning(RuntimeError):
    """A stored stream was folded by other code than this; `hub restore` folds it anew from the log."""

    def __init__(self, fold_version: int, ventet: int) -> None:
        raad = "end every worker and API, run `hub restore --replace --execute` with this code"
        super().__init__(f"the ledger holds streams of fold version {fold_version}, this code folds version {ventet}: {raad}")


class OptagetAfAnden(RuntimeError):
    """Another transaction appended the same request id, or act, meanwhile, for another stream: the append starts over and finds it."""
