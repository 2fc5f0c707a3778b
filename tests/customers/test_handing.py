"""Customers go from one salesperson to another as of a day; what was sold stays with whom sold it."""

import datetime

import pytest
from django.utils import timezone

from backoffice.outbox.models import Notification
from backoffice.refusals import Refused
from customers.cases.models import Case
from customers.handing import cancel_hand_over, give_what_is_due, hand_over
from customers.models import Customer, HandOver
from customers.services import write_note
from customers.timeline import timeline_of
from orders.models import Order
from tests.making_cases import opened_case
from tests.making_customers import make_customer
from tests.making_orders import assistant_of, submitted_order
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C1")]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def customer(salesperson):
    return make_customer(salesperson)


@pytest.fixture
def successor(department):
    return make_person("salesperson", department=department)


def owner_of(customer):
    return Customer.objects.select_related("party__owner").get(pk=customer.pk).party.owner


def test_past_sales_stay_and_new_ones_are_the_successors(customer, salesperson, successor, manager):
    assistant = assistant_of(customer)
    assistant.serves.add(successor)
    before = submitted_order(customer, by=assistant)
    assert hand_over([customer], to=successor, by=manager, note="retires") == 1
    after = submitted_order(Customer.objects.get(pk=customer.pk), by=assistant)
    assert (Order.objects.get(pk=before.pk).salesperson, after.salesperson) == (salesperson, successor)


def test_a_day_that_lies_ahead_is_waited_for(customer, salesperson, successor, manager, today):
    day = today + datetime.timedelta(days=3)
    hand_over([customer], to=successor, by=manager, note="new region", on=day)
    assert give_what_is_due(on=day - datetime.timedelta(days=1)) == 0
    assert owner_of(customer) == salesperson
    assert (give_what_is_due(on=day), give_what_is_due(on=day)) == (1, 0)
    assert owner_of(customer) == successor
    row = HandOver.objects.get()
    assert (row.giver, row.taker, row.on, bool(row.done_at)) == (salesperson, successor, day, True)


def test_what_was_still_to_be_followed_up_goes_along(customer, salesperson, successor, manager, today):
    note = write_note(customer.party, by=salesperson, text="asks for a sample", due_on=today)
    hand_over([customer], to=successor, by=manager, note="leaves")
    note.refresh_from_db()
    assert (note.due_for, note.written_by) == (successor, salesperson)


def test_it_is_not_done_into_the_past_nor_by_a_salesperson(customer, successor, manager, salesperson, today):
    with pytest.raises(Refused, match="Not before today"):
        hand_over([customer], to=successor, by=manager, on=today - datetime.timedelta(days=1))
    with pytest.raises(Refused, match="Only a manager"):
        hand_over([customer], to=successor, by=salesperson)


def test_a_plan_may_be_given_up_and_a_later_one_takes_its_place(customer, salesperson, successor, manager, today):
    day = today + datetime.timedelta(days=3)
    hand_over([customer], to=successor, by=manager, note="first", on=day)
    hand_over([customer], to=successor, by=manager, note="second", on=day)
    waiting = HandOver.objects.waiting().get()
    assert waiting.note == "second"
    cancel_hand_over(waiting, by=manager)
    assert give_what_is_due(on=day) == 0 and owner_of(customer) == salesperson
    with pytest.raises(Refused):
        cancel_hand_over(waiting, by=manager)


def test_the_timeline_says_from_whom_to_whom(customer, successor, manager, finance):
    hand_over([customer], to=successor, by=manager, note="new region")
    (entry,) = timeline_of(customer.party, person=finance, only="hand_over").entries
    assert successor.name in entry.what and entry.text == "new region"


def test_many_are_handed_over_on_one_page(client, customer, salesperson, successor, manager, today):
    other = make_customer(salesperson, tags="连锁")
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    chosen = {"giver": salesperson.pk, "tag": "连锁"}
    assert "1 customer" in client.get("/customers/hand-overs/new/how-many/", chosen).content.decode()
    answer = client.post(
        "/customers/hand-overs/new/", chosen | {"to": successor.pk, "on": str(today), "note": "leaves"}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert (owner_of(customer), owner_of(other)) == (salesperson, successor)


@pytest.mark.duty("C4")
def test_open_cases_go_along_and_the_successor_is_told(customer, salesperson, successor, manager):
    assistant = assistant_of(customer)
    case = opened_case(customer, by=assistant, owner=salesperson)
    other = opened_case(customer, by=assistant)
    hand_over([customer], to=successor, by=manager, note="retires")
    assert Case.objects.get(pk=case.pk).owner == successor
    assert Case.objects.get(pk=other.pk).owner == assistant
    assert Notification.objects.filter(person=successor, record_id=case.pk).exists()
