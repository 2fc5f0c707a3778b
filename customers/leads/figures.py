"""The figures of leads as they are shown: cards, table and workbook from the same rows (C6)."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.lists.workbook import Plain, Sheet
from backoffice.pages import charts
from backoffice.people.models import Person
from backoffice.periods import Period
from customers.leads.models import Lead
from customers.leads.selectors import LeadFigure, lead_figures, lead_total
from customers.leads.stages import Stage

WAYS_IN_WORDS = {
    "source": gettext_lazy("Source"),
    "offer": gettext_lazy("Offer to dealers"),
    "owner": gettext_lazy("Responsible"),
    "region": gettext_lazy("Region"),
}


def shown_figures(period: Period, *, by: str, person: Person) -> dict[str, Any]:
    """Rows with the addresses behind their figures, total, cards and chart."""
    rows, total = lead_figures(by=by, period=period, person=person), lead_total(period=period, person=person)
    base = {"came_on": f"{period.first}..{period.last}"}
    shown = [
        (row, label_of(row, by), listed(mine) if mine else "", cells_of(row, mine))
        for row in rows
        for mine in [query_of(row, base, by)]
    ]
    chart = charts.ranking(
        _("Leads that came"), [(label, row.came) for row, label, _url, _cells in shown[:12]], label=_("Leads")
    )
    return {
        "rows": shown, "total": total, "totals": cells_of(total, {}), "stages": [stage.label for stage in Stage], "figures": cards(total, base), "chart": chart if rows else None,
    }  # fmt: skip


def label_of(row: LeadFigure, by: str) -> str:
    if by == "source":
        return str(Lead.Source(row.key).label)
    return row.name or (pgettext("responsible", "nobody") if by == "owner" else _("not said"))


def query_of(row: LeadFigure, base: dict[str, str], by: str) -> dict[str, str]:
    """What the list is asked for the leads of a row; those without an offer, a person or a region have no list of their own."""
    return base | {by: str(row.key)} if row.key is not None else {}


def cells_of(row: LeadFigure, query: dict[str, str]) -> list[tuple[str, int, str]]:
    """(stage in words, how many, their list) for each stage of a row."""
    return [
        (str(Stage(stage).label), number, listed(query, stage=stage) if number and query else "")
        for stage, number in row.stages
    ]  # fmt: skip


def listed(given: dict[str, str], **more: str) -> str:
    return f"{reverse('leads:list')}?{urlencode(given | more)}"


def cards(total: LeadFigure, base: dict[str, str]) -> list[dict[str, Any]]:
    share, underway = total.share_won, total.came - total.won - total.lost
    return [
        {"label": _("Came"), "value": total.came, "url": listed(base)},
        {"label": _("Under way"), "value": underway, "url": listed(base, underway="1")},
        {"label": pgettext("lead", "Won"), "value": total.won, "note": "" if share is None else _("%(share)s of those that ended") % {"share": f"{share:.0%}"}, "url": listed(base, stage="won")},
        {"label": _("Days to the first call"), "value": "—" if total.days is None else f"{total.days:.1f}"},
    ]  # fmt: skip


def figure_sheets(period: Period, *, person: Person) -> list[Sheet]:
    """One sheet for each way of grouping, with the total of all leads below."""
    total = cells(lead_total(period=period, person=person), "")
    return [
        Sheet(
            str(words), [Plain(words, "text", 28), *columns()],
            (cells(row, label_of(row, by)) for row in lead_figures(by=by, period=period, person=person)),
            totals=dict(list(enumerate(total))[1:8]),
        )
        for by, words in WAYS_IN_WORDS.items()
    ]  # fmt: skip


def columns() -> list[Plain]:
    return [
        Plain(_("Came"), "integer", 10), *[Plain(stage.label, "integer", 12) for stage in Stage], Plain(_("Share won"), "percent", 10),
        Plain(_("Days to the first call"), "quantity", 12),
    ]  # fmt: skip


def cells(row: LeadFigure, label: str) -> list[Any]:
    return [label, row.came, *[number for _stage, number in row.stages], row.share_won, row.days]
