"""Getting started: what an empty company needs before its first day; every app says its own in `panels.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from backoffice.people.models import Person, Role

from .workbench import Text


@dataclass(frozen=True)
class Beginning:
    """One thing to be done once. `missing()` answers in words what is still missing, and nothing when it is done."""

    title: Text
    missing: Callable[[], str]
    url_name: str = ""  # none for what somebody else does
    order: int = 50

    @property
    def url(self) -> str:
        return reverse(self.url_name) if self.url_name else ""


@dataclass(frozen=True)
class Begun:
    beginning: Beginning
    missing: str


BEGINNINGS: list[Beginning] = []


def begins_with(title: Text, url_name: str = "", *, order: int = 50) -> Callable:
    """Add a line: `@begins_with(_("Departments"), "control:department-new", order=10)` over `() -> words`."""

    def register(missing: Callable[[], str]) -> Callable[[], str]:
        BEGINNINGS.append(Beginning(title, missing, url_name, order))
        return missing

    return register


def beginnings_for(person: Person) -> list[Begun]:
    """The list as the facts tick it off, for those who set the company up; nothing once all is there."""
    if not person.has_role(Role.ADMINISTRATOR):
        return []
    found = [Begun(each, str(each.missing())) for each in sorted(BEGINNINGS, key=lambda each: each.order)]
    return found if any(each.missing for each in found) else []
