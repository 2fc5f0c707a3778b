"""What is open of a party that was merged into another goes on with the other 往来结转.

Entries never change: what was posted for the one stays on its account. What is open there is closed by an entry, and opened
by the same entry on the other's account, item by item, with document, number, due date and event, so that it is chased,
paid and invoiced as before.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from backoffice.ledger.events import Event
from backoffice.ledger.models import Entry, Item
from backoffice.ledger.services.allocating import Match, allocate_many, lock_items
from backoffice.ledger.services.writing import Dimensions, DraftEntry, DraftLine, write
from backoffice.parties.models import Party
from backoffice.people.models import Person


@transaction.atomic
def carry_over(merged: Iterable[Party], *, on: date, by: Person, record: int | None = None) -> list[Entry]:
    """Carry every open item of merged parties on to where they were merged into; an entry for each. May run again at any time."""
    heirs = {party.pk: party.heir().pk for party in merged if party.merged_into_id}
    ids = Item.objects.open().filter(party__in=heirs).values_list("pk", flat=True)
    items = list(lock_items(ids).values())
    drafts = [_carry(item, heirs[item.party_id], on=max(on, item.dated_on), record=record) for item in items]
    entries = write(drafts, by=by)
    closing = {item.entry_id: item for item in Item.objects.filter(entry__in=entries, event=Event.PARTY_MERGED)}
    allocate_many([_closes(item, closing[entry.pk]) for item, entry in zip(items, entries, strict=True)], by=by)
    return entries


def _carry(item: Item, heir: int, *, on: date, record: int | None) -> DraftEntry:
    is_debit = (item.kind == Item.Kind.CHARGE) == (item.book == "receivable")
    open_amount = item.open_amount if is_debit else -item.open_amount
    lines = [
        DraftLine(item.account, -open_amount, _of(item, item.party_id)),
        DraftLine(item.account, open_amount, _of(item, heir), carries=item),
    ]
    return DraftEntry(on, Event.PARTY_MERGED, Dimensions(record=record), lines, item.number, item.number)


def _of(item: Item, party: int) -> Dimensions:
    return Dimensions(party, item.person_id, item.dossier_id, item.record_id)


def _closes(item: Item, other: Item) -> Match:
    credit, charge = (item, other) if item.kind == Item.Kind.CREDIT else (other, item)
    return Match(credit.pk, charge.pk, other.amount, other.dated_on)
