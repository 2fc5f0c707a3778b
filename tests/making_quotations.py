"""Enquiries and quotations in every state, each reached by the steps that people take."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backoffice.people.models import Person
from backoffice.stock.lines import Goods
from backoffice.stock.models import Product
from contracts.quotations.models import Quotation
from contracts.quotations.services import (
    approve_quotation,
    cancel_quotation,
    expire_quotations,
    lose_quotation,
    new_version_of,
    return_quotation,
    save_quotation,
    send_quotation,
    submit_quotation,
)
from customers.models import Customer
from orders.models import Order
from orders.services import Wanted, approve_order
from tests.making_contracts import manager_for
from tests.making_orders import assistant_of, make_customer, product_at, submitted_order


def today() -> datetime.date:
    return timezone.localdate()


def quoted_goods(product: Product, quantity: int = 10, price: str | int | None = None, **more: Any) -> Goods:
    """At the list price where no other is given."""
    unit_price = product.list_price if price is None else Decimal(price)
    return Goods(product=product, quantity=Decimal(quantity), unit_price=unit_price, tax_rate=product.tax_rate, **more)


def enquiry(
    customer: Customer | None = None, *, by: Person | None = None, lines: list[Goods] | None = None,
    previous: Quotation | None = None, **header: Any,
) -> Quotation:  # fmt: skip
    customer = customer or make_customer()
    start = {"party": customer.party, "asked": "一次性手套 100 盒，月底前要", "asked_on": today()}
    goods = [quoted_goods(product_at(100))] if lines is None else lines
    new = new_version_of(previous) if previous else Quotation()
    return save_quotation(new, by=by or assistant_of(customer), header=start | header, lines=goods)


def submitted_quotation(customer: Customer | None = None, **more: Any) -> Quotation:
    more.setdefault("lines", [quoted_goods(product_at(100), price=90)])
    quotation = enquiry(customer, **more)
    return submit_quotation(quotation, by=quotation.author)


def agreed_quotation(customer: Customer | None = None, **more: Any) -> Quotation:
    """Quoted below the list, with a manager's word."""
    customer = customer or make_customer()
    return approve_quotation(submitted_quotation(customer, **more), by=manager_for(customer))


def quoted(customer: Customer | None = None, **more: Any) -> Quotation:
    quotation = enquiry(customer, **more)
    return send_quotation(quotation, by=quotation.author)


def order_from(quotation: Quotation, *, lines: list[Wanted] | None = None) -> Order:
    """What was quoted, ordered and handed in."""
    customer = Customer.objects.get(party=quotation.party)
    wanted = lines or [
        Wanted(product=line.product, quantity=line.quantity, discount=line.discount) for line in quotation.lines.all()
    ]
    return submitted_order(customer, lines=wanted, quotation=quotation)


def won_quotation(customer: Customer | None = None) -> Quotation:
    customer = customer or make_customer()
    quotation = quoted(customer)
    approve_order(order_from(quotation), by=assistant_of(customer))
    return Quotation.objects.get(pk=quotation.pk)


def lost_quotation(customer: Customer | None = None, **more: Any) -> Quotation:
    quotation = quoted(customer, **more)
    return lose_quotation(quotation, by=quotation.author, lost_reason="price")


def expired_quotation(customer: Customer | None = None) -> Quotation:
    quotation = quoted(customer, valid_until=today())
    expire_quotations(on=today() + datetime.timedelta(1))
    return Quotation.objects.get(pk=quotation.pk)


def replaced_quotation(customer: Customer | None = None) -> Quotation:
    customer = customer or make_customer()
    quotation = quoted(customer)
    quoted(customer, previous=quotation)
    return Quotation.objects.get(pk=quotation.pk)


def cancelled_quotation() -> Quotation:
    quotation = enquiry()
    return cancel_quotation(quotation, by=quotation.author, note="entered twice")


def returned_quotation(customer: Customer | None = None) -> Quotation:
    customer = customer or make_customer()
    return return_quotation(submitted_quotation(customer), by=manager_for(customer), note="too cheap")


BY_STATE = {
    "enquiry": enquiry, "submitted": submitted_quotation, "quoted": quoted, "won": won_quotation, "lost": lost_quotation,
    "expired": expired_quotation, "replaced": replaced_quotation, "cancelled": cancelled_quotation,
}  # fmt: skip
