"""What was earned in a month: for a basis by salesperson, and row by row for the sheet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from backoffice.database.queries import among
from backoffice.money import ZERO, amount
from backoffice.people.models import Person
from backoffice.periods import Month, add_months
from backoffice.register.models import Record
from expenses.models import CommissionLine, CommissionPlan, CommissionSheet, PlanLine
from expenses.models.commission import FIXED, PlanQuerySet
from expenses.selectors.earning import Conditions, Row, earn
from expenses.selectors.sources import Source, sources

MONTHS_BACK = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What a salesperson earned in a month on one basis."""

    person: Person | None
    base: Decimal
    commission: Decimal


def commission(basis: str, month: Month, *, plans: Iterable[CommissionPlan] | None = None) -> list[Earned]:
    """What the plans in force for this basis («order», «invoice», «received», «collected») give, by salesperson.

    Computed anew, whatever sheets say. With `plans` those are asked what they would give on this basis.
    """
    asked = list(active_plans().filter(basis=basis) if plans is None else plans)
    rows = rows_of(asked, sources(basis, first=month.first, last=month.last))
    sums: dict[int | None, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for row in rows:
        if row.line is not None:
            sums[row.person][0] += row.base
            sums[row.person][1] += row.commission
    people = Person.objects.in_bulk([pk for pk in sums if pk])
    found = [
        Earned(person=people.get(pk or 0), base=amount(base), commission=earned) for pk, (base, earned) in sums.items()
    ]
    return sorted(found, key=lambda row: row.person.name if row.person else "")


def active_plans() -> PlanQuerySet:
    """Plans in use; which of them holds is asked of each document, since what is taken back goes by the plan of then."""
    return CommissionPlan.objects.filter(is_active=True).prefetch_related("lines__tiers", "lines__shares")


def rows_of(plans: Iterable[CommissionPlan], happened: list[Source]) -> list[Row]:
    plans = list(plans)
    conditions = Conditions.of(plans, happened)
    return [
        row for plan in plans for row in earn(plan, [s for s in happened if plan.covers(s.document_on)], conditions)
    ]


def sheet_rows(month: Month) -> list[Row]:
    """The rows of the month's sheet: what happened in it, and what came to light of months that are fixed.

    What another sheet has already is left out; what takes back a row of a fixed sheet takes back exactly that row.
    """
    elsewhere = CommissionLine.objects.exclude(sheet__month=month.first)
    plans = list(active_plans())
    seen: set[tuple[int, str]] = set(elsewhere.values_list("plan_id", "key"))
    rows: list[Row] = []
    for basis in sorted({plan.basis for plan in plans}):
        happened = [*late(basis, month), *sources(basis, first=month.first, last=month.last)]
        for plan in plans:
            if plan.basis == basis:
                fresh = [s for s in happened if plan.covers(s.document_on) and (plan.pk, s.key) not in seen]
                rows += earn_or_take_back(plan, fresh)
    return rows


def earn_or_take_back(plan: CommissionPlan, happened: list[Source]) -> list[Row]:
    origins = {source.origin for source in happened if source.origin}
    paid: dict[str, list[CommissionLine]] = defaultdict(list)
    for line in CommissionLine.objects.fixed().filter(plan=plan, key__in=origins).order_by("pk"):
        paid[line.key].append(line)
    new = [source for source in happened if source.origin not in paid]
    lines: dict[int | None, PlanLine] = {line.position: line for line in plan.lines.all()}
    rows = earn(plan, new, Conditions.of([plan], new))
    back = {source.key: source for source in happened if source.origin in paid}
    for source in back.values():
        rows += [opposite(line, source, plan, lines) for line in paid[source.origin]]
    return rows


def opposite(line: CommissionLine, source: Source, plan: CommissionPlan, lines: dict[int | None, PlanLine]) -> Row:
    """A row that takes back what a fixed sheet gave, to the cent."""
    return Row(
        plan=plan, line=lines.get(line.plan_position), person=line.person_id, key=source.key, happened_on=source.happened_on, record=line.record_id,
        party=line.party_id, base=-line.base, rate=line.rate, share=line.share, exact=-line.exact, commission=-line.commission,
        origin=source.origin,
    )  # fmt: skip


def late(basis: str, month: Month) -> list[Source]:
    """What belongs to months whose sheets are fixed and was entered after that."""
    start = add_months(month.first, -MONTHS_BACK)
    fixed = set(
        CommissionSheet.objects.filter(
            state__in=FIXED, month__range=(start, month.first - timedelta(days=1))
        ).values_list("month", flat=True)
    )
    if not fixed:
        return []
    found = sources(basis, first=min(fixed), last=month.first - timedelta(days=1))
    return [source for source in found if source.happened_on.replace(day=1) in fixed]


def lines_shown(sheet: CommissionSheet, person: Person) -> list[tuple[Person | None, list[CommissionLine], Decimal]]:
    """The rows as a reader is shown them; `is_seen` says whose document they may open too."""
    lines = sheet.lines.select_related("person", "party", "record", "plan")
    return by_person(lines.annotate(is_seen=among(Record.objects.visible_to(person), "record")))


def by_person(lines: Iterable[CommissionLine]) -> list[tuple[Person | None, list[CommissionLine], Decimal]]:
    """Rows of a sheet with the subtotal of each person."""
    grouped: dict[Person | None, list[CommissionLine]] = defaultdict(list)
    for line in lines:
        grouped[line.person].append(line)
    return [(person, rows, sum((row.commission for row in rows), ZERO)) for person, rows in grouped.items()]
