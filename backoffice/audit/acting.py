"""Tells the database who acts, so that the triggers can write it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from psycopg.pq import TransactionStatus

_acting: ContextVar[tuple[str, str, str]] = ContextVar("acting", default=("", "", ""))


@contextmanager
def acting(person: object, *, step: str = "", note: str = "") -> Iterator[None]:
    """Everything written inside is by this person, in this step, for this reason.

    Must stand inside a transaction: the three values live in it and end with it. Nested use puts the
    outer values back, so that a handler's step inside a step is written down under its own name.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("who acts is written down with the transaction, and there is none")
    pk = str(getattr(person, "pk", None) or "")
    token = _acting.set((pk, step, note))
    tell(*_acting.get())
    try:
        yield
    finally:
        _acting.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback and not is_broken():
            tell(*_acting.get())


def is_broken() -> bool:
    """After an error PostgreSQL takes no statement until the rollback, which also puts the values back."""
    return bool(connection.connection.info.transaction_status == TransactionStatus.INERROR)


def tell(person: str, step: str, note: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('backoffice.person', %s, true), set_config('backoffice.step', %s, true), "
            "set_config('backoffice.note', %s, true)",
            [person, step, note],
        )
