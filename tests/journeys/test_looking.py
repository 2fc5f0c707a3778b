"""Every kind of page looked at by a browser: usable by everybody, in both themes, on a telephone, without a jump."""

from pathlib import Path

import pytest
from django.conf import settings

from backoffice.people.models import Role
from tests.making_orders import approved_order, assistant_of, make_customer, submitted_order
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifted += entry.value; }))
  .observe({type: 'layout-shift', buffered: true});"""
MOST_SHIFT = 0.02
QUIET = 700


@pytest.fixture
def looked_at():
    """Somebody who reviews and sees money, and the address of one page of each kind."""
    customer = make_customer()
    order, waiting = approved_order(customer), submitted_order(customer)
    person = make_person(Role.ASSISTANT, Role.MANAGER, Role.FINANCE, language="zh-hans")
    pages = ["/reports/today/", "/orders/", f"/orders/{order.pk}/", "/orders/new/", f"/documents/{waiting.pk}/review/",
             f"/documents/{waiting.pk}/return_order/", "/invoices/ageing/", "/me/", "/find/?q=SO", "/nowhere/"]  # fmt: skip
    return person, pages


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_page(open_as, looked_at, theme):
    assert AXE.exists(), "the journeys need axe-core: npm ci"
    person, pages = looked_at
    person.theme = theme
    person.save(update_fields=["theme"])
    page, found = open_as(person, "/me/"), []
    for path in pages:
        page.goto(path)
        page.evaluate(AXE.read_text())
        said = page.evaluate(f"axe.run(document, {RULES})")
        found += [(path, wrong["id"], wrong["nodes"][0]["target"]) for wrong in said["violations"]]
    assert found == []


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_jumps_or_is_wider_than_its_window(open_as, looked_at, width):
    person, pages = looked_at
    page, wrong = open_as(person, "/me/", width=width), []
    page.add_init_script(SHIFTS)
    for path in pages:
        page.goto(path)
        page.wait_for_timeout(QUIET)
        shifted, wide = page.evaluate("[window.shifted, document.documentElement.scrollWidth]")
        if shifted >= MOST_SHIFT or wide > width:
            wrong.append((path, round(shifted, 4), wide))
    assert wrong == []


def test_the_palette_opens_by_key_finds_and_leads_there(open_as, looked_at):
    person, _pages = looked_at
    order = approved_order(make_customer())
    page = open_as(person, "/me/")
    page.keyboard.press("Control+k")
    page.keyboard.type(order.number, delay=15)
    page.wait_for_selector(f"#palette-hits [href='/orders/{order.pk}/'].on")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.pk}/")


def test_a_queue_is_reviewed_with_one_key_each(open_as):
    customer = make_customer()
    first, second = submitted_order(customer), submitted_order(customer)
    page = open_as(assistant_of(customer), f"/documents/{first.pk}/review/")
    page.keyboard.press("F9")
    page.wait_for_url(f"**/documents/{second.pk}/review/")
    page.keyboard.press("F9")
    page.wait_for_url(f"**/orders/{second.pk}/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("approved", "approved")
