"""What a manager looks at before a meeting: the month against the last and against target, who, whom, what is late."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from backoffice.ledger.selectors import Ageing, ageing
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Month, Span, add_months, same_day
from orders.models import Order
from orders.selectors.sales import Sales, sales
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


def span_of(first: date, last: date) -> Span:
    return Span(first, last)


def booked_until(on: date, *, visible_to: Person) -> Decimal:
    """Booked in the month of `on` up to that day, with tax."""
    rows = sales(by="total", period=span_of(Month.containing(on).first, on), visible_to=visible_to)
    return sum((row.gross for row in rows), ZERO)


def months_until(on: date, *, visible_to: Person, count: int = 13) -> list[tuple[str, Decimal]]:
    """Booked by month, the last `count` months up to the one of `on`; months without an order are there with zero."""
    first = add_months(Month.containing(on).first, 1 - count)
    rows = sales(by="total", each="month", period=span_of(first, on), visible_to=visible_to)
    booked = {row.period: row.gross for row in rows}
    labels = [f"{add_months(first, step):%Y-%m}" for step in range(count)]
    return [(label, booked.get(label, ZERO)) for label in labels]


def ranking_of(by: str, *, on: date, visible_to: Person, most: int = 10) -> list[Sales]:
    return sales(by=by, period=span_of(Month.containing(on).first, on), visible_to=visible_to)[:most]


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
