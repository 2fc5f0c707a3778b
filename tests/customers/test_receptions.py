"""Receptions: planned with a budget, agreed to by a manager, held with what they cost, tied to the claim that pays (C5)."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.outbox.models import Notification
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.timeline import timeline_of
from customers.visits import services
from customers.visits.lifecycle import RECEPTION
from customers.visits.models import Reception
from tests import making_visits as making
from tests.making_customers import make_customer
from tests.making_expenses import draft_claim, submitted_claim
from tests.making_visits import DAY, D
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C5")]


@pytest.fixture
def customer(salesperson, assistant, manager, department):
    assistant.serves.add(salesperson)
    salesperson.department = department
    salesperson.save()
    return make_customer(salesperson)


def test_a_reception_goes_from_its_plan_to_the_claim_that_pays(customer, assistant, manager):
    reception = making.draft_reception(customer.party, by=assistant)
    assert (reception.amount, reception.number, reception.a_head) == (D("1000.00"), None, D("200.00"))
    services.submit_reception(reception, by=assistant)
    assert Notification.objects.filter(person=manager, topic="reception_waiting").exists()
    reception = services.approve_reception(reception, by=manager)
    assert reception.number.startswith("RC-")
    costs = {line.pk: line.budget - 10 for line in reception.lines.all()}
    reception = services.host_reception(reception, by=assistant, costs=costs, outcome="答应续签")
    assert (reception.actual, reception.over, reception.hosted_on) == (D("980.00"), D("-20.00"), timezone.localdate())
    claim = submitted_claim(assistant)
    reception = services.settle_reception(reception, by=assistant, claim=Record.objects.get(pk=claim.pk))
    assert (reception.state, reception.claim_id) == ("settled", claim.pk)
    assert not [finding for finding in run_checks() if "reception" in str(finding)]
    told = timeline_of(customer.party, person=assistant).entries
    found = [entry.what for entry in told if entry.url == reception.get_absolute_url()]
    assert found == [f"Reception {reception.number}"]


def test_the_author_cannot_approve_their_own_and_what_was_approved_stays(customer, manager):
    manager.serves.add(customer.party.owner)
    reception = making.submitted_reception(customer.party, by=manager)
    with pytest.raises(Refused):
        services.approve_reception(reception, by=manager)
    other = make_person(Role.GM)
    reception = services.approve_reception(reception, by=other)
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        Reception.objects.filter(pk=reception.pk).update(purpose="else")
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        reception.lines.update(budget=1)


def test_a_dear_one_needs_two(customer, assistant, manager):
    reception = making.submitted_reception(customer.party, making.item(budget=12000), by=assistant)
    assert services.approve_reception(reception, by=manager).state == "submitted"
    assert services.approve_reception(reception, by=make_person(Role.GM)).state == "approved"


def test_beyond_the_budget_needs_a_reason_and_before_its_day_it_cannot_have_been(customer, assistant, manager):
    reception = making.approved_reception(customer.party, by=assistant, manager=manager)
    costs = {line.pk: Decimal(900) for line in reception.lines.all()}
    with pytest.raises(Refused, match="800.00 more"):
        services.host_reception(reception, by=assistant, costs=costs, outcome="x")
    with pytest.raises(Refused, match="came of it"):
        services.host_reception(reception, by=assistant, costs=costs, note="x")
    assert services.host_reception(reception, by=assistant, costs=costs, outcome="x", note="more guests").over == 800
    later = making.approved_reception(
        customer.party, by=assistant, manager=manager, dated_on=timezone.localdate() + 3 * DAY
    )
    with pytest.raises(Refused, match="planned for"):
        services.host_reception(later, by=assistant, costs={}, outcome="x")


def test_only_a_claim_that_was_handed_in_pays(customer, assistant, manager):
    reception = making.hosted_reception(customer.party, by=assistant, manager=manager)
    with pytest.raises(Refused, match="Which expense claim"):
        services.settle_reception(reception, by=assistant)
    for wrong in (draft_claim(assistant), making.draft_reception(customer.party, by=assistant)):
        with pytest.raises(Refused, match="no expense claim"):
            services.settle_reception(reception, by=assistant, claim=Record.objects.get(pk=wrong.pk))
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Reception.objects.filter(pk=reception.pk).update(state="settled")


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "hosted", "settled", "cancelled"])
def test_a_step_is_refused_from_every_state_it_does_not_start_from(customer, assistant, manager, state):
    more = {"manager": manager} if state in ("approved", "hosted", "settled") else {}
    reception = getattr(making, f"{state}_reception")(customer.party, by=assistant, **more)
    assert reception.state == state
    everybody = make_person(*Role.values)
    for step in RECEPTION.steps:
        if reception.get_state() not in step.sources:
            with pytest.raises(Refused, match="not possible"):
                getattr(services, step.name)(reception, by=everybody, note="x")


def test_the_workbench_says_what_is_next(client, customer, assistant, manager):
    def due(person):
        return [row for g in due_for(person, on=timezone.localdate()) if g.duty.duty == "C5" for row in g.rows]

    reception = making.submitted_reception(customer.party, by=assistant)
    assert [row.acts[0].url for row in due(manager)] == [reverse("pages:review", args=[reception.pk])]
    services.approve_reception(reception, by=manager)
    assert [row.acts[0].url for row in due(assistant)] == [reverse("pages:step", args=[reception.pk, "host_reception"])]
    client.force_login(manager)
    assert client.get(reception.get_absolute_url()).status_code == 200


def test_the_form_takes_lines_by_the_beginning_of_a_word(client, customer, assistant):
    client.force_login(assistant)
    sent = {
        "party": customer.pk, "purpose": "看样品", "dated_on": "+1", "arrives_at": "11:30", "host": assistant.pk, "guest_count": 2, "companion_count": 1,
        "guests": "张总", "lines-count": 2, "lines-0-kind": "me", "lines-0-on": "+1", "lines-0-people": 3, "lines-0-budget": "=3*120", "lines-1-kind": "tour",
        "lines-1-on": "+1", "lines-1-people": 3, "lines-1-budget": "0",
    }  # fmt: skip
    answer = client.post(reverse("visits:reception-new"), sent)
    reception = Reception.objects.get()
    assert answer.url == reception.get_absolute_url()
    assert (reception.amount, [line.kind for line in reception.lines.all()]) == (D("360.00"), ["meal", "tour"])
    sent["lines-0-kind"] = "x"
    assert "line 1 is not right yet" in client.post(reverse("visits:reception-new"), sent).content.decode()
