"""Somebody outside answers an offer without a script; the salesperson calls, and with one key they are a customer (C6)."""

import pytest
from playwright.sync_api import expect

from customers.leads.models import Lead, Offer
from customers.models import Note
from tests.journeys.desks import Desk
from tests.making_leads import new_lead
from tests.making_shipments import make_house

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.duty("C6")]


def test_from_the_public_page_to_a_customer(open_as, chromium, live_server):
    house = make_house()
    writer, boss = (Desk(open_as(person, "/"), live_server.url) for person in (house.assistant, house.manager))
    writer.open("/customers/leads/offers/new/").fill(
        title="华东区经销商招募",
        code="east-2026",
        summary="独家代理，首批铺货支持。",
        text="诚招华东经销商。",
        phone="400-800-0000",
    )
    writer.choose(owner=house.salesperson.username).send()
    boss.open(f"/customers/leads/offers/{Offer.objects.get().pk}/").click('form[action$="/publish/"] button')

    outside = chromium.new_context(java_script_enabled=False, locale="zh-CN", base_url=live_server.url)
    page = outside.new_page()
    page.goto("/public/offers/")
    page.get_by_role("link", name="华东区经销商招募").click()
    for name, typed in {
        "name": "宁波新禾商贸有限公司",
        "contact": "钱经理",
        "phone": "0574-87651234",
        "city": "宁波",
        "message": "想了解首批条件。",
    }.items():
        page.locator(f"[name={name}]").fill(typed)
    page.locator("[name=consent]").check()
    page.locator("#answer button.primary").click()
    expect(page.locator("h1")).to_contain_text("谢谢")
    outside.close()

    lead = Lead.objects.get()
    seller = Desk(open_as(house.salesperson, "/reports/today/"), live_server.url)
    seller.sees("宁波新禾商贸有限公司").open(f"/customers/leads/{lead.pk}/")
    seller.fill(text="介绍政策，对方要样品。").click('form[action$="/calls/"] button')
    seller.open("/customers/leads/").click(f"li:has(#lead-{lead.pk}) button[value=interested]")
    lead.refresh_from_db()
    assert (lead.stage, lead.first_call_on) == ("interested", lead.came_on)
    seller.open(f"/customers/leads/{lead.pk}/")
    with seller.page.expect_navigation():
        seller.page.keyboard.press("F9")
    lead.refresh_from_db()
    seller.sees("宁波新禾商贸有限公司", "介绍政策，对方要样品。")
    assert lead.stage == "won" and Note.objects.filter(party=lead.customer_id).count() == 2
    seller.open("/customers/leads/figures/").sees("Public page")


def test_a_card_is_moved_by_dragging_it_and_by_keys(open_as):
    house = make_house()
    lead, other = new_lead(house.salesperson), new_lead(house.salesperson)
    page = open_as(house.salesperson, "/customers/leads/", width=1440)
    with page.expect_navigation():
        page.locator(f"li:has(#lead-{lead.pk})").drag_to(page.locator("[data-lane=negotiating]"))
    lead.refresh_from_db()
    assert lead.stage == "negotiating"
    expect(page.locator(f"[data-lane=negotiating] #lead-{lead.pk}")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("[")
    expect(page.locator(f"[data-lane=interested] #lead-{lead.pk}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#lead-{other.pk}")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("]")
    assert set(Lead.objects.values_list("stage", flat=True)) == {"interested", "contacted"}
