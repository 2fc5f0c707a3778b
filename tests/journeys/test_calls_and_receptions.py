"""A morning on the telephone, guests at noon, and what the market does: by keyboard where an assistant has her hands full."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from backoffice.files.services import keep
from backoffice.people.models import Person, Role
from customers.market.models import MarketNote
from customers.market.services import send_brief
from customers.visits.models import Reception, Visit
from customers.visits.services import plan_rhythms
from expenses.models import Claim
from tests.making import ProductFactory
from tests.making_customers import make_customer
from tests.making_visits import approved_reception, planned_visit
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office():
    """An assistant, the salesperson she serves, a manager, and three customers."""
    salesperson, assistant = make_person(Role.SALESPERSON), make_person(Role.ASSISTANT)
    assistant.serves.add(salesperson)
    manager = make_person(Role.MANAGER, Role.GM)
    customers = [make_customer(salesperson, grade=grade, phone="0571-86110000") for grade in "ABC"]
    return assistant, manager, customers


@pytest.mark.duty("C3")
def test_the_calls_of_the_day_are_worked_through_by_keyboard(open_as, office):
    assistant, manager, _customers = office
    plan_rhythms(on=timezone.localdate(), by=Person.objects.system())
    late = Visit.objects.filter(way="call").order_by("pk")
    late.update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    page = open_as(assistant, "/customers/visits/")
    page.keyboard.press("F9")
    first = Visit.objects.queue_of(assistant, on=timezone.localdate()).first()
    page.wait_for_url(f"**/customers/visits/{first.pk}/make/")
    expect(page.locator("[name=said]")).to_be_focused()
    page.keyboard.type("要看新样品，月底补货", delay=10)
    for group, choice in (("business", "growing"), ("stock", "low")):
        page.locator(f"[name={group}][value={choice}]").focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[name=demand]")).to_be_focused()
    page.keyboard.type("A4 20 箱")
    page.keyboard.press("Enter")
    page.keyboard.type("寄样品")
    page.keyboard.press("Enter")
    page.keyboard.type("+3")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    first.refresh_from_db()
    assert (first.state, first.business, first.stock, first.demand) == ("made", "growing", "low", "A4 20 箱")
    assert Visit.objects.planned().get(party=first.party, way="call").source == "agreed"
    page.wait_for_url(re.compile(r"/customers/visits/\d+/make/"))
    with page.expect_navigation():
        page.keyboard.press("F8")
    assert Visit.objects.filter(outcome="no_answer").count() == 1
    figures = open_as(manager, "/customers/visits/figures/")
    row = figures.locator("main .cards tbody tr", has_text=assistant.name)
    expect(row.locator("td").nth(4)).to_have_text("2")
    row.locator("td").nth(4).locator("a").click()
    expect(figures.locator("main")).to_contain_text("A4 20 箱")


@pytest.mark.duty("C3")
def test_a_telephone_sales_plan_with_its_figures(open_as, office):
    assistant, _manager, customers = office
    page = open_as(assistant, "/customers/visits/plans/new/")
    page.locator("[name=name]").fill("年末促销")
    page.locator("[name=ends_on]").fill("+20")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with page.expect_navigation():
        page.keyboard.press("F4")
    page.locator("[name=grades][value=A]").check()
    page.locator("[name=grades][value=B]").check()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("main tbody tr", has_text=assistant.name)).to_contain_text("2")
    assert Visit.objects.planned().filter(plan__name="年末促销").count() == 2
    planned_visit(customers[2].party, by=assistant)
    page.goto(f"/customers/{customers[2].pk}/")
    page.get_by_role("tab", name="Calls and visits").click()
    with page.expect_navigation():
        page.keyboard.press("F8")
    page.locator("[name=said]").fill("自己打来问交期")
    for group, choice in (("business", "steady"), ("stock", "enough")):
        page.locator(f"label:has([name={group}][value={choice}])").click()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/customers/{customers[2].pk}/")
    assert Visit.objects.get(party=customers[2].party, state="made").said == "自己打来问交期"


@pytest.mark.duty("C5")
def test_guests_are_planned_agreed_to_received_and_paid_for(open_as, office):
    assistant, manager, customers = office
    page = open_as(assistant, f"/customers/visits/receptions/new/?party={customers[0].pk}")
    page.wait_for_selector("[data-sheet] tbody tr")
    for name, typed in (("purpose", "看样品"), ("guest_count", "2"), ("guests", "张总 总经理\n李主任")):
        page.locator(f"[name={name}]").fill(typed)
    for name, typed in (("kind", "meal"), ("on", "today"), ("place", "楼外楼"), ("people", "3"), ("budget", "360")):
        page.locator(f"[name=lines-0-{name}]").fill(typed)
    expect(page.locator("[data-total=budget]")).to_have_text("360.00")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with page.expect_navigation():
        page.keyboard.press("F9")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    reception = Reception.objects.get()
    review = open_as(manager, f"/documents/{reception.pk}/review/")
    expect(review.locator("main")).to_contain_text("楼外楼")
    with review.expect_navigation():
        review.keyboard.press("F9")
    page.goto(f"/documents/{reception.pk}/host_reception/")
    page.locator("[name^=cost-]").fill("348.5")
    page.locator("[name=outcome]").fill("答应下月下单")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with page.expect_navigation():
        page.keyboard.press("F4")
    expect(page.locator("[name=lines-0-amount]")).to_have_value("348.50")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    claim = Claim.objects.get()
    keep("receipt.txt", b"receipt", "text/plain", by=assistant, record=claim, label="other")
    page.reload()
    with page.expect_navigation():
        page.keyboard.press("F9")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    reception.refresh_from_db()
    assert (reception.state, str(reception.actual), reception.claim_id) == ("settled", "348.50", claim.pk)
    assert approved_reception(customers[1].party, by=assistant, manager=manager).number


@pytest.mark.duty("C7")
def test_the_market_is_noted_quickly_and_read_by_the_manager(open_as, office):
    assistant, manager, _customers = office
    product = ProductFactory(name="复印纸")
    page = open_as(assistant, "/customers/market/")
    with page.expect_navigation():
        page.keyboard.press("n")
    box = page.locator("[name=product-text]")
    box.press_sequentially(product.code, delay=15)
    page.wait_for_selector("#choices [role=option][aria-selected=true]")
    box.press("Enter")
    page.locator("[name=price]").fill("95")
    with page.expect_navigation():
        page.keyboard.press("F9")
    expect(page.locator("[name=product-text]")).to_have_value(re.compile(product.code))
    page.locator("[name=kind]").select_option("move")
    page.locator("[name=text]").fill("同行降价促销")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert MarketNote.objects.count() == 2
    brief = send_brief(on=timezone.localdate(), at=timezone.now(), by=Person.objects.system())
    reader = open_as(manager, f"/customers/market/briefs/{brief.pk}/")
    expect(reader.locator("main")).to_contain_text("同行降价促销")
    reader.goto("/customers/market/prices/")
    expect(reader.locator("main tbody")).to_contain_text("95.00")
