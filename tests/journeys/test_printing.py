"""A morning's delivery notes: chosen with the keyboard, printed as one file."""

import pytest
from playwright.sync_api import expect

from tests.making_shipments import make_house, submitted_shipment

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_the_papers_of_two_rows_come_as_one_file(open_as):
    house = make_house()
    for _ in range(3):
        submitted_shipment(house)
    page = open_as(house.assistant, "/shipments/?view=all")
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.locator("[data-picked]")).to_have_text("2")
    with page.context.expect_event("response", lambda answer: answer.request.method == "POST") as printed:
        page.locator("button[value=print]").click()
    assert (printed.value.status, printed.value.headers["content-type"]) == (200, "application/pdf")
    assert "shipments-2.pdf" in printed.value.headers["content-disposition"]
    assert page.url.endswith("/shipments/?view=all")  # the list stays, the paper opens beside it
