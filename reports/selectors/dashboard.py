"""What a manager looks at before a meeting: the month against the last and against target, who, whom, what is late."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from backoffice.ledger.selectors import Ageing, ageing
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Month, Period, add_months, same_day
from orders.models import Order
from orders.selectors.sales import By, Per, Sales, booked_sales, sum_of
from reports.models import Target


@dataclass(frozen=True, slots=True)
class Figure:
    """A card: a figure, what it is compared with, and the address of its rows."""

    label: str
    value: Decimal | int
    before: Decimal | None = None
    before_label: str = ""
    url: str = ""
    kind: str = "money"


def largest_first(by: str, *, period: Period, visible_to: Person | None) -> list[Sales]:
    """Booked sales of a period by anything, the largest first."""
    rows = booked_sales(by=By(by), first=period.first, last=period.last, visible_to=visible_to)
    return sorted(rows, key=lambda row: (-row.amount, row.name))


def booked_until(on: date, *, visible_to: Person) -> Decimal:
    """Booked in the month of `on` up to that day, with tax."""
    return sum_of(booked_sales(first=Month.containing(on).first, last=on, visible_to=visible_to))


def months_until(on: date, *, visible_to: Person, count: int = 13) -> list[tuple[str, Decimal]]:
    """Booked by month, the last `count` months up to the one of `on`; months without an order are there with zero."""
    first = add_months(Month.containing(on).first, 1 - count)
    rows = booked_sales(per=Per.MONTH, first=first, last=on, visible_to=visible_to)
    booked = {row.start: row.amount for row in rows}
    months = [add_months(first, step) for step in range(count)]
    return [(f"{month:%Y-%m}", booked.get(month, ZERO)) for month in months]


def ranking_of(by: str, *, on: date, visible_to: Person, most: int = 10) -> list[Sales]:
    rows = booked_sales(by=By(by), first=Month.containing(on).first, last=on, visible_to=visible_to)
    return sorted(rows, key=lambda row: (-row.amount, row.name))[:most]


def target_of(on: date, *, visible_to: Person) -> Decimal:
    rows = Target.objects.filter(month=Month.containing(on).first)
    if not visible_to.sees_everything:
        rows = rows.filter(person__in=Person.objects.filter(parties__in=visible_parties(visible_to)))
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


def visible_parties(person: Person):
    return Order.objects.visible_to(person).values("party")


def aged(on: date, *, visible_to: Person) -> Ageing:
    return ageing(on=on, visible_to=visible_to)


def last_month_same_day(on: date) -> date:
    before = add_months(Month.containing(on).first, -1)
    return same_day(on, before.year, before.month)
