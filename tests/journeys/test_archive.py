"""The archive in the browser: somebody typed twice is noticed, two become one by two people, one page answers a call."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.duplicates import find_duplicates
from customers.models import CustomerMerge
from customers.services import write_note
from tests.making_customers import make_customer
from tests.making_invoices import issued_invoice, shipped_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    """A company with a customer who buys, and the same customer entered once more."""
    house = shipped_house()
    issued_invoice(house)
    party = house.party
    house.twin = make_customer(
        house.salesperson,
        name=party.name.replace("有限公司", "有限责任公司"),
        phone="0571-88886666",
        tax_no="",
        contact="王芳",
        address="文三路 2 号",
    )
    house.second_seller = make_person("salesperson", department=house.salesperson.department)
    find_duplicates(on=timezone.localdate())
    return house


@pytest.mark.duty("C1", "C8")
def test_two_that_are_one_are_found_compared_and_merged_by_two_people(house, open_as):
    page = open_as(house.assistant, "/customers/duplicates/?open=1", width=1440)
    with page.expect_navigation():
        page.locator("main table tbody a").first.click()
    expect(page.locator("main")).to_contain_text(house.twin.party.name)
    page.locator("label.pick", has_text="0571-88886666").first.click()
    page.locator("[name=reason]").press_sequentially("the same company, typed twice")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    merge = CustomerMerge.objects.select_related("party", "merged").get()
    assert merge.state == "submitted"

    desk = open_as(house.finance, "/reports/today/")
    with desk.expect_navigation():
        desk.locator(f"a[href='/documents/{merge.pk}/review/']").first.click()
    expect(desk.locator("main")).to_contain_text("0571-88886666")
    with desk.expect_navigation():
        desk.keyboard.press("F9")
    merge.refresh_from_db()
    assert merge.state == "merged"

    page.goto(f"/customers/{merge.merged_id}/")
    expect(page).to_have_url(re.compile(rf"/customers/{merge.party_id}/$"))
    expect(page.locator("main")).to_contain_text(merge.merged.code)
    with page.expect_response(re.compile("only=document")):
        page.locator(".kinds a", has_text="Documents").click()
    expect(page.locator(".told .timeline")).to_contain_text("SO-")
    expect(page.locator(".told [aria-current]")).to_have_text("Documents")


@pytest.mark.duty("C1")
def test_a_call_is_answered_from_one_page_and_who_is_typed_twice_is_noticed(house, open_as):
    write_note(house.party, by=house.assistant, text="wants the price of gloves", due_on=timezone.localdate())
    page = open_as(house.assistant, "/customers/", width=1440)
    page.keyboard.press("Control+k")
    page.keyboard.type(house.party.code, delay=20)
    page.wait_for_selector(f"#palette-hits .on[href='/customers/{house.party.pk}/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for words in (house.party.name, "1,130.00", "wants the price of gloves"):
        expect(page.locator("main")).to_contain_text(words)
    page.keyboard.press("F6")
    page.wait_for_url(re.compile("/notes/new/"))
    page.locator("[name=text]").press_sequentially("sent the price")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".told .timeline")).to_contain_text("sent the price")

    page.goto("/customers/new/")
    page.locator("[name=name]").press_sequentially(house.party.name[:8], delay=20)
    expect(page.locator(".alike")).to_contain_text(house.party.code)


@pytest.mark.duty("C1")
def test_a_manager_hands_over_what_somebody_leaves_behind(house, open_as):
    page = open_as(house.manager, "/customers/hand-overs/new/", width=1440)
    for name, typed in (("giver", house.salesperson.username), ("to", house.second_seller.username)):
        box = page.locator(f"[name={name}-text]")
        box.press_sequentially(typed, delay=15)
        page.wait_for_selector("#choices [role=option][aria-selected=true]")
        box.press("Enter")
    expect(page.locator("main")).to_contain_text("2 customers")
    page.locator("[name=note]").press_sequentially("leaves the company")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("main table")).to_contain_text("leaves the company")
    expect(page.locator("main table")).to_contain_text(house.second_seller.name)
