"""The deposit of a bid, in the ledger (K5)."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.documents.gate import lock
from backoffice.ledger.events import Event
from backoffice.ledger.services.posting import post
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from contracts.bids import lifecycle
from contracts.bids.models import Bid, DepositMove
from contracts.bids.services.bids import save

FINANCE = (Role.FINANCE,)


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
