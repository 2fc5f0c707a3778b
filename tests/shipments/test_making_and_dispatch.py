"""Making shipments from open lines, in part or over several orders; what dispatch does to counters, stock and books (S1, S6)."""

import datetime
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.ledger.models import EntryLine
from backoffice.outbox.models import Notification
from backoffice.refusals import Refused
from backoffice.stock.models import Level, Movement, Reservation
from orders.models import Order, OrderLine
from orders.services import cancel_order
from shipments.models import Shipment
from shipments.selectors import open_groups, open_lines
from shipments.services import (
    cancel_shipment,
    deliver_shipment,
    dispatch_shipment,
    make_shipment,
    record_tracking,
    record_tracking_numbers,
    review_shipment,
    save_shipment,
    ship_order,
    submit_shipment,
)
from tests.making_shipments import (
    approved_order,
    delivered_shipment,
    dispatched_shipment,
    draft_shipment,
    make_house,
    put_in_stock,
    reviewed_shipment,
    submitted_shipment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def left(order):
    return [line.left for line in open_lines(order=order).order_by("position")]


@pytest.mark.duty("S1")
def test_one_key_makes_a_shipment_of_all_that_is_open(house):
    order = approved_order(house, 10, 4)
    shipment = ship_order(order, by=house.assistant)
    assert [(line.name, line.quantity) for line in shipment.lines.all()] == [
        (g.name, q) for g, q in zip(house.goods, (10, 4), strict=True)
    ]
    assert (shipment.amount, shipment.party, shipment.dossier_id) == (order.amount, order.party, order.dossier_id)
    assert (shipment.delivery_address, shipment.delivery_contact) == (order.delivery_address, order.delivery_contact)
    assert shipment.number is None


@pytest.mark.duty("S1")
def test_what_does_not_lie_in_the_warehouse_stays_open(house):
    house = make_house(on_hand=(6, 0))
    order = approved_order(house, 10, 4)
    shipment = ship_order(order, by=house.assistant)
    assert [line.quantity for line in shipment.lines.all()] == [6]


@pytest.mark.duty("S1")
def test_other_shipments_are_taken_into_account_in_the_offer(house):
    order = approved_order(house, 10)
    draft_shipment(house, order, 6)
    assert left(order) == [4]
    assert ship_order(order, by=house.assistant).lines.get().quantity == 4
    with pytest.raises(Refused, match="Nothing of this order"):
        ship_order(order, by=house.assistant)


@pytest.mark.duty("S1")
def test_never_more_than_is_open_leaves(house):
    order = approved_order(house, 10)
    with pytest.raises(Refused, match="only 10 件 are open"):
        draft_shipment(house, order, 11)
    first, second = draft_shipment(house, order, 6), draft_shipment(house, order, 5)
    submit_shipment(first, by=house.assistant)
    with pytest.raises(Refused, match="only 4 件 are open") as refusal:
        submit_shipment(second, by=house.assistant)
    assert refusal.value.field == f"line_{order.lines.get().pk}"


@pytest.mark.duty("S1")
def test_postgresql_refuses_what_would_be_more_than_ordered(house):
    line = approved_order(house, 10).lines.get()
    with pytest.raises(DatabaseError, match="order_line_shipped"), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(shipped=11)


@pytest.mark.duty("S1")
def test_orders_of_one_customer_leave_together_and_others_do_not(house):
    one, two = approved_order(house, 3), approved_order(house, 2)
    elsewhere = approved_order(house, 1, delivery_address="宁波市")
    shipment = make_shipment({line.pk: line.quantity for o in (one, two) for line in o.lines.all()}, by=house.assistant)
    assert {line.order_line.order_id for line in shipment.lines.all()} == {one.pk, two.pk}
    assert len(open_groups(open_lines(party=house.party))) == 1
    with pytest.raises(Refused, match="different addresses"):
        make_shipment({line.pk: 1 for o in (two, elsewhere) for line in o.lines.all()}, by=house.assistant)
    stranger = make_house()
    foreign = approved_order(stranger, 1)
    with pytest.raises(Order.DoesNotExist):
        make_shipment({line.pk: 1 for line in foreign.lines.all()}, by=house.assistant)


@pytest.mark.duty("S1")
def test_the_parts_of_a_line_always_sum_to_the_line(house):
    order = approved_order(house, 3, price="33.335")
    line = order.lines.get()
    assert (line.gross, line.net) == (D("100.01"), D("88.50"))
    parts = [dispatched_shipment(house, order, 1).lines.get() for _turn in range(3)]
    assert sum(part.gross for part in parts) == line.gross
    assert sum(part.net for part in parts) == line.net
    assert sum(part.tax for part in parts) == line.tax


@pytest.mark.duty("S1")
def test_parts_sum_to_the_line_also_when_one_before_them_was_cancelled(house):
    order = approved_order(house, 3, price="33.335")
    first = submitted_shipment(house, order, 1)
    second = submitted_shipment(house, order, 1)
    cancel_shipment(first, by=house.assistant, note="x")
    third = submitted_shipment(house, order, 1)
    fourth = submitted_shipment(house, order, 1)
    total = sum(row.lines.get().gross for row in (second, third, fourth))
    assert total == order.lines.get().gross


@pytest.mark.duty("S1", "S6")
def test_dispatch_counts_moves_stock_and_posts(house):
    order = approved_order(house, 10)
    shipment = dispatched_shipment(house, order, 4, tracking_number=" SF 123 ")
    line = order.lines.get()
    level = Level.objects.get(product=house.goods[0], warehouse=house.place)
    assert (line.shipped, level.on_hand, level.reserved) == (4, 996, 6)
    assert Reservation.objects.get(line_id=line.pk).quantity == 6
    movement = Movement.objects.get(record_id=shipment.pk)
    assert (movement.quantity, movement.line_id, movement.reason) == (-4, shipment.lines.get().pk, "dispatch")
    rows = EntryLine.objects.filter(record_id=shipment.pk).order_by("position")
    assert [(row.account.code, row.debit, row.credit) for row in rows] == [
        ("1122.02", shipment.amount, 0), ("6001", 0, shipment.net), ("2221.04", 0, shipment.tax),
    ]  # fmt: skip
    assert {(row.party_id, row.person_id, row.dossier_id) for row in rows} == {
        (house.party.pk, house.salesperson.pk, order.dossier_id)
    }
    item = rows[0].entry.items.get()
    assert (item.number, item.due_on) == (shipment.number, timezone.localdate() + datetime.timedelta(days=30))
    assert (shipment.tracking_number, shipment.dispatched_on) == ("SF123", timezone.localdate())
    assert Order.objects.get(pk=order.pk).state == "approved"


@pytest.mark.duty("S1")
def test_the_order_is_done_when_everything_has_left(house):
    order = approved_order(house, 10, 4)
    dispatched_shipment(house, order, 10)
    assert Order.objects.get(pk=order.pk).state == "approved"
    dispatched_shipment(house, order)
    assert Order.objects.get(pk=order.pk).state == "done"


@pytest.mark.duty("S1")
def test_sales_of_several_orders_are_posted_to_each_ones_deal(house):
    one, two = approved_order(house, 3), approved_order(house, 2)
    shipment = make_shipment({line.pk: line.quantity for o in (one, two) for line in o.lines.all()}, by=house.assistant)
    shipment = _through(house, shipment)
    debits = EntryLine.objects.filter(record_id=shipment.pk, account__code="1122.02")
    assert {row.dossier_id: row.debit for row in debits} == {one.dossier_id: one.amount, two.dossier_id: two.amount}


def _through(house, shipment):
    submit_shipment(shipment, by=house.assistant)
    review_shipment(shipment, by=house.manager)
    review_shipment(shipment, by=house.second)
    return dispatch_shipment(shipment, by=house.warehouse)


@pytest.mark.duty("S1")
def test_goods_that_are_not_there_do_not_leave(house):
    house = make_house(on_hand=(3,))
    shipment = reviewed_shipment(house, approved_order(house, 10), 5)
    with pytest.raises(Refused, match="only 3"):
        dispatch_shipment(shipment, by=house.warehouse)
    assert Shipment.objects.get(pk=shipment.pk).state == "reviewed"
    put_in_stock(house, {house.goods[0]: 2})
    assert dispatch_shipment(shipment, by=house.warehouse).state == "dispatched"


def test_what_is_cancelled_before_dispatch_is_open_again(house):
    order = approved_order(house, 10)
    shipment = reviewed_shipment(house, order, 6)
    assert left(order) == [4]
    cancelled = cancel_shipment(shipment, by=house.assistant, note="the customer wants to wait")
    assert cancelled.number
    assert left(order) == [10]


def test_goods_are_not_dispatched_tomorrow_nor_before_the_order(house):
    shipment = reviewed_shipment(house)
    today = timezone.localdate()
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=1)):
        with pytest.raises(Refused):
            dispatch_shipment(shipment, by=house.warehouse, dispatched_on=day)


