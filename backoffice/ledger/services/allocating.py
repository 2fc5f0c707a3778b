"""Allocation 核销: which credit settles which charge, as of which day (rules.md §8, I9)."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backoffice.database.copying import copy_rows, draw_keys
from backoffice.ledger.events import Event
from backoffice.ledger.models import Allocation, Book, Entry, Item, PostingRule
from backoffice.ledger.services.writing import Dimensions, DraftEntry, DraftLine, write
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused


@dataclass(frozen=True, slots=True)
class Match:
    """So much of a credit against so much of a charge, on a day. Primary keys of items."""

    credit: int
    charge: int
    amount: Decimal
    on: date


def lock_items(ids: Iterable[int]) -> dict[int, Item]:
    """Lock items, always in the order of their keys, so that two allocations wait for each other instead of dying."""
    return _lock(Item.objects.filter(pk__in=set(ids)))


def _lock(rows: QuerySet[Item]) -> dict[int, Item]:
    return {row.pk: row for row in rows.select_for_update(of=("self",)).select_related("account").order_by("pk")}


def allocate(credit: Item, charge: Item, amount: Decimal, *, on: date, by: Person) -> Allocation:
    """Settle `amount` of a charge by a credit of the same party, as of a day on which both exist."""
    return allocate_many([Match(credit.pk, charge.pk, amount, on)], by=by)[0]


@transaction.atomic
def allocate_many(matches: Sequence[Match], *, by: Person) -> list[Allocation]:
    """Settle many at once. Refuses in words what the database would refuse: more than is open, another party, a day too early."""
    items = lock_items(key for match in matches for key in (match.credit, match.charge))
    _check(matches, items)
    return _write(matches, items, by=by)


def _check(matches: Sequence[Match], items: dict[int, Item]) -> None:
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for match in matches:
        credit, charge = items[match.credit], items[match.charge]
        if (credit.kind, charge.kind) != (Item.Kind.CREDIT, Item.Kind.CHARGE):
            raise Refused(_("Only a credit can settle a charge."), code="kinds")
        if (credit.party_id, credit.book) != (charge.party_id, charge.book):
            raise Refused(
                _("%(credit)s and %(charge)s are not of the same party.") % {"credit": credit, "charge": charge},
                code="party",
            )
        if match.on < max(credit.dated_on, charge.dated_on):
            raise Refused(_("%(on)s is before the date of what is allocated.") % {"on": match.on}, code="too_early")
        if match.amount <= 0:
            raise Refused(_("The amount must be more than zero."), code="amount")
        for item in (credit, charge):
            taken[item.pk] += match.amount
            if taken[item.pk] > item.open_amount:
                raise Refused(
                    _("Of %(item)s only %(open)s is open.") % {"item": item, "open": f"{item.open_amount:,.2f}"},
                    code="over_allocated",
                )


def _write(matches: Sequence[Match], items: dict[int, Item], *, by: Person) -> list[Allocation]:
    """Insert the rows, and an entry from the credit's account to the charge's where these are two."""
    moves = {
        i: _transfer(match, items)
        for i, match in enumerate(matches)
        if items[match.credit].account_id != items[match.charge].account_id
    }
    entries = dict(zip(moves, write(list(moves.values()), by=by), strict=True)) if moves else {}
    keys = draw_keys(Allocation, len(matches))
    rows = [
        Allocation(
            pk=key,
            charge_id=match.charge,
            credit_id=match.credit,
            amount=match.amount,
            on=match.on,
            entry=entries.get(i),
            by=by,
        )
        for i, (key, match) in enumerate(zip(keys, matches, strict=True))
    ]
    columns = ("id", "charge_id", "credit_id", "amount", "on", "entry_id", "note", "by_id")
    copy_rows(Allocation, columns, ([getattr(row, column) for column in columns] for row in rows))
    for row in rows:
        row._state.adding = False
    return rows


def _transfer(match: Match, items: dict[int, Item]) -> DraftEntry:
    credit, charge = items[match.credit], items[match.charge]
    sign = 1 if charge.book == Book.RECEIVABLE else -1
    of = Dimensions(record=credit.record_id, dossier=charge.dossier_id)
    lines = [
        DraftLine(
            item.account,
            match.amount * side * sign,
            Dimensions(item.party_id, item.person_id, item.dossier_id, item.record_id),
        )
        for item, side in ((credit, 1), (charge, -1))
    ]
    memo = f"{credit.number} → {charge.number}" if credit.number or charge.number else ""
    return DraftEntry(match.on, Event.MONEY_ALLOCATED, of, lines, memo, makes_items=False)


@transaction.atomic
def unallocate(allocation: Allocation, *, on: date, by: Person, note: str = "") -> Allocation:
    """Undo an allocation by a counter-row as of a day not before it; figures of earlier days stay as they were."""
    lock_items([allocation.charge_id, allocation.credit_id])
    if allocation.reverses_id or Allocation.objects.filter(reverses=allocation).exists():
        raise Refused(_("This allocation has been undone already."), code="undone")
    if on < allocation.on:
        raise Refused(_("It cannot be undone before the day it was made."), code="too_early")
    entry = _opposite(allocation.entry, on=on, by=by, memo=note) if allocation.entry else None
    return Allocation.objects.create(
        charge_id=allocation.charge_id,
        credit_id=allocation.credit_id,
        amount=-allocation.amount,
        on=on,
        entry=entry,
        reverses=allocation,
        note=note,
        by=by,
    )


def _opposite(entry: Entry, *, on: date, by: Person, memo: str) -> Entry:
    lines = [
        DraftLine(
            line.account,
            line.credit - line.debit,
            Dimensions(line.party_id, line.person_id, line.dossier_id, line.record_id),
        )
        for line in entry.lines.select_related("account").order_by("position")
    ]
    of = Dimensions(record=entry.record_id, dossier=entry.dossier_id)
    return write([DraftEntry(on, Event.REVERSAL, of, lines, memo, reverses=entry.pk, makes_items=False)], by=by)[0]


def awaiting_invoice() -> set[int]:
    """The accounts that hold what was dispatched or received and waits for its invoice (1122.02, 2202.02)."""
    events = (Event.GOODS_DISPATCHED, Event.GOODS_RECEIVED)
    control = (Book.RECEIVABLE, Book.PAYABLE)
    return set(
        PostingRule.objects.filter(event__in=events, account__book__in=control).values_list("account", flat=True)
    )


def suggest(credit: Item) -> list[Match]:
    """What a credit would settle: its own deal first, then the oldest due; nothing is written.

    Money goes to what is invoiced; what takes over a dispatch (an invoice) goes to what was dispatched.
    """
    waiting = awaiting_invoice()
    charges = Item.objects.open().charges().filter(party_id=credit.party_id, book=credit.book).oldest_first()
    charges = (
        charges.filter(account__in=waiting) if credit.account_id in waiting else charges.exclude(account__in=waiting)
    )
    mine = [charge for charge in charges if credit.dossier_id and charge.dossier_id == credit.dossier_id]
    others = [] if credit.account_id in waiting else [charge for charge in charges if charge not in mine]
    return list(_in_order([credit], [*mine, *others]))


@transaction.atomic
def take_over(entries: Iterable[Entry], *, by: Person) -> list[Allocation]:
    """Let invoices just posted settle what was dispatched in the same deals, and returns what they return; oldest first."""
    made = Item.objects.filter(entry__in=list(entries), account__in=awaiting_invoice())
    deals = {(item.party_id, item.account_id, item.dossier_id) for item in made}
    rows = Item.objects.open().filter(
        party__in={deal[0] for deal in deals},
        account__in={deal[1] for deal in deals},
        dossier__in={deal[2] for deal in deals},
    )
    items = {pk: item for pk, item in _lock(rows).items() if (item.party_id, item.account_id, item.dossier_id) in deals}
    return _settle_queues(items, key=lambda item: (item.party_id, item.account_id, item.dossier_id), by=by)


@transaction.atomic
def allocate_history(
    *, by: Person, parties: Iterable[Party] | None = None, book: str = Book.RECEIVABLE
) -> list[Allocation]:
    """First in, first out over everything invoiced and open, as if allocated on the days it happened (imported data).

    As of any day the result equals FIFO of the credits up to that day against the charges up to that day, each in the
    order of date and number: every pair is dated on the later of its two days.
    """
    rows = Item.objects.open().filter(book=book).exclude(account__in=awaiting_invoice())
    if parties is not None:
        rows = rows.filter(party__in=list(parties))
    return _settle_queues(_lock(rows), key=lambda item: item.party_id, by=by)


def _settle_queues(items: dict[int, Item], *, key: Callable[[Item], Hashable], by: Person) -> list[Allocation]:
    """Within each group: charges and credits in the order of date and number, first in, first out."""
    credits: dict[Hashable, list[Item]] = defaultdict(list)
    charges: dict[Hashable, list[Item]] = defaultdict(list)
    for item in sorted(items.values(), key=lambda row: (row.dated_on, row.number, row.due_on or row.dated_on, row.pk)):
        (charges if item.kind == Item.Kind.CHARGE else credits)[key(item)].append(item)
    matches = [match for group in charges for match in _in_order(credits[group], charges[group])]
    return _write(matches, items, by=by)


def _in_order(credits: list[Item], charges: list[Item]) -> Iterable[Match]:
    """Walk both queues at once; linear in their length."""
    left = {item.pk: item.open_amount for item in (*credits, *charges)}
    i = j = 0
    while i < len(credits) and j < len(charges):
        credit, charge = credits[i], charges[j]
        share = min(left[credit.pk], left[charge.pk])
        yield Match(credit.pk, charge.pk, share, max(credit.dated_on, charge.dated_on))
        left[credit.pk] -= share
        left[charge.pk] -= share
        i += not left[credit.pk]
        j += not left[charge.pk]
