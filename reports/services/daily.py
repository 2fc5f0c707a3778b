"""The 17:00 mail (R1): computed in one snapshot, kept as issued, mailed from what is kept, once to each recipient."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.files.models import File
from backoffice.files.services import keep
from backoffice.lists.workbook import Plain, Sheet
from backoffice.outbox.services import queue_mail
from backoffice.pages import charts
from backoffice.people.models import Person, Role
from reports.models import Issued
from reports.selectors.daily import Daily, Performance, daily_performance
from reports.services.issuing import Report, keep_issued, last_issued

KIND = "daily_performance"
RECIPIENTS = (Role.GM, Role.FINANCE)


@transaction.atomic
def issue_daily(*, on: date, at: datetime, is_late: bool = False) -> Issued:
    """Compute the day as of the instant, keep it, and write one mail for each recipient. Issuing twice has one effect."""
    issued = last_issued(KIND, on.isoformat())
    if issued is None:
        daily = daily_performance(on=on, at=at)
        issued = keep_issued(report_of(daily, is_late=is_late), is_late=is_late)
        mail(issued, daily)
    return issued


@transaction.atomic
def revise_daily(*, on: date) -> Issued | None:
    """Compute an issued day again as of now; where figures differ, a revision says which, and goes out like the first."""
    last = last_issued(KIND, on.isoformat())
    if last is None:
        return None
    daily = daily_performance(on=on, at=timezone.now())
    changes = differences(last.figures["rows"], daily.as_json()["rows"])
    if not changes:
        return None
    issued = keep_issued(report_of(daily, changes=changes), revision=last.revision + 1)
    mail(issued, daily)
    return issued


def differences(before: list[dict], after: list[dict]) -> list[dict[str, str]]:
    """Every figure that differs, by salesperson: who, what, before, after."""
    old, new = {row["person"]: row for row in before}, {row["person"]: row for row in after}
    found = []
    for person in [*old, *[key for key in new if key not in old]]:
        was, now = old.get(person, {}), new.get(person, {})
        for name in ("booked", "shipped", "collected", "month_booked", "month_shipped", "month_collected"):
            if was.get(name, "0.00") != now.get(name, "0.00"):
                who = (now or was)["name"]
                found.append(
                    {"name": who, "figure": name, "before": was.get(name, "0.00"), "after": now.get(name, "0.00")}
                )
    return found


def report_of(daily: Daily, *, is_late: bool = False, changes: list | None = None) -> Report:
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Sales performance %(day)s") % {"day": daily.on}
        return Report(
            kind=KIND, period=daily.on.isoformat(), at=daily.at, figures=daily.as_json(), name=name, sheets=daily_sheets(daily),
            paper="daily_performance", context=paper_context(daily, is_late=is_late), changes=changes or [],
        )  # fmt: skip


def paper_context(daily: Daily, *, is_late: bool = False) -> dict:
    chart = month_chart(daily)
    return {
        "daily": daily,
        "total": daily.total,
        "is_late": is_late,
        "picture": charts.svg(chart, 700, 60 + 34 * len(chart.rows)),
    }


def month_chart(daily: Daily) -> charts.Chart:
    """The month's ranking, understood at a glance."""
    rows = [(row.name or _("nobody"), row.month_booked) for row in daily.rows if row.month_booked]
    return charts.ranking(_("Booked this month"), rows[:15], label=_("Booked"))


def mail(issued: Issued, daily: Daily) -> None:
    """One mail for each recipient, in their language, with table, chart and the Excel that is kept."""
    for person in Person.objects.with_role(*RECIPIENTS).order_by("pk"):
        with translation.override(person.language):
            chart = month_chart(daily)
            drawn = charts.png(chart, 640, 60 + 34 * max(1, len(chart.rows))) if chart.rows else None
            picture = keep("chart.png", drawn, "image/png", label=File.Label.ISSUED) if drawn else None
            subject = subject_of(issued, daily)
            context = {
                "issued": issued, "daily": daily, "total": daily.total, "chart": chart, "has_picture": picture is not None,
                "fallback": "" if picture or not chart.rows else charts.fallback(chart), "best": best_of(daily), "quiet": quiet_of(daily),
            }  # fmt: skip
        queue_mail(
            KIND, f"{issued.period}:{issued.revision}", to=person, template="daily_performance", subject=subject, context=context,
            attachments=[issued.workbook], pictures={"chart": picture} if picture else None,
        )  # fmt: skip


def subject_of(issued: Issued, daily: Daily) -> str:
    if issued.revision:
        return _("Revised: sales performance %(day)s") % {"day": daily.on}
    if issued.is_late:
        return _("Late: sales performance %(day)s") % {"day": daily.on}
    return _("Sales performance %(day)s") % {"day": daily.on}


def best_of(daily: Daily) -> Performance | None:
    """Who booked most today, if anybody booked anything."""
    best = max(daily.rows, key=lambda row: row.booked, default=None)
    return best if best and best.booked else None


def quiet_of(daily: Daily) -> list[str]:
    """Who has a target and booked nothing today."""
    return [row.name for row in daily.rows if row.target and not row.booked]


def daily_sheets(daily: Daily) -> list[Sheet]:
    """The same figures as a workbook."""
    columns = [
        Plain(_("Salesperson"), "text", 20), Plain(_("Orders today"), "integer", 12), Plain(_("Booked today"), "money", 16),
        Plain(_("Shipped today"), "money", 16), Plain(_("Collected today"), "money", 16), Plain(_("Orders this month"), "integer", 12),
        Plain(_("Booked this month"), "money", 16), Plain(_("Shipped this month"), "money", 16), Plain(_("Collected this month"), "money", 16),
        Plain(_("Target"), "money", 16), Plain(_("Reached"), "percent", 10),
    ]  # fmt: skip
    rows = [cells(row) for row in daily.rows]
    total = cells(daily.total)
    at = timezone.localtime(daily.at)
    sheet = Sheet(
        str(daily.on),
        columns,
        rows,
        totals={i: total[i] for i in range(1, 10)},
        notes=[(_("Figures of"), f"{at:%Y-%m-%d %H:%M}")],
    )
    return [sheet]


def cells(row: Performance) -> tuple:
    return (
        row.name, row.orders, row.booked, row.shipped, row.collected, row.month_orders, row.month_booked, row.month_shipped,
        row.month_collected, row.target, row.reached,
    )  # fmt: skip
