"""What is due today: every app says in its `panels.py` which of its duties call for somebody's act (R7)."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise

from backoffice.people.models import Person

from .page import EVERYONE, Act, may_open

Text = str | Promise


@dataclass(frozen=True)
class Due:
    """One thing to be done: what it is, where it stands, since when it is due, and the acts that can be taken in place."""

    title: str
    url: str
    detail: str = ""
    due_on: datetime.date | None = None
    amount: object = None
    tone: str = ""  # "bad" for what is late
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Duty:
    """A group of the workbench. `all_url` leads to the whole list (a name, or with a query); `rows(person, on)` gives the first ones."""

    duty: str
    title: Text
    rows: Callable[[Person, datetime.date], Iterable[Due]]
    roles: tuple[str, ...] = EVERYONE
    order: int = 50
    icon: str = "dot"
    all_url: str = ""

    @property
    def all_address(self) -> str:
        """The address of the whole list; what is given may be one, or the name of one."""
        name, mark, query = self.all_url.partition("?")
        return self.all_url if not name or name.startswith("/") else f"{reverse(name)}{mark}{query}"


@dataclass(frozen=True)
class Group:
    duty: Duty
    rows: list[Due] = field(default_factory=list)


DUTIES: list[Duty] = []


def due_today(duty: str, title: Text, *, roles: tuple[str, ...] = EVERYONE, order: int = 50, icon: str = "dot",
              all_url: str = "") -> Callable:  # fmt: skip
    """Add a group: `@due_today("C3", _("Notes to follow up"), roles=(…))` over `(person, on) -> iterable of Due`."""

    def register(rows: Callable) -> Callable:
        DUTIES.append(Duty(duty, title, rows, tuple(roles), order, icon, all_url))
        return rows

    return register


def due_for(person: Person, *, on: datetime.date) -> list[Group]:
    """What this person has to do on a day, by duty; a duty with nothing due is left out."""
    mine = sorted((d for d in DUTIES if may_open(person, d.roles)), key=lambda d: d.order)
    groups = [Group(duty, list(duty.rows(person, on))) for duty in mine]
    return [group for group in groups if group.rows]
