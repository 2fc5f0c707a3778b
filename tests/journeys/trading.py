"""The days of those who do the work: assistant, warehouse, finance, manager, salesperson, each at their own desk."""

import re
from decimal import Decimal
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from contracts.models import Contract
from expenses.models import Claim, CommissionSheet
from invoices.models import BillingApplication, Invoice, Payment
from orders.models import Order
from shipments.models import Shipment

GOODS = (("G01", "10"), ("G02", "5"), ("G03", "10"))
GROSS, DEPOSIT = Decimal("2373.00"), Decimal("711.90")


def paper() -> dict[str, object]:
    """A photograph of a paper, as it comes from a telephone."""
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return {"name": "paper.png", "mimeType": "image/png", "buffer": content.getvalue()}


def state_of(model) -> str:
    return model.objects.latest("pk").state


# ── the assistant ──────────────────────────────────────────────────────────────────────────
def the_assistant_types_an_order(desks) -> Order:
    """Customer by initials, products by code, no mouse."""
    page = desks("an").open("/orders/new/").page
    page.wait_for_selector("[data-sheet] tbody tr")
    page.keyboard.type("hzyy", delay=25)
    page.wait_for_selector("#choices [role=option][aria-selected=true]")
    page.keyboard.press("Enter")
    expect(page.locator("[name=required_on]")).to_be_focused()
    page.keyboard.type("+7")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    for place, (code, quantity) in enumerate(GOODS):
        page.keyboard.type(code, delay=25)
        page.keyboard.press("Enter")
        expect(page.locator(f"[name=lines-{place}-quantity]")).to_be_focused()
        page.keyboard.type(quantity)
        page.keyboard.press("Enter")
    expect(page.locator('[data-total="gross"]')).to_contain_text(f"{GROSS:,}", timeout=15000)
    page.keyboard.press("F9")
    page.wait_for_url(re.compile(r"/orders/\d+/$"))
    order = Order.objects.get()
    assert (order.state, order.amount, order.lines.count()) == ("submitted", GROSS, len(GOODS))
    return order


def two_colleagues_agree(desks, order: Order) -> None:
    """The changed policy asks for two from 2,000 on; the author is none of them."""
    desks("ai").review(order.pk)
    assert state_of(Order) == "submitted"
    desks("ma").review(order.pk)
    assert state_of(Order) == "approved"


def the_goods_leave(desks, order: Order) -> None:
    """Shipment, two reviewers, finance's gate, dispatch by the warehouse, delivered."""
    an = desks("an").open(f"/orders/{order.pk}/").click(f'form[action="/shipments/of-order/{order.pk}/"] button')
    shipment = Shipment.objects.get()
    an.step(shipment.pk, "submit_shipment")
    wen, wei = desks("wen"), desks("wei")
    wen.open("/").sees(str(order.party)).review(shipment.pk)
    wei.review(shipment.pk)
    assert state_of(Shipment) == "reviewed"
    the_deposit_comes(desks, order)
    desks("feng").open("/shipments/money/").sees(f"{DEPOSIT}").click(f'form[action$="/{shipment.pk}/clear/"] button')
    wen.step(shipment.pk, "dispatch_shipment")
    assert (state_of(Shipment), state_of(Order)) == ("dispatched", "done")
    an.step(shipment.pk, "deliver_shipment")
    assert state_of(Shipment) == "delivered"


def the_deposit_comes(desks, order: Order) -> None:
    enter_money(desks("an"), order.party_id, DEPOSIT, order=str(order.pk))
    confirm_money(desks("feng"))


def enter_money(desk, party: int, amount: Decimal, **picked: str) -> None:
    desk.open(f"/invoices/payments/new/?party={party}").fill(amount=str(amount)).pick(**picked).send()
    desk.step(Payment.objects.latest("pk").pk, "submit_slip")


def confirm_money(desk) -> None:
    """Finance finds the slip among what is due today."""
    slip = Payment.objects.latest("pk")
    desk.open("/reports/today/").click(f'a[href="/documents/{slip.pk}/review/"]').review(slip.pk)
    assert state_of(Payment) == "confirmed"


