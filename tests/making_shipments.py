"""Shipments in every state, each reached by the steps that people take."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.ledger.models import Item
from backoffice.ledger.services import post
from backoffice.parties.models import Party
from backoffice.people.models import Department, Person, Role
from backoffice.stock import services as stock
from backoffice.stock.models import Movement, Product, Warehouse
from customers.models import Customer
from orders.models import Order
from orders.services import Wanted, approve_order, save_order, submit_order
from shipments.models import Shipment
from shipments.services import (
    cancel_shipment,
    clear_shipment,
    deliver_shipment,
    dispatch_shipment,
    make_shipment,
    return_shipment,
    review_shipment,
    ship_order,
    submit_shipment,
)
from tests.making import ProductFactory
from tests.making_customers import make_customer, term
from tests.people_of_the_tests import make_person

D = Decimal
PLENTY = D("500000.00")


@dataclass
class House:
    """A small company: who works in it, a customer, and goods in the warehouse."""

    assistant: Person
    salesperson: Person
    manager: Person
    finance: Person
    warehouse: Person
    second: Person
    customer: Customer
    place: Warehouse
    goods: list[Product] = field(default_factory=list)

    @property
    def party(self) -> Party:
        return self.customer.party


def make_house(
    *, terms: str = "N30", limit: Decimal | None = PLENTY, on_hand: Sequence[int] = (1000, 1000), **goods: Any
) -> House:
    department = Department.objects.get_or_create(code="SALES", defaults={"name": "Sales"})[0]
    salesperson = make_person(Role.SALESPERSON, department=department)
    assistant = make_person(Role.ASSISTANT, department=department)
    assistant.serves.add(salesperson)
    house = House(
        assistant=assistant, salesperson=salesperson, manager=make_person(Role.MANAGER, department=department),
        finance=make_person(Role.FINANCE), warehouse=make_person(Role.WAREHOUSE), second=make_person(Role.WAREHOUSE),
        customer=make_customer(salesperson, term=term(terms), credit_limit=limit), place=Warehouse.objects.order_by("pk").first(),
    )  # fmt: skip
    house.goods = [ProductFactory(**goods) for _quantity in on_hand]
    put_in_stock(house, dict(zip(house.goods, on_hand, strict=True)))
    return house


@transaction.atomic
def put_in_stock(house: House, quantities: dict[Product, Any]) -> None:
    moves = [stock.Move(None, product, house.place, D(quantity)) for product, quantity in quantities.items()]
    stock.move(moves, reason=Movement.Reason.OPENING, on=timezone.localdate(), by=house.warehouse)


def approved_order(house: House, *quantities: Any, price: Any = None, **header: Any) -> Order:
    """An order of the house's customer, handed in by the assistant and approved by the manager; 10 of the first goods unless said."""
    wanted = zip(house.goods, quantities or (10,), strict=False)
    unit_price = None if price is None else D(price)
    lines = [
        Wanted(product=product, quantity=D(quantity), unit_price=unit_price, price_reason="agreed by telephone")
        for product, quantity in wanted
    ]
    start = {
        "party": house.party, "dated_on": timezone.localdate(), "warehouse": house.place, "term": house.customer.term,
        "delivery_address": "杭州市西湖区文三路 1 号", "delivery_contact": "王芳", "delivery_phone": "0571-8888",
    }  # fmt: skip
    order = save_order(Order(), by=house.assistant, header=start | header, lines=lines)
    order = submit_order(order, by=house.assistant)
    order = approve_order(order, by=house.manager)
    assert order.state == "approved", (order.state, order.hold_reason)
    return order


def receive(house: House, amount: Any, *, order: Order | None = None) -> Item:
    """Confirmed money of the customer: an advance for the order's deal, or a free one."""
    entry = post(
        "money_confirmed", on=timezone.localdate(), amounts={"amount": D(amount)}, party=house.party,
        dossier=order.dossier if order else None, number="R", by=house.finance,
    )  # fmt: skip
    return entry.items.get()


def draft_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    """All that is open of the order, or so much of each of its lines in turn."""
    order = order or approved_order(house)
    if not quantities:
        return ship_order(order, by=house.assistant)
    lines = order.lines.order_by("position")
    return make_shipment({line.pk: D(q) for line, q in zip(lines, quantities, strict=False)}, by=house.assistant)


def submitted_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    return submit_shipment(draft_shipment(house, order, *quantities), by=house.assistant)


def reviewed_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    shipment = submitted_shipment(house, order, *quantities)
    review_shipment(shipment, by=house.manager)
    shipment = review_shipment(shipment, by=house.second)
    assert shipment.state == "reviewed"
    return shipment


def cleared_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    shipment = reviewed_shipment(house, order, *quantities)
    clear_shipment(shipment, by=house.finance)
    return shipment


def dispatched_shipment(
    house: House, order: Order | None = None, *quantities: Any, on: datetime.date | None = None, **how: Any
) -> Shipment:
    return dispatch_shipment(reviewed_shipment(house, order, *quantities), by=house.warehouse, dispatched_on=on, **how)


def delivered_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    return deliver_shipment(dispatched_shipment(house, order, *quantities), by=house.assistant, received_by="王芳")


def returned_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    return return_shipment(submitted_shipment(house, order, *quantities), by=house.manager, note="wrong address")


def cancelled_shipment(house: House, order: Order | None = None, *quantities: Any) -> Shipment:
    return cancel_shipment(draft_shipment(house, order, *quantities), by=house.assistant, note="customer called")


BY_STATE = {
    "draft": draft_shipment, "submitted": submitted_shipment, "reviewed": reviewed_shipment, "dispatched": dispatched_shipment,
    "delivered": delivered_shipment, "cancelled": cancelled_shipment,
}  # fmt: skip
