"""Runs the faults one after the other, each in a fresh database, and says what came of them."""

import importlib
import pkgutil
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from django.core.cache import caches
from django.db import connection
from django.utils.translation import override

from backoffice.control.checks import run_checks
from embedded.say import say

from . import points as folder
from .declare import FAULTS, SHORTER, Fault, Outcome, Run
from .lanes import share
from .place import QUICK, Place
from .progress import an_order_goes_through
from .table import write_latest

PATIENCE = 60  # seconds within which work must go on after a fault
CONTROL_AT_LEAST = 0.5


@dataclass(slots=True)
class Row:
    """What is told of one fault."""

    fault: Fault
    seed: int
    outcome: Outcome
    control: Outcome | None
    seconds: float
    progress: float
    failures: list[str]

    @property
    def is_met(self) -> bool:
        return not self.failures


def run(place: Place, *, points: set[int], named: str, lane: str, short: bool, seed: int) -> int:
    """The chosen faults of one lane; the exit code says whether every goal was met."""
    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")
    everything = sorted(FAULTS, key=lambda f: f.point)
    chosen = [fault for fault in everything if (not points or fault.point in points) and named in fault.name]
    chosen = share([fault for fault in chosen if fault.short or not short], lane, short=short)
    known = [(str(fault.point), fault.name) for fault in everything]
    began, rows = monotonic(), []
    with override("en"):
        for fault in chosen:
            rows.append(_one(place, fault, short=short, seed=seed + fault.point))
            _tell(rows[-1])
            write_latest(rows[-1:], known, is_short=short)  # what is done stays, though the rest be broken off
    missed = [row for row in rows if not row.is_met]
    say(f"\n  {len(rows) - len(missed)} of {len(rows)} goals met in {monotonic() - began:.0f} s")
    for row in missed:  # once more where whoever looks at the end of a long output reads it
        _tell(row)
    return 1 if missed else 0


def _one(place: Place, fault: Fault, *, short: bool, seed: int) -> Row:
    began, failures = monotonic(), []
    times, budget = (fault.short, fault.budget / SHORTER) if short else (fault.full, fault.budget)

    def attempt(act: Callable[[], Outcome]) -> Outcome:
        try:
            return act()
        except Exception as error:  # told like one that went wrong
            say(traceback.format_exc())
            failures.append(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
            return Outcome(0, 1)

    with _database(place, f"point_{fault.point}"):
        working = Run(place, times, seed, budget)
        outcome = attempt(lambda: fault.act(working))
        if outcome.bad:
            failures.append(f"{outcome.bad} of {outcome.done} went wrong")
        after = monotonic()
        attempt(lambda: (fault.progress or an_order_goes_through)(working) or Outcome(1, 0))
        progress = monotonic() - after
        if progress > PATIENCE:
            failures.append(f"work went on only after {progress:.0f} s")
        if fault.checks_books:
            failures += [str(finding) for finding in list(run_checks())[:5]]
    control = None
    if fault.control:
        with _database(place, f"control_{fault.point}"):
            off = fault.control
            control = attempt(lambda: off(Run(place, 2 if short else fault.control_times, seed, budget)))
        if not control.done or control.bad / control.done < CONTROL_AT_LEAST:
            failures.append(f"the control went wrong in {control.bad} of {control.done} only")
    return Row(fault, seed, outcome, control, monotonic() - began, progress, failures)


@contextmanager
def _database(place: Place, name: str) -> Iterator[None]:
    """The program of this process works in a fresh database of this name."""
    with place.database(name):
        connection.close()
        connection.settings_dict["NAME"] = urlsplit(place.env["DATABASE_URL"]).path[1:]
        connection.settings_dict["OPTIONS"] = {"options": QUICK}
        for each in caches.all():
            each.clear()
        shutil.rmtree(place.folder / "media", ignore_errors=True)
        try:
            yield
        finally:
            connection.close()


def _tell(row: Row) -> None:
    control = f"; control {row.control.bad} of {row.control.done} wrong" if row.control else ""
    say(
        f"  {'✓' if row.is_met else '✗'} {row.fault.point}. {row.fault.name} (seed {row.seed}): {row.outcome.done} done, {row.outcome.bad} wrong{control}; "
        f"work went on after {row.progress:.1f} s; {row.seconds:.1f} s. {row.outcome.words}"
    )
    for failure in row.failures:
        say(f"    ! {failure}")
