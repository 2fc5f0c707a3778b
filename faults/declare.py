"""How a fault is declared: its point, its goal, how often it is done in the short and in the full form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .place import Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: rounds done, rounds that went wrong, and what was shown in words."""

    done: int
    bad: int
    words: str = ""


@dataclass(slots=True)
class Run:
    """What a fault works with; `times` is how often, `budget` after how many seconds no new round is begun."""

    place: Place
    times: int
    seed: int
    budget: float
    random: Random = field(init=False)
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.random, self.began = Random(self.seed), monotonic()

    def set_out(self) -> None:
        """What was needed first stands: the time begins now."""
        self.began = monotonic()

    def rounds(self) -> range | _Rounds:
        """`for number in run.rounds()`: as often as asked, as long as there is time, once at least."""
        return _Rounds(self)


@dataclass(slots=True)
class _Rounds:
    run: Run
    done: int = 0

    def __iter__(self) -> _Rounds:
        return self

    def __next__(self) -> int:
        out_of_time = monotonic() - self.run.began > self.run.budget and self.done > 0
        if self.done >= self.run.times or out_of_time:
            raise StopIteration
        self.done += 1
        return self.done - 1


Act = Callable[[Run], Outcome]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a numbered point. `control` is the same with the lock off."""

    point: int
    name: str
    goal: str
    act: Act
    short: int
    full: int
    budget: float
    control: Act | None
    control_times: int
    progress: Callable[[Run], None] | None
    checks_books: bool
    alone: bool

    def weight(self, *, short: bool) -> float:
        """About how long it takes, for sharing the work out."""
        return ROUND_ABOUT + (self.budget / SHORTER if short else self.budget)


FAULTS: list[Fault] = []
SHORTER = 20  # the short form begins no new round after this part of the time of the full one
ROUND_ABOUT = 8  # seconds for a fresh database and the checks afterwards


def fault(
    point: int,
    goal: str,
    *,
    short: int,
    full: int,
    budget: float = 60,
    control: Act | None = None,
    control_times: int = 10,
    progress: Callable[[Run], None] | None = None,
    checks_books: bool = True,
    alone: bool = False,
) -> Callable[[Act], Act]:
    """Declare a function as a fault. The short form takes at most a twentieth of `budget` seconds (with `short=0` it is left
    out); no round is begun after it.

    `progress` is what must be possible afterwards inside a minute, where it is more than a new order;
    `checks_books=False` is for what leaves no database behind to check; `alone` for what is measured and therefore
    runs beside nothing else.
    """

    def decorate(act: Act) -> Act:
        FAULTS.append(
            Fault(
                point, act.__name__.replace("_", " "), goal, act, short, full, budget, control, control_times,
                progress, checks_books, alone,
            )
        )  # fmt: skip
        return act

    return decorate
