"""An order of a customer whose required licence has lapsed is held, released with a reason, and its goods stay here (C2)."""

import pytest
from django.utils import timezone

from backoffice.refusals import Refused
from customers.licences.models import Licence
from orders.models import Order
from orders.services import Wanted, approve_order, release_order, save_order, submit_order
from shipments.services import dispatch_shipment
from tests.making_licences import in_days, kind, verified_licence
from tests.making_shipments import House, approved_order, make_house, reviewed_shipment
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C2")]


@pytest.fixture
def house() -> House:
    return make_house()


def lapse(house, **more) -> Licence:
    given = {"external_number": "ZJ-1", "valid_until": in_days(-1)} | more
    return verified_licence(house.customer, by=house.assistant, verified_by=house.manager, code="MEDICINE", **given)


def order_of(house) -> Order:
    header = {
        "party": house.party, "dated_on": timezone.localdate(), "warehouse": house.place, "term": house.customer.term,
    }  # fmt: skip
    order = save_order(Order(), by=house.assistant, header=header, lines=[Wanted(product=house.goods[0], quantity=2)])
    return submit_order(order, by=house.assistant)


def test_an_order_is_held_with_the_licence_and_its_day_in_words(house):
    lapse(house)
    order = order_of(house)
    assert (order.state, order.hold_reason) == ("held", f"药品经营许可证 ZJ-1 lapsed on {in_days(-1)}.")


def test_the_day_of_its_end_still_counts(house):
    lapse(house, valid_until=in_days(0))
    assert order_of(house).state == "submitted"


def test_a_release_covers_exactly_the_licences_that_were_lacking(house):
    lapse(house)
    order = release_order(order_of(house), by=house.manager, note="the renewed one comes on Monday")
    assert order.state == "submitted" and order.hold_reason == ""
    assert order.releases.get().licence_kinds == [kind("MEDICINE").pk]
    order = approve_order(order, by=make_reviewer(house))
    assert order.state == "approved"


def test_another_licence_that_lapses_after_the_release_holds_the_order_anew(house):
    lapse(house)
    order = release_order(order_of(house), by=house.manager, note="the renewed one comes on Monday")
    verified_licence(
        house.customer,
        by=house.assistant,
        verified_by=house.manager,
        code="FOOD",
        external_number="F-9",
        valid_until=in_days(-2),
    )
    order = approve_order(order, by=make_reviewer(house))
    assert order.state == "held" and "F-9" in order.hold_reason and "ZJ-1" not in order.hold_reason


def test_a_licence_that_lapses_while_the_order_waits_holds_it_at_the_review(house):
    order = order_of(house)
    lapse(house)
    order = approve_order(order, by=house.manager)
    assert order.state == "held" and "ZJ-1" in order.hold_reason


def test_a_verified_renewal_lets_the_next_order_pass(house):
    old = lapse(house)
    lapse(house, external_number="ZJ-2", valid_until=in_days(300), replaces=old)
    assert order_of(house).state == "submitted"


def test_goods_stay_here_once_the_licence_has_lapsed_unless_the_order_was_let_pass(house):
    kept = reviewed_shipment(house, approved_order(house, 1))
    lapse(house)
    with pytest.raises(Refused, match="ZJ-1 lapsed"):
        dispatch_shipment(kept, by=house.warehouse)
    released = release_order(order_of(house), by=house.manager, note="agreed with the authority")
    let_pass = reviewed_shipment(house, approve_order(released, by=make_reviewer(house)))
    assert dispatch_shipment(let_pass, by=house.warehouse).state == "dispatched"


def make_reviewer(house):
    person = make_person("assistant")
    person.serves.add(house.salesperson)
    return person
