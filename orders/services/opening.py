"""Past orders of a company that goes live: filed as they ended, under their own numbers, in a few statements (X39)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from backoffice.audit import acting
from backoffice.database.copying import copy_objects
from backoffice.documents.gate import freeze
from backoffice.money import ZERO, LineAmounts, price_line, total_of
from backoffice.people.models import Person
from backoffice.register.models import Dossier, Opening
from backoffice.review import services as review
from backoffice.stock import services as stock
from backoffice.stock.models import Product, Warehouse
from customers.models import Customer, PaymentTerm
from orders.lifecycle import APPROVED, HELD, ORDER
from orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line as the file has it."""

    product: Product
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_rate: Decimal

    def amounts(self, *, includes_tax: bool) -> LineAmounts:
        return price_line(self.quantity, self.unit_price, self.discount, self.tax_rate, includes_tax)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A past order. `state` is one of the lifecycle's; what was shipped and invoiced of it comes with those documents."""

    number: str
    state: str
    customer: Customer
    dated_on: datetime.date
    lines: Sequence[PastLine]
    warehouse: Warehouse
    term: PaymentTerm
    required_on: datetime.date | None = None
    salesperson: Person | None = None
    includes_tax: bool = True
    their_number: str = ""
    address: str = ""
    note: str = ""


def take_over_orders(past: Sequence[Past], *, opening: Opening, by: Person) -> list[Order]:
    """File past orders with their lines; approved ones have their goods reserved, held ones wait for a release."""
    with transaction.atomic(), acting(by, step="take_over_order"):
        dossiers = copy_objects(Dossier, [Dossier(party=one.customer.party) for one in past])
        amounts = [[line.amounts(includes_tax=one.includes_tax) for line in one.lines] for one in past]
        made = [
            order_of(one, total_of(sums), dossier, opening, by)
            for one, sums, dossier in zip(past, amounts, dossiers, strict=True)
        ]
        orders = copy_objects(Order, made)
        lines = [
            line for order, one, sums in zip(orders, past, amounts, strict=True) for line in lines_of(order, one, sums)
        ]
        copy_objects(OrderLine, lines)
        reserve_open(orders, lines)
        for order in orders:
            if order.state == str(HELD):
                review.submit(order, by=by, steps=[step.name for step in ORDER.reviewed()])
                freeze(order)
        return orders


def order_of(one: Past, total: LineAmounts, dossier: Dossier, opening: Opening, by: Person) -> Order:
    party, term = one.customer.party, one.term
    return Order(
        number=one.number, external_number=one.their_number, state=one.state, party=party, dossier=dossier, author=by, salesperson=one.salesperson,
        dated_on=one.dated_on, required_on=one.required_on, note=one.note, opening=opening, party_name=party.name, warehouse=one.warehouse,
        delivery_address=one.address, delivery_contact=party.contact, delivery_phone=party.phone, term=term, term_kind=term.kind,
        deposit_rate=term.deposit_rate, rest_before_dispatch=term.rest_before_dispatch, includes_tax=one.includes_tax, net=total.net,
        tax=total.tax, amount=total.gross, submitted_by=by, submitted_at=timezone.now(),
        hold_reason=one.note if one.state == str(HELD) else "",
    )  # fmt: skip


def lines_of(order: Order, one: Past, sums: Iterable[LineAmounts]) -> Iterable[OrderLine]:
    for position, (line, comes_to) in enumerate(zip(one.lines, sums, strict=True), start=1):
        product = line.product
        yield OrderLine(
            order=order, position=position, product=product, name=product.name, spec=product.spec, unit=product.unit.name,
            quantity=line.quantity, unit_price=line.unit_price, discount=line.discount or ZERO, tax_rate=line.tax_rate, net=comes_to.net,
            tax=comes_to.tax, gross=comes_to.gross, price_source="file", cost_price=product.cost_price,
        )  # fmt: skip


def reserve_open(orders: Iterable[Order], lines: Iterable[OrderLine]) -> None:
    approved = {order.pk: order for order in orders if order.state == str(APPROVED)}
    stock.reserve_many(
        (line.order_id, line, line.quantity, approved[line.order_id].warehouse_id)
        for line in lines
        if line.order_id in approved
    )
