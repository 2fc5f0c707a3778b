"""What was agreed is followed to its end: supply asked for and promised, the performance list, the statistics of the month."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from backoffice.people.models import Role
from backoffice.periods import Month
from contracts.supply.models import SupplyRequest
from tests.contracts.test_performance import agreed, called_off
from tests.making_invoices import confirmed_payment, issued_invoice
from tests.making_shipments import approved_order, dispatched_shipment, make_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sends(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def clicks(page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.duty("K8")
def test_an_order_asks_for_supply_and_shows_what_was_promised_and_what_came(open_as):
    house, buyer = make_house(), make_person(Role.PURCHASING)
    order = approved_order(house, 10, 5)
    page = open_as(house.assistant, f"/orders/{order.pk}/")
    clicks(page, f'a[href$="/contracts/supply/new/?source={order.pk}"]')
    expect(page.locator("[name=lines-1-quantity]")).to_have_value("5")
    expect(page.locator("[data-sheet]")).to_contain_text(house.goods[0].name)
    cell = page.locator("[name=lines-0-quantity]")
    cell.fill("8")
    cell.press("Enter")
    sends(page)
    request = SupplyRequest.objects.get()
    with page.expect_navigation():
        page.keyboard.press("F9")
    sends(page)
    assert SupplyRequest.objects.get().state == "asked"

    answer = open_as(buyer, "/reports/today/")
    clicks(answer, f'a[href="/documents/{request.pk}/answer_supply/"]')
    first, second = request.lines.all()
    answer.locator(f"[name=on_{first.pk}]").fill("+20")
    sends(answer)
    expect(answer.locator("main")).to_contain_text(request.party.name)

    page.goto(f"/orders/{order.pk}/")
    expect(page.locator(".chain")).to_contain_text(SupplyRequest.objects.get().number)
    page.locator("#tab-supply_of_order").click()
    supply = page.locator("table", has=page.locator(f'a[href="{request.get_absolute_url()}"]'))
    expect(supply.locator("td.differs")).to_have_count(1)
    stock = open_as(house.warehouse, f"/documents/{request.pk}/receive_supply/")
    stock.locator(f"[name=quantity_{second.pk}]").fill("5")
    stock.locator(f"[name=quantity_{first.pk}]").fill("")
    sends(stock)
    assert SupplyRequest.objects.get().state == "part"
    page.goto(f"/orders/{order.pk}/?tab=supply_of_order")
    expect(supply.locator("tbody tr").nth(1)).to_contain_text(
        f"{request.lines.all()[1].supplied:f}".rstrip("0").rstrip(".")
    )


@pytest.mark.duty("K3", "K4")
def test_from_all_contracts_to_one_to_its_documents_and_from_the_statistics_back(open_as):
    house, gm = make_house(), make_person(Role.GM)
    contract = agreed(house, 20, 10, due_on=timezone.localdate())
    order = called_off(house, contract, 12, 4)
    shipment = dispatched_shipment(house, order)
    issued_invoice(house)
    confirmed_payment(house, 700, order=order)

    page = open_as(gm, "/contracts/performance/")
    expect(page.locator("tfoot")).to_contain_text("1,400.00")
    clicks(page, f'a[href="/contracts/{contract.pk}/performance/"]')
    expect(page.locator("main")).to_contain_text("700.00")
    line = contract.lines.first()
    clicks(page, f'a[href*="/performance/of/shipped/"][href$="line={line.pk}"]')
    expect(page.locator("tfoot")).to_contain_text("1,200.00")
    clicks(page, f'a[href="{shipment.get_absolute_url()}"]')
    expect(page.locator("h1")).to_contain_text(shipment.number)

    page.goto("/reports/contracts/?by=customer")
    expect(page.locator("tfoot")).to_contain_text("50")
    clicks(page, "tbody a")
    expect(page).to_have_url(re.compile(rf"in_force={Month.containing(timezone.localdate())}"))
    expect(page.locator("tfoot")).to_contain_text("1,400.00")
