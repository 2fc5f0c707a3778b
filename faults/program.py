"""The program's own processes beside the place's servers: web, worker, clock and a mail server with bad days."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded import program
from embedded.children import Service, wait_for
from embedded.packages import PYTHON, VENV
from embedded.place import ROOT

from .deaths import Asked
from .place import Place, listens
from .sink import Sink

PATIENCE = 60.0  # what must be possible again after any fault


class Program:
    """Processes by name on the present database; each can be killed, held and put up again. None outlives the fault."""

    def __init__(self, place: Place, **settings: str) -> None:
        self.place, self.folder = place, place.folder / "program"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.asked, self.sink = Asked(self.folder / "deaths"), Sink(self.folder / "mail")
        self.mail_port, self.web_port = place.free_port("sink"), place.free_port("web")
        own = {"FAULTS_DEATHS": str(self.folder / "deaths"), "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}"}
        home = {"BASE_URL": f"http://127.0.0.1:{self.web_port}", "BACKOFFICE_PLACE": "demo", "LOG_LEVEL": "INFO"}
        self.env = {**place.env, **own, **home, **settings}
        self.services: dict[str, Service] = {}
        self.ready: dict[str, Callable[[], bool]] = {}
        self.fell: list[str] = []

    # ── who there is ───────────────────────────────────────────────────────────────────────
    def mail_server(self) -> None:
        command = [PYTHON, "-m", "faults.sink", self.sink.lines.parent, str(self.mail_port)]
        self._begin("sink", command, lambda: listens(self.mail_port))

    def web(self) -> None:
        program.collect_static(self.place.folder, self.env)
        command = [VENV / "bin" / "gunicorn", "backoffice.wsgi", "--config", ROOT / "gunicorn.conf.py"]
        more = {"BACKOFFICE_PROCESS": "web", "BIND": f"127.0.0.1:{self.web_port}"}
        self._begin("web", command, lambda: program.web_answers(self.web_port), **more)

    def worker(self, name: str = "worker", queues: str = "celery,long", **more: str) -> None:
        command = [*_celery(), "worker", "--loglevel=INFO", "--concurrency=2", "-Q", queues, "-n", f"{name}@faults"]
        self._begin(name, command, lambda: "ready." in self.words_of(name), BACKOFFICE_PROCESS="worker", **more)

    def beat(self, name: str = "beat", **more: str) -> None:
        command = [*_celery(), "beat", "--loglevel=INFO", "--pidfile="]
        self._begin(name, command, lambda: "is starting" in self.words_of(name), BACKOFFICE_PROCESS="beat", **more)

    def mail_worker_and_clock(self) -> None:
        """All that the mail of the day needs."""
        self.mail_server()
        self.worker()
        self.beat()

    # ── what is done to them ───────────────────────────────────────────────────────────────
    def kill(self, name: str, how: int = signal.SIGKILL) -> None:
        self.services[name].kill(how)

    def is_up(self, name: str) -> bool:
        return self.services[name].is_up()

    def pid(self, name: str) -> int:
        process = self.services[name].process
        assert process is not None
        return process.pid

    def again(self, name: str) -> None:
        """Put up what fell, as any supervisor would, and wait until it is at work."""
        service = self.services[name]
        if not service.is_up():
            service.log.unlink(missing_ok=True)
            service.start()
            wait_for(service, self.ready[name], PATIENCE)

    def supervised(self, reached: Callable[[], bool], seconds: float) -> float:
        """As `wait_until`, beside the supervisor that every installation has: who fell is put up again and named in `fell`.

        Celery ends a worker that loses its queue with a message in hand, or is refused a write.
        """

        def look() -> bool:
            for name in self.services:
                if not self.is_up(name):
                    self.fell.append(name)
                    self.again(name)
            return reached()

        return wait_until(look, seconds)

    def told_of_falls(self) -> list[str]:
        return [f"put up again: {', '.join(self.fell)}"] if self.fell else []

    def end(self, *names: str) -> None:
        for name in names or reversed(list(self.services)):
            self.services[name].kill()
            self.services[name].stop()

    def words_of(self, name: str) -> str:
        log = self.services[name].log
        return log.read_text(errors="replace") if log.exists() else ""

    def _begin(self, name: str, command: list[str | Path], ready: Callable[[], bool], **more: str) -> None:
        service = Service(name, command, folder=self.folder, env={**self.env, **more})
        service.log.unlink(missing_ok=True)
        self.services[name], self.ready[name] = service, ready
        service.start()
        wait_for(service, ready, 2 * PATIENCE)


def _celery() -> list[str | Path]:
    return [VENV / "bin" / "celery", "-A", "faults.mortal"]


@contextmanager
def program_on(place: Place, **settings: str) -> Iterator[Program]:
    """`with program_on(run.place) as program:` all of it ends with the block, in whatever state it is."""
    working = Program(place, **settings)
    try:
        yield working
    finally:
        working.end()


def wait_until(reached: Callable[[], bool], seconds: float = PATIENCE, every: float = 0.1) -> float:
    """How many seconds it took, `seconds` at most; whoever asks judges."""
    began = time.monotonic()
    while not reached() and time.monotonic() - began < seconds:
        time.sleep(every)
    return time.monotonic() - began
