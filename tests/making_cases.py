"""Cases in every state, each reached by the steps that people take."""

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backoffice.people.models import Person
from customers.cases.models import Case, Category
from customers.cases.services import (
    bar_lost_paper,
    close_case,
    open_case,
    replace_lost_paper,
    save_case,
    solve_case,
    take_case,
)
from customers.models import Customer


def signed_paper(name: str = "signed.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"signed", "text/plain")


def category(nature: str = "complaint", **given: Any) -> Category:
    return Category.objects.filter(nature=nature, **given).first()


def draft_case(customer: Customer, *, by: Person, nature: str = "complaint", **given: Any) -> Case:
    start = {
        "party": customer.party, "category": category(nature), "subject": "外包装破损", "text": "到货两箱破损，要求补发。",
        "dated_on": timezone.localdate(), "channel": "phone",
    }  # fmt: skip
    if nature == "loss":
        start |= {"lost_number": "KA-0017"}
    return save_case(Case(), by=by, given=start | given)


def opened_case(customer: Customer, *, by: Person, **given: Any) -> Case:
    return open_case(draft_case(customer, by=by, **given), by=by)


def taken_case(customer: Customer, *, by: Person, **given: Any) -> Case:
    return take_case(opened_case(customer, by=by, **given), by=by)


def solved_case(customer: Customer, *, by: Person, solved_on: datetime.date | None = None, **given: Any) -> Case:
    return solve_case(taken_case(customer, by=by, **given), by=by, solution="补发两箱。", solved_on=solved_on)


def closed_case(customer: Customer, *, by: Person, satisfaction: int | None = 4, **given: Any) -> Case:
    return close_case(solved_case(customer, by=by, **given), by=by, satisfaction=satisfaction)


def replaced_loss(customer: Customer, *, by: Person, **given: Any) -> Case:
    case = bar_lost_paper(opened_case(customer, by=by, nature="loss", **given), by=by, proof=signed_paper())
    return replace_lost_paper(case, by=by, replacement_number="KA-0018")
