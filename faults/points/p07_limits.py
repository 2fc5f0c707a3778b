"""One limit, one line, one payment, wanted by two: credit, quantity and money are spent once."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal as D
from functools import partial
from threading import Event
from time import sleep
from unittest.mock import patch

from django.db import transaction

from backoffice.ledger.models import Entry
from backoffice.ledger.services.posting import reverse
from backoffice.people.models import Role
from backoffice.stock.models import Product
from customers.models import Customer
from invoices.services import reverse_payment
from orders.models import OrderLine
from orders.services import Wanted, approve_order, count_shipped
from shipments.services import clear_shipment, dispatch_shipment, submit_shipment
from tests import making_orders as orders
from tests.making_invoices import confirmed_payment
from tests.making_shipments import approved_order, draft_shipment, make_house, reviewed_shipment
from tests.people_of_the_tests import make_person
from tests.racing import pausing_after, racers

from ..declare import Outcome, Run, fault


def one_limit(run: Run) -> Outcome:
    """Two orders of 60 against a limit of 100, approved by two people."""
    owner, term, product = make_person(Role.SALESPERSON), orders.make_term(), orders.product_at(60)
    people = []
    for _person in range(3):
        people.append(make_person(Role.ASSISTANT))
        people[-1].serves.add(owner)
    done = bad = 0
    with racers() as at_once:
        for _round in run.rounds():
            said = at_once(*approvals(orders.make_customer(owner=owner, limit=100, term=term), product, people))
            done, bad = done + 1, bad + (sorted(said) != ["approved", "held"])
    return Outcome(done, bad, "one approved, one held, every time")


def approvals(customer: Customer, product: Product, people: list) -> list:
    author, *reviewers = people
    lines = [Wanted(product=product, quantity=D(1))]
    pair = [orders.submitted_order(customer, by=author, lines=lines) for _ in reviewers]
    return [
        lambda order=order, by=by: approve_order(order, by=by).state for order, by in zip(pair, reviewers, strict=True)
    ]


def without_the_customers_lock(run: Run) -> Outcome:
    unlocked = patch("orders.services.steps.lock_credit", lambda party_id: Customer.objects.get(pk=party_id))
    with unlocked, pausing_after("orders.selectors.credit.why_held", lambda: 0.05):
        return one_limit(run)


@fault(
    7,
    "0 of 1,000 pairs of orders pass one credit limit together",
    short=20,
    full=1000,
    budget=36,
    control=without_the_customers_lock,
)
def two_orders_on_one_credit_limit(run: Run) -> Outcome:
    return one_limit(run)


def one_line(run: Run) -> Outcome:
    """Two shipments of 6 out of an order line of 10, handed in at once."""
    house, done, bad = make_house(limit=None, on_hand=(1_000_000,)), 0, 0
    with racers() as at_once:
        for _round in run.rounds():
            order = approved_order(house, 10)
            pair = [draft_shipment(house, order, 6) for _ in range(2)]
            said = at_once(*(partial(submit_shipment, shipment, by=house.assistant) for shipment in pair))
            done, bad = done + 1, bad + (sorted(map(str, said)) != ["Refused", "done"])
    return Outcome(done, bad, "one handed in, one told how much is left")


def without_the_lines_lock(run: Run) -> Outcome:
    def unlocked(ids):
        rows = OrderLine.objects.filter(pk__in=list(ids)).select_related("order", "product")
        return list(rows.order_by("pk"))

    with (
        patch("shipments.services.steps.lock_lines", unlocked),
        pausing_after("shipments.services.making.taken", lambda: 0.05),
    ):
        return one_line(run)


@fault(
    7,
    "0 of 1,000 pairs of shipments take more than the line has",
    short=12,
    full=1000,
    budget=36,
    control=without_the_lines_lock,
)
def two_shipments_of_one_line(run: Run) -> Outcome:
    return one_line(run)


def reversal_against_dispatch(run: Run, late: Callable[[], None]) -> Outcome:
    """Prepaid goods, cleared by finance; their payment bounces while they are being dispatched. `late` says when."""
    house, said_all, done, bad = make_house(terms="PREPAID", on_hand=(1_000_000,)), Counter(), 0, 0
    with racers() as at_once:
        for _round in run.rounds():
            order = approved_order(house, 10)
            payment = confirmed_payment(house, order.amount, order=order)
            shipment = reviewed_shipment(house, order)
            clear_shipment(shipment, by=house.finance)

            def bounce(payment=payment) -> None:
                late()
                reverse_payment(payment, by=house.finance, note="cheque bounced")

            said = at_once(partial(dispatch_shipment, shipment, by=house.warehouse), bounce)
            said_all.update(said[:1])
            left = Entry.objects.filter(record_id=shipment.pk).first()
            back = Entry.objects.filter(record_id=payment.pk, event="reversal").first()
            wrong = said[1] != "done" or said[0] not in ("done", "Refused") or (left and back and back.pk < left.pk)
            done, bad = done + 1, bad + bool(wrong)
    return Outcome(done, bad, f"{said_all['done']} left before the reversal, {said_all['Refused']} stayed here")


def reversal_without_the_customers_lock(run: Run) -> Outcome:
    """The payment is reversed between dispatch's look at the money and its posting; with the lock it would wait."""
    looked, reversed_meanwhile = Event(), Event()

    def counted(quantities):
        looked.set()
        reversed_meanwhile.wait(5)
        return count_shipped(quantities)

    def reversed_now(*args, **kwargs):
        result = reverse(*args, **kwargs)
        transaction.on_commit(reversed_meanwhile.set)
        return result

    with (
        patch("invoices.models.MoneyDocument.lock_before", lambda self: None),
        patch("shipments.services.steps.count_shipped", counted),
        patch("invoices.services.payments.reverse", reversed_now),
    ):
        return reversal_against_dispatch(run, lambda: looked.wait(5) and None)


@fault(
    7,
    "goods never leave after their money was reversed",
    short=8,
    full=200,
    budget=30,
    control=reversal_without_the_customers_lock,
)
def money_reversed_between_review_and_dispatch(run: Run) -> Outcome:
    return reversal_against_dispatch(run, lambda: sleep(run.random.uniform(0, 0.06)))
