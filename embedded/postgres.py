"""An embedded PostgreSQL on 127.0.0.1: made once, with an owner that migrates and a runtime role that may do less."""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path

from .children import Command, Household, Service, dropped
from .packages import postgres_package
from .place import ROOT, Kept, digest
from .say import Trouble, step

OWNER, RUNTIME, DATABASE = "backoffice_owner", "backoffice_app", "backoffice"
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = '128MB'
max_locks_per_transaction = 256
timezone = 'UTC'
log_timezone = 'UTC'
password_encryption = 'scram-sha-256'
"""
FAST = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = '256MB'
"""
ACCESS = """# only the program's two roles, only from this machine, only with a password
host all backoffice_owner,backoffice_app 127.0.0.1/32 scram-sha-256
"""
FOR_TESTS = "GRANT {runtime} TO {owner};"  # the suite makes its database as the owner and steps down for the tests
FOR_FAULTS = "GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean) TO {owner};"
ROLES = """
CREATE ROLE {owner} LOGIN {rights} PASSWORD '{owner_password}';
CREATE ROLE {runtime} LOGIN PASSWORD '{runtime_password}';
CREATE DATABASE {database} OWNER {owner};
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {runtime};
"""


class Postgres:
    """`folder` keeps ports, passwords and logs; the cluster lies there too, unless root has to hand it to `nobody`."""

    def __init__(self, folder: Path, for_tests: bool = False, many: bool = False) -> None:
        """`for_tests` is quick and forgets; `many` lets the owner make databases beside the first, and bases to restore from."""
        self.folder, self.for_tests, self.many, self.kept = folder, for_tests, many, Kept(folder)
        self.rights = "CREATEDB" if for_tests or many else ""
        self.user = "nobody" if os.geteuid() == 0 else None
        self.programs = self._programs()
        self.cluster = self._home() / "postgres"

    def _programs(self) -> Path:
        """Our package's programs, else the system's newest; a copy where `nobody` could not reach them."""
        package = postgres_package() / "native"
        if (package / "bin" / "postgres").exists():
            if self._runs(package / "bin"):
                return package / "bin"
            copy = _readable_home() / f"postgresql-{digest(ROOT / 'package-lock.json')[:12]}"
            if not copy.exists():
                shutil.rmtree(copy.with_suffix(".new"), ignore_errors=True)
                shutil.copytree(package, copy.with_suffix(".new"), symlinks=True)
                copy.with_suffix(".new").rename(copy)
            if self._runs(copy / "bin"):
                return copy / "bin"
        for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name)):
            if int(found.parent.name) >= 16 and self._runs(found):
                return found
        raise Trouble("No PostgreSQL runs here. Set DATABASE_URL to a server of your own (16 or newer).")

    def _runs(self, programs: Path) -> bool:
        try:
            return self._as_user([programs / "postgres", "--version"]).returncode == 0
        except PermissionError:
            return False

    def _as_user(self, command: Command, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(c) for c in command], input=text, capture_output=True, text=True, cwd="/", **dropped(self.user)
        )

    def _home(self) -> Path:
        """Tests live in memory where there is enough of it; root's cluster where `nobody` can reach it."""
        memory = Path("/dev/shm")  # noqa: S108
        if (
            self.for_tests
            and memory.is_dir()
            and os.access(memory, os.W_OK)
            and shutil.disk_usage(memory).free > 2 * 2**30
        ):
            place = memory / f"backoffice-test-{_short(str(self.folder))}"
        elif self.user:
            place = _readable_home() / _short(str(self.folder))
        else:
            return self.folder
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o700)
        if self.user:
            shutil.chown(place, self.user, pwd.getpwnam(self.user).pw_gid)
        return place

    def hand_over(self, place: Path) -> None:
        """Root gives what lies there to the user that the server runs as."""
        if self.user:
            for path in (place, *place.rglob("*")):
                shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)

    def make(self) -> None:
        """initdb and the roles beside, then one rename: a cluster is whole or it is not there."""
        if (self.cluster / "PG_VERSION").exists():
            return
        beside = self.cluster.with_name("postgres.new")
        shutil.rmtree(beside, ignore_errors=True)
        options: list[str | Path] = [
            "-D",
            beside,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            *self._locale(),
            "--auth=reject",
            "--no-instructions",
        ]
        made = self._as_user([self.programs / "initdb", *options])
        if made.returncode:
            raise Trouble(f"initdb failed:\n{made.stderr[-2000:]}")
        settings = SETTINGS + (FAST if self.for_tests else "")
        with (beside / "postgresql.conf").open("a") as file:
            file.write(settings)
        (beside / "pg_hba.conf").write_text(ACCESS)
        sql = (ROLES + (FOR_TESTS if self.for_tests else "") + (FOR_FAULTS if self.many else "")).format(
            owner=OWNER, runtime=RUNTIME, database=DATABASE, rights=self.rights,
            owner_password=self.kept.secret("owner_password"), runtime_password=self.kept.secret("runtime_password"),
        )  # fmt: skip
        single: list[str | Path] = [self.programs / "postgres", "--single", "-j", "-D", beside, "postgres"]
        told = self._as_user(single, ";\n\n".join(part.strip() for part in sql.split(";") if part.strip()) + ";\n\n")
        if told.returncode or "ERROR" in told.stderr:
            raise Trouble(f"The roles could not be made:\n{told.stderr[-2000:]}")
        beside.rename(self.cluster)

    def _locale(self) -> list[str]:
        """Code-point order from PostgreSQL itself: no index depends on the machine's own collations."""
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        version = self._as_user([self.programs / "postgres", "--version"]).stdout.split()[-1]
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if int(version.split(".")[0]) >= 17 else []
        return [f"--locale={locale}", *builtin]

    def start(self, household: Household) -> dict[str, str]:
        """Start it and return the addresses for the owner and for the runtime role."""
        with step("PostgreSQL") as notes:
            self.make()
            port = self.kept.port("postgres_port")
            if (self.cluster / "postmaster.pid").exists():
                self._stop_stale()
            service = Service(
                "postgres", [self.programs / "postgres", "-D", self.cluster, "-p", str(port)],
                folder=self.folder, user=self.user, stop=signal.SIGINT, patience=30,
            )  # fmt: skip
            household.add(service, lambda: _answers(port), within=60)
            notes.append(f"127.0.0.1:{port}")
        address = "postgres://{}:{}@127.0.0.1:" + f"{port}/{DATABASE}"
        return {
            "DATABASE_URL": address.format(RUNTIME, self.kept.secret("runtime_password")),
            "OWNER_DATABASE_URL": address.format(OWNER, self.kept.secret("owner_password")),
            "RUNTIME_ROLE": RUNTIME,
        }

    def _stop_stale(self) -> None:
        """A server that a killed run has left behind."""
        self._as_user([self.programs / "pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", "-t", "20"])

    def forget(self) -> None:
        """Take the cluster away, stopped or left over from a run that was killed."""
        if (self.cluster / "postmaster.pid").exists():
            self._stop_stale()
        for path in (self.cluster, self.cluster.with_name("postgres.new")):
            shutil.rmtree(path, ignore_errors=True)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _readable_home() -> Path:
    """Where `nobody` can read when root runs us: home folders are closed to it."""
    place = Path("/var/lib/backoffice-embedded")
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    return place


def _answers(port: int) -> bool:
    """A server that is up asks for a password; one that is still starting refuses the start-up message."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
            message = struct.pack("!i", 196608) + f"user\0{OWNER}\0database\0{DATABASE}\0\0".encode()
            sock.sendall(struct.pack("!i", len(message) + 4) + message)
            return sock.recv(1) == b"R"
    except OSError:
        return False
