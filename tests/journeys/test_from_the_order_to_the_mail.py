"""The main job from end to end, each step by the person whose it is, in the browser: from the typed order to the mail."""

import re
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from backoffice.database.checks import run_checks
from backoffice.outbox.models import Message
from backoffice.people.models import Department, Person, Role
from backoffice.stock import services as stock
from backoffice.stock.models import Movement, Warehouse
from customers.models import PaymentTerm
from invoices.models import BillingApplication, Invoice, Payment
from orders.models import Order
from reports.services.daily import issue_daily
from shipments.models import Shipment
from tests.journeys.desks import PASSWORD
from tests.making import ProductFactory
from tests.making_customers import make_customer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LINES = 10


@pytest.fixture
def company(settings):
    """People with passwords, a customer on credit, ten products with stock. Pages in Chinese, as most use them."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    department = Department.objects.create(code="S", name="销售部")
    roles = {"wang": Role.SALESPERSON, "an": Role.ASSISTANT, "ai": Role.ASSISTANT, "ma": Role.MANAGER, "feng": Role.FINANCE, "fan": Role.FINANCE,
             "wen": Role.WAREHOUSE, "wei": Role.WAREHOUSE, "gu": Role.GM}  # fmt: skip
    people = {
        name: Person.objects.create_user(
            name, PASSWORD, name=name, roles=[role], department=department, email=f"{name}@example.com"
        )
        for name, role in roles.items()
    }
    people["an"].serves.add(people["wang"])
    people["ai"].serves.add(people["wang"])
    make_customer(people["wang"], term=PaymentTerm.objects.get(code="N30"), credit_limit=Decimal(900000), code="HZYY", name="杭州医药有限公司（示例）",
                  invoice_title="杭州医药有限公司（示例）")  # fmt: skip
    goods = [ProductFactory(code=f"G{number:02}", name=f"示例产品{number}") for number in range(1, LINES + 1)]
    place = Warehouse.objects.get()
    with transaction.atomic():
        stock.move(
            [stock.Move(None, row, place, Decimal(500)) for row in goods],
            reason=Movement.Reason.OPENING,
            on=timezone.localdate(),
            by=people["wen"],
        )
    return people


@pytest.mark.duty("O1", "O2", "S1", "S4", "S5", "I1", "I2", "I9", "O4", "R1", "R7")
def test_an_order_is_typed_reviewed_shipped_billed_paid_and_in_the_mail(desks, company):
    an = desks("an")
    type_the_order(an)
    order = Order.objects.get()
    assert (order.lines.count(), order.amount) == (LINES, Decimal("2260.00"))
    assert order.state == "submitted"
    ai = desks("ai").review(order.pk)
    assert Order.objects.get().state == "approved"

    an.open(f"/orders/{order.pk}/")
    with an.page.expect_navigation():
        an.page.locator(f'form[action="/shipments/of-order/{order.pk}/"] button').first.click()
    shipment = Shipment.objects.get()
    an.step(shipment.pk, "submit_shipment")
    wen = desks("wen").review(shipment.pk)
    desks("wei").review(shipment.pk)
    assert Shipment.objects.get().state == "reviewed"
    wen.step(shipment.pk, "dispatch_shipment")
    assert (Shipment.objects.get().state, Order.objects.get().state) == ("dispatched", "done")

    an.open(f"/invoices/applications/new/?party={order.party_id}").send()
    application = BillingApplication.objects.get()
    an.step(application.pk, "submit_application")
    feng = desks("feng").review(application.pk)
    invoice = Invoice.objects.get()
    feng.step(invoice.pk, "submit_invoice")
    fan = desks("fan").review(invoice.pk)
    ai.review(invoice.pk)
    feng.step(invoice.pk, "issue_invoice", tax_invoice_no="26440000000000000001")
    assert Invoice.objects.get().state == "issued"

    an.open(f"/invoices/payments/new/?party={order.party_id}").page.locator("[name=amount]").press_sequentially("2260")
    an.send()
    payment = Payment.objects.get()
    an.step(payment.pk, "submit_slip")
    fan.review(payment.pk)
    fan.open(f"/invoices/payments/{payment.pk}/allocate/").send()
    assert (Invoice.objects.get().state, Payment.objects.get().state) == ("settled", "allocated")

    issue_daily(on=timezone.localdate(), at=timezone.now())
    mails = Message.objects.filter(topic="daily_performance")
    assert set(mails.values_list("recipient", flat=True)) == {"gu@example.com", "feng@example.com", "fan@example.com"}
    assert all("2,260.00" in mail.html and "wang" in mail.html for mail in mails)
    assert list(run_checks()) == []


def type_the_order(desk) -> None:
    """Ten lines by real key events, as somebody would who knows the codes."""
    page = desk.open("/orders/new/").page
    page.wait_for_selector("[data-sheet] tbody tr")
    page.keyboard.type("hzyy", delay=25)
    page.wait_for_selector("#choices [role=option][aria-selected=true]")
    page.keyboard.press("Enter")
    expect(page.locator("[name=required_on]")).to_be_focused()
    page.keyboard.type("+7")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    for place in range(LINES):
        page.keyboard.type(f"G{place + 1:02}", delay=25)
        page.keyboard.press("Enter")
        expect(page.locator(f"[name=lines-{place}-quantity]")).to_be_focused()
        page.keyboard.type("2")
        page.keyboard.press("Enter")
    expect(page.locator('[data-total="gross"]')).to_contain_text("2,260.00", timeout=15000)
    page.keyboard.press("F9")
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
