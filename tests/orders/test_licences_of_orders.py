"""An order of a customer whose required licence has lapsed is held until it is renewed or a manager releases it (C2)."""

from functools import partial

import pytest
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.outbox.models import Notification
from backoffice.refusals import Refused
from customers.licences.models import Licence, LicenceKind
from orders.models import Order
from orders.services import (
    Wanted,
    approve_order,
    cancel_order,
    let_go,
    recheck_order,
    release_order,
    save_order,
    submit_order,
)
from orders.services.letting_go import TAKE_ON, take_on
from shipments.services import dispatch_shipment
from tests.making_licences import in_days, kind, verified_licence
from tests.making_shipments import House, approved_order, make_house, reviewed_shipment
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C2")]


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def committed(at_once, django_capture_on_commit_callbacks):
    """`with committed():` the block is a transaction of its own, and a worker does what it hands over."""
    at_once(TAKE_ON)
    return partial(django_capture_on_commit_callbacks, execute=True)


def lapse(house, **more) -> Licence:
    given = {"code": "MEDICINE", "external_number": "ZJ-1", "valid_until": in_days(-1)} | more
    return verified_licence(house.customer, by=house.assistant, verified_by=house.manager, **given)


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


def renew(house, old: Licence, **more) -> Licence:
    return lapse(house, **{"external_number": "ZJ-2", "valid_until": in_days(300), "replaces": old} | more)


def test_a_held_order_goes_on_by_itself_once_the_renewed_licence_is_verified(house, committed):
    old = lapse(house)
    order = order_of(house)
    with committed():
        renew(house, old)
        order.refresh_from_db()
        assert order.state == "held", "whoever verifies locks no customer's credit, no stock and no number"
    order.refresh_from_db()
    assert (order.state, order.hold_reason) == ("submitted", "")
    event = Event.objects.filter(record_id=order.pk, step="recheck_order").latest("pk")
    assert event.person.is_system and event.note == f"药品经营许可证 ZJ-2 was verified by {house.manager}."
    assert Notification.objects.filter(person=house.assistant, topic="order_let_go").count() == 1
    assert not order.releases.exists(), "nobody had to let it pass"
    assert approve_order(order, by=house.manager).state == "approved"


def test_an_order_held_at_its_review_is_approved_by_the_renewal_without_a_second_review(house, committed):
    order = order_of(house)
    old = lapse(house)
    assert approve_order(order, by=house.manager).state == "held"
    with committed():
        renew(house, old)
    order.refresh_from_db()
    assert order.state == "approved" and order.number


def test_an_order_that_something_else_holds_too_stays_held(house, committed):
    old = lapse(house)
    lapse(house, code="FOOD", external_number="F-9")
    order = order_of(house)
    with committed():
        renew(house, old)
    order.refresh_from_db()
    assert order.state == "held"
    order = recheck_order(order, by=house.assistant)
    assert order.state == "held" and "F-9" in order.hold_reason and "ZJ-1" not in order.hold_reason


def test_what_no_kind_of_licence_holds_any_more_goes_on_in_the_morning(house, committed):
    old = lapse(house)
    order = order_of(house)
    renew(house, old, valid_from=in_days(1))
    assert let_go(Order.objects.all(), note="x") == 0, "its validity has not begun"
    medicine = kind("MEDICINE")
    medicine.hold = LicenceKind.Hold.NOTHING
    medicine.save()
    with committed():
        assert let_go(Order.objects.all(), note="x") == 1
        order.refresh_from_db()
        assert order.state == "held", "the job reads a snapshot: it only says which"
    order.refresh_from_db()
    assert order.state == "submitted"


def test_what_was_handed_over_is_judged_anew_and_a_message_that_comes_twice_finds_nothing(house):
    old = lapse(house)
    first, second = order_of(house), order_of(house)
    renew(house, old)
    food = lapse(house, code="FOOD", external_number="F-9")
    assert take_on([first.pk, second.pk], note="x") == 0, "something lapsed in between"
    renew(house, food, code="FOOD", external_number="F-10")
    cancel_order(first, by=house.assistant, note="not wanted any more")
    assert take_on([first.pk, second.pk], note="x") == 1, "one that went elsewhere keeps no other from going"
    assert take_on([first.pk, second.pk], note="x") == 0


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
