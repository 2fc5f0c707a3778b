"""Calls and visits: planned by grade, worked through, each result makes the next date; the telephone-sales plan and its figures."""

import datetime
import random
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.jobs.calendar import is_working_day, next_working_day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import JOBS
from backoffice.jobs.runs import run_due
from backoffice.pages.workbench import due_for
from backoffice.people.models import Person, Region, Role
from backoffice.periods import Month
from backoffice.refusals import Refused
from customers.models import Customer
from customers.visits.models import Rhythm, Visit
from customers.visits.selectors import contacts_by_person, conversations, weeks_of
from customers.visits.services import (
    drop_visit,
    make_visit,
    plan_rhythms,
    plan_visit,
    put_off,
    record_talk,
    save_rhythms,
    save_wish,
)
from customers.visits.tables import VisitList
from tests.making_customers import make_customer
from tests.making_visits import DAY, made_visit, planned_visit, talked, unanswered
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C3")]


def today() -> datetime.date:
    return timezone.localdate()


def night(on: datetime.date | None = None):
    return plan_rhythms(on=on or today(), by=Person.objects.system())


@pytest.fixture
def customer(salesperson, assistant) -> Customer:
    assistant.serves.add(salesperson)
    return make_customer(salesperson, grade="A")


def open_call(customer: Customer) -> Visit:
    return Visit.objects.planned().get(party=customer.pk, way="call")


# ── by itself ──────────────────────────────────────────────────────────────────────────────
def test_the_rhythm_of_the_grade_makes_the_next_call_and_visit_by_itself(customer, assistant, salesperson):
    done = night()
    assert done.made == 2
    call, visit = (Visit.objects.planned().get(way=way) for way in ("call", "visit"))
    assert (call.person, visit.person) == (assistant, salesperson)
    assert today() < call.due_on and is_working_day(call.due_on)
    assert (call.source, call.every) == ("rhythm", 14)
    assert night().made == 0, "a second night has nothing to add"


def test_customers_nobody_ever_called_are_spread_over_their_rhythm(salesperson, assistant):
    assistant.serves.add(salesperson)
    for _number in range(12):
        make_customer(salesperson, grade="B")
    night()
    days = Counter(Visit.objects.filter(way="call").values_list("due_on", flat=True))
    assert len(days) > 5 and max(days.values()) <= 5


def test_the_call_follows_the_last_talk_not_the_night_it_was_planned(customer, assistant):
    last = record_talk(customer.party, by=assistant, way="call", result=talked(), on=today() - 3 * DAY)
    Visit.objects.planned().delete()
    night()
    due = last.held_on + 14 * DAY
    assert open_call(customer).due_on == (due if is_working_day(due) else next_working_day(due))


def test_another_grade_or_rhythm_moves_what_is_planned(customer, manager):
    night()
    before = open_call(customer)
    save_rhythms({("A", "call"): (30, "assistant"), ("A", "visit"): (None, "salesperson")}, by=manager)
    done = night()
    call = open_call(customer)
    assert (done.moved, done.dropped, call.pk, call.every) == (1, 1, before.pk, 30)
    assert call.due_on >= before.counted_from + 30 * DAY
    assert Visit.objects.get(way="visit").reason


def test_what_a_customer_wishes_comes_before_the_grade(customer, assistant):
    night()
    save_wish(customer.party, by=assistant, way="call", days=None, reason="只用微信")
    assert Visit.objects.get(way="call").state == "dropped"
    assert night().made == 0
    with pytest.raises(Refused, match="not to be called"):
        save_wish(customer.party, by=assistant, way="visit", days=None)
    save_wish(customer.party, by=assistant, way="call", days=7, best_time="上午")
    assert open_call(customer).every == 7


def test_several_assistants_share_and_a_region_has_its_own(salesperson, assistant):
    country = Region.objects.create(code="EAST", name="华东")
    city = Region.objects.create(code="HZ", name="杭州", parent=country)
    assistant.serves_regions.add(country)
    first, second = make_person(Role.ASSISTANT), make_person(Role.ASSISTANT)
    for one in (first, second):
        one.serves.add(salesperson)
    customers = [make_customer(salesperson, grade="A", region=city) for _n in range(4)]
    stranger = make_customer(make_person(Role.SALESPERSON), grade="A", region=city)
    night()
    callers = Counter(
        Visit.objects.filter(way="call", party__in=[c.pk for c in customers]).values_list("person", flat=True)
    )
    assert callers == {first.pk: 2, second.pk: 2}
    assert open_call(stranger).person == assistant


def test_what_somebody_leaves_behind_goes_to_who_serves_the_customer_now(customer, assistant, salesperson):
    night()
    assistant.is_active = False
    assistant.save()
    successor = make_person(Role.ASSISTANT)
    successor.serves.add(salesperson)
    assert night().handed == 1
    assert open_call(customer).person == successor


def test_nobody_calls_who_is_no_longer_active(customer):
    night()
    customer.party.is_active = False
    customer.party.save()
    assert night().dropped == 2
    assert not Visit.objects.planned().exists()


