"""What a customer is shown of a document behind a private link: each app above says it of its own, and nothing else is shown.

`@shows_customer("order", template="orders/_for_customer.html")` over `(record) -> context`; several parts stand in their order.
A part gives words made for the customer, never a state, a price or a name of the inside. The first part may give `headline`,
`heading` and `tone`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backoffice.register.models import Record

Rows = Callable[[Record], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Part:
    template: str
    rows: Rows
    order: int


PARTS: dict[str, list[Part]] = {}


def shows_customer(kind: str, *, template: str, order: int = 50) -> Callable[[Rows], Rows]:
    """Register a part of what customers are shown of documents of this kind."""

    def register(rows: Rows) -> Rows:
        PARTS.setdefault(kind, []).append(Part(template, rows, order))
        PARTS[kind].sort(key=lambda part: part.order)
        return rows

    return register


def is_shown(record: Any) -> bool:
    """Whether there is anything to show: the kind is one of those, and the document is fixed."""
    return bool(record.kind in PARTS and record.number)


def parts_of(record: Record) -> list[tuple[str, Mapping[str, Any]]]:
    """(template, its context) of every part that has something to say."""
    found = [(part.template, part.rows(record)) for part in PARTS.get(record.kind, [])]
    return [(template, rows) for template, rows in found if rows is not None]
