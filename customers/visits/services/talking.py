"""Calls and visits (C3): planned by hand, made with what was heard, put off, let go. A result makes the next date."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.jobs.calendar import next_working_day
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.models import Customer
from customers.visits.lifecycle import CALLS
from customers.visits.models import Visit, Way
from customers.visits.models.visit import SPOKE
from customers.visits.selectors.callers import Callers
from customers.visits.selectors.rhythms import at_work, rhythm_of

State, Source, Outcome = Visit.State, Visit.Source, Visit.Outcome
TRIES = 3  # after so many calls without an answer the customer waits for the next turn
TOLD = ("outcome", "contact", "said", "business", "stock", "demand", "next_step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a call or visit brought. `next_on` is what was agreed; empty: the rhythm says when."""

    outcome: str
    said: str = ""
    contact: str = ""
    business: str = ""
    stock: str = ""
    demand: str = ""
    next_step: str = ""
    next_on: datetime.date | None = None

    def check(self, on: datetime.date) -> None:
        """A talk is worth its call only with what was said, how their business goes and what they have in stock."""
        if self.outcome in SPOKE:
            for name in ("said", "business", "stock"):
                if not getattr(self, name).strip():
                    raise Refused(_("Please write down what you heard."), code="empty", field=name)
        if self.next_on and self.next_on <= on:
            raise Refused(_("The next date must lie after this one."), code="date", field="next_on")


def check_caller(by: Person) -> None:
    if not by.has_role(*CALLS):
        raise Refused(_("Your role does not call customers."), code="role")


def lock_visit(visit: Visit, *, by: Person) -> Visit:
    """The row as it is now; one that is made or let go already is refused."""
    check_caller(by)
    found = Visit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=visit.pk)
    if not found.is_planned:
        raise Refused(_("This was done already: «%(state)s».") % {"state": found.get_state_display()}, code="state")
    return found


def check_may_know(party: Party, person: Person) -> None:
    """Nobody is sent to a customer whom they may not see."""
    if not person.is_active or not Party.objects.visible_to(person).filter(pk=party.pk).exists():
        raise Refused(
            _("%(person)s does not look after this customer.") % {"person": person}, code="who", field="person"
        )


def plan_visit(
    party: Party, *, by: Person, way: str, due_on: datetime.date, person: Person | None = None, purpose: str = ""
) -> Visit:
    """Plan a call or visit by hand; a customer has one open call and one open visit at a time."""
    check_caller(by)
    if due_on < timezone.localdate():
        raise Refused(_("The day is over already."), code="date", field="due_on")
    with transaction.atomic(), acting(by, step="plan_visit"):
        seen = Party.objects.visible_to(by).customers().get(pk=party.pk)
        check_may_know(seen, person or by)
        visit = Visit(
            party=seen, way=way, source=Source.HAND, person=person or by, due_on=due_on, purpose=purpose.strip()
        )
        try:
            with transaction.atomic():
                visit.save(force_insert=True)
        except IntegrityError as error:
            there = Visit.objects.planned().get(party=seen, way=way, plan=None)
            raise Refused(
                _("It is planned for %(day)s already, with %(person)s: put that one off instead.") % {"day": there.due_on, "person": there.person},
                code="planned", field="due_on",
            ) from error  # fmt: skip
        return visit


def make_visit(visit: Visit, *, by: Person, result: Result, on: datetime.date | None = None) -> Visit:
    """Write down what a call or visit brought; the next one follows from it. C3"""
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise Refused(_("What is still to come cannot be written down."), code="date", field="held_on")
    result.check(on)
    with transaction.atomic(), acting(by, step="make_visit"):
        made = lock_visit(visit, by=by)
        write_result(made, result, by=by, on=on)
        follow_up(made, result)
        return made


def record_talk(party: Party, *, by: Person, way: str, result: Result, on: datetime.date | None = None) -> Visit:
    """A call that came by itself, or was made before its day: it takes the place of the one that is planned."""
    check_caller(by)
    with transaction.atomic(), acting(by, step="record_talk"):
        seen = Party.objects.visible_to(by).customers().select_for_update(of=("self",)).get(pk=party.pk)
        visit = Visit.objects.planned().filter(party=seen, way=way, plan=None).first()
        if visit is None:
            day = on or timezone.localdate()
            visit = Visit.objects.create(party=seen, way=way, source=Source.UNPLANNED, person=by, due_on=day)
        return make_visit(visit, by=by, result=result, on=on)


