"""What check_books says of shipments, and the worked cases of partial delivery that apply."""

from decimal import Decimal as D

import pytest
from django.db.models import Sum

from backoffice.database.checks import run_checks
from backoffice.pages.timeline import timeline_of
from backoffice.stock.models import Reservation
from orders.models import Order, OrderLine
from orders.services import cancel_order, close_order, reopen_order
from shipments.models import Shipment
from shipments.selectors import open_lines
from shipments.services import cancel_shipment, clear_shipment
from tests.making_shipments import (
    BY_STATE,
    approved_order,
    dispatched_shipment,
    draft_shipment,
    make_house,
    receive,
    reviewed_shipment,
)

pytestmark = pytest.mark.django_db
OURS = [
    "shipments.counters",
    "shipments.amounts",
    "shipments.stock",
    "shipments.ledger",
    "shipments.reviews",
    "shipments.money",
]


@pytest.fixture
def house():
    return make_house()


def reserved(order):
    return Reservation.objects.filter(record_id=order.pk).aggregate(total=Sum("quantity"))["total"] or 0


@pytest.mark.duty("S1", "S4", "S5")
def test_the_books_are_silent_in_every_state(house):
    for make in BY_STATE.values():
        make(house)
    assert not list(run_checks(OURS))


@pytest.mark.duty("S1")
def test_a_counter_that_was_moved_by_hand_is_found(house):
    order = approved_order(house, 10)
    dispatched_shipment(house, order, 4)
    OrderLine.objects.filter(order=order).update(shipped=5)
    [finding] = run_checks(["shipments.counters"])
    assert order.number in finding.words and "dispatched 4" in finding.words


def test_pd1_delivered_goes_up_with_each_delivery(house):
    order = approved_order(house, 10)
    for quantity, delivered in ((6, 6), (3, 9)):
        dispatched_shipment(house, order, quantity)
        assert order.lines.get().shipped == delivered


def test_pd3_reserved_goods_follow_the_order(house):
    order = approved_order(house, 10)
    assert reserved(order) == 10
    dispatched_shipment(house, order, 5)
    assert reserved(order) == 5
    close_order(order, by=house.manager, note="the rest is not wanted")
    assert reserved(order) == 0
    reopen_order(order, by=house.manager, note="it is wanted after all")
    assert reserved(order) == 5
    other = approved_order(house, 10)
    cancel_order(other, by=house.manager, note="x")
    assert reserved(other) == 0


def test_pd13_part_of_an_order_with_tax(house):
    house = make_house(tax_rate=D("0.1"))
    order = approved_order(house, 10, price="11")
    part = draft_shipment(house, order, 5)
    assert (part.net, part.tax, part.amount) == (D("50.00"), D("5.00"), D("55.00"))


def test_pd19_what_a_cancelled_shipment_held_can_be_shipped(house):
    order = approved_order(house, 10)
    cancel_shipment(reviewed_shipment(house, order), by=house.assistant, note="x")
    assert open_lines(order=order).get().left == 10
    dispatched_shipment(house, order)
    assert Order.objects.get(pk=order.pk).state == "done"


@pytest.mark.duty("S5")
def test_the_history_says_who_confirmed_the_money():
    house = make_house(terms="PREPAID", limit=D(0))
    receive(house, "1130.00")
    shipment = reviewed_shipment(house)
    clear_shipment(shipment, by=house.finance, note="seen on the account")
    newest = timeline_of(Shipment.objects.get(pk=shipment.pk))[0]
    assert (newest.words, newest.person, newest.note) == ("Money confirmed", house.finance, "seen on the account")
