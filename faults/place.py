"""The place where things are broken: PostgreSQL, Valkey and a mail sink of its own, and a fresh database for each fault."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from embedded import program, valkey
from embedded.children import Household, Service, run, wait_for
from embedded.place import LOCAL, Kept
from embedded.postgres import DATABASE, RUNTIME, Postgres

FOLDER = LOCAL / "faults"
QUICK = "-c synchronous_commit=off"  # for what breaks no server: the same locks, no wait for the disk


class Place:
    """Servers that belong to nobody else; `env` is what a process of the program needs to work on the present database."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder, self.household = folder, Household()
        folder.mkdir(parents=True, exist_ok=True)
        self.env: dict[str, str] = {}
        self.owner_url = ""
        self.server = Postgres(folder, many=True)

    def begin(self) -> None:
        """Start the servers and make the database that all others are copied from."""
        self.server.forget()
        found = self.server.start(self.household)
        found["REDIS_URL"] = valkey.start(self.folder, self.household)
        found["EMAIL_URL"] = program.mail_sink(self.folder, self.household)
        for name in {*program.SETTINGS, *found} - {
            "NODE",
            "ASSETS_DIR",
        }:  # what the machine works with is none of our business
            os.environ.pop(name, None)
        self.env = program.environment(self.folder, "demo", found, Path(os.environ.get("NODE", "node")))
        self.owner_url = found["OWNER_DATABASE_URL"]
        program.compile_translations(self.env)
        program.migrate(self.folder, self.env)

    def end(self) -> None:
        self.household.stop()

    def manage(self, *words: str) -> None:
        """A command of the program on the present database, with the owner's rights."""
        own = {**self.env, "BACKOFFICE_PROCESS": "command"}
        run([*program.MANAGE, *words], log=self.folder / "logs" / "manage.log", env=own)

    def service(self, name: str) -> Service:
        """`postgres`, `valkey`, `mail`, and what was started besides (`web`, `worker`, `beat`)."""
        return next(service for service in self.household.services if service.name == name)

    def kill(self, name: str, how: int = signal.SIGKILL) -> None:
        """Take a process down as a power failure would, with all it has started."""
        self.service(name).kill(how)

    def revive(self, name: str, within: float = 60) -> None:
        """Put it up again and wait until it answers, where it listens at all."""
        service = self.service(name)
        service.start()
        ready = {"postgres": self._postgres_answers, "valkey": self._valkey_answers}.get(name, service.is_up)
        wait_for(service, ready, within)

    def _postgres_answers(self) -> bool:
        """Whoever replays a log lets people read before the end of it."""
        try:
            with psycopg.connect(self.env["OWNER_DATABASE_URL"], connect_timeout=2) as connection:
                return connection.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
        except psycopg.Error:
            return False

    def _valkey_answers(self) -> bool:
        try:
            return bool(self.redis().ping())
        except redis.RedisError:
            return False

    def redis(self) -> "redis.Redis":
        return redis.Redis.from_url(self.env["REDIS_URL"], socket_timeout=5)

    @contextmanager
    def owner(self, database: str = "") -> Iterator[psycopg.Connection]:
        """A connection of the owner, who may switch off what the program may not; each statement its own transaction."""
        url = at_database(self.owner_url, database) if database else self.env["OWNER_DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    @contextmanager
    def database(self, name: str) -> Iterator[None]:
        """A copy of the fresh database under this name; all of the program's addresses point to it meanwhile."""
        self._drop(name)
        with self.owner("postgres") as connection:
            # By file copy, which makes a checkpoint: a sequence copied otherwise is not logged for its first 32 numbers, and a
            # server killed then gives them twice (PostgreSQL 18).
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{DATABASE}" STRATEGY file_copy')
            connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
            connection.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO {RUNTIME}')
        before = dict(self.env)
        for key in ("DATABASE_URL", "OWNER_DATABASE_URL"):
            self.env[key] = at_database(before[key], name)
        self.redis().flushall()
        try:
            yield
        finally:
            self.env.update({key: before[key] for key in ("DATABASE_URL", "OWNER_DATABASE_URL")})
            self._drop(name)

    def _drop(self, name: str) -> None:
        """An autovacuum that happens to be at work there belongs to nobody who could end it: it is soon over."""
        for tries_left in reversed(range(60)):
            try:
                with self.owner("postgres") as connection:
                    connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                return
            except psycopg.errors.InsufficientPrivilege:
                if not tries_left:
                    raise
                time.sleep(0.5)

    def free_port(self, name: str) -> int:
        return Kept(self.folder).port(f"{name}_port")


def at_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
