"""Holding a piece of work: a lease that a thread renews while the work goes on, fenced by its token.

The lease has a row of its own: the run itself is read and ended in a REPEATABLE READ transaction, which PostgreSQL refuses to
let write a row that another transaction has touched since (and renewing touches it every few seconds).
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from .models import Lease

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=30)


class LeaseLost(Exception):
    """Somebody else has taken the work over; what was done here must be rolled back."""


def take() -> uuid.UUID:
    """A new lease; call it in the transaction that claims the work."""
    return Lease.objects.create(until=Now() + LEASE).token


@contextmanager
def held(
    token: uuid.UUID, *, every: float = LEASE.total_seconds() / 4, pulse: Callable[[], None] | None = None
) -> Iterator[None]:
    """Renew the lease every few seconds from a thread with a connection of its own, until the block ends."""
    over = threading.Event()
    thread = threading.Thread(target=_renew, args=(token, over, every, pulse), daemon=True, name=f"lease-{token}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        Lease.objects.filter(token=token).delete()


def _renew(token: uuid.UUID, over: threading.Event, every: float, pulse: Callable[[], None] | None) -> None:
    try:
        while not over.wait(every):
            try:
                Lease.objects.filter(token=token).update(until=Now() + LEASE)
                if pulse:
                    pulse()
            except DatabaseError as error:  # the database may be restarting: the next beat tries again
                log.warning("lease_not_renewed", error=str(error))
                connection.close()
    finally:
        connection.close()


@contextmanager
def snapshot() -> Iterator[None]:
    """One transaction that sees the database as of its first query, and ends as a whole."""
    if connection.in_atomic_block:  # inside a test's own transaction the level can no longer be chosen
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
