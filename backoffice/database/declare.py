"""Declarations that `install` turns into triggers, privileges and rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=type[Model])


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: `when` as in SQL («BEFORE UPDATE»), `function` without the parentheses, text arguments.

    `new_rows` names the table under which the function sees all rows of the statement: one call for a whole import.
    """

    table: str
    name: str
    when: str
    function: str
    arguments: tuple[str, ...] = ()
    deferred: bool = False
    statement: bool = False
    new_rows: str = ""


@dataclass(slots=True)
class Declarations:
    """All that has been declared in this process, in the order of declaration."""

    triggers: dict[tuple[str, str], Trigger] = field(default_factory=dict)
    makers: list[Callable[[], list[Trigger]]] = field(default_factory=list)
    append_only: dict[str, type[Model]] = field(default_factory=dict)
    read_only: dict[str, type[Model]] = field(default_factory=dict)
    defaults: list[Callable[[], None]] = field(default_factory=list)


DECLARED = Declarations()


def trigger(
    model: type[Model],
    name: str,
    when: str,
    function: str,
    *arguments: str,
    deferred: bool = False,
    new_rows: str = "",
) -> None:
    """Put a trigger on a model's table, by row or with `new_rows` by statement. The same name again replaces it."""
    made = Trigger(model._meta.db_table, name, when, function, arguments, deferred, bool(new_rows), new_rows)
    DECLARED.triggers[made.table, name] = made


def append_only(model: M) -> M:
    """Rows are only ever added: UPDATE and DELETE are refused to everybody, and not granted to the runtime role."""
    DECLARED.append_only[model._meta.db_table] = model
    trigger(model, "append_only", "BEFORE UPDATE OR DELETE", "refuse_change")
    return model


def read_only(model: M) -> M:
    """Rows are written by triggers of the owner or at install; the runtime role may read them and no more."""
    DECLARED.read_only[model._meta.db_table] = model
    return model


def defaults(function: Callable[[], None]) -> Callable[[], None]:
    """Rows that every company needs (idempotent), made after each migrate."""
    DECLARED.defaults.append(function)
    return function


def triggers_from(function: Callable[[], list[Trigger]]) -> Callable[[], list[Trigger]]:
    """A noun that puts triggers on models it does not know by name (every document, every tracked table)."""
    DECLARED.makers.append(function)
    return function
