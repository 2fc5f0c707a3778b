"""Bids in every state, each reached by the steps that people take."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backoffice.people.models import Department, Person, Role
from contracts.bids.models import Bid
from contracts.bids.services import (
    Offered,
    WantedPaper,
    approve_bid,
    change_goods,
    drop_bid,
    hand_in_bid,
    lose_bid,
    pay_deposit,
    save_bid,
    submit_bid,
    tick_paper,
    win_bid,
)
from customers.models import Customer
from tests.making_orders import make_customer, product_at
from tests.people_of_the_tests import make_person

D = Decimal
DEPOSIT = D("20000.00")


def office_of(customer: Customer) -> Person:
    person = make_person(Role.ASSISTANT)
    person.serves.add(customer.party.owner)
    return person


def decider_of(customer: Customer) -> Person:
    """A manager in whose department the salesperson is."""
    owner = customer.party.owner
    owner.department = owner.department or Department.objects.get_or_create(code="SALES", defaults={"name": "Sales"})[0]
    owner.save()
    return make_person(Role.MANAGER, department=owner.department)


def draft_bid(
    customer: Customer | None = None,
    *,
    by: Person | None = None,
    papers: list[WantedPaper] | None = None,
    days: int = 10,
    **header: Any,
) -> Bid:
    customer = customer or make_customer()
    start = {
        "party": customer.party, "title": "省医院耗材采购项目", "external_number": "ZB-2026-017", "closes_at": timezone.now() + datetime.timedelta(days=days),
        "opens_at": None, "ceiling": D("500000"), "amount": D("460000"), "deposit_way": "none", "deposit": D(0), "deposit_by": None,
    }  # fmt: skip
    wanted = [WantedPaper("投标函"), WantedPaper("样品", is_required=False)] if papers is None else papers
    return save_bid(Bid(), by=by or office_of(customer), header=start | header, papers=wanted)


def offered(price: Any, quantity: Any = 1, **more: Any) -> Offered:
    """A line of goods: a product at its list price, or `name` in words."""
    product = None if "name" in more else product_at(price)
    words = {"name": product.name, "unit": product.unit.name} if product else {}
    return Offered(product=product, quantity=D(quantity), unit_price=D(price), **words | more)


def priced_bid(customer: Customer | None = None, *goods: Offered, **more: Any) -> Bid:
    """Being prepared, its goods priced one by one; every document that must be there is ready."""
    bid = preparing_bid(customer, papers=[], **more)
    return change_goods(bid, goods, by=bid.author)


def submitted_bid(customer: Customer | None = None, **more: Any) -> Bid:
    bid = draft_bid(customer, **more)
    return submit_bid(bid, by=bid.author)


def preparing_bid(customer: Customer | None = None, **more: Any) -> Bid:
    customer = customer or make_customer()
    return approve_bid(submitted_bid(customer, **more), by=decider_of(customer))


def with_deposit(customer: Customer | None = None, **more: Any) -> Bid:
    return preparing_bid(customer, deposit_way="money", deposit=DEPOSIT, **more)


def handed_in_bid(customer: Customer | None = None, **more: Any) -> Bid:
    bid = preparing_bid(customer, **more)
    for paper in bid.papers.all():
        tick_paper(paper, by=bid.author)
    if bid.deposit_missing:
        pay_deposit(bid, by=make_person(Role.FINANCE), amount=bid.deposit_missing, on=timezone.localdate())
    return hand_in_bid(bid, by=bid.author)


def won_bid(customer: Customer | None = None, **more: Any) -> Bid:
    bid = handed_in_bid(customer, **more)
    return win_bid(bid, by=bid.author)


def lost_bid(customer: Customer | None = None, **more: Any) -> Bid:
    bid = handed_in_bid(customer, **more)
    return lose_bid(bid, by=bid.author, note="too dear", winner="东方器械", winning_price=D("440000"))


def dropped_bid(customer: Customer | None = None, **more: Any) -> Bid:
    bid = draft_bid(customer, **more)
    return drop_bid(bid, by=bid.author, note="no time")


BY_STATE = {
    "draft": draft_bid, "submitted": submitted_bid, "preparing": preparing_bid, "handed_in": handed_in_bid, "won": won_bid, "lost": lost_bid,
    "dropped": dropped_bid,
}  # fmt: skip
