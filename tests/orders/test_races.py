"""Two orders at once against one limit, and against one contract line; with a negative control (C11, reliability.md §1.12)."""

import threading
from decimal import Decimal

import pytest

from contracts.models import ContractLine
from customers.models import Customer
from orders.models import Order
from orders.selectors import credit
from orders.services import Wanted, approve_order
from tests import making_contracts as contracts
from tests import making_orders as making
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def approvals(orders, people) -> list[str]:
    """Each order approved by a person of its own, all at once; the states they came to, or how they were refused."""
    return sorted(
        at_once(*(lambda o=o, p=p: approve_order(o, by=p).state for o, p in zip(orders, people, strict=True)))
    )


def race(customer):
    """Two orders of 60 against a limit of 100, approved by two people at the same time."""
    orders = [making.submitted_order(customer, amount=60) for _ in range(2)]
    people = [making.assistant_of(customer) for _ in range(2)]
    return approvals(orders, people)


@pytest.mark.duty("C11")
def test_of_two_orders_that_do_not_fit_together_one_is_held():
    for _round in range(ROUNDS):
        assert race(making.make_customer(limit=100)) == ["approved", "held"]


@pytest.mark.duty("C11")
def test_without_the_lock_both_would_pass(monkeypatch):
    """Negative control: the customer's row read without its lock, and both wait until both have looked."""
    customer, meet = making.make_customer(limit=100), threading.Barrier(2)

    def unlocked(party_id):
        return Customer.objects.get(pk=party_id)

    def why_held_at_once(*args, **kwargs):
        found = held(*args, **kwargs)
        meet.wait(timeout=20)
        return found

    orders = [making.submitted_order(customer, amount=60) for _ in range(2)]
    people = [making.assistant_of(customer) for _ in range(2)]
    held = credit.why_held
    monkeypatch.setattr("orders.services.steps.lock_credit", unlocked)
    monkeypatch.setattr("orders.selectors.credit.why_held", why_held_at_once)
    told = approvals(orders, people)
    assert told == ["approved", "approved"], "then the test above proves something"


@pytest.mark.duty("K3")
def test_two_orders_never_take_more_than_the_contract_has_left():
    customer = making.make_customer()
    contract = contracts.running_contract(customer)
    wanted = [Wanted(product=contract.lines.get().product, quantity=Decimal(12))]
    orders = [making.submitted_order(customer, lines=wanted, contract=contract) for _ in range(2)]
    people = [making.assistant_of(customer) for _ in range(2)]
    told = approvals(orders, people)
    assert told == ["Refused", "approved"]
    assert ContractLine.objects.get().ordered == 12 and Order.objects.filter(state="approved").count() == 1
