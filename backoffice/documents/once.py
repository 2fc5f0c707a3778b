"""A form has one effect however often it is sent (double click, back and resubmit, answer lost)."""

import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction

from backoffice.documents.models import Once
from backoffice.people.models import Person


def once(key: str | uuid.UUID, *, by: Person, path: str, act: Callable[[], str]) -> str:
    """Do `act` the first time this key comes; give its answer (an address) every time.

    The key is inserted first: a second sending waits at the unique index until the first is through.
    An act that raises leaves no key behind, so that the corrected form may be sent again.
    """
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
