"""A licence from its scan to the order it holds; papers from the rule to the goods that leave; a formality to its proof."""

import re

import pytest
from playwright.sync_api import Page, expect

from backoffice.people.models import Role
from backoffice.register.models import Record
from contracts.papers.models import Formality, Paper, PaperKind
from customers.licences.models import Licence
from orders.models import Order
from orders.services.letting_go import TAKE_ON
from shipments.models import Shipment
from tests.journeys.trading import paper
from tests.making_contracts import approved_contract
from tests.making_licences import in_days, kind, verified_licence
from tests.making_papers import ask_for
from tests.making_shipments import approved_order, make_house, reviewed_shipment
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def goes(page: Page, *keys: str) -> None:
    """The last of these keys leads to another page."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def follows(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def fills(page: Page, **fields: str) -> None:
    for name, typed in fields.items():
        page.locator(f"[name={name}]").fill(typed)


@pytest.mark.duty("C2")
def test_a_licence_is_verified_by_a_second_person_and_its_lapse_holds_an_order_until_then(open_as, at_once):
    at_once(TAKE_ON)
    house = make_house()
    verified_licence(
        house.customer,
        by=house.assistant,
        verified_by=house.manager,
        code="MEDICINE",
        external_number="OLD-1",
        valid_until=in_days(-1),
    )
    mine = open_as(house.assistant, f"/customers/{house.party.pk}/?tab=licences_of_customer")
    expect(mine.locator("#panel-licences_of_customer")).to_contain_text("lapsed")
    follows(mine, "#panel-licences_of_customer a:has-text('OLD-1')")
    goes(mine, "F4")
    fills(mine, external_number="NEW-1", valid_until=in_days(800).isoformat())
    goes(mine, "Control+Enter")  # without the scan it comes back and says so
    expect(mine.locator("main")).to_contain_text("The scan of the licence is missing.")
    mine.locator("[name=scan]").set_input_files([paper()])
    goes(mine, "Control+Enter")
    licence = Licence.objects.get(external_number="NEW-1")
    assert (licence.state, licence.licence_kind) == ("submitted", kind("MEDICINE"))

    held = open_as(house.assistant, f"/orders/new/?party={house.party.pk}")
    held.wait_for_selector("[data-sheet] tbody tr")
    for name, typed in (("product", house.goods[0].code), ("quantity", "3")):
        held.locator(f"[name=lines-0-{name}]").focus()
        held.keyboard.type(typed)
        held.keyboard.press("Enter")
    expect(held.locator("[data-notes]")).to_contain_text("OLD-1 lapsed on", timeout=15000)
    goes(held, "F9")
    expect(held.locator("main")).to_contain_text("OLD-1 lapsed on")
    assert Order.objects.get().state == "held"

    boss = open_as(house.manager, "/reports/today/")
    follows(boss, f'a[href="/documents/{licence.pk}/review/"]')
    expect(boss.locator("main")).to_contain_text("paper.png")
    goes(boss, "F9")
    boss.goto(Order.objects.get().get_absolute_url())
    expect(boss.locator("main")).to_contain_text("NEW-1 was verified")
    assert Order.objects.get().state == "submitted"
    assert set(Licence.objects.values_list("state", flat=True)) == {"verified", "replaced"}


@pytest.mark.duty("K6")
def test_goods_leave_once_their_certificate_and_report_go_along(open_as):
    house = make_house()
    ask_for("QUALITY", by=house.assistant, product=house.goods[0])
    shipment, urgent = (reviewed_shipment(house, approved_order(house, quantity)) for quantity in (10, 5))
    mine = open_as(house.assistant, "/contracts/papers/rules/new/")
    mine.locator("[name=paper_kind]").select_option(label=PaperKind.objects.get(code="CERT").name)
    mine.locator("[name=party-text]").press_sequentially(house.party.code, delay=15)
    mine.wait_for_selector("#choices [role=option][aria-selected=true]")
    mine.keyboard.press("Enter")
    goes(mine, "Control+Enter")

    store = open_as(house.warehouse, "/reports/today/")
    follows(store, f'a[href="/shipments/{shipment.pk}/?tab=papers_of_shipment"]')
    expect(store.locator(".why-not")).to_contain_text("Still missing to go along")
    follows(store, f'form[action$="/with/{shipment.pk}/certificates/"] button')
    follows(store, "#panel-papers_of_shipment a:has-text('Make')")
    store.wait_for_selector("[data-sheet] tbody tr")
    fills(store, batch="B2026-7", conclusion="合格")
    for place, found in enumerate(("无破损", "清晰", "一致")):
        cell = store.locator(f"[name=lines-{place}-found]")
        cell.fill(found)
    goes(store, "Control+Enter")
    expect(store).to_have_url(re.compile(rf"/shipments/{shipment.pk}/$"))
    assert Paper.objects.filter(goes_with=Record.objects.get(pk=shipment.pk), state="issued").count() == 2
    goes(store, "F9")
    goes(store, "Control+Enter")
    assert Shipment.objects.get(pk=shipment.pk).state == "dispatched"

    boss = open_as(house.manager, f"/shipments/{urgent.pk}/?tab=papers_of_shipment")
    follows(boss, "#panel-papers_of_shipment a[href$='/release-papers/']")
    fills(boss, note="they follow by mail")
    goes(boss, "Control+Enter")
    store.goto(f"/shipments/{urgent.pk}/?tab=papers_of_shipment")
    expect(store.locator("#panel-papers_of_shipment")).to_contain_text("they follow by mail")
    goes(store, "F9")
    goes(store, "Control+Enter")
    assert Shipment.objects.get(pk=urgent.pk).state == "dispatched"


@pytest.mark.duty("K7")
def test_a_formality_begins_with_the_signed_contract_and_ends_with_its_proof(open_as):
    house = make_house()
    purse = open_as(make_person(Role.FINANCE), "/contracts/papers/checklists/new/")
    purse.locator("[name=category]").select_option("sales")
    fills(purse, name="印花税申报", days="2")
    goes(purse, "Control+Enter")
    contract = approved_contract(house.customer, by=house.assistant)
    mine = open_as(house.assistant, f"/documents/{contract.pk}/sign_contract/")
    mine.locator("[name=scan]").set_input_files([paper()])
    goes(mine, "Control+Enter")
    row = Formality.objects.get()
    assert (row.name, row.owner) == ("印花税申报", house.assistant)
    mine.goto("/reports/today/")
    follows(mine, f'a[href="/contracts/papers/formalities/{row.pk}/finish/"]')
    fills(mine, outcome="已申报")
    mine.locator("[name=proof]").set_input_files([paper()])
    goes(mine, "Control+Enter")
    expect(mine.locator("#panel-formalities_of_contract")).to_contain_text("paper.png")
    row.refresh_from_db()
    assert row.done_by == house.assistant and row.proof is not None
