"""Sums of sales kept beside the orders: exact at every moment, whoever folds and whoever orders meanwhile (R1, R4)."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from backoffice.database.checks import run_checks
from backoffice.money import ZERO
from backoffice.register.models import Opening
from orders.models import Order, SalesDelta, SalesSum
from orders.selectors.sales import By, Per, booked_sales, sum_of, whole_months
from orders.services import Wanted, cancel_order, return_order, submit_order
from orders.services.folding import fold_sales
from orders.services.opening import Past, PastLine, take_over_orders
from tests import making_orders as making
from tests.making import TODAY, ProductFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("R1", "R4")]


def kept() -> Decimal:
    """What sums and changes together say was sold, asked of the program."""
    return sum_of(booked_sales())


def counted() -> Decimal:
    """The same from the orders, line by line."""
    return sum((order.amount for order in Order.objects.booked()), ZERO)


def findings() -> list[str]:
    return [str(finding) for finding in run_checks(["orders.sums"])]


@pytest.fixture
def customer():
    return making.make_customer()


def test_an_order_counts_from_its_submission_until_it_is_returned_or_cancelled(customer):
    making.draft_order(customer, amount=40)
    assert kept() == 0
    first, second = making.submitted_order(customer, amount=60), making.approved_order(customer, amount=100)
    assert kept() == counted() == 160
    assert fold_sales() > 0 == fold_sales()
    assert kept() == 160 and not SalesDelta.objects.exists()
    return_order(first, by=making.assistant_of(customer), note="another address")
    cancel_order(second, by=making.assistant_of(customer), note="not wanted")
    assert kept() == counted() == 0
    fold_sales()
    assert kept() == 0 and findings() == []


def test_a_product_on_two_lines_of_an_order_is_one_order(customer):
    product = ProductFactory(list_price=Decimal(113))
    lines = [Wanted(product=product, quantity=Decimal(1)), Wanted(product=product, quantity=Decimal(2))]
    making.submitted_order(customer, lines=lines)
    [row] = booked_sales(by=By.PRODUCT)
    assert (row.orders, row.quantity, row.amount) == (1, 3, 339)
    assert findings() == []


def test_past_orders_count_when_they_are_filed_however_their_lines_arrive(customer, assistant, manager):
    product, other = ProductFactory(), ProductFactory()
    opening = Opening.objects.create(uploaded_by=assistant, applied_by=manager, source="old.xlsx", sha256="0" * 64)
    line = PastLine(
        product=product, quantity=Decimal(2), unit_price=Decimal(113), discount=Decimal(0), tax_rate=Decimal("0.13")
    )
    past = [
        Past(number=f"OLD-{n}", state=state, customer=customer, dated_on=TODAY - datetime.timedelta(40 * n), lines=[line, line, PastLine(
            product=other, quantity=Decimal(1), unit_price=Decimal(10), discount=Decimal(0), tax_rate=Decimal("0.13"))],
             warehouse=making.header_for(customer)["warehouse"], term=customer.term)
        for n, state in enumerate(("done", "approved", "cancelled", "done"))
    ]  # fmt: skip
    take_over_orders(past, opening=opening, by=manager)
    assert kept() == counted() > 0 and findings() == []
    assert sum(row.orders for row in booked_sales(by=By.PRODUCT, per=Per.YEAR)) == 6


def test_days_outside_of_whole_months_are_read_from_the_orders(customer):
    for back in (0, 20, 45, 80):
        making.submitted_order(customer, amount=10, dated_on=TODAY - datetime.timedelta(back))
    for first, last in (
        (TODAY - datetime.timedelta(80), TODAY),
        (TODAY - datetime.timedelta(79), TODAY - datetime.timedelta(1)),
        (None, TODAY),
    ):
        rows = Order.objects.booked().filter(dated_on__lte=last)
        rows = rows.filter(dated_on__gte=first) if first else rows
        assert sum_of(booked_sales(by=By.CUSTOMER, first=first, last=last)) == 10 * rows.count()


def test_a_span_knows_its_whole_months():
    day = datetime.date
    assert whole_months(day(2026, 1, 1), day(2026, 3, 31)) == (day(2026, 1, 1), day(2026, 3, 1))
    assert whole_months(day(2026, 1, 2), day(2026, 3, 30)) == (day(2026, 2, 1), day(2026, 2, 1))
    assert whole_months(day(2026, 1, 2), day(2026, 2, 27)) is None


def test_the_program_itself_cannot_write_the_sums(customer):
    for statement in ("UPDATE orders_salessum SET amount = 0", "DELETE FROM orders_salesdelta",
                      "INSERT INTO orders_salesdelta (month, \"by\", key, orders, quantity, amount, net, cost) VALUES (now(), 'customer', 1, 1, 1, 1, 1, 1)"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_somebody_changed_behind_its_back_is_found(customer):
    making.submitted_order(customer, amount=10)
    fold_sales()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("UPDATE orders_salessum SET amount = amount + 1 WHERE \"by\" = 'customer'")
    [told] = findings()
    assert "by customer" in told


# ── folding while others order ────────────────────────────────────────────────────────────────


def submit_in_a_thread(drafts, folded):
    """Somebody submits orders one after another, while `folded` is called again and again."""

    def submit():
        try:
            for draft, person in drafts:
                submit_order(draft, by=person)
        finally:
            connection.close()

    worker = threading.Thread(target=submit)
    worker.start()
    while worker.is_alive():
        folded()
    worker.join()


def drafts_of(customer, count):
    made = []
    for _number in range(count):
        person = making.assistant_of(customer)
        made.append((making.draft_order(customer, by=person, amount=10), person))
    return made


def test_folding_while_orders_come_loses_and_doubles_nothing(customer):
    seen = []

    def folded():
        fold_sales()
        seen.append(kept())

    submit_in_a_thread(drafts_of(customer, 20), folded)
    assert seen == sorted(seen), "no reader ever saw less than before"
    assert kept() == counted() == 200 and findings() == []


def test_folding_in_two_statements_would_lose_orders(customer):
    """Negative control: the sums first, the changes deleted after, and an order between the two."""
    drafts = drafts_of(customer, 2)
    submit_order(drafts[0][0], by=drafts[0][1])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute('INSERT INTO orders_salessum (month, "by", key, orders, quantity, amount, net, cost) '
                       'SELECT month, "by", key, sum(orders), sum(quantity), sum(amount), sum(net), sum(cost) FROM orders_salesdelta GROUP BY 1, 2, 3')  # fmt: skip
        worker = threading.Thread(target=lambda: (submit_order(drafts[1][0], by=drafts[1][1]), connection.close()))
        worker.start()
        worker.join()
        cursor.execute("DELETE FROM orders_salesdelta")
    assert kept() == 10 != counted() and findings(), "then the test above proves something"
    assert SalesSum.objects.exists()
