"""Quix Streams with its own state: RocksDB, with a changelog topic; read back from RocksDB when it has stopped."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from peer import Call, Case, Clock, Decoder, call, fold
from quixstreams import Application, State
from rocksdict import AccessType, Rdict

STATE = "case"


def main(it: Call) -> None:
    """Run until every record is taken and the last checkpoint is committed."""
    clock, decode = Clock(), Decoder()
    app = Application(
        it.bootstrap, consumer_group=f"quix-{it.folder.name}", auto_offset_reset="earliest", state_dir=it.folder / "state", loglevel="ERROR"
    )

    def step(value: bytes, state: State) -> None:
        clock.begin()
        name, data = decode(value)
        before = state.get(STATE)
        state.set(STATE, fold(Case(*before) if before else None, name, data).packed())

    app.dataframe(app.topic(it.topic, value_deserializer="bytes", key_deserializer="bytes")).update(step, stateful=True)
    app.run(count=it.events, collect=False)
    clock.report(it.events, it.folder, lambda: _read_back(it.folder / "state"))


def _read_back(state: Path) -> Iterator[tuple[Any, ...]]:
    for current in state.rglob("CURRENT"):
        store = Rdict(str(current.parent), access_type=AccessType.read_only())
        for key, value in store.items():
            if isinstance(key, bytes) and b"|" in key:
                yield Case(*orjson.loads(value)).row(key.split(b"|")[0].decode())
        store.close()


if __name__ == "__main__":
    main(call())
