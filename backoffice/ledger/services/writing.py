"""Writes entries, lines and items as they were drafted: one way for a single posting and for a hundred thousand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from backoffice.ledger.models import Account, AccountingPeriod, Book, Entry, EntryLine, Item
from backoffice.money import ZERO, Due
from backoffice.people.models import Person
from backoffice.refusals import Refused

BATCH = 5000


@dataclass(slots=True)
class Dimensions:
    """With whom, for whom, for which deal and document: what every line carries. Primary keys."""

    party: int | None = None
    person: int | None = None
    dossier: int | None = None
    record: int | None = None


@dataclass(slots=True)
class DraftLine:
    """One line to be; `amount` positive on the debit side, negative on the credit side."""

    account: Account
    amount: Decimal
    of: Dimensions


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
    for draft in drafts:
        draft.entry = Entry(
            posted_on=draft.on,
            period_id=periods[draft.on.year, draft.on.month],
            event=draft.event,
            record_id=draft.of.record,
            dossier_id=draft.of.dossier,
            memo=draft.memo,
            amount=sum(max(line.amount, ZERO) for line in draft.lines),
            posted_by=by,
            reverses_id=draft.reverses,
        )
    entries = Entry.objects.bulk_create([draft.entry for draft in drafts if draft.entry], batch_size=BATCH)
    EntryLine.objects.bulk_create((line for draft in drafts for line in _lines(draft)), batch_size=BATCH)
    Item.objects.bulk_create(
        (item for draft in drafts if draft.makes_items for item in _items(draft)), batch_size=BATCH
    )
    return entries


def _lines(draft: DraftEntry) -> Iterable[EntryLine]:
    for position, line in enumerate(draft.lines, start=1):
        yield EntryLine(
            entry=draft.entry,
            position=position,
            posted_on=draft.on,
            account=line.account,
            debit=max(line.amount, ZERO),
            credit=max(-line.amount, ZERO),
            party_id=line.of.party,
            person_id=line.of.person,
            dossier_id=line.of.dossier,
            record_id=line.of.record,
        )


def _items(draft: DraftEntry) -> Iterable[Item]:
    for line in draft.lines:
        if not line.account.is_control:
            continue
        if line.of.party is None:
            raise ValueError("a line of a control account names its party")
        is_charge = (line.amount > 0) == (line.account.book == Book.RECEIVABLE)
        parts = draft.dues if is_charge and draft.dues else [Due(draft.on, abs(line.amount))]
        if sum(part.amount for part in parts) != abs(line.amount):
            raise ValueError("the instalments do not sum to the amount")
        for part in parts:
            yield Item(
                entry=draft.entry,
                account=line.account,
                book=line.account.book,
                kind=Item.Kind.CHARGE if is_charge else Item.Kind.CREDIT,
                event=draft.event,
                party_id=line.of.party,
                person_id=line.of.person,
                dossier_id=line.of.dossier,
                record_id=line.of.record,
                number=draft.number,
                dated_on=draft.on,
                due_on=part.on if is_charge else None,
                amount=part.amount,
            )


def open_periods(months: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The rows of these months, made where missing; a closed one is refused in words (the trigger refuses it in any case)."""
    found = _periods(months)
    if missing := months - found.keys():
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


def _periods(months: set[tuple[int, int]]) -> dict[tuple[int, int], AccountingPeriod]:
    rows = AccountingPeriod.objects.filter(year__in={year for year, _month in months})
    return {(row.year, row.month): row for row in rows if (row.year, row.month) in months}
