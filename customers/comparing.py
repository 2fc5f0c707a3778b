"""Two customers beside each other: every field of the archive, what would go over, what both have (C1, X26)."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from backoffice.ledger.models import Item
from customers.changes import as_text
from customers.credit import credits_of
from customers.models import Customer, CustomerMerge
from customers.moving import count_rows, likes, words_of

OF_PARTY = (
    "name", "short_name", "kind", "owner", "region", "country", "state", "city", "address", "postal_code", "contact", "phone",
    "email", "invoice_title", "tax_no", "bank_name", "bank_account",
)  # fmt: skip
OF_CUSTOMER = ("grade", "term", "settlement", "credit_limit", "overdue_tolerance", "source", "tags", "since", "note")
BOTH = ("tags", "note")  # texts that may be joined instead of choosing one
KEPT, TAKEN, JOINED = "kept", "taken", "both"


@dataclass(frozen=True, slots=True)
class Side:
    """One field of both customers: its key in `changes`, the columns' texts, and both as a person reads them."""

    key: str
    label: str
    kept: str | None
    taken: str | None
    kept_words: str
    taken_words: str
    may_join: bool

    @property
    def name(self) -> str:
        """As the field of a form."""
        return self.key.replace(".", "_")

    @property
    def differs(self) -> bool:
        return (self.kept or "") != (self.taken or "")

    @property
    def suggested(self) -> str:
        """What the one has stays; what it lacks is taken."""
        return TAKEN if self.differs and not self.kept and "credit_limit" not in self.key else KEPT


def sides(kept: Customer, taken: Customer) -> list[Side]:
    """Every field of the archive, of whoever stays and of whoever goes into it."""
    return [
        side
        for part, names in (("party", OF_PARTY), ("customer", OF_CUSTOMER))
        for side in _sides(part, names, kept, taken)
    ]


def _sides(part: str, names: tuple[str, ...], kept: Customer, taken: Customer) -> Iterator[Side]:
    one, other = (kept.party, taken.party) if part == "party" else (kept, taken)
    for name in names:
        column = one._meta.get_field(name)
        assert isinstance(column, models.Field)
        texts = [as_text(getattr(row, column.attname)) for row in (one, other)]
        words = [in_words(row, column) for row in (one, other)]
        yield Side(
            f"{part}.{column.attname}", str(column.verbose_name), texts[0], texts[1], words[0], words[1], name in BOTH
        )


def in_words(row: models.Model, column: models.Field) -> str:
    shown = getattr(row, f"get_{column.name}_display", None)
    value = shown() if shown else getattr(row, column.name)
    if column.name == "credit_limit":
        return _("unlimited") if value is None else f"{value:,.2f}"
    return str(value) if value not in (None, "") else "—"


def joined(side: Side) -> str:
    parts = [text for text in (side.kept, side.taken) if text]
    return (", " if side.key.endswith("tags") else "\n").join(dict.fromkeys(parts))


def picked(given: Mapping[str, str], found: list[Side]) -> dict[str, list[str | None]]:
    """What the one takes from the other: key → [before, after]."""
    after = {side.key: joined(side) if given.get(side.name) == JOINED else side.taken for side in found}
    return {
        side.key: [side.kept, after[side.key]]
        for side in found
        if given.get(side.name) in (TAKEN, JOINED) and (after[side.key] or "") != (side.kept or "")
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """A field as pages show it: both sides, and what became of it: kept, taken or both."""

    side: Side
    pick: str


def compared(merge: CustomerMerge, kept: Customer, merged: Customer) -> list[Compared]:
    """The fields in which both differ, with what was picked."""
    picks = {key: after for key, (_before, after) in merge.changes.items()}
    return [
        Compared(side, KEPT if side.key not in picks else TAKEN if picks[side.key] == side.taken else JOINED)
        for side in sides(kept, merged)
        if side.differs
    ]


def in_store(kept: Customer, merged: Customer, *, on: datetime.date) -> dict[str, Any]:
    """What a merge of the two would do: what goes over, how both stand, what both have."""
    moves = [(words_of(name), number) for name, number in count_rows(merged.party).items()]
    credit = credits_of([kept, merged], on=on)
    return {
        "kept": kept, "merged": merged, "moves": sorted(moves, key=lambda row: -row[1]),
        "open_items": Item.objects.open().filter(party=merged.pk).count(),
        "standing": [(kept, credit[kept.pk]), (merged, credit[merged.pk])],
        "likes": [(words_of(name), row) for name, row in likes(merged.party, kept.party)],
    }  # fmt: skip


def shown(merge: CustomerMerge, *, on: datetime.date) -> dict[str, Any]:
    """What pages show of a merge: while it waits both sides, afterwards what went over and what met its like."""
    rows = Customer.objects.select_related("party__owner", "party__region", "term")
    kept, merged = rows.get(pk=merge.party_id), rows.get(pk=merge.merged_id)
    if merge.number is None:
        return {"merge": merge, "compared": compared(merge, kept, merged)} | in_store(kept, merged, on=on)
    labels = {side.key: side.label for side in sides(kept, merged)}
    columns = {side.key: side for side in sides(kept, merged)}
    return {
        "merge": merge, "kept": kept, "merged": merged,
        "taken": [(labels[key], columns[key].kept_words) for key in merge.changes],
        "moves": [(words_of(name), number) for name, number in merge.moved.items()],
        "likes": [(words_of(name), row) for name, row in merge.collisions],
    }  # fmt: skip
