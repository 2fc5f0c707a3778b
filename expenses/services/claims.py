"""Expense claims 费用报销 (E1): written with their receipts, checked by finance, approved by amount, posted, paid out."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.files.models import File
from backoffice.ledger.services.posting import post
from backoffice.money import ZERO
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from expenses import lifecycle
from expenses.models import Claim, ClaimLine, ExpenseKind
from expenses.services.receptions import check_is_claimable, lock_its_reception

HEADER = ("title", "dated_on", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReceipt:
    """One receipt as typed."""

    kind: ExpenseKind
    spent_on: datetime.date
    description: str
    amount: Decimal
    customer: Party | None = None


@transaction.atomic
def save_claim(
    claim: Claim, *, by: Person, header: Mapping[str, Any], lines: Sequence[WantedReceipt], version: int | None = None
) -> Claim:
    """Write a claim or correct one's own draft. E1"""
    if claim.pk and claim.author_id != by.pk:
        raise Refused(_("Only who spent the money changes the claim."), code="author")
    if any(line.amount <= 0 for line in lines):
        raise Refused(_("Each amount must be more than zero."), code="amount")
    if any(line.spent_on > timezone.localdate() for line in lines):
        raise Refused(_("Money that is not spent yet cannot be claimed."), code="date")
    if claim.pk is None and claim.reception is not None:
        check_is_claimable(claim.reception)
    claim.dated_on = header.get("dated_on") or claim.dated_on or timezone.localdate()
    with editing(claim, by=by, version=version) as writing:
        for name in HEADER:
            if name in header:
                setattr(writing, name, header[name])
        writing.lines.all().delete()
        ClaimLine.objects.bulk_create(
            ClaimLine(
                claim=writing, position=position, kind=line.kind, spent_on=line.spent_on, description=line.description, amount=line.amount,
                customer=line.customer,
            )
            for position, line in enumerate(lines, start=1)
        )  # fmt: skip
        writing.amount = sum((line.amount for line in lines), ZERO)
    return writing


@guards("submit_claim", "cancel_claim")
def is_ones_own(claim: Claim, *, by: Person) -> None:
    """Nobody hands in or withdraws what somebody else spent."""
    if claim.author_id != by.pk:
        raise Refused(_("Only who spent the money can do this."), code="author")


@guards("submit_claim")
def has_receipts(claim: Claim, *, by: Person) -> None:
    """No expense without a receipt on file."""
    del by
    if not claim.lines.exists():
        raise Refused(_("The claim has no lines."), code="lines")
    if not File.objects.filter(record_id=claim.pk).exists():
        raise Refused(_("Put the receipts on file first."), code="receipts")


@guards("pay_claim")
def is_not_ones_own(claim: Claim, *, by: Person) -> None:
    """Nobody pays out to themselves."""
    if claim.author_id == by.pk:
        raise Refused(_("Somebody else has to pay your claim."), code="author")


@performs(lifecycle.SUBMIT_CLAIM, locks=lock_its_reception)
def submit_claim(claim: Claim, *, by: Person) -> None:
    """To finance, who check the receipts. E1"""
    claim.number = claim.number or next_number("claim", on=claim.dated_on)
    notify(Role.FINANCE, "claim_waiting", claim, by=by, title=claim.title)


@performs(lifecycle.CHECK_CLAIM)
def check_claim(claim: Claim, *, by: Person) -> None:
    """The receipts are right; who decides about the amount is told. E1"""
    notify([Role.MANAGER, Role.GM], "claim_checked", claim, by=by, title=claim.title, who=claim.author)


@performs(lifecycle.APPROVE_CLAIM)
def approve_claim(claim: Claim, *, by: Person) -> None:
    """Posted by account of the kinds, owed to who spent it. E1"""
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for line in claim.lines.select_related("kind"):
        amounts[f"expense:{line.kind.account}"] += line.amount
    post(
        "claim_approved", on=timezone.localdate(), by=by, person=claim.author_id, record=claim.pk, number=claim.number or "",
        memo=claim.title, amounts={**amounts, "owed": claim.amount},
    )  # fmt: skip
    notify([claim.author], "claim_approved", claim, by=by)


@performs(lifecycle.RETURN_CLAIM)
def return_claim(claim: Claim, *, by: Person, note: str) -> None:
    """Back to who wrote it, with a reason."""
    notify([claim.author], "claim_returned", claim, by=by, note=note)


@performs(lifecycle.PAY_CLAIM)
def pay_claim(claim: Claim, *, by: Person, paid_on: datetime.date | None = None) -> None:
    """The money is with who spent it."""
    claim.paid_on = paid_on or timezone.localdate()
    post(
        "staff_paid", on=claim.paid_on, by=by, person=claim.author_id, record=claim.pk, number=claim.number or "", memo=claim.title,
        amounts={"amount": claim.amount},
    )  # fmt: skip
    notify([claim.author], "claim_paid", claim, by=by)


@performs(lifecycle.CANCEL_CLAIM)
def cancel_claim(claim: Claim, *, by: Person) -> None:
    """Withdrawn before anybody checked it."""
