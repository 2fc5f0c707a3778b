"""Checks of the books: what must hold between rows, asked again and again. Each app's `checks.py` declares its own.

A check is a function that yields one line of words for each thing that does not hold; nothing is the good answer.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

Check = Callable[[], Iterable[str]]
CHECKS: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold, and which check says so."""

    check: str
    words: str

    def __str__(self) -> str:
        return f"{self.check}: {self.words}"


def checks_books(name: str) -> Callable[[Check], Check]:
    """Register a check of the books under a short name that an administrator may say again."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


def run_checks(names: Iterable[str] = ()) -> Iterator[Finding]:
    """Every finding of these checks (or all), seen in one snapshot, so that what is posted meanwhile troubles nobody."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name in list(names) or sorted(CHECKS):
            for words in CHECKS[name]():
                yield Finding(name, words)


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """For checks: the rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
