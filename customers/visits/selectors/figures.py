"""How many calls and visits each person had to make and made, and what a telephone-sales plan brought (C3)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum

from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Period
from backoffice.register.models import Record
from customers.visits.models import CallPlan, Visit
from customers.visits.models.visit import SPOKE

NOT_SOLD = ("draft", "cancelled")


@dataclass(frozen=True, slots=True)
class Contacts:
    """One person's calls and visits in a period. `due` fell due in it, of them `kept` were made; `overdue` as of a day."""

    key: int
    name: str
    due: int
    kept: int
    made: int
    spoken: int
    visits: int
    customers: int
    ordered: int
    overdue: int

    @property
    def kept_share(self) -> Decimal | None:
        return Decimal(self.kept) / self.due if self.due else None

    @property
    def spoken_share(self) -> Decimal | None:
        return Decimal(self.spoken) / self.made if self.made else None


def contacts_by_person(*, period: Period, on: datetime.date, visible_to: Person) -> list[Contacts]:
    """Figures of every person who had or made calls in the period, the most first; overdue as of `on`."""
    fell_due = Q(due_on__range=(period.first, period.last)) & ~Q(state="dropped") & ~Q(source="unplanned")
    made = Q(state="made", held_on__range=(period.first, period.last))
    spoken = made & Q(outcome__in=SPOKE)
    late = Q(state="planned", due_on__lt=on)
    rows = Visit.objects.visible_to(visible_to).filter(fell_due | made | late).order_by()
    found: Any = rows.values(key=F("person"), name=F("person__name")).annotate(
        due=Count("pk", filter=fell_due), kept=Count("pk", filter=fell_due & Q(state="made")), made=Count("pk", filter=made),
        spoken=Count("pk", filter=spoken), visits=Count("pk", filter=spoken & Q(way="visit")), customers=Count("party", filter=spoken, distinct=True),
        ordered=Count("pk", filter=made & Q(outcome="ordered")), overdue=Count("pk", filter=late),
    )  # fmt: skip
    people = [Contacts(**row) for row in found]
    return sorted(people, key=lambda row: (-row.made, -row.due, row.name))


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What one person's calls of a plan came to: customers given, called, talked with, how often; orders since the first talk."""

    key: int
    name: str
    customers: int
    called: int
    spoken: int
    tries: int
    buyers: int
    left: int
    overdue: int
    orders: int = 0
    amount: Decimal = ZERO
    goal: Decimal | None = None

    @property
    def spoken_share(self) -> Decimal | None:
        return Decimal(self.spoken) / self.customers if self.customers else None

    @property
    def reached(self) -> Decimal | None:
        return self.amount / self.goal if self.goal else None


def plan_by_person(plan: CallPlan, *, on: datetime.date, visible_to: Person) -> list[PlanFigures]:
    """The plan person by person, the most orders first. An order counts for who talked with the customer first."""
    calls = Visit.objects.visible_to(visible_to).filter(plan=plan).order_by()
    made, spoken = Q(state="made"), Q(state="made", outcome__in=SPOKE)
    found: Any = calls.values(key=F("person"), name=F("person__name")).annotate(
        customers=Count("party", distinct=True), called=Count("party", filter=made, distinct=True),
        spoken=Count("party", filter=spoken, distinct=True), tries=Count("pk", filter=made),
        buyers=Count("party", filter=made & Q(outcome="ordered"), distinct=True), left=Count("pk", filter=Q(state="planned")),
        overdue=Count("pk", filter=Q(state="planned", due_on__lt=on)),
    )  # fmt: skip
    sold = orders_since_talk(plan, visible_to=visible_to)
    rows = []
    for row in found:
        orders, amount = sold.get(row["key"], (0, ZERO))
        rows.append(PlanFigures(**row, orders=orders, amount=amount, goal=plan.goal))
    return sorted(rows, key=lambda row: (-row.amount, -row.spoken, row.name))


def orders_since_talk(plan: CallPlan, *, visible_to: Person) -> dict[int, tuple[int, Decimal]]:
    """Person → (orders, amount) of the customers they talked with, from the first talk of the plan to its end."""
    talks = Visit.objects.filter(plan=plan, party=OuterRef("party")).spoken().order_by("held_on", "pk")
    rows = Record.objects.visible_to(visible_to).filter(kind="order", dated_on__range=(plan.starts_on, plan.ends_on))
    rows = rows.filter(party__in=Visit.objects.filter(plan=plan).order_by().values("party"))
    rows = rows.exclude(state__in=NOT_SOLD).order_by().annotate(
        caller=Subquery(talks.values("person")[:1]), since=Subquery(talks.values("held_on")[:1])
    )  # fmt: skip
    sold = rows.filter(since__lte=F("dated_on")).values("caller").annotate(orders=Count("pk"), total=Sum("amount"))
    return {row["caller"]: (row["orders"], row["total"] or ZERO) for row in sold}


def last_talks(parties: list[int]) -> dict[tuple[int, str], datetime.date]:
    """(party, way) → the day on which somebody last talked with them."""
    rows = Visit.objects.spoken().filter(party__in=parties).order_by()
    return {(row[0], row[1]): row[2] for row in rows.values_list("party", "way").annotate(last=Max("held_on"))}
