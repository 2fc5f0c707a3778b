"""The one gate for steps, and the same rules in PostgreSQL, shown on orders."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from backoffice.audit import acting
from backoffice.documents.editing import editing
from backoffice.documents.fingerprints import fingerprint
from backoffice.documents.gate import performs
from backoffice.documents.lifecycle import Step
from backoffice.register.models import Record
from backoffice.review.models import Review
from backoffice.stock.models import Warehouse
from customers.models import Customer, PaymentTerm
from orders import lifecycle
from orders.models import Order, OrderLine
from tests.making import PartyFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(assistant, salesperson):
    assistant.serves.add(salesperson)
    party = PartyFactory(owner=salesperson)
    term = PaymentTerm.objects.create(code="T", name="t", kind="credit", days=30)
    Customer.objects.create(party=party, term=term)
    made = Order(
        party=party,
        dated_on=datetime.date(2026, 3, 1),
        warehouse=Warehouse.objects.get(),
        term=term,
        term_kind="credit",
    )
    with editing(made, by=assistant) as writing:
        line = OrderLine(
            order=writing, position=1, product=ProductFactory(), quantity=2, unit_price=100, tax_rate="0.13"
        )
        line.describe()
        line.price(includes_tax=True)
        line.save()
        writing.net, writing.tax, writing.amount = line.net, line.tax, line.gross
    return Order.objects.get(pk=made.pk)


def set_state(order, state, step=""):
    with transaction.atomic(), acting(order.author, step=step):
        Order.objects.filter(pk=order.pk).update(state=state)


def test_the_register_follows_the_document(order):
    record = Record.objects.get(pk=order.pk)
    assert (record.kind, record.state, record.amount, record.party_id) == (
        "order",
        "draft",
        order.amount,
        order.party_id,
    )


@pytest.mark.duty("S4")
def test_sql_cannot_take_a_step_that_is_no_step(order):
    with pytest.raises(DatabaseError, match="no step"):
        set_state(order, "approved")
    with pytest.raises(DatabaseError, match="no step"):
        set_state(order, "done", step="finish_order")


@pytest.mark.duty("S4")
def test_sql_cannot_approve_without_reviews(order):
    set_state(order, "submitted", step="submit_order")
    with pytest.raises(DatabaseError, match="reviews"):
        set_state(order, "approved", step="approve_order")


@pytest.mark.duty("S4")
def test_content_and_lines_are_frozen_once_submitted(order):
    set_state(order, "submitted", step="submit_order")
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(delivery_address="elsewhere")
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        order.lines.update(quantity=3)
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        order.lines.all().delete()
    order.lines.update(shipped=1)


@pytest.mark.duty("S4")
def test_nobody_reviews_what_they_had_a_hand_in_even_by_sql(order, assistant):
    with pytest.raises(DatabaseError, match="had a hand"), transaction.atomic():
        Review.objects.create(record_id=order.pk, step="approve_order", round=1, person=assistant, fingerprint="0" * 64)


def test_the_fingerprint_tells_content_from_bookkeeping(order):
    before = fingerprint(order)
    Order.objects.filter(pk=order.pk).update(version=7, hold_reason="x")
    assert fingerprint(Order.objects.get(pk=order.pk)) == before
    order.lines.update(unit_price=99)
    assert fingerprint(Order.objects.get(pk=order.pk)) != before


def test_a_document_is_never_deleted(order):
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=order.pk)._raw_delete("default")


def test_a_step_that_names_an_undeclared_state_is_a_fault_of_the_program():
    assert isinstance(lifecycle.APPROVE, Step)
    assert callable(performs(Step("x", "x", (), lifecycle.DONE, ())))
