"""Contracts in every state, each made by the real steps."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.stock.lines import Goods
from backoffice.stock.models import Product
from contracts.content import Content
from contracts.models import Amendment, Contract
from contracts.services import (
    approve_amendment,
    approve_contract,
    save_amendment,
    save_contract,
    sign_amendment,
    sign_contract,
    start_contract,
    submit_amendment,
    submit_contract,
)
from customers.models import Customer
from tests.making import TODAY
from tests.making_orders import assistant_of, make_customer, make_term, product_at
from tests.people_of_the_tests import make_person

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def goods(price: str | int = 100, quantity: int = 20, **more: Any) -> Goods:
    return Goods(
        product=product_at(price),
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        tax_rate=Decimal("0.13"),
        more=more,
    )


def manager_for(customer: Customer) -> Person:
    """A manager of the department of the customer's salesperson."""
    person = make_person(Role.MANAGER, Role.ASSISTANT)
    person.serves.add(customer.party.owner)
    return person


def draft_contract(
    customer: Customer | None = None, *, lines: list[Goods] | None = None, by: Person | None = None, **header: Any
) -> Contract:
    customer = customer or make_customer()
    header = {
        "party": customer.party, "title": "年度供货合同", "dated_on": TODAY, "starts_on": TODAY, "ends_on": TODAY + datetime.timedelta(3650),
        "term": customer.term, "clauses": "质量按国家标准。\n争议由需方所在地法院管辖。", **header,
    }  # fmt: skip
    return save_contract(Contract(), by=by or assistant_of(customer), header=header, lines=lines or [goods()])


def submitted_contract(customer: Customer | None = None, **more: Any) -> Contract:
    contract = draft_contract(customer, **more)
    return submit_contract(contract, by=contract.author)


def approved_contract(customer: Customer | None = None, **more: Any) -> Contract:
    customer = customer or make_customer()
    return approve_contract(submitted_contract(customer, **more), by=manager_for(customer))


def signed_contract(customer: Customer | None = None, **more: Any) -> Contract:
    contract = approved_contract(customer, **more)
    scan = SimpleUploadedFile("contract.pdf", SCAN, "application/pdf")
    return sign_contract(contract, by=contract.author, scan=scan, signed_on=TODAY, archive_place="A-12")


def running_contract(customer: Customer | None = None, **more: Any) -> Contract:
    contract = signed_contract(customer, **more)
    return start_contract(contract, by=contract.author)


def to_running(draft: Contract, customer: Customer) -> Contract:
    """A draft of one's own, through all steps."""
    contract = approve_contract(submit_contract(draft, by=draft.author), by=manager_for(customer))
    scan = SimpleUploadedFile("contract.pdf", SCAN, "application/pdf")
    contract = sign_contract(contract, by=contract.author, scan=scan, signed_on=TODAY, archive_place="A-12")
    return start_contract(contract, by=contract.author)


def signed_purchase(supplier: Party, *, by: Person, lines: list[Goods] | None = None, plan: str = "") -> Contract:
    """What we buy, written by purchasing and signed."""
    header = {
        "party": supplier, "title": "采购合同", "category": "purchase", "dated_on": TODAY, "starts_on": TODAY, "ends_on": TODAY + datetime.timedelta(365),
        "term": make_term(),
    }  # fmt: skip
    draft = save_contract(Contract(), by=by, header=header, lines=lines or [goods()], payment_plan=plan)
    contract = approve_contract(submit_contract(draft, by=by), by=make_person(Role.GM))
    return sign_contract(
        contract, by=by, scan=SimpleUploadedFile("contract.pdf", SCAN, "application/pdf"), signed_on=TODAY
    )


def amendment_of(
    contract: Contract, *, by: Person | None = None, reason: str = "需方追加数量", **wanted: Any
) -> Amendment:
    """A draft that changes what is named: `header`, `quantities` by position, `more` goods, `plan`."""
    content = Content.of(Contract.objects.get(pk=contract.pk))
    quantities = wanted.get("quantities", {})
    lines = [
        Goods(
            product=Product.objects.get(pk=line.product), quantity=Decimal(quantities.get(place, line.quantity)), unit_price=line.unit_price,
            tax_rate=line.tax_rate, discount=line.discount, more={"due_on": line.due_on, "key": line.key},
        )
        for place, line in enumerate(content.lines, start=1)
        if quantities.get(place) != 0
    ]  # fmt: skip
    return save_amendment(
        Amendment(contract=contract), by=by or contract.author, header=wanted.get("header", {}), lines=[*lines, *wanted.get("more", [])],
        payment_plan=wanted.get("plan", content.plan_text), reason=reason, dated_on=TODAY,
    )  # fmt: skip


def approved_amendment(contract: Contract, **wanted: Any) -> Amendment:
    amendment = amendment_of(contract, **wanted)
    customer = Customer.objects.get(party=contract.party_id)
    return approve_amendment(submit_amendment(amendment, by=amendment.author), by=manager_for(customer))


def amended(contract: Contract, **wanted: Any) -> Contract:
    """Reviewed, signed, in force."""
    amendment = approved_amendment(contract, **wanted)
    scan = SimpleUploadedFile("amendment.pdf", SCAN, "application/pdf")
    sign_amendment(amendment, by=amendment.author, scan=scan, signed_on=TODAY, archive_place="A-12")
    return Contract.objects.get(pk=contract.pk)
