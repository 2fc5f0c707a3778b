"""What customers of the demonstration company asked for, and what came of it (O7)."""

import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from backoffice.people.models import Person
from backoffice.register.models import Record
from backoffice.stock.lines import Goods
from contracts import services as agreeing
from contracts.models import Contract, ContractTemplate
from contracts.quotations import services as quoting
from contracts.quotations.models import Quotation
from customers.models import Customer
from orders.models import Order
from orders.services import Wanted, approve_order, save_order, submit_order
from reports.demo.company import Company

# asked so many days ago, how it stands, why it was lost
ENQUIRIES = (
    (230, "won", ""), (205, "lost", "price"), (190, "expired", ""), (170, "won", ""), (150, "lost", "delivery"), (128, "won", ""), (110, "lost", "price"),
    (96, "lost", "competitor"), (80, "won", ""), (61, "lost", "silent"), (48, "won", ""), (33, "expired", ""), (25, "lost", "price"), (19, "won", ""),
    (12, "quoted", ""), (8, "replaced", ""), (5, "contract", ""), (4, "submitted", ""), (3, "enquiry", ""), (1, "quoted", ""), (0, "enquiry", ""), (0, "called", ""),
)  # fmt: skip
WORDS = (
    "想要一批{goods}，月底前到货，请报含税到货价。",
    "{goods}，长期用，量大能否优惠？",
    "和去年一样的{goods}，今年什么价？",
    "新开科室，需要{goods}，请尽快报价。",
)
TERMS = "含税含运费，款到或按合同账期付款。\n交货期：确认后 5 个工作日。"


def is_there() -> bool:
    return Quotation.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Each as far as its day says."""
    for number, (days, state, why) in enumerate(ENQUIRIES):
        customer = company.customers[(number * 7 + 3) % len(company.customers)]
        walk(company, customer, today - datetime.timedelta(days), state, why, rng, today=today)


def walk(
    company: Company, customer: Customer, asked_on: datetime.date, state: str, why: str, rng: Random, *, today: datetime.date
) -> None:  # fmt: skip
    writer, reviewer = company.desk_of(customer)
    quotation = asked(company, customer, asked_on, state, rng, by=writer)
    if state in ("enquiry", "called"):
        return
    if state == "submitted":
        quoting.submit_quotation(quotation, by=writer)
        return
    quotation = quoting.send_quotation(quotation, by=writer, on=min(asked_on + datetime.timedelta(1), today))
    if state == "lost":
        quoting.lose_quotation(quotation, by=writer, lost_reason=why)
    elif state == "expired":
        quoting.expire_quotations(on=today)
    elif state == "replaced":
        cheaper = asked(company, customer, asked_on, "quoted", rng, by=writer, previous=quotation)
        quoting.hand_out(cheaper, by=writer)
    elif state == "won":
        ordered(company, quotation, customer, writer, reviewer)
    elif state == "contract":
        contracted(quotation, customer, writer, today=today)


def held_until(on: datetime.date, state: str, rng: Random) -> datetime.date | None:
    """One that is to be expired held for two weeks; one not answered yet has no day."""
    if state in ("enquiry", "called"):
        return None
    return (
        on + datetime.timedelta(15)
        if state == "expired"
        else timezone.localdate() + datetime.timedelta(rng.randrange(4, 28))
    )


def asked(
    company: Company, customer: Customer, on: datetime.date, state: str, rng: Random, *, by: Person, previous: Quotation | None = None
) -> Quotation:  # fmt: skip
    """The enquiry with its goods; one that came by telephone just now has none yet."""
    goods = rng.sample(company.products, rng.randrange(1, 4))
    factor = Decimal("0.9") if state == "submitted" else Decimal(1)
    lines = [
        Goods(
            product=product, quantity=Decimal(rng.choice((10, 20, 50))), unit_price=(product.list_price * factor).quantize(Decimal("0.01")),
            tax_rate=product.tax_rate, more={"due_on": None},
        )
        for product in goods
    ]  # fmt: skip
    header = {
        "party": customer.party, "asked": rng.choice(WORDS).format(goods="、".join(product.name for product in goods)), "asked_on": on,
        "contact": customer.party.contact, "phone": customer.party.phone, "valid_until": held_until(on, state, rng), "terms": "" if state == "called" else TERMS,
    }  # fmt: skip
    new = quoting.new_version_of(previous) if previous else Quotation()
    return quoting.save_quotation(new, by=by, header=header, lines=[] if state == "called" else lines)


def ordered(company: Company, quotation: Quotation, customer: Customer, writer: Person, reviewer: Person) -> None:
    header = {
        "party": customer.party, "quotation": quotation, "dated_on": quotation.quoted_on, "required_on": quotation.quoted_on + datetime.timedelta(10),
        "salesperson": customer.party.owner, "warehouse": company.warehouse, "term": customer.term, "delivery_address": customer.party.address,
    }  # fmt: skip
    lines = [Wanted(product=line.product, quantity=line.quantity) for line in quotation.lines.select_related("product")]
    order = submit_order(save_order(Order(), by=writer, header=header, lines=lines), by=writer)
    if order.state == "submitted":
        approve_order(order, by=reviewer)


def contracted(quotation: Quotation, customer: Customer, writer: Person, *, today: datetime.date) -> None:
    """The contract is being negotiated: a draft that names its quotation."""
    template = ContractTemplate.objects.filter(category="sales").first()
    header = {
        "party": customer.party, "origin": Record.objects.get(pk=quotation.pk), "template": template, "title": "产品购销合同", "dated_on": today,
        "starts_on": today, "ends_on": today + datetime.timedelta(365), "term": quotation.term, "clauses": template.clauses if template else "", "note": quotation.terms,
    }  # fmt: skip
    lines = [
        Goods(product=line.product, quantity=line.quantity, unit_price=line.unit_price, tax_rate=line.tax_rate, discount=line.discount, more={"due_on": line.due_on})
        for line in quotation.lines.select_related("product")
    ]  # fmt: skip
    agreeing.save_contract(Contract(), by=writer, header=header, lines=lines)
