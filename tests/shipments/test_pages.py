"""The pages of shipments as people use them: ship, write, review, clear, dispatch, track, deliver, print; and what they may not."""

import re
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.pages.workbench import due_for
from shipments.models import Clearance, Shipment
from shipments.selectors import dispatch_list
from shipments.services import submit_shipment
from tests.making_shipments import (
    BY_STATE,
    approved_order,
    delivered_shipment,
    dispatched_shipment,
    draft_shipment,
    make_house,
    receive,
    reviewed_shipment,
    submitted_shipment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def newest():
    return Shipment.objects.order_by("-pk").first()


@pytest.mark.duty("S1")
def test_ship_on_an_approved_order_makes_a_draft_by_one_key(house, as_):
    order = approved_order(house, 10)
    page = as_(house.assistant).get(order.get_absolute_url()).content.decode()
    assert 'data-key="F7"' in page and reverse("shipments:ship-order", args=[order.pk]) in page
    answer = as_(house.assistant).post(reverse("shipments:ship-order", args=[order.pk]))
    assert answer.url == newest().get_absolute_url()
    assert newest().amount == order.amount
    again = as_(house.assistant).get(order.get_absolute_url()).content.decode()
    assert 'data-key="F7"' not in again


@pytest.mark.duty("S1")
def test_ship_pressed_twice_makes_one_draft(house, as_):
    order = approved_order(house, 10)
    desk = as_(house.assistant)
    typed = {"once": hidden(desk.get(order.get_absolute_url()), "once")}
    first, again = (desk.post(reverse("shipments:ship-order", args=[order.pk]), typed) for _turn in range(2))
    assert typed["once"] and first.url == again.url
    assert Shipment.objects.count() == 1
    assert desk.post(reverse("shipments:ship-order", args=[order.pk]), {"once": "no key"}).status_code == 400


@pytest.mark.duty("S1")
def test_open_lines_of_several_orders_make_one_shipment(house, as_):
    one, two = approved_order(house, 10), approved_order(house, 4)
    url = reverse("shipments:shipment-new")
    page = as_(house.assistant).get(url)
    assert page.content.decode().count('<form method="post" class="card"') == 1
    typed = {
        f"line_{line.pk}": quantity for order, quantity in ((one, "3"), (two, "=2*2")) for line in order.lines.all()
    }
    answer = as_(house.assistant).post(url, typed | {"once": hidden(page, "once")})
    assert answer.status_code == 302
    assert sorted(newest().lines.values_list("quantity", flat=True)) == [3, 4]


@pytest.mark.duty("S1")
def test_more_than_is_open_is_said_beside_the_quantity(house, as_):
    order = approved_order(house, 10)
    line = order.lines.get()
    answer = as_(house.assistant).post(reverse("shipments:shipment-new"), {f"line_{line.pk}": "11"})
    assert answer.status_code == 422
    assert "only 10 件 are open" in answer.content.decode()
    assert not Shipment.objects.exists()


@pytest.mark.duty("S1")
def test_a_draft_is_changed_and_submitted_in_one_go(house, as_):
    shipment = draft_shipment(house, approved_order(house, 10, 4))
    url = reverse("shipments:shipment-edit", args=[shipment.pk])
    page = as_(house.assistant).get(url)
    lines = [row.order_line_id for row in shipment.lines.all()]
    typed = {
        "version": hidden(page, "version"), "once": hidden(page, "once"), "dated_on": "today", "delivery_address": "宁波市",
        f"line_{lines[0]}": "6", f"line_{lines[1]}": "", "then": "submit",
    }  # fmt: skip
    answer = as_(house.assistant).post(url, typed)
    assert answer.status_code == 302, answer.content.decode()
    found = Shipment.objects.get(pk=shipment.pk)
    assert (found.state, found.delivery_address, [row.quantity for row in found.lines.all()]) == (
        "submitted",
        "宁波市",
        [6],
    )


@pytest.mark.duty("S4")
def test_the_reviewer_sees_the_order_beside_the_shipment_with_differences_marked(house, as_):
    order = approved_order(house, 10)
    shipment = draft_shipment(house, order, 4)
    Shipment.objects.filter(pk=shipment.pk).update(delivery_address="elsewhere")
    submit_shipment(shipment, by=house.assistant)
    page = as_(house.manager).get(reverse("pages:review", args=[shipment.pk])).content.decode()
    assert order.delivery_address in page and 'class="differs">elsewhere' in page
    assert "1 difference" in page and 'data-key="F9"' in page


@pytest.mark.duty("S4")
def test_two_people_review_by_one_key_each_and_the_next_one_comes(house, as_):
    first, second = submitted_shipment(house), submitted_shipment(house)
    for person in (house.manager, house.second):
        url = reverse("pages:review", args=[first.pk])
        page = as_(person).get(url)
        typed = {name: hidden(page, name) for name in ("once", "version", "fingerprint")}
        answer = as_(person).post(url, typed | {"step": "review_shipment"})
        assert answer.url == reverse("pages:review", args=[second.pk])
    assert Shipment.objects.get(pk=first.pk).state == "reviewed"


@pytest.mark.duty("S5")
def test_finance_works_the_queue_of_money_before_dispatch(as_):
    house = make_house(terms="PREPAID", limit=D(0))
    order = approved_order(house, 10)
    shipment = reviewed_shipment(house, order)
    url = reverse("shipments:money")
    page = as_(house.finance).get(url).content.decode()
    assert "1,130.00" in page and "disabled" in page
    receive(house, "1130.00", order=order)
    page = as_(house.finance).get(url)
    seen = {name: hidden(page, name) for name in ("version", "fingerprint")}
    answer = as_(house.finance).post(reverse("shipments:clear", args=[shipment.pk]), seen | {"back": url})
    assert answer.url == url
    assert Clearance.objects.get().by == house.finance
    assert shipment.get_absolute_url() not in as_(house.finance).get(url).content.decode()


@pytest.mark.duty("S5")
def test_a_manager_releases_with_a_reason_and_nobody_else_may(as_):
    house = make_house(terms="PREPAID", limit=D(0))
    shipment = reviewed_shipment(house)
    url = reverse("shipments:release", args=[shipment.pk])
    for person in (house.finance, house.assistant, house.warehouse):
        assert as_(person).post(url, {"note": "x"}).status_code == 403
    page = as_(house.manager).get(url)
    assert "1,130.00" in page.content.decode()
    assert as_(house.manager).post(url, {"note": ""}).status_code == 422
    answer = as_(house.manager).post(url, {"note": "telephoned", "fingerprint": hidden(page, "fingerprint")})
    assert answer.status_code == 302
    assert Clearance.objects.get().is_release


@pytest.mark.duty("S6")
def test_the_warehouse_dispatches_with_carrier_and_number_and_it_arrives(house, as_):
    shipment = reviewed_shipment(house)
    url = reverse("pages:step", args=[shipment.pk, "dispatch_shipment"])
    page = as_(house.warehouse).get(url)
    typed = {name: hidden(page, name) for name in ("once", "version", "fingerprint")}
    answer = as_(house.warehouse).post(
        url, typed | {"dispatched_on": "today", "tracking_number": "SF1", "freight": "12.5"}
    )
    assert answer.status_code == 302, answer.content.decode()
    found = Shipment.objects.get(pk=shipment.pk)
    assert (found.state, found.tracking_number, found.freight) == ("dispatched", "SF1", D("12.50"))
    url = reverse("pages:step", args=[shipment.pk, "deliver_shipment"])
    page = as_(house.assistant).get(url)
    typed = {name: hidden(page, name) for name in ("once", "version")}
    assert as_(house.assistant).post(url, typed | {"delivered_on": "today", "received_by": "王芳"}).status_code == 302
    assert Shipment.objects.get(pk=shipment.pk).received_by == "王芳"


@pytest.mark.duty("S6")
def test_tracking_numbers_are_typed_beside_the_shipment_or_pasted(house, as_):
    one, two = dispatched_shipment(house), dispatched_shipment(house)
    back = reverse("shipments:day")
    answer = as_(house.warehouse).post(
        reverse("shipments:track", args=[one.pk]), {"tracking_number": "YT5", "back": back}
    )
    assert answer.url == back
    page = (
        as_(house.warehouse)
        .post(reverse("shipments:tracking"), {"pasted": f"{two.number}\tSF9\nSH-1\tX\n"})
        .content.decode()
    )
    assert "There is no such shipment." in page
    assert set(Shipment.objects.values_list("tracking_number", flat=True)) == {"YT5", "SF9"}


def test_one_is_sent_back_only_inside_the_house(house, as_):
    shipment = dispatched_shipment(house)
    answer = as_(house.warehouse).post(
        reverse("shipments:track", args=[shipment.pk]), {"tracking_number": "1", "back": "//evil.example/"}
    )
    assert answer.url == shipment.get_absolute_url()


@pytest.mark.duty("R5", "R7", "S6")
def test_the_warehouses_day_says_what_leaves_and_what_waits(house, as_):
    made = [reviewed_shipment(house), submitted_shipment(house), dispatched_shipment(house)]
    page = as_(house.warehouse).get(reverse("shipments:day")).content.decode()
    for shipment in made:
        assert shipment.get_absolute_url() in page
    due = {
        str(group.duty.title): [row.url for row in group.rows]
        for group in due_for(house.warehouse, on=timezone.localdate())
    }
    assert due["Shipments ready to leave"] == [made[0].get_absolute_url()]
    assert due["Shipments to review"] == [made[1].get_absolute_url()]
    assert due["On the way without a tracking number"] == [made[2].get_absolute_url()]


@pytest.mark.parametrize("query", ["", "?late=1", "?ready=1", "?money=1", "?untracked=1", "?state=dispatched", "?q=x"])
def test_the_list_answers_every_view(house, as_, query):
    dispatched_shipment(house)
    assert as_(house.assistant).get(reverse("shipments:list") + (query or "?view=all")).status_code == 200


@pytest.mark.duty("S6")
def test_many_are_dispatched_at_once_each_through_the_gate(house, as_):
    good = reviewed_shipment(house)
    late = submitted_shipment(house)
    answer = as_(house.warehouse).post(
        reverse("shipments:list") + "?view=all", {"act": "dispatch_shipment", "ids": [good.pk, late.pk]}
    )
    assert answer.status_code == 200
    assert [Shipment.objects.get(pk=s.pk).state for s in (good, late)] == ["dispatched", "submitted"]


@pytest.mark.parametrize("state", BY_STATE)
def test_every_state_has_its_page_and_panels(house, as_, state):
    shipment = BY_STATE[state](house)
    order = shipment.lines.first().order_line.order
    for person in (house.assistant, house.manager, house.finance, house.salesperson):
        assert as_(person).get(shipment.get_absolute_url()).status_code == 200
    panel = as_(house.assistant).get(reverse("pages:panel", args=["shipments_of_order", order.pk])).content.decode()
    assert shipment.get_absolute_url() in panel


@pytest.mark.duty("F9")
def test_what_is_not_visible_is_not_found(house, as_):
    stranger = make_house()
    shipment = reviewed_shipment(house)
    for person in (stranger.assistant, stranger.salesperson):
        for name in ("shipments:shipment", "shipments:delivery-note", "shipments:shipment-edit"):
            assert as_(person).get(reverse(name, args=[shipment.pk])).status_code == 404
    assert (
        as_(stranger.assistant)
        .post(reverse("shipments:track", args=[shipment.pk]), {"tracking_number": "1"})
        .status_code
        == 404
    )
    assert as_(stranger.assistant).get(reverse("shipments:shipment-new")).content.decode().count(house.party.name) == 0


@pytest.mark.duty("S1")
def test_the_delivery_note_is_printed_without_prices_unless_asked_for(house, as_):
    shipment = delivered_shipment(house)
    url = reverse("shipments:delivery-note", args=[shipment.pk])
    for query in ("", "?prices=1", "?language=en"):
        answer = as_(house.warehouse).get(url + query)
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content]).startswith(b"%PDF-")


def test_the_list_of_a_day_sums_to_the_ledger(house):
    one, two = dispatched_shipment(house), dispatched_shipment(house)
    rows = dispatch_list(on=timezone.localdate())
    assert [row.number for row in rows] == [one.number, two.number]
    assert sum(row.amount for row in rows) == one.amount + two.amount
