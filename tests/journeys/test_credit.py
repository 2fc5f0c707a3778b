"""An order over the credit limit waits; a manager lets it pass with a reason, and it goes on to its review (C11)."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Order
from orders.services import Wanted
from tests.journeys.desks import Desk
from tests.making_orders import draft_order
from tests.making_shipments import make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


@pytest.mark.duty("C11")
def test_an_order_over_the_limit_waits_until_the_manager_releases_it_with_a_reason(open_as, live_server):
    house = make_house(limit=Decimal(1000), list_price=Decimal(150), tax_rate=Decimal("0.13"))
    lines = [Wanted(product=house.goods[0], quantity=Decimal(10))]
    order = draft_order(house.customer, by=house.assistant, lines=lines)
    assistant, manager = (Desk(open_as(person), live_server.url) for person in (house.assistant, house.manager))

    assistant.open(f"/orders/{order.pk}/")
    for key in ("F9", "Control+Enter"):
        with assistant.page.expect_navigation():
            assistant.page.keyboard.press(key)
    assistant.sees("Held", "Exposure 1,500.00 would pass the credit limit 1,000.00 by 500.00.")
    assert state(order) == "held"
    expect(assistant.page.locator('a[href$="/release_order/"]')).to_have_count(0)

    step = f"/documents/{order.pk}/release_order/"
    manager.open("/reports/today/").sees("Orders held", house.party.name).click(f'a[href="{step}"]')
    page = manager.page
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("main .errors:not(:empty), main [aria-invalid=true]").first).to_be_visible()
    assert state(order) == "held", "without a reason nothing passes"
    manager.fill(note="The cheque is here").send().sees("The cheque is here")
    release = Order.objects.get(pk=order.pk).releases.get()
    assert (release.by, release.reason, release.exposure) == (house.manager, "The cheque is here", order.amount)
    assert release.expires_on == timezone.localdate() + datetime.timedelta(7)

    assistant.open(f"/orders/{order.pk}/").sees("Submitted", "The cheque is here")
    expect(assistant.page.locator(".notice.tone-bad")).to_have_count(0)
    manager.review(order.pk)
    assistant.open(f"/orders/{order.pk}/").sees("Approved", Order.objects.get(pk=order.pk).number)
    assert state(order) == "approved"
