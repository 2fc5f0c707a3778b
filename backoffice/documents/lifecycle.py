"""States and steps of a document: pure data, readable as a page, installed as a PostgreSQL trigger too."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class State:
    """One state. `editable` states are the only ones in which content may change; `tone` colours the badge."""

    name: str
    label: Text
    tone: str = "neutral"  # neutral · waiting · good · bad · done
    editable: bool = False
    initial: bool = False
    final: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Step:
    """One act on a document.

    `name` is the function, the permission, the address, the verb in the history and the key of the review
    policy. `by` are the roles that may take it. A `reviewed` step takes effect once enough others have agreed.
    `or_to` are other states that the effect may choose (held instead of submitted). `policy` are the default
    rows of the review policy: (from amount, people needed).
    """

    name: str
    label: Text
    sources: tuple[State, ...]
    target: State
    by: tuple[str, ...]
    reviewed: bool = False
    submits: bool = False
    needs_note: bool = False
    or_to: tuple[State, ...] = ()
    tone: str = "quiet"  # primary · quiet · danger
    does: Text = ""
    key: str = ""
    policy: tuple[tuple[int, int], ...] = ((0, 1),)
    automatic: bool = False  # taken by another step or a job, never offered as a button
    unattended: bool = False  # offered to people, and taken by a job as well

    @property
    def targets(self) -> tuple[State, ...]:
        return (self.target, *self.or_to)


@dataclass(frozen=True)
class Lifecycle:
    """All states and steps of one kind of document; `prefix` begins its numbers."""

    kind: str
    label: Text
    prefix: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    by_name: dict[str, Step] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update({step.name: step for step in self.steps})
        known = set(self.states)
        for step in self.steps:
            if not {*step.sources, *step.targets} <= known:
                raise ValueError(f"{self.kind}: {step.name} names a state that is not declared")

    @cached_property
    def initial(self) -> State:
        return next(state for state in self.states if state.initial)

    @cached_property
    def choices(self) -> list[tuple[str, Text]]:
        return [(state.name, state.label) for state in self.states]

    def state(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    def submitting(self) -> Step | None:
        return next((step for step in self.steps if step.submits), None)

    def reviewed(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.reviewed)