def test_nothing_of_a_cancelled_order_leaves(house):
    order = approved_order(house, 10)
    draft = draft_shipment(house, order)
    cancel_order(order, by=house.manager, note="x")
    with pytest.raises(Refused, match="nothing of it can be shipped"):
        submit_shipment(draft, by=house.assistant)


def test_an_order_with_goods_under_way_cannot_be_cancelled(house):
    order = approved_order(house, 10)
    submitted_shipment(house, order, 4)
    with pytest.raises(Refused, match="is on its way"):
        cancel_order(order, by=house.manager, note="x")


@pytest.mark.duty("S6")
def test_delivered_says_when_and_to_whom(house):
    shipment = delivered_shipment(house)
    assert (shipment.delivered_on, shipment.received_by) == (timezone.localdate(), "王芳")


@pytest.mark.duty("S6")
def test_delivered_is_not_before_it_left(house):
    shipment = dispatched_shipment(house)
    with pytest.raises(Refused):
        deliver_shipment(shipment, by=house.assistant, delivered_on=timezone.localdate() - datetime.timedelta(days=1))


@pytest.mark.duty("S6")
def test_the_salesperson_and_the_assistant_hear_of_the_dispatch(house):
    shipment = dispatched_shipment(house)
    told = Notification.objects.filter(topic="shipment_dispatched", record_id=shipment.pk)
    assert {notice.person for notice in told} == {house.salesperson, house.assistant}


