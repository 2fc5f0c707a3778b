"""Posting: an event of the business becomes a balanced entry, by the rules that are rows (rules.md §7, I8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from backoffice.ledger.events import Event
from backoffice.ledger.models import Account, Allocation, Entry, Item, PostingRule
from backoffice.ledger.services.allocating import Match, allocate_many, lock_items, unallocate
from backoffice.ledger.services.carrying import carry_over
from backoffice.ledger.services.writing import Dimensions, DraftEntry, DraftLine, pk, write
from backoffice.money import Due, amount
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused

Row = Model | int | None
OF_A_LINE = {"net", "tax", "gross"}  # documents give all three, and the rules take what they need


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a journal entry by hand: positive on the debit side, negative on the credit side."""

    account: str
    amount: Decimal
    party: Row = None
    person: Row = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What happened, when, to whom, and what it comes to.

    `amounts` maps a measure of the event's rules (gross, net, tax, amount, expense …) to its figure; a negative figure
    posts to the other side (returns, credit notes). «expense:6601.02» sends that figure to another account than the
    rule's. `dues` cuts the charge into instalments; `number` is what people call the document.
    """

    event: str
    on: date
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    party: Row = None
    person: Row = None
    dossier: Row = None
    record: Row = None
    number: str = ""
    memo: str = ""
    dues: Sequence[Due] = ()
    lines: Sequence[Line] = ()


def post(
    event: str,
    *,
    on: date,
    by: Person,
    amounts: Mapping[str, Decimal] | None = None,
    party: Row = None,
    person: Row = None,
    dossier: Row = None,
    record: Row = None,
    number: str = "",
    memo: str = "",
    dues: Sequence[Due] = (),
    lines: Sequence[Line] = (),
) -> Entry | None:
    """Post one event, see Posting. None when every figure is zero: there is nothing to write down."""
    posting = Posting(
        event=event,
        on=on,
        amounts=amounts or {},
        party=party,
        person=person,
        dossier=dossier,
        record=record,
        number=number,
        memo=memo,
        dues=dues,
        lines=lines,
    )
    return bulk_post([posting], by=by)[0]


@transaction.atomic
def bulk_post(postings: Iterable[Posting], *, by: Person) -> list[Entry | None]:
    """Post many events at once (imports, months of history); the entries come back in the order given."""
    todo = list(postings)
    policy = _Policy(todo)
    drafts = [policy.draft(posting) for posting in todo]
    entries = iter(write([draft for draft in drafts if draft.lines], by=by))
    return [next(entries) if draft.lines else None for draft in drafts]


class _Policy:
    """The rules and accounts that a batch of postings needs, read once."""

    def __init__(self, postings: Sequence[Posting]) -> None:
        self.rules: dict[str, list[PostingRule]] = {}
        events = {posting.event for posting in postings}
        for rule in (
            PostingRule.objects.filter(event__in=events).select_related("account").order_by("event", "position")
        ):
            self.rules.setdefault(rule.event, []).append(rule)
        named = {line.account for posting in postings for line in posting.lines}
        named |= {key.partition(":")[2] for posting in postings for key in posting.amounts if ":" in key}
        self.accounts = {row.code: row for row in Account.objects.filter(code__in=named)}

    def draft(self, posting: Posting) -> DraftEntry:
        of = Dimensions(pk(posting.party), pk(posting.person), pk(posting.dossier), pk(posting.record))
        lines = [*self._by_rules(posting, of), *self._by_hand(posting, of)]
        if sum(line.amount for line in lines):
            raise Refused(_("Debit and credit differ: nothing was posted."), code="unbalanced")
        return DraftEntry(posting.on, posting.event, of, lines, posting.memo, posting.number, posting.dues)

    def _by_rules(self, posting: Posting, of: Dimensions) -> Iterable[DraftLine]:
        rules = self.rules.get(posting.event, [])
        unknown = {key.partition(":")[0] for key in posting.amounts} - {rule.measure for rule in rules} - OF_A_LINE
        if unknown:
            raise ValueError(f"no rule of {posting.event} takes {', '.join(sorted(unknown))}")
        for rule in rules:
            sign = 1 if rule.side == PostingRule.Side.DEBIT else -1
            for key, figure in posting.amounts.items():
                measure, _colon, code = key.partition(":")
                if measure == rule.measure and figure:
                    yield DraftLine(self._account(code) if code else rule.account, amount(figure) * sign, of)

    def _by_hand(self, posting: Posting, of: Dimensions) -> Iterable[DraftLine]:
        for line in posting.lines:
            if line.amount:
                party, person = pk(line.party) or of.party, pk(line.person) or of.person
                own = Dimensions(party, person, of.dossier, of.record)
                yield DraftLine(self._account(line.account), amount(line.amount), own)

    def _account(self, code: str) -> Account:
        if code not in self.accounts:
            raise Refused(_("There is no account %(code)s.") % {"code": code}, code="account")
        return self.accounts[code]


@transaction.atomic
def reverse(entry: Entry, *, on: date, by: Person, memo: str = "") -> Entry:
    """Post the opposite of an entry. What its items had settled is undone first, and each item meets its opposite.

    What was carried on to another party, because this one was merged into it, is first carried back; what is open here
    afterwards goes over again.
    """
    if Entry.objects.filter(reverses=entry).exists():
        raise Refused(_("This entry has been reversed already."), code="reversed")
    own = set(entry.items.values_list("pk", flat=True))
    touching = Allocation.objects.filter(Q(charge__in=own) | Q(credit__in=own), reversed_by=None, reverses=None)
    for carried in _carried(touching, entry):
        reverse(carried, on=max(on, carried.posted_on), by=by, memo=memo)
    others = touching.values_list("charge_id", "credit_id")
    locked = lock_items(own.union(*others))  # at once, in the order of their keys
    items = {pk: item for pk, item in locked.items() if pk in own}
    for allocation in touching.order_by("pk"):
        unallocate(allocation, on=max(on, allocation.on), by=by, note=memo)
    lines = [
        DraftLine(
            line.account,
            line.credit - line.debit,
            Dimensions(line.party_id, line.person_id, line.dossier_id, line.record_id),
        )
        for line in entry.lines.select_related("account").order_by("position")
    ]
    of = Dimensions(record=entry.record_id, dossier=entry.dossier_id)
    number = next((item.number for item in items.values()), "")
    [opposite] = write([DraftEntry(on, Event.REVERSAL, of, lines, memo, number, reverses=entry.pk)], by=by)
    allocate_many(_meetings(items.values(), list(opposite.items.all()), on), by=by)
    if entry.event != Event.PARTY_MERGED:
        carry_over(Party.objects.filter(items__in=own, merged_into__isnull=False).distinct(), on=on, by=by)
    return opposite


def _carried(touching: QuerySet[Allocation], entry: Entry) -> list[Entry]:
    """The entries that carried items of this one on to another party."""
    closing = Q(items__settled_by__in=touching) | Q(items__settles__in=touching)
    rows = Entry.objects.filter(closing, items__event=Event.PARTY_MERGED, event=Event.PARTY_MERGED, reversed_by=None)
    return list(rows.exclude(pk=entry.pk).distinct())


def _meetings(items: Iterable[Item], opposites: list[Item], on: date) -> list[Match]:
    """Pair the items of an entry with those of its reversal, account by account."""
    matches = []
    left = {opposite.pk: opposite.amount for opposite in opposites}
    for item in items:
        rest = item.amount
        for opposite in opposites:
            share = min(rest, left[opposite.pk])
            if opposite.account_id == item.account_id and opposite.kind != item.kind and share:
                credit, charge = (item, opposite) if item.kind == "credit" else (opposite, item)
                matches.append(Match(credit.pk, charge.pk, share, on))
                rest -= share
                left[opposite.pk] -= share
    return matches
