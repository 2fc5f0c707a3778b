"""Which tables are tracked, and how a row of theirs leads to its document."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model

from backoffice.database import trigger

M = TypeVar("M", bound=type[Model])
BOOKKEEPING = ("version", "changed_at", "search", "last_login", "password")


def tracked(record: str = "", *, party: str = "", leave_out: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Keep every change of this table: `record` and `party` name the columns that lead to document and party.

    `record="id"` is a document's own row, `record="order_id"` a line of an order. What is left out is
    noise (versions, search keys) or must never be written down (passwords).
    """

    def decorate(model: M) -> M:
        skip = ",".join((*BOOKKEEPING, *leave_out))
        trigger(model, "audit", "AFTER INSERT OR UPDATE OR DELETE", "audit_row", record, party, skip)
        return model

    return decorate
