"""Bids from the notice to their result: writing them, their steps, the list of documents (K5)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, lock, performs
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from contracts.bids import lifecycle
from contracts.bids.lifecycle import OFFICE
from contracts.bids.models import Bid, BidPaper, Competitor
from contracts.bids.topics import DECIDED, DEPOSIT, RESULT

HEADER = (
    "party", "title", "external_number", "source", "published_on", "closes_at", "opens_at", "place", "ceiling", "amount", "deposit_way", "deposit",
    "deposit_by", "salesperson", "note",
)  # fmt: skip
STILL_OPEN = (lifecycle.DRAFT.name, lifecycle.SUBMITTED.name, lifecycle.PREPARING.name)


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """One line of the list of documents, as typed; `pk` of one that is there already."""

    name: str
    owner: Person | None = None
    due_on: datetime.date | None = None
    is_required: bool = True
    pk: int | None = None


def save_bid(
    bid: Bid, *, by: Person, header: Mapping[str, Any], papers: Sequence[WantedPaper], version: int | None = None
) -> Bid:
    """Write down a tender with the documents it asks for, or change a draft. K5"""
    check_header(header)
    bid.dated_on = bid.dated_on or timezone.localdate()
    bid.party, bid.closes_at = header["party"], header["closes_at"]
    typed = {name: header[name] for name in HEADER if name in header}
    with editing(bid, by=by, version=version) as writing:
        for name, value in typed.items():
            setattr(writing, name, value)
        writing.salesperson = writing.salesperson or writing.party.owner
        writing.amount = price_of(writing)
        check_price(writing.amount, writing.ceiling)
        write_papers(writing, papers)
    return writing


def check_header(header: Mapping[str, Any]) -> None:
    """What only a look at several fields can tell; each refusal stands beside its field."""
    if header.get("opens_at") and header["opens_at"] < header["closes_at"]:
        raise Refused(_("It is opened after it was to be handed in."), code="opens_at", field="opens_at")
    if (header["deposit_way"] == Bid.Deposit.NONE) != (not header["deposit"]):
        raise Refused(
            _("A deposit has a way and an amount; without a deposit it has neither."), code="deposit", field="deposit"
        )


def price_of(bid: Bid) -> Decimal:
    """What its goods come to; where none are priced one by one, what was typed."""
    goods = bid.offered
    return bid.amount if goods is None else goods


def check_price(price: Decimal, ceiling: Decimal | None) -> None:
    if ceiling is not None and price > ceiling:
        raise Refused(_("Our price is above the highest price they accept."), code="ceiling", field="amount")


def write_papers(bid: Bid, wanted: Sequence[WantedPaper]) -> None:
    """Make the list of documents say this; what is ready stays ready."""
    there = {paper.pk: paper for paper in bid.papers.all()}
    for position, one in enumerate(wanted, start=1):
        paper = there.pop(one.pk or 0, None) or BidPaper(bid=bid)
        paper.position, paper.name, paper.owner = position, one.name, one.owner
        paper.due_on, paper.is_required = one.due_on, one.is_required
        paper.save()
    bid.papers.filter(pk__in=there).delete()


# ── steps ───────────────────────────────────────────────────────────────────────────────────


@performs(lifecycle.SUBMIT)
def submit_bid(bid: Bid, *, by: Person) -> None:
    """Somebody else decides whether we bid. K5"""
    if bid.closes_at <= timezone.now():
        raise Refused(
            _("It had to be handed in by %(at)s.") % {"at": f"{timezone.localtime(bid.closes_at):%Y-%m-%d %H:%M}"},
            code="late",
        )
    notify([Role.MANAGER], DECIDED, bid, by=by, what=_("to be decided"))


@performs(lifecycle.APPROVE)
def approve_bid(bid: Bid, *, by: Person) -> None:
    """We bid: from now on it has a number, and finance knows of the deposit. K5"""
    bid.number = next_number(bid.kind, on=timezone.localdate())
    notify([bid.author], DECIDED, bid, by=by, what=_("we bid"))
    if bid.deposit_missing:
        notify(Role.FINANCE, DEPOSIT, bid, by=by, amount=f"{bid.deposit:,.2f}", day=str(bid.deposit_by or ""))


@performs(lifecycle.RETURN)
def return_bid(bid: Bid, *, by: Person, note: str) -> None:
    """Back to its author with a reason."""
    notify([bid.author], DECIDED, bid, by=by, what=note)


@guards(lifecycle.HAND_IN.name)
def everything_is_there(bid: Bid, *, by: Person) -> None:
    """A bid that lacks a document or its deposit is thrown out at the opening: better said before."""
    missing = bid.papers.missing().filter(is_required=True)
    if missing.exists():
        raise Refused(
            _("Not ready yet: %(names)s.") % {"names": "、".join(missing.values_list("name", flat=True)[:6])},
            code="papers",
        )
    if bid.deposit_missing:
        raise Refused(
            _("The deposit of %(amount)s has not been paid.") % {"amount": f"{bid.deposit_missing:,.2f}"},
            code="deposit",
        )


@performs(lifecycle.HAND_IN)
def hand_in_bid(
    bid: Bid, *, by: Person, amount: Decimal | None = None, handed_in_on: datetime.date | None = None
) -> None:
    """It lies with them, at the price it says. K5"""
    day = handed_in_on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused(_("What has been handed in was so today or before."), code="future", field="handed_in_on")
    if day > timezone.localtime(bid.closes_at).date():
        raise Refused(_("That is after the deadline: they will not have taken it."), code="late", field="handed_in_on")
    price, goods = bid.amount if amount is None else amount, bid.offered
    if goods is not None and price != goods:
        raise Refused(
            _("The goods of the bid come to %(total)s; change their prices first.") % {"total": f"{goods:,.2f}"},
            code="price", field="amount",
        )  # fmt: skip
    if price <= 0 or (bid.ceiling is not None and price > bid.ceiling):
        raise Refused(
            _("The price is above zero, and not above the highest they accept."), code="price", field="amount"
        )
    bid.amount, bid.handed_in_on = price, day


@performs(lifecycle.WIN)
def win_bid(bid: Bid, *, by: Person, winning_price: Decimal | None = None) -> None:
    """Ours: the price they gave it to us at, if it was haggled. K5"""
    bid.winning_price = bid.amount if winning_price is None else winning_price
    bid.winner = ""
    notify([Role.MANAGER, Role.GM], RESULT, bid, by=by, result=_("won"), price=f"{bid.winning_price:,.2f}")


@performs(lifecycle.LOSE)
def lose_bid(bid: Bid, *, by: Person, note: str, winner: str = "", winning_price: Decimal | None = None) -> None:
    """Somebody else's: to whom, at what price and why, so that the next one is better. K5"""
    bid.winner, bid.winning_price = winner.strip()[:200], winning_price
    if bid.winner:
        Competitor.objects.update_or_create(bid=bid, name=bid.winner, defaults={"price": winning_price, "rank": 1})
    notify([Role.MANAGER, Role.GM], RESULT, bid, by=by, result=_("lost"), price=bid.winner or note)


