"""Telephone-sales plans 电话销售计划 (C3): what is to be sold by telephone until when, and whom we call for it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.jobs.calendar import working_days
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.models import Customer
from customers.visits.lifecycle import CALLS
from customers.visits.models import CallPlan, Rhythm, Visit, Way
from customers.visits.selectors.callers import Callers

HEADER = ("name", "starts_on", "ends_on", "product", "script", "goal")
MOST = 2000


def save_plan(plan: CallPlan, *, by: Person, given: Mapping[str, Any], version: int | None = None) -> CallPlan:
    """A new plan, or a change of one that still runs."""
    if not by.has_role(*CALLS):
        raise Refused(_("Your role does not call customers."), code="role")
    if given["ends_on"] < given["starts_on"]:
        raise Refused(_("It ends before it begins."), code="date", field="ends_on")
    with transaction.atomic(), acting(by, step="save_call_plan"):
        if plan.pk:
            plan = lock_plan(plan)
            check_unchanged(plan, version)
        else:
            plan.author = by
        for name in HEADER:
            setattr(plan, name, given[name])
        plan.save()
    return plan


def lock_plan(plan: CallPlan) -> CallPlan:
    found = CallPlan.objects.select_for_update().get(pk=plan.pk)
    if found.is_closed:
        raise Refused(_("This plan is closed."), code="state")
    return found


def add_to_plan(plan: CallPlan, customers: Iterable[Customer], *, by: Person, person: Person | None = None) -> int:
    """Give the plan these customers, each to who serves them or all to one; spread over the plan's working days. How many are new.

    Each customer is called once for a plan: who is in it already is passed over.
    """
    if not by.has_role(*CALLS):
        raise Refused(_("Your role does not call customers."), code="role")
    with transaction.atomic(), acting(by, step="add_to_call_plan"):
        locked = lock_plan(plan)
        days = days_left(locked)
        wanted = {customer.pk: customer for customer in customers}
        mine = Party.objects.visible_to(by).filter(pk__in=wanted, is_active=True)
        fresh = [wanted[pk] for pk in locked.without_call(mine).order_by("pk").values_list("pk", flat=True)]
        if len(fresh) > MOST:
            raise Refused(_("At most %(most)d customers at once: narrow the choice.") % {"most": MOST}, code="many")
        calls = list(calls_for(locked, shared_out(fresh, person), days))
        Visit.objects.bulk_create(calls)
    return len(calls)


def days_left(plan: CallPlan) -> list[datetime.date]:
    """The working days on which the plan can still be worked at."""
    first = max(plan.starts_on, timezone.localdate())
    days = working_days(first, plan.ends_on) if first <= plan.ends_on else []
    if not days:
        raise Refused(_("No working day is left until the end of the plan."), code="date")
    return days


def shared_out(customers: Iterable[Customer], person: Person | None) -> dict[Person, list[Customer]]:
    """Who calls whom: everybody one person, or each customer who serves them; who has nobody is left out."""
    shares, callers = defaultdict(list), Callers()
    for customer in customers:
        caller = person or callers.of(customer, Rhythm.By.ASSISTANT)
        if caller is not None:
            shares[caller].append(customer)
    if person is not None and not person.has_role(*CALLS):
        raise Refused(_("%(person)s does not call customers.") % {"person": person}, code="who", field="person")
    return shares


def calls_for(plan: CallPlan, shares: dict[Person, list[Customer]], days: list[datetime.date]) -> Iterable[Visit]:
    """Everybody's calls, the same number each day."""
    for caller, customers in shares.items():
        for place, customer in enumerate(customers):
            yield Visit(
                party=customer.party, way=Way.CALL, source=Visit.Source.SALES, plan=plan, person=caller, purpose=plan.name,
                due_on=days[place * len(days) // len(customers)],
            )  # fmt: skip


def close_plan(plan: CallPlan, *, by: Person) -> CallPlan:
    """No more calls for it; those that were not made are let go."""
    if not by.has_role(*CALLS):
        raise Refused(_("Your role does not call customers."), code="role")
    with transaction.atomic(), acting(by, step="close_call_plan"):
        closed = lock_plan(plan)
        left = Visit.objects.planned().filter(plan=closed)
        left.update(state=Visit.State.DROPPED, reason=_("The plan was closed."))
        closed.closed_at = timezone.now()
        closed.save(update_fields=["closed_at"])
    return closed
