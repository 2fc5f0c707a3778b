"""Every page that links lead to, looked at by a browser: both themes and languages, wide, narrow and enlarged."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Page

from backoffice.people.models import Person, Role
from docs.walking import walk
from tests.journeys.words import held, said, wrong_words
from tests.making_cases import opened_case
from tests.making_contracts import running_contract, submitted_contract
from tests.making_customers import submitted_change
from tests.making_expenses import frozen_sheet, make_plan, submitted_claim
from tests.making_invoices import confirmed_payment, entered_slip, issued_invoice, shipped_house, submitted_application
from tests.making_leads import new_lead, published_offer
from tests.making_orders import draft_order, submitted_order
from tests.making_shipments import approved_order, dispatched_shipment, submitted_shipment
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.duty("R7")]
AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']}"
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifted += entry.value; }))
  .observe({type: 'layout-shift', buffered: true});"""
MOST_SHIFT = 0.02
WIDE, ENLARGED, NARROW = 1440, 720, 360  # 720 is what 200 % zoom leaves of 1440
LEAST = 90  # kinds of pages: fewer mean that a link was lost on the way


@pytest.fixture
def everybody() -> Person:
    """Somebody with every role, who had no hand in what the company did."""
    house = shipped_house()
    issued_invoice(house)
    submitted_application(shipped_house())
    confirmed_payment(house, 500)
    entered_slip(house, 700)
    submitted_shipment(house)
    dispatched_shipment(house)
    approved_order(house)
    draft_order()
    submitted_order()
    running_contract()
    submitted_contract()
    submitted_change(house.customer, by=house.assistant, credit_limit="9000")
    opened_case(house.customer, by=house.assistant)
    new_lead(house.salesperson, offer=published_offer(house.manager))
    submitted_claim(make_person(Role.SALESPERSON))
    make_plan()
    frozen_sheet()
    return make_person(*Role.values, language="en", password="a quiet pond at noon")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_fit_to_be_looked_at(open_as, live_server, everybody, theme):
    """In each theme; the light ones narrow and enlarged too, the dark ones in both languages."""
    page, wrong, seen, paths = open_as(everybody, "/me/", width=WIDE), [], set(), []
    page.add_init_script(SHIFTS)
    page.emulate_media(reduced_motion="reduce")  # axe would measure colours half way between two themes
    page.on("console", lambda said: wrong.append((page.url, said.text)) if is_fault(said) else None)
    known = held()
    for path in walk(page, live_server.url, seen, ("/", "/find/?q=SO")):
        if page.evaluate("document.contentType") != "text/html":
            continue
        paths.append(path)
        wrong += [(path, fault) for fault in [*faults_of(page, theme), *wrong_words(said(page), "en", known)]]
    if theme == "dark":
        wrong += wrong_in_chinese(page, everybody, paths, known)
    assert wrong == []
    assert len(seen) >= LEAST, sorted(seen)


def wrong_in_chinese(page: Page, person: Person, paths: list[str], known: list[str]) -> list[tuple[str, str]]:
    Person.objects.filter(pk=person.pk).update(language="zh-hans")
    wrong = []
    for path in paths:
        page.goto(path, wait_until="load")
        wrong += [(path, text) for text in wrong_words(said(page), "zh-hans", known)]
    return wrong


def test_the_pages_of_refusals_are_fit_to_be_looked_at(open_as, live_server, everybody):
    page = open_as(everybody, "/me/", width=WIDE)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{live_server.url}/nowhere/")
    assert faults_of(page, "light") + faults_of(page, "dark") == []


def is_fault(said: ConsoleMessage) -> bool:
    """An error that a page wrote; the browser's own reader of PDFs asks for a sign that we do not have."""
    return said.type == "error" and not said.location["url"].endswith((".ico", "/customer/"))


def faults_of(page: Page, theme: str) -> list[str]:
    """What a machine can see: a jump after the first paint, what axe finds in a theme, a page wider than its window."""
    found = []
    shifted = page.evaluate("window.shifted") or 0
    if shifted >= MOST_SHIFT:
        found.append(f"jumps by {shifted:.3f}")
    page.evaluate(AXE.read_text())
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    said = page.evaluate(f"axe.run(document, {RULES})")
    found += [f"{theme}: {rule['id']} {rule['nodes'][0]['target']}" for rule in said["violations"]]
    return found + (too_wide(page) if theme == "light" else [])


def too_wide(page: Page) -> list[str]:
    found = []
    for width in (ENLARGED, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"is {wide} wide at {width}")
    page.set_viewport_size({"width": WIDE, "height": 900})
    return found
