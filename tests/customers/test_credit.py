"""Where a customer stands: exposure from the books and from what higher apps add, and the ageing bar on the page."""

import datetime
from decimal import Decimal

import pytest

from customers import credit
from customers.credit import credit_of
from customers.selectors import ageing_bar
from customers.tables import CustomerList
from tests.books.making import invoice, receive
from tests.making_customers import make_customer

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 10)


def ago(days):
    return TODAY - datetime.timedelta(days=days)


@pytest.fixture
def customer(salesperson, finance):
    made = make_customer(salesperson, credit_limit=Decimal(1000), overdue_tolerance=10)
    invoice(made.party, "300.00", ago(60), by=finance, due_on=ago(40))
    invoice(made.party, "100.00", ago(20), by=finance, due_on=ago(5))
    invoice(made.party, "200.00", ago(2), by=finance, due_on=TODAY)
    receive(made.party, "50.00", ago(1), by=finance)
    return made


@pytest.mark.duty("C11")
def test_exposure_is_receivable_and_open_orders_less_advances(customer, monkeypatch):
    monkeypatch.setattr(credit, "EXPOSED", [lambda ids: dict.fromkeys(ids, Decimal(400))])
    stands = credit_of(customer, on=TODAY)
    assert (stands.receivable, stands.advances, stands.open_orders, stands.exposure) == (600, 50, 400, 950)
    assert (stands.balance, stands.free, stands.is_over, stands.share) == (550, 50, False, 95)


@pytest.mark.duty("C11")
def test_a_debt_within_the_tolerance_does_not_stop_goods_and_one_beyond_does(customer):
    stands = credit_of(customer, on=TODAY)
    assert (stands.overdue, stands.overdue_beyond) == (400, 300), "what is due today is not overdue"
    assert "overdue" in stands.why_not(Decimal(1))


def test_whoever_has_no_credit_is_over_it_with_goods_delivered_unpaid_only(customer, finance, monkeypatch):
    monkeypatch.setattr(credit, "EXPOSED", [lambda ids: dict.fromkeys(ids, Decimal(400))])
    customer.credit_limit = Decimal(0)
    stands = credit_of(customer, on=TODAY)
    assert (stands.is_over, stands.over) == (True, 550)
    receive(customer.party, "550.00", TODAY, by=finance)
    stands = credit_of(customer, on=TODAY)
    assert (stands.is_over, stands.over, stands.exposure) == (False, 0, 400), "the order waits for its money"
    assert stands.over_by() == 400, "on credit it would not pass"


def test_the_bar_has_the_columns_of_the_ageing_report_and_fills_its_whole_width(customer):
    bar = ageing_bar(customer.party, on=TODAY)
    assert [bucket.amount for bucket in bar] == [200, 100, 300]
    assert (bar[0].start, bar[0].share, bar[-1].share) == ("0.00", "33.33", "50.00")


def test_the_list_shows_the_balance_of_the_books_and_who_is_over_the_limit(customer, salesperson, monkeypatch):
    assert CustomerList(salesperson).ordered.get().balance == 550
    assert not CustomerList(salesperson, "over_limit=1").ordered.exists()
    monkeypatch.setattr(credit, "EXPOSED", [lambda ids: dict.fromkeys(ids, Decimal(451))])
    assert CustomerList(salesperson, "over_limit=1").ordered.get() == customer
