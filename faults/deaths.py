"""Named points at which a process of the program kills or holds itself, once, when somebody has asked for it.

The program knows nothing of them: `faults/mortal.py` wraps its functions in the worker that is to die. Whoever breaks
(`ask`) puts a file into a folder; whoever reaches the point takes the file away and is gone.
"""

import importlib
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

CHILD, WHOLE, HOLD = "child", "whole", "hold"  # the pool's child dies, the whole worker dies, the child stands still
TICK = "tick"


@dataclass(frozen=True, slots=True)
class Point:
    """Before or after one function of the program. `of` tells whose turn it is from arguments and result."""

    name: str
    module: str
    function: str
    after: bool = False
    of: Callable[[tuple[Any, ...], Any], str] | None = None
    doubles: bool = False  # after the mail server's «250» and before our commit: the one gap that SMTP leaves open


def _first(given: tuple[Any, ...], result: Any) -> str:
    return str(given[1])


def _mail(given: tuple[Any, ...], result: Any) -> str:
    return period_of(given[0])


def _claimed(given: tuple[Any, ...], result: Any) -> str:
    return period_of(result) if result else ""


def period_of(message: Any) -> str:
    """The mail's key is topic:period:revision:recipient."""
    return str(message.dedupe_key).split(":")[1]


RUNS, DAILY, SENDING = "backoffice.jobs.runs", "reports.services.daily", "backoffice.outbox.sending"
ISSUING = "reports.services.issuing"
POINTS = (
    Point("the message is taken", RUNS, "run_due", of=_first),
    Point("the run is claimed", RUNS, "_claim", after=True),
    Point("the snapshot begins", "reports.tasks", "issue_daily"),
    Point("the figures are computed", DAILY, "daily_performance", after=True),
    Point("the workbook is written", ISSUING, "write_workbook", after=True),
    Point("the paper is printed", ISSUING, "render_pdf", after=True),
    Point("a file is kept", ISSUING, "keep", after=True),
    Point("the report is issued", DAILY, "mail"),
    Point("the first mail is in the outbox", DAILY, "queue_mail", after=True),
    Point("all mails are in the outbox", DAILY, "mail", after=True),
    Point("the run is about to end", RUNS, "_finish"),
    Point("the run has ended, not committed", RUNS, "_finish", after=True),
    Point("committed, the queue not told", "backoffice.celery", "_send"),
    Point("committed, the queue told", "backoffice.celery", "_send", after=True),
    Point("a mail is claimed", SENDING, "claim", after=True, of=_claimed),
    Point("a mail is composed", SENDING, "compose", after=True, of=_mail),
    Point("the mail server has taken it", SENDING, "_settle", of=_mail, doubles=True),
    Point("a mail is settled", SENDING, "_settle", after=True, of=_mail),
)
TICKS = (
    Point("the tick is taken", "backoffice.jobs.reconcile", "reconcile", of=lambda given, result: TICK),
    Point("what is due is written down", "backoffice.jobs.reconcile", "_write_down", after=True),
    Point("what was left is freed", "backoffice.jobs.reconcile", "_free_runs", after=True),
    Point("the tick is over", "backoffice.jobs.reconcile", "reconcile", after=True),
)


class Asked:
    """The folder in which it stands who is to die where, and who did."""

    def __init__(self, folder: Path) -> None:
        self.open, self.met = folder / "asked", folder / "met"
        for place in (self.open, self.met):
            place.mkdir(parents=True, exist_ok=True)

    def ask(self, whose: str, point: Point, how: str = CHILD) -> None:
        (self.open / f".{whose}").write_text(f"{point.name}\n{how}")
        (self.open / f".{whose}").rename(self.open / whose)

    def how(self, whose: str, point: Point) -> str:
        """How to die here, or nothing; asked for once it is not asked for again."""
        try:
            name, how = (self.open / whose).read_text().split("\n")
            if name != point.name:
                return ""
            (self.open / whose).rename(self.met / whose)
        except OSError:
            return ""
        return how

    def waiting(self) -> list[str]:
        """Who has not reached their point yet."""
        return [path.name for path in self.open.iterdir() if not path.name.startswith(".")]


def obey(asked: Asked, points: Iterable[Point] = (*POINTS, *TICKS)) -> None:
    """Wrap the program's functions in this process."""
    turn = [""]
    for point in points:
        module = importlib.import_module(point.module)
        setattr(module, point.function, _wrapped(getattr(module, point.function), point, asked, turn))


def _wrapped(function: Callable[..., Any], point: Point, asked: Asked, turn: list[str]) -> Callable[..., Any]:
    @wraps(function)
    def reached(*given: Any, **named: Any) -> Any:
        if point.of and not point.after:
            turn[0] = point.of(given, None)
        if not point.after:
            _die(asked.how(turn[0], point))
            return function(*given, **named)
        result = function(*given, **named)
        if point.of:
            turn[0] = point.of(given, result)
        _die(asked.how(turn[0], point))
        return result

    return reached


def _die(how: str) -> None:
    if how == HOLD:
        os.kill(os.getpid(), signal.SIGSTOP)
    elif how == CHILD:
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == WHOLE:
        os.killpg(os.getpgid(0), signal.SIGKILL)
