"""What was said with a customer last, the calls of a month as a calendar, and whom a telephone-sales plan may call."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from backoffice.jobs.calendar import working_days
from backoffice.parties.models import Party
from backoffice.people.models import Person, Region, below
from backoffice.periods import Month, Week
from backoffice.register.models import Record
from customers.models import Customer, Note
from customers.visits.models import Reception, Visit

LAST = 6


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thing said: a call or visit (`visit`) or a note (`note`)."""

    day: datetime.date
    who: Person
    what: str
    said: str
    visit: Visit | None = None
    note: Note | None = None


def conversations(party: Party, *, person: Person, most: int = LAST) -> list[Conversation]:
    """The last talks with a customer, newest first: what stands beside while one calls."""
    visits = Visit.objects.visible_to(person).held().filter(party=party).select_related("person")
    notes = Note.objects.visible_to(person).filter(party=party).select_related("written_by")
    found = [
        Conversation(row.held_on, row.person, row.get_way_display(), row.said, visit=row)
        for row in visits.order_by("-held_on", "-pk")[:most]
    ] + [
        Conversation(row.happened_on, row.written_by, row.get_kind_display(), row.text, note=row)
        for row in notes.order_by("-happened_on", "-pk")[:most]
    ]
    return sorted(found, key=lambda row: row.day, reverse=True)[:most]


def last_said(parties: list[int]) -> dict[int, Visit]:
    """Party → the last time somebody there talked with us."""
    rows = Visit.objects.spoken().filter(party__in=parties).order_by("party_id", "-held_on", "-pk").distinct("party_id")
    return {visit.party_id: visit for visit in rows}


# ── calendar ───────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class Day:
    """One square of the calendar."""

    on: datetime.date
    is_here: bool
    is_working: bool
    planned: list[Visit] = field(default_factory=list)
    made: list[Visit] = field(default_factory=list)
    receptions: list[Reception] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.planned) + len(self.made) + len(self.receptions)


def weeks_of(month: Month, *, person: Person, whose: Person | None = None) -> list[list[Day]]:
    """The month by weeks from Monday: what is planned, what was done, who comes. `whose` narrows it to one person's."""
    first, last = Week.containing(month.first).first, Week.containing(month.last).last
    at_work = set(working_days(first, last))
    span = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    days = {on: Day(on, on in month, on in at_work) for on in span}
    mine = Q(person=whose) if whose else Q()
    visits = Visit.objects.visible_to(person).filter(mine).select_related("party", "person")
    for visit in visits.planned().filter(due_on__range=(first, last)).order_by("due_on", "pk"):
        days[visit.due_on].planned.append(visit)
    for visit in visits.held().filter(held_on__range=(first, last)).order_by("held_at"):
        days[visit.held_on].made.append(visit)
    receptions = Reception.objects.visible_to(person).filter(dated_on__range=(first, last)).exclude(state="cancelled")
    for reception in receptions.filter(Q(host=whose) | Q(author=whose) if whose else Q()).select_related("party"):
        days[reception.dated_on].receptions.append(reception)
    return [[days[on] for on in span[start : start + 7]] for start in range(0, len(span), 7)]


# ── whom to call ───────────────────────────────────────────────────────────────────────────
def audience(*, person: Person, on: datetime.date, given: dict[str, Any]) -> QuerySet[Customer]:
    """The customers that fit: `grades`, `region`, `owner`, `kind`, `tag`, `quiet_days` without an order."""
    rows = Customer.objects.visible_to(person).filter(party__is_active=True)
    if given.get("grades"):
        rows = rows.filter(grade__in=given["grades"])
    if given.get("region"):
        rows = rows.filter(party__region__in=below(Region, [given["region"].pk]))
    if given.get("owner"):
        rows = rows.filter(party__owner=given["owner"])
    if given.get("kind"):
        rows = rows.filter(party__kind=given["kind"])
    if given.get("quiet_days"):
        since = on - datetime.timedelta(days=given["quiet_days"])
        bought = Record.objects.filter(party=OuterRef("pk"), kind="order", dated_on__gte=since)
        rows = rows.exclude(Exists(bought.exclude(state__in=("draft", "cancelled"))))
    return rows.select_related("party").order_by("grade", "party__code")
