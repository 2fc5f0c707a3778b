"""Receptions 客户接待/客饭 (C5): planned with a budget, agreed to, held with what they cost, tied to the claim that pays."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.money import ZERO
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.outbox.topics import topic
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.visits.lifecycle import APPROVE, CANCEL, HOST, REOPEN, RETURN, SETTLE, SUBMIT
from customers.visits.models import Reception, ReceptionLine

HEADER = (
    "party", "purpose", "dated_on", "arrives_at", "place", "guests", "guest_count", "companions", "companion_count", "host", "note",
)  # fmt: skip
DEAD = ("draft", "cancelled")

WAITING = topic(
    "reception_waiting",
    gettext_lazy("Receptions to approve"),
    gettext_lazy("%(by)s plans a reception for %(party)s: %(purpose)s."),
)
RETURNED = topic(
    "reception_returned",
    gettext_lazy("My reception was returned"),
    gettext_lazy("The reception for %(party)s came back: %(note)s"),
)
APPROVED = topic(
    "reception_approved",
    gettext_lazy("My reception was approved"),
    gettext_lazy("The reception %(number)s for %(party)s was approved."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedItem:
    """One meal, room or journey as planned."""

    kind: str
    on: datetime.date
    people: int
    budget: Decimal
    place: str = ""


def save_reception(
    reception: Reception, *, by: Person, header: Mapping[str, Any], lines: Sequence[WantedItem], version: int | None = None
) -> Reception:  # fmt: skip
    """Write a new or an editable reception with its lines. C5"""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of a reception's header: {sorted(unknown)}")
    for name, value in header.items():
        setattr(reception, name, value)
    if not reception.party.is_customer:
        raise Refused(_("%(party)s is no customer.") % {"party": reception.party}, field="party")
    typed = {name: getattr(reception, name) for name in HEADER}
    with editing(reception, by=by, version=version) as draft:
        for name, value in typed.items():
            setattr(draft, name, value)
        draft.salesperson = draft.party.owner
        draft.lines.all().delete()
        ReceptionLine.objects.bulk_create(
            ReceptionLine(
                reception=draft, position=position, kind=line.kind, on=line.on, place=line.place, people=line.people, budget=line.budget
            )
            for position, line in enumerate(lines, start=1)
        )  # fmt: skip
        draft.amount = sum((line.budget for line in lines), ZERO)
    return draft


@performs(SUBMIT)
def submit_reception(reception: Reception, *, by: Person) -> None:
    """Ask a manager before anybody is invited. C5"""
    notify(Role.MANAGER, WAITING, reception, by=by, purpose=reception.purpose)


@performs(APPROVE)
def approve_reception(reception: Reception, *, by: Person) -> None:
    """Number it, once everybody needed has agreed. C5"""
    notify(reception.author, APPROVED, reception, by=by)
    reception.number = next_number(reception.kind, on=reception.dated_on)


@performs(RETURN)
def return_reception(reception: Reception, *, by: Person, note: str = "") -> None:
    """Back to its author with a reason. C5"""
    notify(reception.author, RETURNED, reception, by=by, note=note)


@guards(HOST.name)
def its_day_has_come(reception: Reception, *, by: Person) -> None:
    del by
    if reception.dated_on > timezone.localdate():
        raise Refused(_("It is planned for %(day)s.") % {"day": reception.dated_on}, code="date")


@performs(HOST)
def host_reception(
    reception: Reception, *, by: Person, costs: Mapping[int, Decimal] | None = None, hosted_on: datetime.date | None = None,
    outcome: str = "", note: str = "",
) -> None:  # fmt: skip
    """Write down what each line cost and what came of it; beyond the budget with a reason. C5"""
    del by
    if not outcome.strip():
        raise Refused(_("Please write down what came of it."), code="empty", field="outcome")
    lines = list(reception.lines.select_for_update().order_by("pk"))
    for line in lines:
        line.actual = (costs or {}).get(line.pk) or ZERO
    total = sum((line.actual for line in lines), ZERO)
    if total > reception.amount and not note.strip():
        raise Refused(
            _("It cost %(over)s more than the budget: please give the reason.") % {"over": f"{total - reception.amount:,.2f}"},
            code="over", field="note",
        )  # fmt: skip
    ReceptionLine.objects.bulk_update(lines, ["actual"])
    reception.actual, reception.outcome = total, outcome.strip()
    reception.hosted_on = hosted_on or reception.dated_on


@performs(SETTLE)
def settle_reception(reception: Reception, *, by: Person, claim: Record | None = None) -> None:
    """Tie it to the expense claim that pays for it; what cost nothing needs none. C5"""
    if claim is not None:
        claim = Record.objects.visible_to(by).filter(kind="claim").exclude(state__in=DEAD).filter(pk=claim.pk).first()
        if claim is None:
            raise Refused(_("This is no expense claim that was handed in."), code="claim", field="claim")
    if claim is None and reception.actual:
        raise Refused(_("Which expense claim pays for it?"), code="claim", field="claim")
    reception.claim = claim


@performs(REOPEN)
def reopen_reception(reception: Reception, *, by: Person) -> None:
    """The claim that paid for it was withdrawn; it waits for another. C5"""
    reception.claim = None


@performs(CANCEL)
def cancel_reception(reception: Reception, *, by: Person) -> None:
    """Called off, with the reason. C5"""
