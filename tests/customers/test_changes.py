"""Billing data and credit change only when a second person agrees; in Python and in PostgreSQL."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from backoffice.audit import acting
from backoffice.audit.models import Event
from backoffice.documents.gate import GATES
from backoffice.parties.models import Party
from backoffice.refusals import Refused
from customers.changes import differences, request_change
from customers.lifecycle import CUSTOMER_CHANGE
from customers.models import Customer, CustomerChange
from customers.services import save_customer
from tests.making_customers import (
    TAX_NO,
    applied_change,
    cancelled_change,
    draft_change,
    make_customer,
    submitted_change,
    term,
)
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(salesperson):
    return make_customer(salesperson)


@pytest.mark.duty("C8", "C11")
def test_a_change_takes_effect_when_a_second_person_agrees(customer, salesperson, finance):
    change = applied_change(
        customer, by=salesperson, agreed_by=finance, credit_limit=Decimal(80000), term=term("N60"), grade="A"
    )
    customer.refresh_from_db()
    assert (customer.credit_limit, customer.term.code, customer.grade) == (Decimal(80000), "N60", "A")
    assert change.number.startswith("CC-") and change.amount == Decimal(80000)


@pytest.mark.duty("C1", "C8")
def test_another_way_of_settling_is_agreed_to_and_read_in_words(customer, salesperson, finance):
    change = submitted_change(customer, by=salesperson, settlement="acceptance")
    assert [(row.label, row.before, row.after) for row in differences(change)] == [
        ("settlement method", "Bank transfer", "Bank acceptance")
    ]
    GATES["apply_customer_change"](change, by=finance)
    customer.refresh_from_db()
    assert customer.get_settlement_display() == "Bank acceptance"


@pytest.mark.duty("C8")
def test_who_when_before_and_after_are_kept(customer, salesperson, finance):
    applied_change(customer, by=salesperson, agreed_by=finance, bank_account="6222 0000 1111")
    event = Event.objects.filter(table="parties_party", row=customer.pk, operation="U").first()
    assert event.changed["bank_account"] == [None, "6222 0000 1111"] or event.changed["bank_account"] == [
        "",
        "6222 0000 1111",
    ]
    assert (event.person, event.step) == (finance, "apply_customer_change")


@pytest.mark.duty("C11")
def test_the_author_cannot_agree_to_their_own_change(customer):
    manager = make_person("manager", "finance", "gm")
    change = submitted_change(customer, by=manager)
    with pytest.raises(Refused, match="somebody else"):
        GATES["apply_customer_change"](change, by=manager)


@pytest.mark.duty("C8")
def test_ordinary_saving_refuses_billing_data_and_credit(customer, salesperson):
    for given in (
        {"credit_limit": Decimal(1)},
        {"tax_no": TAX_NO},
        {"bank_account": "1"},
        {"grade": "A"},
        {"settlement": "cash"},
    ):
        with pytest.raises(Refused, match="second person"):
            save_customer(customer, by=salesperson, given=given)


@pytest.mark.duty("C8", "C11")
@pytest.mark.parametrize(
    ("model", "values"),
    [(Customer, {"credit_limit": None}), (Customer, {"grade": "A"}), (Customer, {"settlement": "cash"}), (Customer, {"overdue_tolerance": 99}),
     (Party, {"tax_no": "1"}), (Party, {"bank_account": "1"}), (Party, {"invoice_title": "x"})],
)  # fmt: skip
def test_sql_cannot_change_them_either(customer, salesperson, model, values):
    submitted_change(customer, by=salesperson, credit_limit=Decimal(90000))  # asked for, agreed by nobody
    for step in ("save_customer", "apply_customer_change"):
        with pytest.raises(DatabaseError, match="agreed change"), transaction.atomic(), acting(salesperson, step=step):
            model.objects.filter(pk=customer.pk).update(**values)


def test_an_agreed_change_opens_the_door_for_its_own_value_only(customer, salesperson, finance):
    change = submitted_change(customer, by=salesperson, credit_limit=Decimal(90000))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "INSERT INTO review_review (record_id, step, round, person_id, fingerprint, note, at) VALUES (%s, 'apply_customer_change', 1, %s, %s, '', now())",
            [change.pk, finance.pk, change.fingerprint],
        )
    with pytest.raises(DatabaseError, match="agreed change"), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(credit_limit=Decimal(90001))
    Customer.objects.filter(pk=customer.pk).update(credit_limit=Decimal(90000))


def test_customers_are_never_deleted(customer):
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Customer.objects.filter(pk=customer.pk)._raw_delete("default")


def test_a_change_that_changes_nothing_is_refused(customer, salesperson):
    with pytest.raises(Refused, match="Nothing is different"):
        request_change(customer, by=salesperson, wanted={"credit_limit": Decimal("50000")}, reason="x")


def test_one_customer_has_one_open_change(customer, salesperson):
    draft_change(customer, by=salesperson)
    with pytest.raises(Refused, match="waits already"), transaction.atomic():
        draft_change(customer, by=salesperson, grade="B")


@pytest.mark.duty("C8")
def test_a_wrong_tax_number_is_refused_with_its_field(customer, salesperson):
    with pytest.raises(Refused, match="last character") as refused:
        draft_change(customer, by=salesperson, tax_no="911100008021004330")
    assert refused.value.field == "tax_no"


def test_a_change_made_on_old_ground_is_refused(customer, salesperson, finance):
    first = draft_change(customer, by=salesperson)
    CustomerChange.objects.filter(pk=first.pk).update(changes={"customer.credit_limit": ["1.00", "2.00"]})
    with pytest.raises(Refused, match="Changed meanwhile: credit limit"):
        GATES["submit_customer_change"](first, by=salesperson)


def test_unlimited_credit_needs_whom_the_highest_bound_needs(customer, salesperson, gm):
    from backoffice.review.models import Policy

    top = Policy.objects.filter(step="apply_customer_change").order_by("-amount_from").first().amount_from
    assert draft_change(customer, by=salesperson, credit_limit=None).amount == top


def test_the_review_page_reads_in_words(customer, salesperson):
    change = draft_change(customer, by=salesperson, credit_limit=None, term=term("PREPAID"), tax_no="")
    read = {d.label: (d.before, d.after) for d in differences(change)}
    assert read["credit limit"] == ("50,000.00", "unlimited")
    assert read["payment term"] == ("30天", "款到发货")
    assert read["tax number"] == (TAX_NO, "—")


MAKERS = {
    "draft": lambda c, s, f: draft_change(c, by=s),
    "submitted": lambda c, s, f: submitted_change(c, by=s),
    "applied": lambda c, s, f: applied_change(c, by=s, agreed_by=f),
    "cancelled": lambda c, s, f: cancelled_change(c, by=s),
}


@pytest.mark.parametrize("state", MAKERS)
@pytest.mark.parametrize("step", [s.name for s in CUSTOMER_CHANGE.steps])
def test_a_step_from_a_state_it_does_not_start_from_is_refused(customer, salesperson, finance, state, step):
    change = MAKERS[state](customer, salesperson, finance)
    if state in [s.name for s in CUSTOMER_CHANGE.by_name[step].sources]:
        return
    with pytest.raises(Refused):
        GATES[step](change, by=make_person("gm", "manager", "finance", "salesperson"), note="why")
