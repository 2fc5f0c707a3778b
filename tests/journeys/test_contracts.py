"""A contract as the office handles it: drafted from a template, reviewed, signed, amended, closed (K1, K2)."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from contracts.models import Contract
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.journeys.desks import Desk
from tests.making import ProductFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
SCAN = {"scan": {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": contracts.SCAN}}


def draft(desk: Desk) -> int:
    """From the template: customer, two kinds of goods, one of them in three deliveries; the open places written over."""
    page = desk.page
    page.wait_for_selector("[data-sheet] tbody tr")
    desk.choose(party="K900")
    clauses = page.locator("[name=clauses]").input_value()
    assert "{大写金额}" in clauses and "{验收天数}" in clauses
    desk.fill(
        clauses=clauses.replace("{验收天数}", "三").replace("{管辖法院所在地}", "需方所在地"), title="年度购销合同"
    )
    desk.line(0, product="P01", quantity="120", due_on="2027-01-31", parts="3")
    if not page.locator("[name=lines-1-product]").count():
        page.locator("[data-add]").click()
    desk.line(1, product="P02", quantity="10")
    expect(page.locator("[data-total=gross]")).to_have_text("14,000.00")
    expect(page.locator("[data-notes]")).to_contain_text("4,200.00")  # 30 % of it, by the template's plan
    desk.send().sees("壹万肆仟元整", "年度购销合同")
    return desk.number


@pytest.mark.duty("K1", "K2")
def test_a_contract_from_the_template_to_its_second_edition_and_its_end(open_as, live_server):
    customer = orders.make_customer(code="K900", name="杭州示例医院")
    for number in (1, 2):
        ProductFactory(code=f"P{number:02}", list_price=Decimal(100 * number))
    desk = Desk(open_as(orders.assistant_of(customer), "/contracts/new/"), live_server.url)
    manager = Desk(open_as(contracts.manager_for(customer)), live_server.url)
    pk = draft(desk)
    desk.step(pk, "submit_contract")
    manager.review(pk)
    desk.step(pk, "sign_contract", files=SCAN, archive_place="A柜-01").step(pk, "start_contract")
    desk.open("/contracts/?category=sales&copy=1").sees("A柜-01", "14,000.00")

    desk.open(f"/contracts/{pk}/amend/").fill(reason="需方减少数量")
    quantity = desk.page.locator("[name=lines-0-quantity]")
    assert quantity.input_value() == "40" and desk.page.locator("[name=lines-count]").input_value() == "4"
    quantity.fill("30")
    expect(desk.page.locator("[data-total=gross]")).to_have_text("13,000.00")
    amendment = desk.send().sees("需方减少数量", "Before", "30 件").number
    desk.step(amendment, "submit_amendment")
    manager.open(f"/documents/{amendment}/review/").sees("40", "30")
    manager.review(amendment)
    desk.step(amendment, "sign_amendment", files=SCAN)
    desk.open(f"/contracts/{pk}/").sees("in force", "13,000.00").click(f'a[href="/contracts/{pk}/editions/1/"]').sees(
        "14,000.00"
    )

    manager.open(f"/documents/{pk}/close_contract/").sees("Why the rest is given up").fill(note="客户停业").send()
    contract = Contract.objects.get(pk=pk)
    assert (contract.state, contract.edition, contract.amount) == ("closed", 2, Decimal("13000.00"))
    assert re.fullmatch(r"HT-\d{4}-000001", contract.number)