def test_every_night_is_a_due_run(customer):
    run = DueRun.objects.create(job="plan_visits", period=str(today()), due_at=timezone.now(), watermark=timezone.now())
    assert JOBS["plan_visits"].at.hour == 5
    run_due(run.job, run.period)
    run = DueRun.objects.get(job="plan_visits")
    assert run.state == "done" and "2" in run.result


# ── one call ───────────────────────────────────────────────────────────────────────────────
def test_a_talk_keeps_what_was_heard_and_makes_the_next_date(customer, assistant):
    made = made_visit(customer.party, by=assistant)
    assert (made.state, made.held_on, made.business, made.stock, made.demand) == (
        "made",
        today(),
        "steady",
        "low",
        "A4 纸 20 箱",
    )
    following = open_call(customer)
    due = today() + 14 * DAY
    assert (following.follows, following.source) == (made, "rhythm")
    assert following.due_on == (due if is_working_day(due) else next_working_day(due))


def test_what_was_agreed_comes_before_the_rhythm(customer, assistant):
    day = next_working_day(today() + 2 * DAY)
    made_visit(customer.party, by=assistant, result=talked(next_step="报新价", next_on=day))
    following = open_call(customer)
    assert (following.due_on, following.source, following.purpose) == (day, "agreed", "报新价")
    with pytest.raises(Refused, match="after this one"):
        make_visit(following, by=assistant, result=talked(next_on=today()))


def test_no_answer_tries_again_on_the_next_working_day_three_times_at_most(customer, assistant):
    visit = planned_visit(customer.party, by=assistant, purpose="回访")
    make_visit(visit, by=assistant, result=unanswered())
    for _again in range(2):
        visit = open_call(customer)
        assert (visit.due_on, visit.purpose) == (next_working_day(today()), "回访")
        make_visit(visit, by=assistant, result=unanswered())
    assert open_call(customer).source == "rhythm"


@pytest.mark.parametrize("missing", ["said", "business", "stock"])
def test_a_talk_without_what_was_heard_is_refused(customer, assistant, missing):
    visit = planned_visit(customer.party, by=assistant)
    with pytest.raises(Refused) as refusal:
        make_visit(visit, by=assistant, result=talked(**{missing: ""}))
    assert refusal.value.field == missing
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(
            state="made", outcome="reached", held_on=today(), held_at=timezone.now(), **{"said": "x", "business": "steady", "stock": "low"} | {missing: ""}
        )  # fmt: skip


def test_a_call_is_made_once(customer, assistant):
    visit = planned_visit(customer.party, by=assistant)
    make_visit(visit, by=assistant, result=talked())
    with pytest.raises(Refused, match="already"):
        make_visit(visit, by=assistant, result=talked())
    with pytest.raises(Refused, match="already"):
        drop_visit(visit, by=assistant, note="x")


def test_a_customer_has_one_open_call(customer, assistant):
    planned_visit(customer.party, by=assistant)
    with pytest.raises(Refused, match="planned for"):
        planned_visit(customer.party, by=assistant, days=3)
    planned_visit(customer.party, by=assistant, way="visit")


def test_a_call_that_comes_by_itself_takes_the_place_of_the_planned_one(customer, assistant):
    night()
    planned = open_call(customer)
    assert record_talk(customer.party, by=assistant, way="call", result=talked()) == planned
    Visit.objects.planned().filter(way="call").delete()
    assert record_talk(customer.party, by=assistant, way="call", result=talked()).source == "unplanned"


def test_put_off_and_let_go_say_why_and_the_rhythm_goes_on(customer, assistant, salesperson):
    visit = planned_visit(customer.party, by=assistant)
    put_off(visit, by=assistant, due_on=today() + 4 * DAY, person=salesperson, note="出差")
    visit.refresh_from_db()
    assert (visit.due_on, visit.person) == (today() + 4 * DAY, salesperson)
    assert Event.objects.filter(step="put_off_visit", note="出差").exists()
    with pytest.raises(Refused, match="does not look after"):
        put_off(visit, by=assistant, due_on=today(), person=make_person(Role.ASSISTANT))
    with pytest.raises(Refused, match="reason"):
        drop_visit(visit, by=assistant, note=" ")
    drop_visit(visit, by=assistant, note="停业装修")
    assert open_call(customer).source == "rhythm"


def test_who_does_not_serve_the_customer_finds_no_call(customer, assistant, client):
    visit = planned_visit(customer.party, by=assistant)
    other = make_person(Role.ASSISTANT)
    assert not Visit.objects.visible_to(other).exists()
    with pytest.raises(Visit.DoesNotExist):
        make_visit(visit, by=other, result=talked())
    client.force_login(other)
    assert client.get(reverse("visits:make", args=[visit.pk])).status_code == 404
    with pytest.raises(Refused, match="role"):
        make_visit(visit, by=make_person(Role.FINANCE), result=talked())


