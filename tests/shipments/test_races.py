"""Two people at once: the same line shipped twice, the same money spent twice; each with a negative control (reliability.md §1.12)."""

import threading
from decimal import Decimal as D

import pytest

from orders.models import OrderLine
from shipments.models import Clearance, Shipment
from shipments.selectors.open_lines import taken
from shipments.services import clear_shipment, dispatch_shipment, making, submit_shipment
from tests.making_shipments import approved_order, draft_shipment, make_house, receive, reviewed_shipment
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("S1", "S5")]
ROUNDS = 5


def together(*acts) -> list[str]:
    return sorted(at_once(*acts))


def race_of_submits(house):
    order = approved_order(house, 10)
    one, two = draft_shipment(house, order, 6), draft_shipment(house, order, 6)
    return together(lambda: submit_shipment(one, by=house.assistant), lambda: submit_shipment(two, by=house.assistant))


def leave(house, one, two):
    return together(lambda: dispatch_shipment(one, by=house.warehouse), lambda: dispatch_shipment(two, by=house.second))


def test_of_two_shipments_of_one_line_only_one_is_submitted():
    house = make_house()
    for _round in range(ROUNDS):
        assert race_of_submits(house) == ["Refused", "done"]


def test_without_the_lock_both_would_be_submitted(monkeypatch):
    """Negative control: the same race with the lines read without their locks, and time between look and write."""
    house, meet = make_house(), threading.Barrier(2)

    def unlocked(ids):
        return list(OrderLine.objects.filter(pk__in=list(ids)).select_related("order", "product").order_by("pk"))

    def taken_at_once(*args, **kwargs):
        found = taken(*args, **kwargs)
        meet.wait(timeout=20)
        return found

    order = approved_order(house, 10)
    one, two = draft_shipment(house, order, 6), draft_shipment(house, order, 6)
    monkeypatch.setattr("shipments.services.steps.lock_lines", unlocked)
    monkeypatch.setattr(making, "taken", taken_at_once)
    told = together(lambda: submit_shipment(one, by=house.assistant), lambda: submit_shipment(two, by=house.assistant))
    assert told == ["done", "done"], "then the test above proves something"
    assert sum(Shipment.objects.filter(state="submitted").values_list("lines__quantity", flat=True)) == 12


def test_two_dispatches_of_one_shipment_have_one_effect():
    house = make_house()
    order = approved_order(house, 10)
    shipment = reviewed_shipment(house, order, 4)
    told = together(
        *[lambda person=person: dispatch_shipment(shipment, by=person) for person in (house.warehouse, house.second)]
    )
    assert told == ["Refused", "done"]
    assert order.lines.get().shipped == 4


def test_two_shipments_of_one_line_leave_side_by_side_without_a_lost_count():
    house = make_house()
    for _round in range(ROUNDS):
        order = approved_order(house, 10)
        one, two = reviewed_shipment(house, order, 4), reviewed_shipment(house, order, 6)
        assert leave(house, one, two) == ["done", "done"]
        assert order.lines.get().shipped == 10
        order.refresh_from_db()
        assert order.state == "done"


def test_one_advance_does_not_clear_two_shipments():
    house = make_house(terms="PREPAID", limit=D(0))
    receive(house, "1130.00")
    one, two = (reviewed_shipment(house, approved_order(house, 10)) for _turn in range(2))
    told = together(lambda: clear_shipment(one, by=house.finance), lambda: clear_shipment(two, by=house.finance))
    assert told == ["Refused", "done"]
    assert Clearance.objects.count() == 1
