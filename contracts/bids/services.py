"""The only functions that write bids, their documents, competitors and deposits (K5)."""

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
from backoffice.ledger.events import Event
from backoffice.ledger.services.posting import post
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from contracts.bids import lifecycle
from contracts.bids.lifecycle import OFFICE
from contracts.bids.models import Bid, BidPaper, Competitor, DepositMove
from contracts.bids.topics import DECIDED, DEPOSIT, RESULT
from contracts.models import Contract
from contracts.services import save_contract
from customers.models import Customer

HEADER = (
    "party", "title", "external_number", "source", "published_on", "closes_at", "opens_at", "place", "ceiling", "amount", "deposit_way", "deposit",
    "deposit_by", "salesperson", "note",
)  # fmt: skip
STILL_OPEN = (lifecycle.DRAFT.name, lifecycle.SUBMITTED.name, lifecycle.PREPARING.name)
FINANCE = (Role.FINANCE,)


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
        write_papers(writing, papers)
    return writing


def check_header(header: Mapping[str, Any]) -> None:
    """What only a look at several fields can tell; each refusal stands beside its field."""
    ceiling, price = header.get("ceiling"), header.get("amount") or Decimal(0)
    if ceiling is not None and price > ceiling:
        raise Refused(_("Our price is above the highest price they accept."), code="ceiling", field="amount")
    if header.get("opens_at") and header["opens_at"] < header["closes_at"]:
        raise Refused(_("It is opened after it was to be handed in."), code="opens_at", field="opens_at")
    if (header["deposit_way"] == Bid.Deposit.NONE) != (not header["deposit"]):
        raise Refused(
            _("A deposit has a way and an amount; without a deposit it has neither."), code="deposit", field="deposit"
        )


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
    price = bid.amount if amount is None else amount
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


# ── the deposit, in the ledger ──────────────────────────────────────────────────────────────


def pay_deposit(bid: Bid, *, by: Person, amount: Decimal, on: datetime.date, note: str = "") -> DepositMove:
    """Finance paid the deposit, or a part of it: it lies with them and stays our money. K5"""
    with transaction.atomic(), acting(by, step="pay_deposit", note=note):
        locked = lock_for_finance(bid, by=by)
        if locked.state != lifecycle.PREPARING.name or locked.deposit_way != Bid.Deposit.MONEY:
            raise Refused(
                _("A deposit is paid while the bid is prepared, where it asks for one in money."), code="state"
            )
        if not 0 < amount <= locked.deposit_missing:
            raise Refused(
                _("At most %(amount)s is still to be paid.") % {"amount": f"{locked.deposit_missing:,.2f}"},
                field="amount",
            )
        locked.deposit_out += amount
        return move(locked, DepositMove.Kind.PAID, Event.DEPOSIT_PAID, amount, on, by=by, note=note)


def settle_deposit(
    bid: Bid, *, by: Person, amount: Decimal, on: datetime.date, is_kept: bool = False, note: str = ""
) -> DepositMove:
    """It came back, or they kept it, which is an expense and needs its reason. K5"""
    if is_kept and not note.strip():
        raise Refused(_("Why did they keep it?"), code="note", field="note")
    kind, event = (
        (DepositMove.Kind.KEPT, Event.DEPOSIT_KEPT) if is_kept else (DepositMove.Kind.RETURNED, Event.DEPOSIT_RETURNED)
    )
    with transaction.atomic(), acting(by, step="settle_deposit", note=note):
        locked = lock_for_finance(bid, by=by)
        if not 0 < amount <= locked.deposit_out:
            raise Refused(
                _("%(amount)s of it lies with them.") % {"amount": f"{locked.deposit_out:,.2f}"}, field="amount"
            )
        locked.deposit_out -= amount
        locked.returned_at = None if locked.deposit_out else timezone.now()
        return move(locked, kind, event, amount, on, by=by, note=note)


def expect_deposit(bid: Bid, *, by: Person, on: datetime.date) -> Bid:
    """The day they promised it back for."""
    with transaction.atomic(), acting(by, step="expect_deposit"):
        locked = lock(bid, by=by)
        locked.deposit_back_on = on
        save(locked)
        return locked


def lock_for_finance(bid: Bid, *, by: Person) -> Bid:
    if not by.has_role(*FINANCE):
        raise Refused(_("Finance pays deposits and sees them come back."), code="role")
    return lock(bid, by=by)


def move(bid: Bid, kind: str, event: str, amount: Decimal, on: datetime.date, *, by: Person, note: str) -> DepositMove:
    """One movement with its entry; the bid's counter goes along, and PostgreSQL holds it between nothing and the deposit."""
    if on > timezone.localdate():
        raise Refused(_("Money moved today or before."), code="future", field="on")
    save(bid)
    entry = post(
        event, on=on, by=by, party=bid.party_id, person=bid.salesperson_id, record=bid.pk, number=bid.number or "", memo=bid.title[:200],
        amounts={"amount": amount},
    )  # fmt: skip
    return DepositMove.objects.create(
        bid=bid, kind=kind, amount=amount, on=on, entry=entry, note=note.strip()[:200], by=by
    )


def save(bid: Bid) -> None:
    """What is no content moved on: dates, counters, links."""
    bid.version += 1
    bid.changed_at = timezone.now()
    bid.save()


# ── what comes of it ────────────────────────────────────────────────────────────────────────


def make_contract(bid: Bid, *, by: Person) -> Contract:
    """A draft of the contract with their data; made once. K5"""
    with transaction.atomic(), acting(by, step="make_contract_of_bid"):
        locked = lock(bid, by=by)
        if locked.state != lifecycle.WON.name:
            raise Refused(_("A contract is made from a bid that was won."), code="state")
        if locked.contract_id:
            return locked.contract
        customer = Customer.objects.filter(party=locked.party_id).select_related("term").first()
        if customer is None:
            raise Refused(_("%(party)s is no customer yet.") % {"party": locked.party}, code="party")
        today = timezone.localdate()
        header = {
            "party": locked.party, "title": locked.title, "external_number": locked.external_number, "dated_on": today, "starts_on": today,
            "term": customer.term, "salesperson": locked.salesperson,
        }  # fmt: skip
        locked.contract = save_contract(Contract(), by=by, header=header, lines=[])
        save(locked)
        return locked.contract
