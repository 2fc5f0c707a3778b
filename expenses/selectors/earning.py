"""From what happened to what was earned: the first line of the plan that fits, its formula, its shares, the rounding."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from backoffice.money import ZERO, amount
from backoffice.parties.models import Party
from backoffice.people.models import Region, below
from backoffice.stock.models import Category
from customers.models import Customer
from expenses.models import CommissionPlan, PlanLine
from expenses.selectors.sources import ONE, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one person earned by one happening, and by which rule. Without a rule nothing: it is listed all the same."""

    plan: CommissionPlan
    line: PlanLine | None
    person: int | None
    key: str
    happened_on: datetime.date
    record: int | None
    party: int | None
    base: Decimal
    rate: Decimal = ZERO
    share: Decimal = ONE
    exact: Decimal = ZERO
    commission: Decimal = ZERO
    origin: str = ""


@dataclass(slots=True)
class Part:
    """The lines of one document that one line of a plan pays for."""

    source: Source
    line: PlanLine
    net: Decimal = ZERO
    gross: Decimal = ZERO
    cost: Decimal = ZERO
    quantity: Decimal = ZERO

    def add(self, source: Source) -> None:
        self.net += source.net
        self.gross += source.gross
        self.cost += source.cost
        self.quantity += source.quantity

    @property
    def measure(self) -> Decimal:
        """What the rate is of. A loss earns nothing and costs nothing."""
        formula, kinds = self.line.formula, PlanLine.Formula
        if formula == kinds.GROSS:
            return self.gross
        if formula == kinds.MARGIN:
            return max(ZERO, self.net - self.cost)
        return self.quantity if formula == kinds.UNIT else self.net

    def of(self, figure: Decimal, reached: Decimal) -> Decimal:
        return figure * reached / self.source.whole

    @property
    def portion(self) -> Decimal:
        """The part of the measure that counts here, negative where it is taken back."""
        return self.of(self.measure, self.source.after) - self.of(self.measure, self.source.before)


def ids_below(model: type[Region] | type[Category], top: int) -> set[int]:
    return set(model.objects.filter(pk__in=below(model, [top])).values_list("pk", flat=True))


@dataclass(slots=True)
class Conditions:
    """What the lines of some plans ask of a document, each table read once."""

    grades: dict[int, str] = field(default_factory=dict)
    regions: dict[int, int | None] = field(default_factory=dict)
    inside: dict[tuple[str, int], set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, plans: Iterable[CommissionPlan], sources: Sequence[Source]) -> "Conditions":
        lines = [line for plan in plans for line in plan.lines.all()]
        parties = {source.party for source in sources}
        found = cls()
        if any(line.grade for line in lines):
            found.grades = dict(Customer.objects.filter(pk__in=parties).values_list("pk", "grade"))
        if any(line.region_id for line in lines):
            found.regions = dict(Party.objects.filter(pk__in=parties).values_list("pk", "region_id"))
        for line in lines:
            if line.region_id:
                found.inside["region", line.region_id] = ids_below(Region, line.region_id)
            if line.category_id:
                found.inside["category", line.category_id] = ids_below(Category, line.category_id)
        return found

    def fit(self, line: PlanLine, source: Source) -> bool:
        """Whether every condition that is set holds; product lines and regions hold for all below them."""
        party = source.party or 0
        return (
            (not line.salesperson_id or line.salesperson_id == source.salesperson)
            and (not line.product_id or line.product_id == source.product)
            and (not line.category_id or source.category in self.inside["category", line.category_id])
            and (not line.grade or line.grade == self.grades.get(party))
            and (not line.region_id or self.regions.get(party) in self.inside["region", line.region_id])
        )


