"""Which jobs and which kinds of long work exist: `@job` and `@work` on a function."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise

from .cadence import LONGEST_CATCH_UP, Cadence, Minutes
from .models import DueRun

if TYPE_CHECKING:
    from .works import Progress

Words = str | Promise
Run = TypeVar("Run", bound=Callable[[DueRun], None])
Act = TypeVar("Act", bound="Callable[[Progress], None]")

EACH, LATEST = "each", "latest"  # what a machine that was down owes: every period missed, or only the last


@dataclass(frozen=True)
class Job:
    """A function that is due once a period."""

    name: str
    function: Callable[[DueRun], None]
    every: Cadence | Minutes
    at: time
    zone: ZoneInfo
    label: Words
    catch_up: str
    tries: int
    late_after: timedelta
    keep: timedelta

    @property
    def when(self) -> str:
        """When it falls due, in words: «every working day 16:50»."""
        return f"{self.every.label} {self.at:%H:%M}" if isinstance(self.every, Cadence) else str(self.every.label)

    def dues(self, after: datetime, until: datetime) -> list[tuple[str, datetime]]:
        """The periods that this job owes for the time after `after` up to `until`, oldest first."""
        owed = list(self.every.dues(max(after, until - LONGEST_CATCH_UP), until, self.at, self.zone))
        return owed[-1:] if self.catch_up == LATEST else owed


@dataclass(frozen=True)
class WorkKind:
    """A function that does something long for one person."""

    name: str
    function: "Callable[[Progress], None]"
    label: Words
    tries: int
    whole: bool


JOBS: dict[str, Job] = {}
WORKS: dict[str, WorkKind] = {}


def job(
    name: str,
    *,
    every: Cadence | Minutes,
    at: str = "00:00",
    zone: str = "",
    label: Words = "",
    catch_up: str = EACH,
    tries: int = 5,
    late_after: timedelta = timedelta(minutes=15),
    keep: timedelta = timedelta(days=3660),
) -> Callable[[Run], Run]:
    """Register `function(run)` as due at the local time `at` of the days of `every`.

    It runs in one REPEATABLE READ transaction that also ends the run, so that what it writes (files' rows, outbox) stands
    exactly when the run is done; it must answer for `run.watermark`, not for now. `run.is_late` says that it is late.
    """

    def register(function: Run) -> Run:
        JOBS[name] = Job(
            name, function, every, time.fromisoformat(at), ZoneInfo(zone or settings.TIME_ZONE),
            label or name, catch_up, tries, late_after, keep,
        )  # fmt: skip
        return function

    return register


def work(name: str, *, label: Words, tries: int = 2, whole: bool = True) -> Callable[[Act], Act]:
    """Register `function(progress)` as long work; `whole` runs it in one transaction, all or nothing."""

    def register(function: Act) -> Act:
        WORKS[name] = WorkKind(name, function, label, tries, whole)
        return function

    return register
