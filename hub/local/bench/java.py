"""Kafka Streams for the like-for-like table: its jars by a lock file, its program compiled with the machine's own Java compiler."""

import shutil
import subprocess
from pathlib import Path

from hub.events.schemas import skemamappe
from hub.local import jars
from hub.local.errors import JarsUnavailable

MAPPE = Path(__file__).parents[3] / "benchmarks"
LAAS = MAPPE / "kafka-streams.lock.toml"
PROGRAM = MAPPE / "like_for_like" / "KafkaStreams.java"
ROEDDER = ("org.apache.kafka:kafka-streams:4.3.1", "org.apache.avro:avro:1.12.0")
ALENE = ("org.slf4j:slf4j-nop:1.7.36",)
"""Without a binding slf4j says on stderr that there is none."""
OVERSAET_SEKUNDER = 120


class KanIkkeOversaettes(RuntimeError):
    """No compiler, no jars, or a program that does not compile; the text says which."""


def kafka_streams(mappe: Path) -> tuple[str, ...]:
    """How the program begins, compiled into `mappe`. Raises `KanIkkeOversaettes`."""
    oversaetter = shutil.which("javac")
    if oversaetter is None:
        raise KanIkkeOversaettes("no javac on this machine")
    try:
        sti = ":".join(map(str, jars.resolve(LAAS)))
    except JarsUnavailable as fejl:
        raise KanIkkeOversaettes(str(fejl)) from fejl
    oversat = subprocess.run(
        [oversaetter, "-cp", sti, "-d", str(mappe), str(PROGRAM)], check=False, capture_output=True, text=True, timeout=OVERSAET_SEKUNDER
    )
    if oversat.returncode:
        raise KanIkkeOversaettes(f"javac refuses the program: {oversat.stderr.strip()[:200]}")
    # The same Java as the compiler's: what it compiles, an older one may not run.
    java = str(Path(oversaetter).resolve().with_name("java"))
    return java, "-Xmx1g", f"-Dschemas={skemamappe()}", "-cp", f"{sti}:{mappe}", "KafkaStreams"


if __name__ == "__main__":
    jars.write_lock(LAAS, ROEDDER, ALENE)