# ── finance ────────────────────────────────────────────────────────────────────────────────
def the_invoice_is_issued_and_paid(desks, order: Order) -> None:
    """Billing application, accepted; invoice agreed to by two; tax number; the rest of the money; allocated."""
    an, feng, fan = desks("an"), desks("feng"), desks("fan")
    an.open(f"/invoices/applications/new/?party={order.party_id}").send()
    application = BillingApplication.objects.get()
    an.step(application.pk, "submit_application")
    feng.review(application.pk)
    invoice = Invoice.objects.get()
    feng.step(invoice.pk, "submit_invoice")
    fan.review(invoice.pk)
    desks("ai").review(invoice.pk)
    feng.step(invoice.pk, "issue_invoice", tax_invoice_no="26440000000000000001")
    assert state_of(Invoice) == "issued"
    enter_money(an, order.party_id, GROSS - DEPOSIT)
    confirm_money(fan)
    for slip in Payment.objects.order_by("pk"):
        fan.open(f"/invoices/payments/{slip.pk}/allocate/").send()
    assert state_of(Invoice) == "settled" and {slip.state for slip in Payment.objects.all()} == {"allocated"}
    fan.open("/invoices/reconciliation/").sees("HZYY")


def the_month_s_commission(desks) -> None:
    """A plan by the manager; finance computes the month, which is handed in when it is over."""
    ma = desks("ma").open("/expenses/plans/new/").fill(name="基本提成")
    ma.page.wait_for_selector("[data-sheet] tbody tr")
    ma.pick(basis="order").line(0, formula="net", rate="2").send()
    feng = (
        desks("feng").open("/expenses/commission/compute/").fill(period=f"{Order.objects.get().dated_on:%Y-%m}").send()
    )
    sheet = CommissionSheet.objects.get()
    assert sheet.amount == Decimal("42.00")  # 2 % of 2,100.00 without tax
    feng.open(f"/expenses/commission/{sheet.pk}/").sees("王业务", "42.00")


# ── the salesperson, the manager ───────────────────────────────────────────────────────────
def a_salesperson_claims_a_journey(desks) -> None:
    """Receipts on file, checked by finance, approved by the manager, paid out by finance."""
    wang = desks("wang").open("/expenses/claims/new/").fill(title="拜访杭州医药")
    wang.page.wait_for_selector("[data-sheet] tbody tr")
    wang.line(0, kind="TRAVEL", spent_on="today", description="高铁票", amount="219.50").send()
    claim = Claim.objects.get()
    wang.page.locator(".files-add [type=file]").set_input_files([paper()])
    wang.page.locator(".files-add button").click()
    expect(wang.page.locator("text=paper.png")).to_be_visible()
    wang.step(claim.pk, "submit_claim")
    desks("feng").review(claim.pk)
    desks("ma").review(claim.pk)
    desks("fan").step(claim.pk, "pay_claim")
    assert state_of(Claim) == "paid"
    wang.open("/customers/").sees("杭州医药").open("/expenses/commission/mine/")


def a_contract_and_how_it_stands(desks) -> Contract:
    """Typed by the salesperson, approved, signed with its scan, started; an order called off; the performance list (K3)."""
    li = desks("li").open("/contracts/new/")
    li.page.wait_for_selector("[data-sheet] tbody tr")
    li.choose(party="NBKT").fill(title="年度供货", clauses="质量：符合国家标准。").pick(term="30天").line(
        0, product="G01", quantity="100"
    ).send()
    contract = Contract.objects.get()
    li.step(contract.pk, "submit_contract")
    desks("ma").review(contract.pk)
    li.step(contract.pk, "sign_contract", files={"scan": paper()}, signed_on="today")
    li.step(contract.pk, "start_contract")
    li.open(f"/orders/new/?contract={contract.pk}")
    li.page.wait_for_selector("[data-sheet] tbody tr")
    quantity = li.page.locator("[name=lines-0-quantity]")
    quantity.fill("30")
    quantity.press("Enter")
    expect(li.page.locator('[data-total="gross"]')).to_contain_text("3,390.00", timeout=15000)
    li.page.keyboard.press("F9")
    li.page.wait_for_url(re.compile(r"/orders/\d+/$"))
    order = Order.objects.latest("pk")
    for colleague in ("ai", "ma"):
        desks(colleague).review(order.pk)
    desks("ma").open(f"/contracts/{contract.pk}/performance/").sees("11,300.00", "100", "30")
    return contract