@pytest.mark.duty("S6")
def test_a_tracking_number_voids_no_review(house):
    shipment = reviewed_shipment(house)
    record_tracking(shipment, by=house.warehouse, tracking_number="SF 9")
    assert dispatch_shipment(shipment, by=house.warehouse).tracking_number == "SF9"


@pytest.mark.duty("S6")
def test_tracking_numbers_are_pasted_from_the_carriers_sheet(house):
    shipment = dispatched_shipment(house)
    told = record_tracking_numbers([(shipment.number.lower(), "YT 77"), ("SH-0000", "X")], by=house.warehouse)
    assert [reason for _number, _tracking, reason in told] == ["", "There is no such shipment."]
    assert Shipment.objects.get(pk=shipment.pk).tracking_number == "YT77"


def test_saving_again_replaces_quantities_and_header(house):
    order = approved_order(house, 10, 4)
    shipment = draft_shipment(house, order)
    lines = list(order.lines.order_by("position"))
    saved = save_shipment(
        shipment,
        {lines[0].pk: D(2), lines[1].pk: D(0)},
        by=house.assistant,
        note="ring first",
        version=shipment.version,
    )
    assert [(line.quantity, line.position) for line in saved.lines.all()] == [(2, 1)]
    assert Shipment.objects.get(pk=shipment.pk).note == "ring first"
