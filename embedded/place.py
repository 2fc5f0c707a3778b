"""Where everything lives, what was drawn once and is kept, and the lock against two at a time."""

import fcntl
import hashlib
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .say import Trouble, say

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
INSTALL_LOG = LOCAL / "logs" / "install.log"


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file whole or not at all, readable by nobody more than `mode` allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
    beside.replace(path)


def digest(*paths: Path) -> str:
    """One hash over files, and over folders with everything in them but what Python compiled."""
    sha = hashlib.sha256()
    for path in paths:
        inside = (p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc")
        for file in sorted(inside) if path.is_dir() else [path]:
            if file.exists():
                sha.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return sha.hexdigest()


class Stamp:
    """Remembers for which content a step was last done to its end."""

    def __init__(self, name: str, *content: str, folder: Path = LOCAL) -> None:
        self.path = folder / "stamps" / name
        self.content = "\n".join(content)

    def fits(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.content

    def set(self) -> None:
        write(self.path, self.content)

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)


class Kept:
    """Ports and secrets of one folder, drawn at the first need and the same ever after."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "kept.json"
        self.values: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def _keep(self, name: str, value: str) -> str:
        self.values[name] = value
        write(self.path, json.dumps(self.values, indent=1), 0o600)
        return value

    def secret(self, name: str) -> str:
        return self.values.get(name) or self._keep(name, secrets.token_urlsafe(48))

    def port(self, name: str, wanted: int = 0) -> int:
        """The kept port where it is still free, else the wanted one, else any."""
        kept = [int(self.values[name])] if name in self.values else []
        for port in (*kept, *(range(wanted, wanted + 20) if wanted else ()), 0):
            if free := is_free(port):
                return int(self._keep(name, str(free)))
        raise Trouble("No free port was found on 127.0.0.1.")


def is_free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


@contextmanager
def alone(folder: Path, name: str, waits: bool = False) -> Iterator[None]:
    """Hold the lock of a folder: a second run is told so, or waits for a short step to end."""
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not waits:
                file.seek(0)
                raise Trouble(f"Already running (process {file.read().strip()}); stop that one first.") from None
            say("  … waiting for another run in this folder to end its part")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
