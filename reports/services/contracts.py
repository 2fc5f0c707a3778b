"""Contract statistics (K4): built on the 1st, kept as issued, mailed to the GM and to each manager what is theirs; revised with what changed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.lists.workbook import Plain, Sheet
from backoffice.outbox.services import queue_mail
from backoffice.pages import charts
from backoffice.people.models import Person, Role
from backoffice.periods import Month, Period, Quarter, Year, parse
from reports.models import Issued
from reports.selectors.contracts import FIGURES, WAYS, Group, Standing, Statistics, contract_statistics, from_json
from reports.services.issuing import Report, keep_issued, last_issued

KIND = "contract_statistics"
KINDS: tuple[type[Period], ...] = (Month, Quarter, Year)


def words() -> dict[str, str]:
    """What the figures are called."""
    return {
        "contracts": _("Contracts in force"), "value": _("Contract value"), "signed": _("Newly signed"), "signed_value": _("Newly signed, amount"),
        "charged": _("Shipped to date"), "received": _("Received to date"), "charged_now": _("Shipped in the period"),
        "received_now": _("Received in the period"), "due": _("Deliveries due"), "in_time": _("of these in time"), "overdue": _("Overdue"),
    }  # fmt: skip


def ways() -> dict[str, str]:
    return {
        "kind": _("Kind of contract"),
        "region": _("Region"),
        "salesperson": _("Salesperson"),
        "customer": _("Customer"),
    }


def statistics_of(
    period: Period, *, at: datetime, person: Person | None = None, ways: Iterable[str] = WAYS
) -> Statistics:
    """As of the end of the period, or of the instant's day while it runs."""
    local = timezone.localtime(at)
    return contract_statistics(period=period, on=local.date(), at=local, visible_to=person, ways=ways)


def recipients() -> list[tuple[Person, Person | None]]:
    """Who gets it, and of whose part: all of it for the GM, for a manager what they may see."""
    people = Person.objects.with_role(Role.GM, Role.MANAGER).order_by("pk")
    return [(person, None if person.sees_everything else person) for person in people]


def owed_on(day: date) -> list[Period]:
    """The periods that ended the day before: a month always, a quarter and a year when they do."""
    ended = day - timedelta(1)
    return [period for kind in KINDS if (period := kind.containing(ended)).last == ended]


@transaction.atomic
def issue_statistics(period: Period, *, at: datetime, is_late: bool = False) -> list[Issued]:
    """Compute, keep and mail a period for everybody who gets it. Issuing twice has one effect."""
    made: dict[int | None, Issued] = {}
    for person, scope in recipients():
        key = scope.pk if scope else None
        if key not in made:
            made[key] = last_issued(KIND, str(period), scope) or keep_issued(
                report_of(period, at=at, person=scope), is_late=is_late
            )
        mail(made[key], to=person)
    return list(made.values())


@transaction.atomic
def revise_statistics(issued: Issued, *, at: datetime) -> Issued | None:
    """Compute an issued period again as of now; where figures differ, a revision says which, and goes out like the first."""
    last = last_issued(KIND, issued.period, issued.person) or issued
    report = report_of(parse(issued.period), at=at, person=issued.person)
    changes = differences(last.figures, report.figures)
    if not changes:
        return None
    report.changes.extend(changes)
    revised = keep_issued(report, revision=last.revision + 1)
    for person, scope in recipients():
        if scope == issued.person:
            mail(revised, to=person)
    return revised


def revise_ended_on(day: date, *, at: datetime) -> int:
    """Look again at every period whose last month ended with this one; how many had changed."""
    periods = [str(period) for period in owed_on(day.replace(day=1))]
    issued = Issued.objects.filter(kind=KIND, period__in=periods, revision=0).order_by("pk")
    return sum(revise_statistics(row, at=at) is not None for row in issued)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    """Every figure that differs: of the whole and of each group; who, what, before, after."""
    found = []
    for way in ("total", *after["by"]):
        old = {"": before["total"]} if way == "total" else {row["key"]: row for row in before["by"].get(way, ())}
        new = {"": after["total"]} if way == "total" else {row["key"]: row for row in after["by"][way]}
        for key in [*old, *(key for key in new if key not in old)]:
            was, now = old.get(key, {}), new.get(key, {})
            for name in FIGURES:
                first, second = str(was.get(name, "0")), str(now.get(name, "0"))
                if Decimal(first) != Decimal(second):
                    found.append({
                        "way": way, "name": (now or was).get("name", ""), "figure": name, "before": first, "after": second,
                    })  # fmt: skip
    return found


