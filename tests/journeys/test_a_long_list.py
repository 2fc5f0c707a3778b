"""A list of more rows than are counted while one waits, as it is worked through."""

import pytest
from playwright.sync_api import expect

from backoffice.people.models import Role
from tests.making import ProductFactory
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.duty("R4")]


def test_count_and_totals_follow_the_rows_of_a_long_list(open_as, monkeypatch):
    monkeypatch.setattr("backoffice.lists.declared.MANY", 99)
    for number in range(120):
        ProductFactory(code=f"P{number:03}")
    page = open_as(make_person(Role.WAREHOUSE, language="en"), "/stock/products/?view=all")
    foot = page.locator("#list-foot")
    expect(foot).to_contain_text("1–50 of 120")
    expect(foot).to_contain_text("1 / 3")
    expect(page.locator("#list-total td").last).not_to_contain_text("…")
    page.keyboard.press("]")
    expect(foot).to_contain_text("51–100 of 120")
    foot.get_by_label("Last page").click()
    expect(foot).to_contain_text("101–120 of 120")
    assert "figures" not in page.url
    page.goto("/stock/products/?p=9&view=all")
    expect(foot).to_contain_text("101–120 of 120")
