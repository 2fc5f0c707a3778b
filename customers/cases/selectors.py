"""Questions about cases: when one is due, what concerns a document, and the figures of a time (C4)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DecimalField, F, Func, IntegerField, Max, Q, QuerySet, Sum, Value
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce, NullIf

from backoffice.jobs.calendar import working_days
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Period
from backoffice.register.models import Record
from customers.cases.models import Case

ABOUT = ("order", "shipment", "return", "contract", "invoice")  # the documents a case may concern

# way → (path of the key, paths of the name)
WAYS: dict[str, tuple[str, str]] = {
    "category": ("category", "category__name"),
    "product": ("product", "product__name"),
    "carrier": ("carrier", "carrier__short_name"),
    "owner": ("owner", "owner__name"),
    "party": ("party", "party__short_name"),
}


def deadline(on: datetime.date, days: int) -> datetime.date:
    """The n-th working day after a day; holidays and make-up days as the office has them."""
    ahead = 20 + 2 * days
    while len(found := working_days(on + datetime.timedelta(1), on + datetime.timedelta(ahead))) < days:
        ahead *= 2
    return found[days - 1]


def working_days_late(due_on: datetime.date, on: datetime.date) -> int:
    """How many working days a deadline is past."""
    return len(working_days(due_on + datetime.timedelta(1), on)) if on > due_on else 0


def concerned(party: int | None, *, person: Person) -> QuerySet[Record]:
    """The documents a case of this customer may be about, newest first."""
    rows = Record.objects.visible_to(person).filter(kind__in=ABOUT).exclude(number=None).select_related("party")
    return (rows.filter(party=party) if party else rows).order_by("-dated_on", "-pk")


def cases_of(party_id: int, *, person: Person) -> QuerySet[Case]:
    """A customer's cases, the unsolved first."""
    rows = Case.objects.visible_to(person).filter(party=party_id).select_related("category", "owner", "product")
    return rows.order_by(F("solved_on").desc(nulls_first=True), "-dated_on", "-pk")


def cases_about(record_id: int, *, person: Person) -> QuerySet[Case]:
    """The cases about one order, shipment, invoice …"""
    rows = Case.objects.visible_to(person).filter(about=record_id)
    return rows.select_related("category", "owner", "product").order_by("-dated_on", "-pk")


@dataclass(frozen=True, slots=True)
class CaseFigure:
    """What came of the cases of one kind, product, carrier … that were reported in a time.

    `days` is the mean time to the solution in calendar days, `satisfaction` the mean of those who were asked.
    """

    key: Any
    name: str
    reported: int
    unsolved: int
    in_time: int
    late: int
    days: Decimal | None
    longest: int | None
    satisfaction: Decimal | None
    claimed: Decimal
    cost: Decimal

    @property
    def share_in_time(self) -> Decimal | None:
        """Of those that are solved or past their deadline, how many were solved by it."""
        judged = self.in_time + self.late
        return Decimal(self.in_time) / judged if judged else None


def case_figures(*, by: str, period: Period, on: datetime.date, person: Person, nature: str = "") -> list[CaseFigure]:
    """One row for each kind, category, product, carrier, customer or person responsible; the most cases first."""
    rows = Case.objects.visible_to(person).counted().filter(dated_on__range=(period.first, period.last))
    if nature:
        rows = rows.filter(nature=nature)
    key, name = ("nature", "nature") if by == "nature" else WAYS[by]
    found = rows.order_by().values(group=F(key), called=_called(by, name)).annotate(**_measures(on))
    figures = [CaseFigure(key=row.pop("group"), name=str(row.pop("called") or ""), **row) for row in found]
    return sorted(figures, key=lambda row: (-row.reported, row.name))


def case_total(*, period: Period, on: datetime.date, person: Person, nature: str = "") -> CaseFigure:
    """The same over all of them."""
    rows = Case.objects.visible_to(person).counted().filter(dated_on__range=(period.first, period.last))
    if nature:
        rows = rows.filter(nature=nature)
    return CaseFigure(key=None, name="", **rows.order_by().aggregate(**_measures(on)))


def _called(by: str, name: str) -> Expression | F:
    """The name shown: parties by their short name, else their name."""
    if by in ("carrier", "party"):
        return Coalesce(NullIf(F(name), Value("")), F(f"{by}__name"))
    return F(name)


def _measures(on: datetime.date) -> dict[str, Any]:
    solved = Q(solved_on__isnull=False)
    # dates less dates are whole days in PostgreSQL; Django would make an interval of them
    taken = Func(
        F("solved_on"), F("dated_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
    return {
        "reported": Count("pk"),
        "unsolved": Count("pk", filter=~solved),
        "in_time": Count("pk", filter=Q(solved_on__lte=F("due_on"))),
        "late": Count("pk", filter=Q(solved_on__gt=F("due_on")) | Q(solved_on=None, due_on__lt=on)),
        "days": Avg(taken, filter=solved, output_field=DecimalField()),
        "longest": Max(taken, filter=solved, output_field=IntegerField()),
        "satisfaction": Avg("satisfaction", output_field=DecimalField()),
        "claimed": Coalesce(Sum("amount"), ZERO, output_field=DecimalField()),
        "cost": Coalesce(Sum("cost"), ZERO, output_field=DecimalField()),
    }
