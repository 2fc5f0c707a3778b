"""Changing what a document says, while it may still be changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.gate import check_seen, lock
from backoffice.documents.models import Document
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.review import services as review

D = TypeVar("D", bound=Document)


@contextmanager
def editing(
    document: D, *, by: Person, version: int | None = None, fill: Callable[[D], None] | None = None
) -> Iterator[D]:
    """Write a new or an editable document: `with editing(order, by=person, fill=…) as order: …`.

    Gives the locked row (or the new one, saved with its author), and at the end writes down whose hand it was,
    raises the version and saves. `fill` sets what the document says; a new one is written once if nothing is set
    after it. Replace lines inside; `amount` is yours to set.
    """
    is_new = document.pk is None
    with transaction.atomic(), acting(by, step=f"{'make' if is_new else 'change'}_{document.kind}"):
        if is_new:
            document.author = by
            document.state = document.lifecycle.initial.name
            if fill:
                fill(document)
            document.save(force_insert=True)
            document.is_fresh = True
            written = columns_of(document)
        else:
            document = lock(document, by=by)
            check_seen(document, version=version, fingerprint=None)
            if not document.is_editable:
                raise Refused(
                    _(
                        "A document that is «%(state)s» is not changed any more. Have it returned first, or make a correction."
                    )
                    % {"state": document.get_state_display()},
                    code="state",
                )
            document.version += 1
            if fill:
                fill(document)
            written = {}
        yield document
        document.is_fresh = False
        if columns_of(document) != written:
            document.changed_at = timezone.now()
            document.save()
        review.had_hand(document, by)


def columns_of(document: Document) -> dict[str, Any]:
    return {field.attname: getattr(document, field.attname) for field in document._meta.concrete_fields}
