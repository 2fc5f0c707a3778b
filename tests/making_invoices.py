"""Billing applications, invoices and payments in every state, each reached by the steps that people take."""

import datetime
from decimal import Decimal
from itertools import count

from django.utils import timezone

from backoffice.people.models import Role
from invoices.models import BillingApplication, Invoice, Payment
from invoices.services import (
    accept_application,
    confirm_payment,
    issue_invoice,
    make_application,
    review_invoice,
    save_payment,
    submit_application,
    submit_invoice,
    submit_slip,
)
from tests.making_shipments import House, dispatched_shipment, make_house
from tests.people_of_the_tests import make_person

_numbers = count(1)


def shipped_house(**more) -> House:
    """A company with ten pieces shipped and nothing invoiced: 1,130.00 of them."""
    house = make_house(**more)
    dispatched_shipment(house)
    return house


def draft_application(house: House, **more) -> BillingApplication:
    return make_application(house.party, by=house.assistant, on=timezone.localdate(), **more)


def submitted_application(house: House, **more) -> BillingApplication:
    return submit_application(draft_application(house, **more), by=house.assistant)


def draft_invoice(house: House, **more) -> Invoice:
    accepted = accept_application(submitted_application(house, **more), by=house.finance)
    return accepted.invoices.get()


def submitted_invoice(house: House, **more) -> Invoice:
    return submit_invoice(draft_invoice(house, **more), by=house.finance)


def reviewed_invoice(house: House, **more) -> Invoice:
    invoice = submitted_invoice(house, **more)
    review_invoice(invoice, by=house.manager)
    return review_invoice(invoice, by=make_person(Role.FINANCE))


def issued_invoice(house: House, *, on: datetime.date | None = None, **more) -> Invoice:
    number = f"2644{next(_numbers):016d}"
    return issue_invoice(reviewed_invoice(house, **more), by=house.finance, tax_invoice_no=number, issued_on=on)


def entered_slip(house: House, amount: str | int | Decimal, **fields) -> Payment:
    fields.setdefault("dated_on", timezone.localdate())
    return save_payment(Payment(party=house.party, amount=Decimal(amount), **fields), by=house.assistant)


def waiting_slip(house: House, amount: str | int | Decimal, **fields) -> Payment:
    return submit_slip(entered_slip(house, amount, **fields), by=house.assistant)


def confirmed_payment(house: House, amount: str | int | Decimal, **fields) -> Payment:
    return confirm_payment(waiting_slip(house, amount, **fields), by=house.finance)
