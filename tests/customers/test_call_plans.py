"""The telephone-sales plan: whom to call about what, spread over its days, and what each person sold (C3)."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from customers.models import Customer
from customers.visits.models import CallPlan, Visit
from customers.visits.selectors import audience, plan_by_person
from customers.visits.services import add_to_plan, close_plan, make_visit, plan_rhythms
from tests.making_customers import make_customer
from tests.making_orders import approved_order
from tests.making_visits import DAY, running_plan, talked, unanswered

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C3")]


def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def customer(salesperson, assistant) -> Customer:
    assistant.serves.add(salesperson)
    return make_customer(salesperson, grade="A")


def test_a_plan_gives_each_customer_to_who_serves_them_once_and_spreads_the_days(customer, assistant, salesperson):
    others = [make_customer(salesperson, grade="B") for _n in range(5)]
    plan = running_plan(by=assistant)
    chosen = audience(person=assistant, on=today(), given={"grades": ["A", "B"]})
    assert add_to_plan(plan, chosen, by=assistant) == 6
    assert add_to_plan(plan, chosen, by=assistant) == 0
    calls = Visit.objects.filter(plan=plan)
    assert {call.person for call in calls} == {assistant} and len({call.due_on for call in calls}) > 2
    plan_rhythms(on=today(), by=Person.objects.system())
    assert Visit.objects.planned().filter(party=others[0].pk, way="call").count() == 2, (
        "the plan's call stands beside the rhythm's"
    )


def test_the_audience_leaves_out_who_ordered_lately(customer, salesperson, assistant):
    quiet = make_customer(salesperson, grade="A")
    approved_order(customer, dated_on=today() - 10 * DAY)
    assert list(audience(person=assistant, on=today(), given={"quiet_days": 30})) == [quiet]


def test_a_plan_counts_what_each_person_sold_after_the_talk(customer, assistant, manager, salesperson):
    manager.roles = [Role.GM]
    manager.save()
    plan = running_plan(by=assistant, goal=Decimal(1000))
    second = make_customer(salesperson)
    add_to_plan(plan, [customer, second], by=assistant, person=assistant)
    calls = {call.party_id: call for call in Visit.objects.filter(plan=plan)}
    make_visit(calls[customer.pk], by=assistant, result=talked(outcome="ordered"))
    make_visit(calls[second.pk], by=assistant, result=unanswered())
    for buyer in (customer, second):
        approved_order(buyer, dated_on=today(), amount=250)
    approved_order(customer, dated_on=today() - DAY)
    [row] = plan_by_person(plan, on=today(), visible_to=manager)
    assert (row.customers, row.called, row.spoken, row.tries, row.buyers, row.left) == (2, 2, 1, 2, 1, 1)
    assert (row.orders, row.amount, row.reached) == (1, Decimal(250), Decimal("0.25")), (
        "nobody talked with the second yet"
    )
    with pytest.raises(Refused, match="before it begins"):
        running_plan(by=assistant, days=-1)
    close_plan(plan, by=assistant)
    assert not Visit.objects.planned().filter(plan=plan).exists()
    with pytest.raises(Refused, match="closed"):
        add_to_plan(plan, [customer], by=assistant)


def test_the_pages_of_a_plan(client, customer, assistant):
    client.force_login(assistant)
    sent = {"name": "年末促销", "starts_on": "today", "ends_on": "+20", "goal": "1万", "script": "先问库存"}
    page = client.post(reverse("visits:call_plan-new"), sent, follow=True)
    plan = CallPlan.objects.get()
    assert plan.goal == Decimal(10000) and "No customers yet" in page.content.decode()
    page = client.post(reverse("visits:plan-add", args=[plan.pk]), {"grades": ["A"]}, follow=True)
    assert "1 customer was added." in page.content.decode() and assistant.name in page.content.decode()
    for name in ("visits:call_plan-list", "visits:figures", "visits:calendar", "visits:today", "visits:list"):
        assert client.get(reverse(name)).status_code == 200, name
    client.post(reverse("visits:plan-close", args=[plan.pk]))
    assert not Visit.objects.planned().exists()
    assert client.get(reverse("visits:call_plan-edit", args=[plan.pk])).status_code == 404
