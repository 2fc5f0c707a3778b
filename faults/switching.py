"""Switching a rule of PostgreSQL off for a negative control, as only the owner may."""

from collections.abc import Iterator
from contextlib import contextmanager

from .declare import Run


@contextmanager
def as_owner(run: Run, before: str, after: str) -> Iterator[None]:
    with run.place.owner() as connection:
        connection.execute(before)
        try:
            yield
        finally:
            connection.execute(after)