# ── what is shown ──────────────────────────────────────────────────────────────────────────
def test_the_longest_due_stands_first_and_the_workbench_has_it(customer, assistant, salesperson):
    late = planned_visit(customer.party, by=assistant, days=-3)
    minor = planned_visit(make_customer(salesperson, grade="C").party, by=assistant)
    major = planned_visit(make_customer(salesperson, grade="A").party, by=assistant)
    planned_visit(make_customer(salesperson).party, by=assistant, days=5)
    assert list(Visit.objects.queue_of(assistant, on=today())) == [late, major, minor]
    rows = [row for group in due_for(assistant, on=today()) if group.duty.duty == "C3" for row in group.rows]
    assert (rows[0].title, rows[0].tone) == (str(customer.party), "bad")
    assert VisitList(assistant, "overdue=1").count == 1


def test_a_manager_sees_what_lies_longer_than_a_week(customer, assistant, manager, department):
    customer.party.owner.department = department
    customer.party.owner.save()
    planned_visit(customer.party, by=assistant, days=-9)
    titles = [row.title for group in due_for(manager, on=today()) if group.duty.duty == "C3" for row in group.rows]
    assert titles == [assistant.name]


def test_the_page_of_a_call_has_the_last_conversation_and_leads_to_the_next(client, customer, assistant, salesperson):
    made_visit(customer.party, by=assistant, result=talked(said="上次说要看样品"))
    visit = open_call(customer)
    other = planned_visit(make_customer(salesperson).party, by=assistant)
    client.force_login(assistant)
    put_off(visit, by=assistant, due_on=today())
    assert "上次说要看样品" in client.get(reverse("visits:today")).content.decode()
    page = client.get(reverse("visits:make", args=[visit.pk]))
    assert "上次说要看样品" in page.content.decode() and str(other.party) in page.content.decode()
    sent = {
        "outcome": "reached",
        "said": "要 20 箱",
        "business": "growing",
        "stock": "out",
        "contact": "张",
        "next_on": "",
        "held_on": "",
    }
    answer = client.post(reverse("visits:make", args=[visit.pk]), sent)
    assert answer.url == reverse("visits:make", args=[other.pk])
    answer = client.post(answer.url, {"outcome": "reached", "quick": "no_answer"})
    assert answer.url == reverse("visits:today")
    other.refresh_from_db()
    assert other.outcome == "no_answer"


def test_calendar_and_conversations_hold_visits_and_notes(customer, assistant):
    visit = made_visit(customer.party, by=assistant)
    weeks = weeks_of(Month.containing(today()), person=assistant)
    assert [day.on for week in weeks for day in week if visit in day.made] == [today()]
    assert all(len(week) == 7 and week[0].on.weekday() == 0 for week in weeks)
    assert conversations(customer.party, person=assistant)[0].visit == visit


def test_figures_by_person_are_what_a_slow_count_finds(salesperson, manager):
    manager.roles = [Role.MANAGER, Role.GM]
    manager.save()
    dice, month, people = random.Random(5), Month.containing(today()), [make_person(Role.ASSISTANT) for _n in range(3)]
    for _number in range(40):
        due = month.first + dice.randrange(-3, 28) * DAY
        state = dice.choice(["planned", "made", "made", "dropped"])
        given = {
            "party": make_customer(salesperson).party,
            "person": dice.choice(people),
            "due_on": due,
            "state": state,
            "way": dice.choice(["call", "visit"]),
        }
        if state == "made":
            outcome = dice.choice(["reached", "ordered", "no_answer"])
            given |= {
                "outcome": outcome,
                "held_on": due + dice.randrange(3) * DAY,
                "held_at": timezone.now(),
                "said": "x",
                "business": "steady",
                "stock": "low",
            }
        Visit.objects.create(
            source=dice.choice(["rhythm", "unplanned"]), reason="x" if state == "dropped" else "", **given
        )
    for row in contacts_by_person(period=month, on=today(), visible_to=manager):
        mine = list(Visit.objects.filter(person=row.key))
        held = [v for v in mine if v.state == "made" and v.held_on in month]
        due = [v for v in mine if v.due_on in month and v.state != "dropped" and v.source != "unplanned"]
        spoken = [v for v in held if v.has_spoken]
        assert (row.due, row.kept, row.made, row.spoken) == (
            len(due),
            sum(v.state == "made" for v in due),
            len(held),
            len(spoken),
        )
        assert row.visits == sum(v.way == "visit" for v in spoken) and row.customers == len(
            {v.party_id for v in spoken}
        )
        assert row.overdue == sum(v.state == "planned" and v.due_on < today() for v in mine)


def test_only_a_manager_sets_the_rhythm(assistant):
    with pytest.raises(Refused, match="manager"):
        save_rhythms({("A", "call"): (1, "assistant")}, by=assistant)
    assert Rhythm.objects.get(grade="A", way="call").days == 14
    with pytest.raises(Refused, match="over already"):
        plan_visit(make_customer(assistant).party, by=assistant, way="call", due_on=today() - DAY)
