"""Processes started here: none outlives us, all end in order, who falls is put up again."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .place import ROOT
from .say import Trouble, say

Command = Sequence[str | Path]
_short: set[subprocess.Popen[bytes]] = set()


def run(command: Command, *, log: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    """Run a short command to its end; its output goes to the log, whose end is shown if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        out.flush()
        began = out.tell()
        child = subprocess.Popen(
            [str(c) for c in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        _short.add(child)
        try:
            code = child.wait()
        finally:
            _short.discard(child)
            if child.poll() is None:
                child.terminate()
    if code:
        with log.open("rb") as file:
            file.seek(began)
            tail = file.read()[-3000:].decode(errors="replace")
        raise Trouble(f"{Path(command[0]).name} failed with code {code} (all of it in {log}):\n{tail}")


def end_short_ones() -> None:
    """An interrupted installation must not go on behind our back; only apt is left to end its work by itself."""
    children = [child for child in _short if "apt-get" not in str(child.args)]
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(1)
        except subprocess.TimeoutExpired:
            child.kill()


def side_by_side(first: Callable[[], Any], *others: Callable[[], Any]) -> list[Any]:
    """Do what does not depend on each other at the same time; an interruption ends all of it."""
    with ThreadPoolExecutor(max(1, len(others))) as pool:
        try:
            waiting = [pool.submit(other) for other in others]
            return [first(), *(other.result() for other in waiting)]
        except BaseException:
            end_short_ones()
            raise


def _dies_with_us(how: int) -> Callable[[], None] | None:
    """On Linux a child gets this signal when we are killed; elsewhere the next start ends what was left."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec() -> None:
        prctl(1, how)
        if os.getppid() != parent:
            os.kill(os.getpid(), how)

    return before_exec


def dropped(user: str | None) -> dict[str, Any]:
    """What subprocess needs to run a command as this user and nothing more."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


class Service:
    """One long-running process in a session of its own, so that Ctrl-C reaches only us and we end things in order."""

    def __init__(
        self,
        name: str,
        command: Command,
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        stop: int = signal.SIGTERM,
        patience: float = 15,
    ) -> None:
        self.name, self.command, self.env, self.user = name, [str(part) for part in command], env, user
        self.stop_signal, self.patience = stop, patience
        self.log, self.pid_file = folder / "logs" / f"{name}.log", folder / "pids" / name
        self.process: subprocess.Popen[bytes] | None = None
        self.falls: list[float] = []

    def start(self) -> None:
        self.end_stale()
        for path in (self.log, self.pid_file):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=ROOT if not self.user else "/", stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, preexec_fn=_dies_with_us(self.stop_signal), **dropped(self.user),
            )  # fmt: skip
        self.pid_file.write_text(f"{self.process.pid}\n{self.command[0]}")

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask, wait, then insist on the whole group."""
        if self.process is None:
            return
        if self.is_up():
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                _signal_group(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.pid_file.unlink(missing_ok=True)
        self.process = None

    def kill(self, how: int = signal.SIGKILL) -> None:
        """Down at once and with all it has started, as in a power failure; `SIGSTOP` and `SIGCONT` only hold it."""
        if self.process is None:
            return
        _signal_group(self.process.pid, how)
        if how == signal.SIGKILL:
            self.process.wait()

    def end_stale(self) -> None:
        """End what a run that was killed outright has left behind."""
        if not self.pid_file.exists():
            return
        pid, _, program = self.pid_file.read_text().partition("\n")
        if pid.isdigit() and program in _command_of(int(pid)):
            _signal_group(int(pid), self.stop_signal)
            for _ in range(int(self.patience * 10)):
                if not _command_of(int(pid)):
                    break
                time.sleep(0.1)
            else:
                _signal_group(int(pid), signal.SIGKILL)
        self.pid_file.unlink(missing_ok=True)

    def last_words(self) -> str:
        return self.log.read_bytes()[-2000:].decode(errors="replace") if self.log.exists() else ""


def _signal_group(pid: int, how: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


def _command_of(pid: int) -> str:
    """The command line of a living process, else nothing."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True).stdout


class Household:
    """All services of a run: started one by one, watched, ended in the opposite order."""

    def __init__(self) -> None:
        self.services: list[Service] = []
        self.afterwards: list[Callable[[], None]] = []

    def add(self, service: Service, ready: Callable[[], bool], within: float = 30) -> Service:
        self.services.append(service)
        service.start()
        wait_for(service, ready, within)
        return service

    def watch(self) -> None:
        """Put up again whoever fell; five falls in a minute are a fault that a restart does not mend."""
        while True:
            for service in self.services:
                if not service.is_up():
                    now = time.monotonic()
                    service.falls = [at for at in service.falls if now - at < 60] + [now]
                    if len(service.falls) > 5:
                        raise Trouble(f"{service.name} keeps falling (log: {service.log}):\n{service.last_words()}")
                    say(f"  ! {service.name} ended by itself; started again (log: {service.log})")
                    service.start()
            time.sleep(0.5)

    def stop(self) -> None:
        """Everything in order; whoever cannot wait and asks again has all but the database ended at once."""
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, self._hurry)
        for service in reversed(self.services):
            service.stop()
        for act in self.afterwards:
            act()

    def _hurry(self, number: int, frame: object) -> None:
        for service in self.services:
            if service.is_up() and service.process and service.stop_signal != signal.SIGINT:
                _signal_group(service.process.pid, signal.SIGKILL)


def wait_for(service: Service, ready: Callable[[], bool], within: float = 30) -> None:
    """Wait until the service answers. After a crash a start may fail a few times: then it is tried again."""
    tries, deadline = 0, time.monotonic() + within
    while not ready():
        if not service.is_up():
            tries += 1
            if tries > 5:
                raise Trouble(f"{service.name} does not start (log: {service.log}):\n{service.last_words()}")
            time.sleep(0.3 * tries)
            service.start()
        if time.monotonic() > deadline:
            raise Trouble(
                f"{service.name} does not answer within {within:.0f} s (log: {service.log}):\n{service.last_words()}"
            )
        time.sleep(0.05)
