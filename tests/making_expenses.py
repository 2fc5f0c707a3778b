"""Claims and commission sheets in every state, each reached by the steps that people take."""

from decimal import Decimal

from django.utils import timezone

from backoffice.files.services import keep
from backoffice.people.models import Person, Role
from backoffice.periods import Month, add_months
from expenses.models import Claim, CommissionPlan, CommissionSheet, ExpenseKind
from expenses.services import (
    WantedLine,
    WantedReceipt,
    approve_claim,
    check_claim,
    compute_sheet,
    freeze_commission,
    review_commission,
    save_claim,
    save_plan,
    submit_claim,
    submit_commission,
)
from tests.people_of_the_tests import make_person

D = Decimal


def make_plan(*lines: WantedLine, basis: str = "order", by: Person | None = None, **head) -> CommissionPlan:
    head.setdefault("name", "Plan A")
    return save_plan(CommissionPlan(basis=basis, **head), lines=lines, by=by or make_person(Role.MANAGER))


def last_month() -> Month:
    return Month.containing(add_months(timezone.localdate(), -1))


def computed_sheet(month: Month | None = None, *, by: Person | None = None) -> CommissionSheet:
    return compute_sheet(month or last_month(), by=by or make_person(Role.FINANCE))


def submitted_sheet(month: Month | None = None, *, by: Person | None = None) -> CommissionSheet:
    by = by or make_person(Role.FINANCE)
    return submit_commission(computed_sheet(month, by=by), by=by)


def reviewed_sheet(month: Month | None = None) -> CommissionSheet:
    return review_commission(submitted_sheet(month), by=make_person(Role.MANAGER))


def frozen_sheet(month: Month | None = None) -> CommissionSheet:
    return freeze_commission(reviewed_sheet(month), by=make_person(Role.FINANCE))


def receipt(amount: str | int = 100, kind: str = "TRAVEL", **more) -> WantedReceipt:
    more = {"spent_on": timezone.localdate(), "description": "Train to Hangzhou"} | more
    return WantedReceipt(kind=ExpenseKind.objects.get(code=kind), amount=D(amount), **more)


def draft_claim(by: Person, *lines: WantedReceipt, with_receipt: bool = True) -> Claim:
    header = {"title": "Visit to a customer", "dated_on": timezone.localdate()}
    claim = save_claim(Claim(), by=by, header=header, lines=lines or [receipt()])
    if with_receipt:
        keep("receipt.txt", b"receipt", "text/plain", by=by, record=claim, label="other")
    return claim


def submitted_claim(by: Person, *lines: WantedReceipt) -> Claim:
    return submit_claim(draft_claim(by, *lines), by=by)


def checked_claim(by: Person, *lines: WantedReceipt) -> Claim:
    return check_claim(submitted_claim(by, *lines), by=make_person(Role.FINANCE))


def approved_claim(by: Person, *lines: WantedReceipt) -> Claim:
    return approve_claim(checked_claim(by, *lines), by=make_person(Role.GM))
