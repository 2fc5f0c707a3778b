"""An assistant with a customer on the telephone: ten lines, no mouse, under a minute (O1, pages.md §7)."""

import re
import time
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from orders.models import Order
from tests import making_orders as making
from tests.making import ProductFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
SECONDS, KEYS = 60, 130
LINES = [
    ("p01", 5),
    ("p02", 12),
    ("dzxyj", 3),
    ("P04", 7),
    ("p05", 2),
    ("p06", 9),
    ("p07", 40),
    ("p08", 10),
    ("p09", 6),
    ("p10", 1),
]


class Hands:
    """Types as people do, key by key, and counts."""

    def __init__(self, page) -> None:
        self.page, self.keys, self.begun = page, 0, time.monotonic()

    def type(self, text: str) -> None:
        for sign in str(text):
            self.page.keyboard.type(sign, delay=25)
            self.keys += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun


@pytest.mark.duty("O1")
def test_ten_lines_without_the_mouse_in_under_a_minute(open_as):
    customer = making.make_customer(code="K777", name="杭州医药有限公司")
    for number in range(1, 11):
        name = "电子血压计" if number == 3 else f"器械{number}"
        ProductFactory(code=f"P{number:02}", name=name, list_price=Decimal(number * 10))
    page = open_as(making.assistant_of(customer), "/orders/new/")
    page.wait_for_selector("[data-sheet] tbody tr")
    hands = Hands(page)
    hands.type("hzyy")
    page.wait_for_selector("#choices [role=option][aria-selected=true]")
    hands.press("Enter")
    expect(page.locator("[name=required_on]")).to_be_focused()
    hands.type("+7")
    hands.press("Enter")
    hands.press("Enter")
    for place, (typed, quantity) in enumerate(LINES):
        hands.type(typed)
        if not any(sign.isdigit() for sign in typed):
            page.wait_for_selector("#choices [role=option][aria-selected=true]")
        hands.press("Enter")
        expect(page.locator(f"[name=lines-{place}-quantity]")).to_be_focused()
        hands.type(quantity)
        hands.press("Enter")
    expect(page.locator("[data-total=gross]")).to_have_text("5,540.00")
    hands.press("F9")
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    assert hands.seconds < SECONDS and hands.keys < KEYS, f"{hands.seconds:.1f} s, {hands.keys} keys"
    order = Order.objects.get()
    assert (order.state, order.lines.count(), order.amount) == ("submitted", 10, Decimal("5540.00"))


@pytest.mark.duty("O1")
def test_a_table_from_excel_and_a_closed_browser(open_as):
    customer = making.make_customer(code="K778", name="宁波康泰")
    for number in (1, 2):
        ProductFactory(code=f"P{number:02}", list_price=Decimal(100))
    person = making.assistant_of(customer)
    page = open_as(person, "/orders/new/")
    page.wait_for_selector("[data-sheet] tbody tr")
    page.focus("[name=lines-0-product]")
    page.evaluate("""() => {
        const clipboard = new DataTransfer();
        clipboard.setData("text/plain", "数量\\t产品编码\\n3\\tP02\\n4\\tP01\\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
    }""")
    expect(page.locator("[data-total=gross]")).to_have_text("700.00")
    page.context.close()
    again = open_as(person, "/orders/new/")
    expect(again.locator("[data-total=gross]")).to_have_text("700.00")
    assert again.input_value("[name=lines-0-product]") == "P02" and again.input_value("[name=lines-0-quantity]") == "3"
