"""Rows of the table and how they are measured: ours and its baselines in turn, medians, the statements of one call."""

import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from django.db import connection

Call = Callable[[], Any]
ROWS: dict[str, "Row"] = {}


@dataclass(frozen=True, slots=True)
class Work:
    """What a row compares: `ours` and the same work done barely, by name; the first baseline carries the ratio.

    `grows` is the same work over more rows: it must not take more statements.
    """

    ours: Call
    baselines: Mapping[str, Call] = field(default_factory=dict)
    grows: Call | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """For what is no time of a call: a figure read once, with what it is compared with."""

    value: float
    baselines: Mapping[str, float] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `goal` and `p95` in `unit`; `ratio` to the first baseline; `statements` at most.

    `worst` is the ratio from which on a commit is stopped, where the goal is known to be missed.
    """

    name: str
    make: Callable[[Any], Work | Reading]
    area: str
    goal: float
    p95: float | None
    ratio: float | None
    statements: int | None
    unit: str
    rounds: int
    more_is_better: bool
    in_short: bool
    worst: float | None


@dataclass(slots=True)
class Result:
    row: Row
    median: float
    p95: float | None = None
    statements: int | None = None
    grown: int | None = None
    baselines: dict[str, float] = field(default_factory=dict)
    remark: str = ""
    broken: str = ""

    @property
    def ratio(self) -> float | None:
        base = next(iter(self.baselines.values()), None)
        if not base or not self.median:
            return None
        return base / self.median if self.row.more_is_better else self.median / base

    def misses(self) -> list[str]:
        """What of the goals is not met, in words."""
        if self.broken:
            return [f"broken: {self.broken}"]
        row, told = self.row, []
        if (self.median < row.goal) if row.more_is_better else (self.median > row.goal):
            told.append("goal")
        if row.p95 is not None and self.p95 is not None and self.p95 > row.p95:
            told.append("p95")
        if row.ratio is not None and self.ratio is not None and self.ratio > row.ratio:
            told.append("ratio")
        if row.statements is not None and self.statements is not None and self.statements > row.statements:
            told.append("statements")
        if self.grown is not None and self.statements is not None and self.grown > self.statements:
            told.append("statements grow with rows")
        return told


def row(
    name: str,
    *,
    goal: float,
    p95: float | None = None,
    ratio: float | None = None,
    statements: int | None = None,
    unit: str = "ms",
    rounds: int = 25,
    more_is_better: bool = False,
    in_short: bool = True,
    worst: float | None = None,
) -> Callable[[Callable[[Any], Work | Reading]], Callable[[Any], Work | Reading]]:
    """Register a function of the loaded company as a line of the table. `in_short`: also in the form that every commit runs."""

    def register(make: Callable[[Any], Work | Reading]) -> Callable[[Any], Work | Reading]:
        area = make.__module__.rpartition(".")[2]
        ROWS[name] = Row(name, make, area, goal, p95, ratio, statements, unit, rounds, more_is_better, in_short, worst)
        return make

    return register


def measure(one: Row, load: Any, *, rounds: int = 0) -> Result:
    """Run a row: warm up, then ours and the baselines by turns, so that what else the machine does falls on all of them."""
    made = one.make(load)
    if isinstance(made, Reading):
        return Result(one, made.value, baselines=dict(made.baselines), remark=made.remark)
    calls = {"": made.ours, **made.baselines}
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _turn in range(rounds or one.rounds):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - began) * 1000)
    ours = sorted(taken.pop(""))
    return Result(
        one, statistics.median(ours), p95=ours[min(len(ours) - 1, round(len(ours) * 0.95))],
        statements=statements_of(made.ours), grown=statements_of(made.grows) if made.grows else None,
        baselines={name: statistics.median(times) for name, times in taken.items()},
    )  # fmt: skip


def statements_of(call: Call) -> int:
    """How many it asks with nothing kept from a moment before: the most."""
    caches["moments"].clear()
    with recorded() as said:
        call()
    return len(said)


@contextmanager
def recorded(keep: Callable[[str], bool] = lambda sql: True):
    """The statements of a block, with their parameters; savepoints and transactions are not counted."""
    said: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET")) and keep(sql):
            said.append((sql, params))
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(listen))
        yield said
