"""The jars of Apache Kafka, resolved by jgo and checked against the committed lock."""

import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import requests
from jgo.env import LockedDependency, LockFile
from jgo.maven import MavenContext

from hub.local.errors import JarsUnavailable

KAFKA = "org.apache.kafka:kafka_2.13:4.4.0"
# The release archive carries this binding of slf4j to log4j, the published dependencies do not: without it the broker logs nothing.
LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5"
LOCK = "kafka.lock.toml"
DOWNLOADS_AT_ONCE = 8
DOWNLOAD_TIMEOUT_SECONDS = 60


def resolve(lock: Path | None = None) -> list[Path]:
    """Return the jars of the lock (None: Kafka's), in its order, downloading what the Maven cache of this user lacks.

    Every jar's SHA-256 is compared with the lock; one that differs is fetched once more.
    Raises JarsUnavailable when a jar cannot be had or still differs.
    """
    context = _context()
    locked = LockFile.load(lock or Path(str(files("hub.local") / LOCK))).dependencies
    with _one_at_a_time(context.repo_cache), ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        return list(pool.map(lambda dependency: _verified(context, dependency), locked))


def write_lock(path: Path, roots: Sequence[str] = (KAFKA,), alone: Sequence[str] = (LOG_BINDING,)) -> None:
    """Resolve `roots` with their dependencies, and `alone` without, anew and write the lock to `path` (needs the network)."""
    context = _context()
    wanted = [context.create_dependency(root) for root in roots]
    _, resolved = context.resolver.get_dependency_list(wanted)
    wanted += [*(node.dep for node in resolved), *map(context.create_dependency, alone)]
    LockFile.from_resolved_dependencies(wanted, environment_name=path.name.split(".")[0]).save(path)


def _context() -> MavenContext:
    return MavenContext(timeout=DOWNLOAD_TIMEOUT_SECONDS)


@contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    """Keep two processes from downloading the same jar into the shared cache at once."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".vitas-hub.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _verified(context: MavenContext, locked: LockedDependency) -> Path:
    for _attempt in range(2):
        jar = _fetch(context, locked)
        if _sha256(jar) == locked.sha256:
            return jar
        jar.unlink()
    raise JarsUnavailable(f"{locked.artifactId} {locked.version} is not the jar of the lock")


def _sha256(jar: Path) -> str:
    with jar.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _fetch(context: MavenContext, locked: LockedDependency) -> Path:
    component = context.project(locked.groupId, locked.artifactId).at_version(locked.version)
    try:
        return component.artifact(locked.classifier or "", locked.packaging).resolve()
    except (RuntimeError, requests.RequestException) as problem:
        raise JarsUnavailable(f"{locked.artifactId} {locked.version} cannot be downloaded: {problem}") from problem


if __name__ == "__main__":
    write_lock(Path(__file__).parent / LOCK)
