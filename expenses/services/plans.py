"""Writing commission plans (E7). What somebody was paid by never changes: another rate is another plan from a later day."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.money import ZERO
from backoffice.people.models import Person, Region, Role
from backoffice.periods import month_end
from backoffice.refusals import Refused, Stale
from backoffice.stock.models import Category, Product
from expenses.lifecycle import COMPUTED
from expenses.models import CommissionPlan, PlanLine, Share, Tier

KEEPS_PLANS = (Role.MANAGER, Role.GM)
HEAD = ("name", "basis", "rounding", "valid_from", "valid_to", "is_active", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """A line of a plan as somebody typed it; tiers are (from amount, rate), shares (person or None, part of one)."""

    formula: str = PlanLine.Formula.GROSS
    rate: Decimal = ZERO
    per_unit: Decimal = ZERO
    salesperson: Person | None = None
    product: Product | None = None
    category: Category | None = None
    grade: str = ""
    region: Region | None = None
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    shares: tuple[tuple[Person | None, Decimal], ...] = field(default=())

    @classmethod
    def of(cls, line: PlanLine) -> "WantedLine":
        return cls(
            **{name: getattr(line, name) for name in COLUMNS}, tiers=tuple((t.start, t.rate) for t in line.tiers.all()),
            shares=tuple((s.person, s.share) for s in line.shares.all()),
        )  # fmt: skip


COLUMNS = ("formula", "rate", "per_unit", "salesperson", "product", "category", "grade", "region")


@transaction.atomic
def save_plan(
    plan: CommissionPlan, *, lines: Sequence[WantedLine], by: Person, version: int | None = None,
    starts_on: datetime.date | None = None,
) -> CommissionPlan:  # fmt: skip
    """Save a plan and its lines. With `starts_on`, or where a sheet was made by it, the change is a plan of its own from then on."""
    if not by.has_role(*KEEPS_PLANS) and not by.is_system:
        raise Refused(_("Only managers keep commission plans."), code="role")
    return write_plan(plan, lines=lines, by=by, version=version, starts_on=starts_on)


def write_plan(
    plan: CommissionPlan,
    *,
    lines: Sequence[WantedLine],
    by: Person,
    version: int | None,
    starts_on: datetime.date | None,
) -> CommissionPlan:
    check_lines(lines)
    if plan.valid_from and plan.valid_to and plan.valid_to < plan.valid_from:
        raise Refused(_("The plan ends before it begins."), code="dates", field="valid_to")
    with acting(by, step="save_plan"):
        if plan.pk is None:
            plan.save()
            write_lines(plan, lines)
            return plan
        stands = CommissionPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        if version is not None and version != stands.version:
            raise Stale(_("The plan was changed after you opened it. Look at it again."), changes=())
        is_other = stands.basis != plan.basis or stands.rounding != plan.rounding or written(stands) != list(lines)
        if is_other and (starts_on or stands.is_used):
            return succeed(stands, plan, lines, starts_on=starts_on)
        if stands.is_used and (not plan.is_active or plan.valid_from != stands.valid_from):
            raise Refused(_("Commission was paid by this plan: end it by a date."), code="used", field="valid_to")
        check_end(stands, plan.valid_to)
        keep_head(stands, plan)
        if is_other:
            erase_lines(stands)
            write_lines(stands, lines)
        return stands


def keep_head(stands: CommissionPlan, plan: CommissionPlan) -> None:
    for name in HEAD:
        setattr(stands, name, getattr(plan, name))
    stands.version += 1
    stands.save()


def succeed(
    stands: CommissionPlan, plan: CommissionPlan, lines: Sequence[WantedLine], *, starts_on: datetime.date | None
) -> CommissionPlan:
    """The old plan ends the day before; documents of earlier days keep its rates for ever."""
    if starts_on is None:
        raise Refused(
            _("Commission sheets were made by this plan. Say from which day the change holds."),
            code="used",
            field="starts_on",
        )
    check_end(stands, starts_on - datetime.timedelta(1))
    if stands.valid_from and starts_on <= stands.valid_from:
        raise Refused(_("The plan begins later than that."), code="dates", field="starts_on")
    successor = CommissionPlan(**{name: getattr(plan, name) for name in HEAD})
    successor.valid_from = starts_on
    stands.valid_to = starts_on - datetime.timedelta(1)
    stands.version += 1
    stands.save()
    successor.save()
    write_lines(successor, lines)
    return successor


def last_used(plan: CommissionPlan) -> datetime.date | None:
    """The last day of the last month with a sheet by this plan that somebody looks at or was paid by."""
    used = plan.sheet_lines.exclude(sheet__state=COMPUTED.name).order_by("-sheet__month")
    month = used.values_list("sheet__month", flat=True).first()
    return month_end(month) if month else None


def check_end(plan: CommissionPlan, ends_on: datetime.date | None) -> None:
    last = last_used(plan)
    if last and ends_on and ends_on < last:
        raise Refused(
            _("Sheets up to %(day)s were made by this plan; the change can hold from the day after.") % {"day": last},
            code="used", field="starts_on",
        )  # fmt: skip


def check_lines(lines: Sequence[WantedLine]) -> None:
    """Shares make 100 %, rates lie between 0 and 100 %, tiers rise from 0."""
    for position, line in enumerate(lines, start=1):
        rates = [line.rate, *(rate for _start, rate in line.tiers)]
        if any(rate < 0 or rate > 1 for rate in rates) or line.per_unit < 0:
            raise Refused(_("Line %(line)d: a rate lies between 0 and 100 %%.") % {"line": position}, code="rate")
        if line.shares and sum(share for _person, share in line.shares) != 1:
            total = Decimal(sum(share for _person, share in line.shares) * 100)
            raise Refused(
                _("Line %(line)d: the shares make %(total)s %%, they must make 100 %%.")
                % {"line": position, "total": f"{total.normalize():f}"},
                code="shares",
            )
        starts = [start for start, _rate in line.tiers]
        is_tiered = line.formula in PlanLine.TIERED
        if is_tiered != bool(starts) or starts != sorted(set(starts)) or (starts and starts[0] != 0):
            raise Refused(
                _("Line %(line)d: tiers rise from 0, and only formulas with tiers have them.") % {"line": position},
                code="tiers",
            )


def written(plan: CommissionPlan) -> list[WantedLine]:
    """The lines as they stand."""
    lines = plan.lines.select_related("salesperson", "product", "category", "region")
    return [WantedLine.of(line) for line in lines.prefetch_related("tiers", "shares__person").order_by("position")]


def erase_lines(plan: CommissionPlan) -> None:
    Tier.objects.filter(line__plan=plan).delete()
    Share.objects.filter(line__plan=plan).delete()
    plan.lines.all().delete()


def write_lines(plan: CommissionPlan, lines: Iterable[WantedLine]) -> None:
    for position, wanted in enumerate(lines, start=1):
        given: dict[str, Any] = {name: getattr(wanted, name) for name in COLUMNS}
        line = PlanLine.objects.create(plan=plan, position=position, **given)
        Tier.objects.bulk_create(Tier(line=line, start=start, rate=rate) for start, rate in wanted.tiers)
        Share.objects.bulk_create(Share(line=line, person=person, share=share) for person, share in wanted.shares)


# ── each salesperson's own rate, from the sheet of salespeople ──────────────────────────────


@transaction.atomic
def set_personal_rates(rates: Iterable[tuple[Person, Decimal]], *, by: Person) -> CommissionPlan | None:
    """A line «percent of gross» for each salesperson in the plan of personal rates, on money as it comes in, rounded once a month.

    Rates that are the same already are left alone; a changed one holds from the first day that no sheet has used.
    """
    wanted = {person.pk: (person, rate) for person, rate in rates}
    if not wanted:
        return None
    plan = personal_plan()
    lines = []
    for line in written(plan) if plan.pk else []:
        _person, rate = wanted.pop(
            line.salesperson.pk if is_personal(line) and line.salesperson else 0, (None, line.rate)
        )
        lines.append(replace(line, rate=rate))
    lines += [WantedLine(salesperson=person, rate=rate) for person, rate in wanted.values()]
    if plan.pk and lines == written(plan):
        return plan
    last = last_used(plan) if plan.pk else None
    starts_on = last + datetime.timedelta(1) if last else None
    return write_plan(plan, lines=lines, by=by, version=None, starts_on=starts_on)


def is_personal(line: WantedLine) -> bool:
    return line.formula == PlanLine.Formula.GROSS and not (line.product or line.category or line.grade or line.region)


def personal_plan() -> CommissionPlan:
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Personal rates of salespeople")
    plan = CommissionPlan.objects.filter(name=name, valid_to=None).order_by("-pk").first()
    kinds = CommissionPlan
    return plan or kinds(name=name, basis=kinds.Basis.COLLECTED, rounding=kinds.Rounding.PERSON)
