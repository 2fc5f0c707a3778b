"""A customer asks on the telephone: written down, quoted, agreed to by a manager, ordered; another becomes a contract; both are counted."""

import re

import pytest
from playwright.sync_api import expect

from contracts.models import Contract
from contracts.quotations.models import Quotation
from orders.models import Order
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.journeys.desks import Desk
from tests.making import ProductFactory
from tests.making_quotations import lost_quotation, quoted, quoted_goods

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def asked_on_the_telephone(desk: Desk) -> int:
    """From the customer's page, without knowing the goods' codes yet."""
    with desk.page.expect_navigation():
        desk.page.keyboard.press("F9")
    desk.fill(asked="手套 100 盒，月底前要").send()
    desk.sees("手套 100 盒", "No goods yet")
    return desk.number


def answered_below_the_list(desk: Desk, pk: int) -> None:
    """The price is not one that may be quoted alone: F9 hands it to a manager."""
    desk.open("/").click(f'a[href="/contracts/quotations/{pk}/edit/"]')
    desk.page.wait_for_selector("[data-sheet] tbody tr")
    desk.line(0, product="P01", quantity="100", unit_price="88")
    expect(desk.page.locator("[data-total=gross]")).to_have_text("8,800.00")
    expect(desk.page.locator("[data-notes]")).to_contain_text("A manager has to agree")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("F9")
    assert Quotation.objects.get(pk=pk).state == "submitted"


@pytest.mark.duty("O7", "O1")
def test_from_the_telephone_over_the_managers_word_to_the_order(open_as, live_server):
    customer = orders.make_customer(code="K700", name="杭州示例医院")
    ProductFactory(code="P01", list_price=100, lowest_price=95)
    lost_quotation(customer)
    desk = Desk(open_as(orders.assistant_of(customer), f"/customers/{customer.pk}/"), live_server.url)
    pk = asked_on_the_telephone(desk)
    answered_below_the_list(desk, pk)
    manager = Desk(open_as(contracts.manager_for(customer)), live_server.url)
    manager.open(f"/documents/{pk}/review/").sees("below the lowest price").review(pk)

    desk.open(f"/contracts/quotations/{pk}/").sees("BJ-", "Valid until")
    answer = desk.page.request.get(f"{live_server.url}/contracts/quotations/{pk}/pdf/")
    assert answer.ok and answer.body().startswith(b"%PDF")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("F4")
    expect(desk.page.locator("[name=lines-0-unit_price]")).to_have_value("88", timeout=15000)
    expect(desk.page.locator("[data-total=gross]")).to_have_text("8,800.00")
    desk.page.keyboard.press("F9")
    desk.page.wait_for_url(re.compile(r"/orders/\d+/$"))
    order = Order.objects.get()
    assert order.state == "submitted" and not order.lines.get().price_reason
    colleague = Desk(open_as(orders.assistant_of(customer)), live_server.url)
    colleague.review(order.pk)
    desk.open(f"/orders/{order.pk}/")
    expect(desk.page.locator(".chain")).to_contain_text("BJ-")
    desk.open("/contracts/quotations/figures/").sees("8,800.00", "price too high", "50%")
    desk.click('a[href*="state=won"]').sees("手套 100 盒")


@pytest.mark.duty("K1", "O7")
def test_a_contract_is_drafted_from_a_quotation_with_one_key(open_as, live_server):
    customer = orders.make_customer(code="K701", name="宁波示例医院")
    product = ProductFactory(code="P07", list_price=100)
    quotation = quoted(customer, lines=[quoted_goods(product, 20, 105)], terms="含运费")
    desk = Desk(open_as(orders.assistant_of(customer), "/contracts/new/"), live_server.url)
    page = desk.page
    page.wait_for_selector("[data-sheet] tbody tr")
    desk.choose(party="K701").choose(origin=quotation.number)
    expect(page.locator("[name=lines-0-unit_price]")).to_have_value("105")
    expect(page.locator("[data-total=gross]")).to_have_text("2,100.00")
    expect(page.locator("[name=note]")).to_have_value("含运费")
    page.locator("[name=clauses]").fill("质量：符合国家标准。")
    desk.send().sees("2,100.00", quotation.number)
    contract = Contract.objects.get()
    assert (contract.origin_id, contract.term_id) == (quotation.pk, quotation.term_id)
