"""Customers who may buy, and orders in every state, each made by the real steps."""

import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.stock.models import Product, Warehouse
from customers.models import Customer, PaymentTerm
from orders.models import Order
from orders.services import Wanted, approve_order, cancel_order, close_order, count_shipped, save_order, submit_order
from tests.making import TODAY, PartyFactory, ProductFactory
from tests.making_customers import applied_change
from tests.people_of_the_tests import make_person

_terms = count(1)


def make_term(kind: str = PaymentTerm.Kind.CREDIT, **fields: Any) -> PaymentTerm:
    fields.setdefault("days", 30)
    number = next(_terms)
    return PaymentTerm.objects.create(code=f"T{number}", name=f"条款{number}", kind=kind, **fields)


def make_customer(*, owner: Person | None = None, limit: str | int | None = None, term: PaymentTerm | None = None, tolerance: int = 0,
                  **party: Any) -> Customer:  # fmt: skip
    """A customer with an owner; without a limit their credit is unlimited."""
    owner = owner or make_person(Role.SALESPERSON)
    made = PartyFactory(owner=owner, **party)
    return Customer.objects.create(
        party=made,
        term=term or make_term(),
        credit_limit=None if limit is None else Decimal(limit),
        overdue_tolerance=tolerance,
    )


def assistant_of(customer: Customer) -> Person:
    """Somebody in the office who serves the customer's salesperson; every call gives another one."""
    person = make_person(Role.ASSISTANT)
    person.serves.add(customer.party.owner)
    return person


def manager_of(customer: Customer) -> Person:
    person = make_person(Role.MANAGER, Role.ASSISTANT)
    person.serves.add(customer.party.owner)
    return person


def change_limit(customer: Customer, limit: str | int) -> None:
    """By two people, as everywhere."""
    applied_change(
        customer, by=make_person(Role.FINANCE), agreed_by=make_person(Role.FINANCE), credit_limit=Decimal(limit)
    )


def header_for(customer: Customer, **more: Any) -> dict[str, Any]:
    party: Party = customer.party
    return {
        "party": party, "dated_on": TODAY, "warehouse": Warehouse.objects.order_by("pk").first(), "term": customer.term,
        "salesperson": party.owner, "required_on": TODAY + datetime.timedelta(7), **more,
    }  # fmt: skip


def draft_order(customer: Customer | None = None, *, by: Person | None = None, lines: list[Wanted] | None = None, amount: str | int = 113,
                **header: Any) -> Order:  # fmt: skip
    """A draft of one line that comes to `amount`, or of the lines given."""
    customer = customer or make_customer()
    by = by or assistant_of(customer)
    lines = lines or [Wanted(product=product_at(amount), quantity=Decimal(1))]
    return save_order(Order(), by=by, header=header_for(customer, **header), lines=lines)


def product_at(price: str | int) -> Product:
    return ProductFactory(list_price=Decimal(price), tax_rate=Decimal("0.13"))


def submitted_order(customer: Customer | None = None, **more: Any) -> Order:
    """Submitted, or held where credit does not allow it."""
    order = draft_order(customer, **more)
    return submit_order(order, by=order.author)


def approved_order(customer: Customer | None = None, *, reviewer: Person | None = None, **more: Any) -> Order:
    customer = customer or make_customer()
    order = submitted_order(customer, **more)
    return approve_order(order, by=reviewer or assistant_of(customer))


def shipped_order(customer: Customer | None = None, **more: Any) -> Order:
    """Everything of it has left; its counters were moved as a dispatch moves them."""
    order = approved_order(customer, **more)
    count_shipped({line.pk: line.open_quantity for line in order.lines.all()})
    return Order.objects.get(pk=order.pk)


def cancelled_order(customer: Customer | None = None, **more: Any) -> Order:
    order = draft_order(customer, **more)
    return cancel_order(order, by=order.author, note="wrong customer")


def closed_order(customer: Customer | None = None, **more: Any) -> Order:
    """Ten pieces ordered, four shipped, the rest given up."""
    customer = customer or make_customer()
    more.setdefault("lines", [Wanted(product=product_at(100), quantity=Decimal(10))])
    order = approved_order(customer, **more)
    count_shipped({order.lines.get().pk: Decimal(4)})
    return close_order(order, by=manager_of(customer), note="customer wants no more")