@performs(lifecycle.DROP)
def drop_bid(bid: Bid, *, by: Person, note: str) -> None:
    """Not pursued, by them or by us; what lies with them comes back all the same."""


# ── while it is being prepared ──────────────────────────────────────────────────────────────


def open_bid(bid: Bid, *, by: Person) -> Bid:
    """The bid locked, while its documents are still being prepared by the office."""
    locked = lock(bid, by=by)
    if not by.has_role(*OFFICE):
        raise Refused(_("The sales office prepares bids."), code="role")
    if locked.state not in STILL_OPEN:
        raise Refused(
            _("A bid that is «%(state)s» is not prepared any more.") % {"state": locked.get_state_display()},
            code="state",
        )
    return locked


def change_papers(bid: Bid, papers: Sequence[WantedPaper], *, by: Person) -> Bid:
    """The list of documents while the bid is prepared: the tender was amended, somebody else prepares one."""
    with transaction.atomic(), acting(by, step="change_papers"):
        locked = open_bid(bid, by=by)
        write_papers(locked, papers)
        return locked


def tick_paper(paper: BidPaper, *, by: Person, is_done: bool = True) -> BidPaper:
    """One document is ready, or is not after all. K5"""
    with transaction.atomic(), acting(by, step="tick_paper"):
        open_bid(paper.bid, by=by)
        locked = BidPaper.objects.select_for_update().get(pk=paper.pk)
        if is_done != bool(locked.done_at):
            locked.done_at, locked.done_by = (timezone.now(), by) if is_done else (None, None)
            locked.save(update_fields=["done_at", "done_by"])
        return locked


def move_deadline(
    bid: Bid, *, by: Person, closes_at: datetime.datetime, opens_at: datetime.datetime | None, place: str, note: str
) -> Bid:
    """They moved the dates 延期: the alarms begin anew. K5"""
    if not note.strip():
        raise Refused(_("Please write who moved it, and by which letter."), code="note", field="note")
    if opens_at and opens_at < closes_at:
        raise Refused(_("It is opened after it was to be handed in."), code="opens_at", field="opens_at")
    with transaction.atomic(), acting(by, step="move_deadline", note=note):
        locked = open_bid(bid, by=by)
        locked.closes_at, locked.opens_at, locked.place, locked.warned = closes_at, opens_at, place, None
        save(locked)
        return locked


def save_competitor(competitor: Competitor, *, by: Person) -> Competitor:
    """Who else bid; known at the opening at the latest."""
    with transaction.atomic(), acting(by, step="save_competitor"):
        lock(competitor.bid, by=by)
        if Competitor.objects.filter(bid=competitor.bid_id, name=competitor.name).exclude(pk=competitor.pk).exists():
            raise Refused(_("They stand in the list already."), code="taken", field="name")
        competitor.save()
        return competitor


def save(bid: Bid) -> None:
    """What is no content moved on: dates, counters, links."""
    bid.version += 1
    bid.changed_at = timezone.now()
    bid.save()