def report_of(period: Period, *, at: datetime, person: Person | None) -> Report:
    with translation.override(settings.LANGUAGE_CODE):
        found = statistics_of(period, at=at, person=person)
        name = title_of(period)
        return Report(
            kind=KIND, period=str(period), at=at, figures=found.as_json(), name=name, sheets=sheets_of(found), paper="contract_statistics",
            context=paper_context(found) | {"heading": name}, person=person,
        )  # fmt: skip


def title_of(period: Period) -> str:
    return _("Contract statistics %(period)s") % {"period": period.label(translation.get_language() or "en")}


def paper_context(found: Statistics) -> dict[str, Any]:
    groups = [(label, found.by[way]) for way, label in ways().items()]
    return {"statistics": found, "total": found.total, "groups": groups}


def mail(issued: Issued, *, to: Person) -> None:
    """One mail for each recipient, in their language, from what is kept."""
    period = parse(issued.period)
    with translation.override(to.language):
        title = title_of(period)
        subject = _("Revised: %(title)s") % {"title": title} if issued.revision else title
        changes = spoken(issued.changes)
        kept = from_json(issued.figures)
        context = {
            "issued": issued,
            "title": title,
            "period": period,
            "total": kept.total,
            "groups": kept.by["salesperson"],
            "changes": changes[:40],
        }
    queue_mail(
        KIND, f"{issued.period}:{issued.person_id or ''}:{issued.revision}", to=to, template="contract_statistics", subject=subject,
        context=context, attachments=[file for file in (issued.workbook, issued.pdf) if file],
    )  # fmt: skip


def spoken(changes: list[dict[str, str]]) -> list[dict[str, str]]:
    """What changed, with the figures and groupings by their names."""
    names, grouped = words(), ways()
    return [row | {"figure": names[row["figure"]], "way": grouped.get(row["way"], _("Total"))} for row in changes]


def sheets_of(found: Statistics) -> list[Sheet]:
    """One sheet for each way of dividing the whole."""
    at = timezone.localtime(found.at)
    notes = [(_("Figures of"), f"{at:%Y-%m-%d %H:%M}"), (_("Period"), str(found.period))]
    return [sheet(label, found.by[way], found.total, notes) for way, label in ways().items()]


def sheet(label: str, groups: tuple[Group, ...], total: Standing, notes: list[tuple[str, str]]) -> Sheet:
    names = words()
    whole = {"contracts", "signed", "due", "in_time"}
    columns = [
        Plain(label, "text", 28),
        *(Plain(names[name], "integer" if name in whole else "money", 16) for name in FIGURES),
    ]
    columns += [
        Plain(pgettext("share", "Fulfilled"), "percent", 12),
        Plain(_("In time"), "percent", 12),
        Plain(_("Collected"), "percent", 12),
    ]
    values = [[group.name or "–", *cells(group.standing)] for group in groups]
    totals = dict(enumerate(cells(total)[: len(FIGURES)], start=1))
    return Sheet(label, columns, values, totals=totals, notes=notes)


def cells(standing: Standing) -> list[Any]:
    figures = [getattr(standing, name) for name in FIGURES]
    return [*figures, standing.fulfilled, standing.punctual, standing.collected]


def chart_of(groups: tuple[Group, ...]) -> charts.Chart | None:
    """What is contracted, the largest first."""
    rows = [(group.name or "–", group.standing.value) for group in groups if group.standing.value][:12]
    return charts.ranking(_("Contract value"), rows, label=_("Contract value")) if rows else None
