"""One order to its invoice by keyboard alone: each person finds what is theirs on the first page, and no key is guessed."""

import re

import pytest
from playwright.sync_api import expect

from backoffice.people.models import Role
from invoices.models import Invoice
from orders.models import Order
from tests.making_orders import assistant_of
from tests.making_shipments import make_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
STEPS = 12


class Keys:
    """A person with nothing but the keyboard."""

    def __init__(self, page) -> None:
        self.page = page

    def press(self, *keys: str) -> "Keys":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, typed: str) -> "Keys":
        self.page.keyboard.type(typed, delay=20)
        return self

    def goes(self, *keys: str) -> "Keys":
        """The last of these keys leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])
        return self

    def finds_today(self, act: str) -> "Keys":
        """Home, then down the list of duties until the act is in focus, and into it."""
        self.goes("g", "h") if not self.page.url.endswith("/reports/today/") else self.page.reload()
        for _place in range(STEPS):
            self.press("j")
            if re.search(act, self.page.evaluate("document.activeElement.getAttribute('href') || ''")):
                return self.goes("Enter")
        raise AssertionError(f"{act} is not among the duties: {self.page.locator('.due-list').all_inner_texts()}")


@pytest.mark.duty("O1", "O2", "S4", "I1", "I2", "I9")
def test_from_the_order_to_the_invoice_without_a_mouse(open_as):
    house = make_house()
    ai, ma, feng, fan = (
        assistant_of(house.customer),
        assistant_of(house.customer),
        house.finance,
        make_person(Role.FINANCE),
    )
    desk = {who: Keys(open_as(who, "/reports/today/")) for who in (house.assistant, ai, ma, feng, fan, house.second)}
    wen = house.second

    mine, page = desk[house.assistant], desk[house.assistant].page
    mine.press("Control+k").type("new order")
    page.wait_for_selector("#palette-hits .on[href='/orders/new/']")
    mine.goes("Enter")
    page.wait_for_selector("[data-sheet] tbody tr")
    mine.type(house.party.code)
    page.wait_for_selector("#choices [role=option][aria-selected=true]")
    mine.press("Enter")
    expect(page.locator("[name=required_on]")).to_be_focused()
    mine.type("+7").press("Enter", "Enter").type(house.goods[0].code).press("Enter")
    expect(page.locator("[name=lines-0-quantity]")).to_be_focused()
    mine.type("3").press("Enter")
    expect(page.locator("[data-total=gross]")).not_to_have_text("0.00")
    mine.goes("F9")
    order = Order.objects.get()
    desk[ai].finds_today(rf"/documents/{order.pk}/review/").goes("F9")

    page.reload()
    mine.goes("F7").goes("F9").goes("Control+Enter")
    for reviewer in (ai, wen):
        desk[reviewer].finds_today(r"/review/$").goes("F9")
    desk[wen].finds_today(r"/dispatch_shipment/$")
    desk[wen].goes("Control+Enter")

    page.reload()
    mine.goes("F7").goes("Control+Enter").goes("F9").goes("Control+Enter")
    desk[feng].finds_today(r"/review/$").goes("F9")
    invoice = Invoice.objects.get()
    desk[feng].finds_today(rf"/documents/{invoice.pk}/submit_invoice/$").goes("Control+Enter")
    for reviewer in (fan, ma):
        desk[reviewer].finds_today(r"/review/$").goes("F9")
    desk[feng].finds_today(rf"/documents/{invoice.pk}/issue_invoice/$")
    expect(desk[feng].page.locator("[name=tax_invoice_no]")).to_be_focused()
    desk[feng].type("26440000000000000001").goes("Control+Enter")
    assert Invoice.objects.get().state == "issued"


def test_the_list_of_keys_says_what_each_does_in_whole_words(open_as):
    page = open_as(make_person(Role.FINANCE), "/ledger/trial-balance/")
    page.keyboard.press("?")
    expect(page.locator("#keys-here div").filter(has_text="Excel")).to_have_text("Excele")