def earn(plan: CommissionPlan, happened: Sequence[Source], conditions: Conditions) -> list[Row]:
    """The rows of one plan, rounded; together they are what the plan pays."""
    parts: dict[tuple[str, int], Part] = {}
    left: dict[str, Row] = {}
    for source in happened:
        line = next((line for line in plan.lines.all() if conditions.fit(line, source)), None)
        if line is None:
            before = left.get(source.key) or unpaid_row(plan, source)
            net = source.net * (source.after - source.before) / source.whole
            left[source.key] = replace(before, base=before.base + net)
        else:
            parts.setdefault((source.key, line.pk), Part(source, line)).add(source)
    rows = [row for part, value in valued(list(parts.values())) for row in shared(plan, part, value)]
    rows = once_for_each_person(rows) if plan.rounding == CommissionPlan.Rounding.PERSON else rows
    return [*rows, *left.values()]


def unpaid_row(plan: CommissionPlan, source: Source) -> Row:
    return Row(
        plan=plan, line=None, person=source.salesperson, key=source.key, happened_on=source.happened_on, record=source.record,
        party=source.party, base=ZERO, origin=source.origin,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """What is earned up to the end and up to the beginning of the stretch, exactly; and the rate it comes from."""

    until: Decimal
    start: Decimal
    rate: Decimal


def valued(parts: list[Part]) -> list[tuple[Part, Value]]:
    """Each part by its formula. Tiers look at what the salesperson made in the whole month under that line."""
    totals: dict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    for part in parts:
        totals[part.line.pk, part.source.salesperson] += part.portion
    reached: dict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    found = []
    for part in parts:
        whose = part.line.pk, part.source.salesperson
        if part.line.formula == PlanLine.Formula.SLICE:
            start, until = slices(part.line, reached[whose]), slices(part.line, reached[whose] + part.portion)
            reached[whose] += part.portion
            rate = (until - start) / part.portion if part.portion else ZERO
            found.append((part, Value(until, start, rate)))
            continue
        rate = rate_of(part.line, totals[whose])
        ends = (part.of(part.measure, at) * rate for at in (part.source.after, part.source.before))
        found.append((part, Value(*ends, rate)))
    return found


def rate_of(line: PlanLine, total: Decimal) -> Decimal:
    if line.formula == PlanLine.Formula.WHOLE:
        reached = [tier.rate for tier in line.tiers.all() if tier.start <= total]
        return reached[-1] if reached else ZERO
    return line.per_unit if line.formula == PlanLine.Formula.UNIT else line.rate


def slices(line: PlanLine, total: Decimal) -> Decimal:
    """What a total earns when each slice has its own rate."""
    tiers = list(line.tiers.all())
    ends = [*(tier.start for tier in tiers[1:]), max(total, ZERO)]
    return sum(
        (max(ZERO, min(total, end) - tier.start) * tier.rate for tier, end in zip(tiers, ends, strict=False)), ZERO
    )


def shared(plan: CommissionPlan, part: Part, value: Value) -> list[Row]:
    """One row for each person who has a share; the cents of the shares come to the cents of the whole."""
    source, line = part.source, part.line
    shares = [(row.person_id or source.salesperson, row.share) for row in line.shares.all()] or [
        (source.salesperson, ONE)
    ]
    rows, given = [], ZERO
    for person, share in shares:
        until, start = (cents(end, given + share) - cents(end, given) for end in (value.until, value.start))
        given += share
        rows.append(
            Row(
                plan=plan, line=line, person=person, key=source.key, happened_on=source.happened_on, record=source.record, party=source.party,
                base=part.portion, rate=value.rate, share=share, exact=(value.until - value.start) * share, commission=until - start,
                origin=source.origin,
            )
        )  # fmt: skip
    return rows


def cents(figure: Decimal, share: Decimal) -> Decimal:
    return amount(figure * share)


def once_for_each_person(rows: list[Row]) -> list[Row]:
    """Round a person's sum once and let the rows come to it: each takes the step of the rounded running sum."""
    running: dict[int | None, Decimal] = defaultdict(Decimal)
    found = []
    for row in rows:
        before = running[row.person]
        running[row.person] = before + row.exact
        found.append(replace(row, commission=amount(running[row.person]) - amount(before)))
    return found
