"""A form has one effect however often it is sent (double click, back and resubmit, answer lost)."""

import uuid
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from backoffice.documents.models import Once
from backoffice.people.models import Person

TRIES = 3


def key_of(typed: str) -> uuid.UUID | None:
    """The key that a form carries; what is none was not written by us."""
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        raise SuspiciousOperation("not a key of a form") from None


def once(key: uuid.UUID, *, by: Person, path: str, act: Callable[[], str]) -> str:
    """Do `act` the first time this key comes; give its answer (an address) every time.

    The key is inserted first: a second sending waits at the unique index until the first is through.
    An act that raises leaves no key behind, so that the corrected form may be sent again. Where the connection
    broke the form is sent again by ourselves: thanks to the key that is one act too.
    """
    for left in reversed(range(TRIES)):
        try:
            return _once(key, by=by, path=path, act=act)
        except (OperationalError, InterfaceError) as error:
            if not left or connection.in_atomic_block or not passes(error):
                raise
            connection.close()
    raise AssertionError("either an answer or an error")


def _once(key: uuid.UUID, *, by: Person, path: str, act: Callable[[], str]) -> str:
    try:
        with transaction.atomic():
            sent = Once.objects.create(key=key, person=by, path=path[:300])
            sent.answer = act()
            sent.save(update_fields=["answer"])
            return sent.answer
    except IntegrityError:
        earlier = Once.objects.filter(key=key, person=by).first()
        if earlier is None:
            raise
        return earlier.answer


def passes(error: Exception) -> bool:
    """Whether the same again may well go through: the connection broke (also: no state at all), or two waited for each other."""
    state = getattr(error.__cause__, "sqlstate", None) or "08"
    return state.startswith(("08", "57P0", "40"))
