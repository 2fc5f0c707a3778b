"""Writes entries, lines and items as they were drafted: one way for a single posting and for a hundred thousand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from backoffice.database.copying import copy_rows, draw_keys
from backoffice.ledger.models import Account, AccountingPeriod, Book, Entry, EntryLine, Item
from backoffice.money import ZERO, Due
from backoffice.people.models import Person
from backoffice.refusals import Refused

ENTRY = (
    "id", "posted_on", "period_id", "event", "record_id", "dossier_id", "memo", "amount", "posted_by_id", "reverses_id",
)  # fmt: skip
LINE = (
    "entry_id", "position", "posted_on", "account_id", "debit", "credit", "party_id", "person_id", "dossier_id", "record_id",
)  # fmt: skip
ITEM = (
    "entry_id", "account_id", "book", "kind", "event", "party_id", "person_id", "dossier_id", "record_id",
    "number", "dated_on", "due_on", "amount", "allocated",
)  # fmt: skip


@dataclass(slots=True)
class Dimensions:
    """With whom, for whom, for which deal and document: what every line carries. Primary keys."""

    party: int | None = None
    person: int | None = None
    dossier: int | None = None
    record: int | None = None


@dataclass(slots=True)
class DraftLine:
    """One line to be; `amount` positive on the debit side, negative on the credit side.

    `carries` is the open item of another party that the line's own item carries on: of the same event, number and due date.
    """

    account: Account
    amount: Decimal
    of: Dimensions
    carries: Item | None = None


@dataclass(slots=True)
class DraftEntry:
    on: date
    event: str
    of: Dimensions
    lines: list[DraftLine]
    memo: str = ""
    number: str = ""
    dues: Sequence[Due] = ()
    reverses: int | None = None
    makes_items: bool = True
    entry: Entry | None = field(default=None, init=False)


def pk(row: Model | int | None) -> int | None:
    """The primary key of a row, or the number that was given for it. A document's is its record's."""
    return row.pk if isinstance(row, Model) else row


def write(drafts: Sequence[DraftEntry], *, by: Person) -> list[Entry]:
    """Insert entries with their lines and the open items they make; the caller holds the transaction."""
    periods = open_periods({(draft.on.year, draft.on.month) for draft in drafts})
    for draft, key in zip(drafts, draw_keys(Entry, len(drafts)), strict=True):
        draft.entry = Entry(
            pk=key,
            posted_on=draft.on,
            period_id=periods[draft.on.year, draft.on.month],
            event=draft.event,
            record_id=draft.of.record,
            dossier_id=draft.of.dossier,
            memo=draft.memo[:300],
            amount=sum((max(line.amount, ZERO) for line in draft.lines), ZERO),
            posted_by=by,
            reverses_id=draft.reverses,
        )
    entries = [draft.entry for draft in drafts if draft.entry]
    copy_rows(Entry, ENTRY, ([getattr(entry, column) for column in ENTRY] for entry in entries))
    copy_rows(EntryLine, LINE, (row for draft in drafts for row in _lines(draft)))
    copy_rows(Item, ITEM, (row for draft in drafts if draft.makes_items for row in _items(draft)))
    for entry in entries:
        entry._state.adding = False
    return entries


def _lines(draft: DraftEntry) -> Iterable[tuple[Any, ...]]:
    assert draft.entry
    for position, line in enumerate(draft.lines, start=1):
        of, debit, credit = line.of, max(line.amount, ZERO), max(-line.amount, ZERO)
        yield (
            draft.entry.pk,
            position,
            draft.on,
            line.account.pk,
            debit,
            credit,
            of.party,
            of.person,
            of.dossier,
            of.record,
        )


def _items(draft: DraftEntry) -> Iterable[tuple[Any, ...]]:
    assert draft.entry
    for line in draft.lines:
        account, of, whole = line.account, line.of, abs(line.amount)
        if not account.is_control:
            continue
        is_charge = (line.amount > 0) == (account.book == Book.RECEIVABLE)
        kind = Item.Kind.CHARGE if is_charge else Item.Kind.CREDIT
        parts = draft.dues if is_charge and draft.dues else [Due(draft.on, whole)]
        if sum(part.amount for part in parts) != whole:
            raise ValueError("the instalments do not sum to the amount")
        for part in parts:
            due_on = part.on if is_charge else None
            event, number = draft.event, draft.number
            if line.carries:
                event, number, due_on = line.carries.event, line.carries.number, line.carries.due_on
            yield (
                draft.entry.pk, account.pk, account.book, kind, event, of.party, of.person, of.dossier, of.record,
                number, draft.on, due_on, part.amount, ZERO,
            )  # fmt: skip


def open_periods(months: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The rows of these months, made where missing; a closed one is refused in words (the trigger refuses it in any case)."""
    found = _periods(months)
    if missing := months - found.keys():
        _check_order(min(missing))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ledger_accountingperiod (year, month, state, entries_closed, total_closed, fingerprint) "
                "VALUES (%s, %s, 'open', 0, 0, '') ON CONFLICT DO NOTHING",
                sorted(missing),
            )
        found = _periods(months)
    for period in found.values():
        if period.is_locked:
            raise Refused(
                _("The books of %(month)s are closed. Choose a day in an open month.") % {"month": period},
                code="closed",
            )
    return {month: period.pk for month, period in found.items()}


def _check_order(month: tuple[int, int]) -> None:
    """A month is not begun once a later one is closed (the trigger refuses it in any case)."""
    year, number = month
    later = Q(year__gt=year) | Q(year=year, month__gt=number)
    closed = AccountingPeriod.objects.filter(later, state__in=AccountingPeriod.LOCKED).order_by("year", "month").first()
    if closed is not None:
        raise Refused(
            _("The books of %(month)s, which is later, are closed. Choose a day in an open month.") % {"month": closed},
            code="closed",
        )


SHARED = "SELECT * FROM ledger_accountingperiod WHERE year * 100 + month = ANY(%s) ORDER BY year, month FOR SHARE"


def _periods(months: set[tuple[int, int]]) -> dict[tuple[int, int], AccountingPeriod]:
    """The rows of these months, shared until the posting is through: who closes one meanwhile waits, or came first and is seen."""
    rows = AccountingPeriod.objects.raw(SHARED, [[year * 100 + month for year, month in months]])
    return {(row.year, row.month): row for row in rows}
