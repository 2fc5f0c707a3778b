"""The books of money, and what each entry did to the deals it touched."""

from backoffice.ledger.models.books import (
    Account,
    AccountingPeriod,
    Allocation,
    Book,
    BooksQuerySet,
    Entry,
    EntryLine,
    Item,
    ItemQuerySet,
    PostingRule,
    Seal,
)
from backoffice.ledger.models.deals import DealEntry, DealEntryQuerySet

__all__ = [
    "Account", "AccountingPeriod", "Allocation", "Book", "BooksQuerySet", "DealEntry", "DealEntryQuerySet", "Entry", "EntryLine", "Item",
    "ItemQuerySet", "PostingRule", "Seal",
]  # fmt: skip
