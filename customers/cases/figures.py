"""The figures of cases as they are shown: cards, chart, table and workbook from the same rows (C4)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.lists.workbook import Plain, Sheet
from backoffice.pages import charts
from backoffice.people.models import Person
from backoffice.periods import Period
from customers.cases.models import Nature
from customers.cases.selectors import CaseFigure, case_figures, case_total

WAYS_IN_WORDS = {
    "category": gettext_lazy("Category"),
    "nature": gettext_lazy("Kind"),
    "product": gettext_lazy("Product"),
    "carrier": gettext_lazy("Carrier"),
    "party": gettext_lazy("Customer"),
    "owner": gettext_lazy("Responsible"),
}
MOST = 40


def shown_figures(period: Period, *, by: str, nature: str, person: Person) -> dict[str, Any]:
    """Rows, total, cards and chart of a page; each figure with the address of its cases."""
    on = timezone.localdate()
    rows = case_figures(by=by, period=period, on=on, person=person, nature=nature)
    total = case_total(period=period, on=on, person=person, nature=nature)
    base = {"dated_on": f"{period.first}..{period.last}", **({"nature": nature} if nature else {})}
    shown = [(row, label_of(row, by), addresses(row, base, by)) for row in rows[:MOST]]
    chart = charts.ranking(
        _("Cases reported"), [(label, row.reported) for row, label, urls in shown if urls][:12], label=_("Cases")
    )
    return {
        "rows": shown, "all_rows": len(rows), "total": total, "figures": cards(total, base), "chart": chart if chart.rows else None,
    }  # fmt: skip


def label_of(row: CaseFigure, by: str) -> str:
    """The name of a row as it is read."""
    if by == "nature":
        return str(Nature(row.key).label)
    return row.name or _("not said")


def addresses(row: CaseFigure, base: dict[str, str], by: str) -> dict[str, str]:
    """Figure → the list of exactly these cases; a row of those without product or carrier has none of its own."""
    if row.key is None:
        return {}
    mine = base | {by: str(row.key)}
    return {
        "reported": listed(mine, counted="1"), "unsolved": listed(mine, unsolved="1"), "late": listed(mine, late="1"),
    }  # fmt: skip


def listed(given: dict[str, str], **more: str) -> str:
    return f"{reverse('cases:list')}?{urlencode(given | more)}"


def cards(total: CaseFigure, base: dict[str, str]) -> list[dict[str, Any]]:
    share = total.share_in_time
    return [
        {"label": _("Reported"), "value": total.reported, "url": listed(base, counted="1")},
        {"label": _("Not solved"), "value": total.unsolved, "url": listed(base, unsolved="1"), "tone": "warn" if total.unsolved else ""},
        {"label": _("Solved in time"), "value": "—" if share is None else f"{share:.0%}", "note": _("%(late)s missed their deadline") % {"late": total.late},
         "url": listed(base, late="1"), "tone": "bad" if total.late else ""},
        {"label": _("Days to the solution"), "value": "—" if total.days is None else f"{total.days:.1f}",
         "note": "" if total.longest is None else _("the longest %(days)s") % {"days": total.longest}},
        {"label": _("Satisfaction"), "value": "—" if total.satisfaction is None else f"{total.satisfaction:.1f}", "note": _("of 5")},
    ]  # fmt: skip


def figure_sheets(period: Period, *, nature: str, person: Person) -> list[Sheet]:
    """One sheet for each way of grouping, with the total of all cases below."""
    on = timezone.localdate()
    total = case_total(period=period, on=on, person=person, nature=nature)
    return [
        Sheet(
            str(words), columns(words),
            (cells(row, label_of(row, by)) for row in case_figures(by=by, period=period, on=on, person=person, nature=nature)),
            totals=dict(list(enumerate(cells(total, "")))[1:5]),
        )
        for by, words in WAYS_IN_WORDS.items()
    ]  # fmt: skip


def columns(words: Any) -> list[Plain]:
    return [
        Plain(words, "text", 28), Plain(_("Reported"), "integer", 10), Plain(_("Not solved"), "integer", 10),
        Plain(_("Solved in time"), "integer", 12), Plain(_("Deadline missed"), "integer", 12), Plain(_("Share in time"), "percent", 12),
        Plain(_("Days to the solution"), "quantity", 12), Plain(_("Longest"), "integer", 10), Plain(_("Satisfaction"), "quantity", 12),
        Plain(_("Claimed"), "money", 14), Plain(_("What it cost us"), "money", 14),
    ]  # fmt: skip


def cells(row: CaseFigure, label: str) -> Iterable[Any]:
    return [
        label, row.reported, row.unsolved, row.in_time, row.late, row.share_in_time, row.days, row.longest, row.satisfaction,
        row.claimed, row.cost,
    ]  # fmt: skip