def write_result(visit: Visit, result: Result, *, by: Person, on: datetime.date) -> None:
    for name in TOLD:
        setattr(visit, name, getattr(result, name).strip())
    visit.state, visit.person, visit.held_on, visit.held_at = State.HELD, by, on, timezone.now()
    visit.save()


def follow_up(visit: Visit, result: Result) -> Visit | None:
    """The next date: what was agreed; after no answer the next working day; else by the rhythm."""
    if visit.outcome in (Outcome.NO_ANSWER, Outcome.LATER) and (tries_of(visit) < TRIES or result.next_on):
        due = result.next_on or next_working_day(visit.held_on)
        kept = {"plan": visit.plan, "every": visit.every, "counted_from": visit.counted_from}
        return open_next(visit, due, source=visit.source, purpose=visit.purpose, **kept)
    if result.next_on:
        return open_next(visit, at_work(result.next_on), source=Source.AGREED, purpose=visit.next_step)
    turn = rhythm_of(Customer.objects.get(party=visit.party_id), visit.way)
    if turn is None:
        return None
    due = at_work(visit.held_on + datetime.timedelta(days=turn.days))
    return open_next(visit, due, source=Source.RHYTHM, every=turn.days, counted_from=visit.held_on)


def open_next(visit: Visit, due_on: datetime.date, *, source: str, purpose: str = "", **given: Any) -> Visit:
    """The one open call after this one. One that is open already follows what was agreed, or gives way to the rhythm."""
    source = Source.HAND if source == Source.UNPLANNED else source
    plan = given.get("plan")
    there = Visit.objects.planned().filter(party=visit.party_id, way=visit.way, plan=plan).select_for_update().first()
    if there is None:
        return Visit.objects.create(
            party_id=visit.party_id, way=visit.way, person=caller_after(visit), due_on=due_on, source=source, purpose=purpose, follows=visit, **given
        )  # fmt: skip
    if source == Source.AGREED or there.source == Source.RHYTHM == source:
        there.due_on, there.source, there.follows = due_on, source, visit
        there.purpose = purpose or there.purpose
        there.every, there.counted_from = given.get("every"), given.get("counted_from")
        there.save()
    return there


def caller_after(visit: Visit) -> Person:
    """Who made it makes the next, unless they only stood in for somebody who serves the customer."""
    by = "assistant" if visit.way == Way.CALL else "salesperson"
    customer = Customer.objects.select_related("party").get(party=visit.party_id)
    callers = Callers()
    if visit.person in (*callers.serving(customer), customer.party.owner):
        return visit.person
    return callers.of(customer, by) or visit.person


def tries_of(visit: Visit) -> int:
    """How many calls in a row, this one counted, found nobody."""
    number, here = 0, visit
    while here is not None and here.outcome in (Outcome.NO_ANSWER, Outcome.LATER):
        number, here = number + 1, here.follows
    return number


def put_off(visit: Visit, *, by: Person, due_on: datetime.date, person: Person | None = None, note: str = "") -> Visit:
    """Another day, or somebody else; the history says who wanted it and why."""
    if due_on < timezone.localdate():
        raise Refused(_("The day is over already."), code="date", field="due_on")
    with transaction.atomic(), acting(by, step="put_off_visit", note=note):
        moved = lock_visit(visit, by=by)
        if person is not None and person != moved.person:
            check_may_know(moved.party, person)
            moved.person = person
        moved.due_on = due_on
        moved.save(update_fields=["due_on", "person"])
        return moved


def drop_visit(visit: Visit, *, by: Person, note: str) -> Visit:
    """Let it go, with the reason; the rhythm goes on from today."""
    if not note.strip():
        raise Refused(_("Please give a reason."), code="note", field="note")
    with transaction.atomic(), acting(by, step="drop_visit", note=note):
        gone = lock_visit(visit, by=by)
        gone.state, gone.reason = State.DROPPED, note.strip()[:300]
        gone.save(update_fields=["state", "reason"])
        if gone.plan_id is None:
            go_on(gone)
        return gone


def go_on(visit: Visit) -> None:
    """The next one by the rhythm, counted from the day on which this one was let go."""
    customer, today = Customer.objects.get(party=visit.party_id), timezone.localdate()
    turn = rhythm_of(customer, visit.way)
    if turn is not None and customer.party.is_active:
        due = at_work(today + datetime.timedelta(days=turn.days))
        open_next(visit, due, source=Source.RHYTHM, every=turn.days, counted_from=today)


def put_off_to_tomorrow(visit: Visit, *, by: Person, note: str = "") -> Visit:
    """The next working day: what a list does with many rows at once."""
    return put_off(visit, by=by, due_on=next_working_day(timezone.localdate()), note=note)
