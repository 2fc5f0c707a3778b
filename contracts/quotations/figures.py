"""The figures of quotations as they are shown: cards, charts, tables and workbook from the same rows (O7)."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.lists.workbook import Plain, Sheet
from backoffice.pages import charts
from backoffice.pages.templatetags.show import money, percent
from backoffice.people.models import Person
from backoffice.periods import Period, Year
from contracts.quotations.selectors import Outcome, by_month, lost_because, outcomes, whole


def shown_figures(period: Period, *, person: Person, language: str) -> dict[str, Any]:
    rows = outcomes(period, person=person)
    total = whole(rows)
    lost = lost_because(period, person=person)
    return {
        "rows": [(row, mine(row, period)) for row in rows], "total": total, "figures": cards(period, total),
        "lost": [(words, n, value, listed(period, state="lost", lost_reason=reason)) for reason, words, n, value in lost],
        "chart": months_chart(period, person=person, language=language) if rows else None,
    }  # fmt: skip


def mine(row: Outcome, period: Period) -> str:
    """The list with the enquiries of this row's salesperson; those of nobody cannot be asked for."""
    return listed(period, salesperson=str(row.key)) if row.key else ""


def listed(period: Period, **more: str) -> str:
    """The list with the rows of a figure."""
    return f"{reverse('quotations:list')}?{urlencode({'deals': '1', 'asked_on': f'{period.first}..{period.last}', **more})}"


def cards(period: Period, total: Outcome) -> list[dict[str, Any]]:
    won = (
        _("%(share)s of those that ended") % {"share": percent(total.share_won, 0)}
        if total.share_won is not None
        else ""
    )
    return [
        {"label": pgettext("quotation", "Enquiries"), "value": total.asked, "url": listed(period)},
        {"label": _("Quoted"), "value": total.quoted, "url": listed(period, quoted="1"), "note": money(total.value)},
        {"label": pgettext("quotation", "Won"), "value": total.won, "url": listed(period, state="won"), "note": " · ".join(filter(None, [money(total.won_value), won]))},
        {"label": pgettext("quotation", "Lost"), "value": total.lost, "url": listed(period, state="lost")},
    ]  # fmt: skip


def months_chart(period: Period, *, person: Person, language: str) -> charts.Chart:
    """Enquiries of each month of the year the period lies in, those won before them."""
    year = Year.containing(period.last)
    found = by_month(year, person=person)
    labels = [month.label(language) for month in found]
    return charts.bars(
        _("Enquiries and those won, by month"), labels, [won for _asked, won in found.values()], label=pgettext("quotation", "Won"),
        before=[asked for asked, _won in found.values()], before_label=pgettext("quotation", "Enquiries"), head=_("Month"),
        urls=[listed(month) for month in found],
    )  # fmt: skip


def sheets_of(period: Period, *, person: Person) -> list[Sheet]:
    """By salesperson, by month, and why they were lost."""
    rows = outcomes(period, person=person)
    total = whole(rows)
    counts = [
        pgettext("quotation", "Enquiries"),
        _("Quoted"),
        pgettext("quotation", "Won"),
        pgettext("quotation", "Lost"),
        pgettext("quotation", "Expired"),
        pgettext("quotation", "Open"),
    ]
    columns = [
        Plain(_("Salesperson")), *[Plain(words, "integer") for words in counts], Plain(_("Share won"), "percent"),
        Plain(_("Value quoted"), "money", 16), Plain(pgettext("quotation", "Value won"), "money", 16),
    ]  # fmt: skip
    months = by_month(period, person=person)
    lost = lost_because(period, person=person)
    return [
        Sheet(str(_("By salesperson")), columns, [cells(row) for row in rows], totals={n: cell for n, cell in enumerate(cells(total)) if n and n != 7}),
        Sheet(
            str(_("By month")), [Plain(_("Month")), Plain(counts[0], "integer"), Plain(counts[2], "integer")],
            [(str(month), asked, won) for month, (asked, won) in months.items()], totals={1: sum(a for a, _w in months.values()), 2: sum(w for _a, w in months.values())},
        ),
        Sheet(
            str(_("Why lost")), [Plain(_("Why lost"), "text", 28), Plain(counts[3], "integer"), Plain(_("Value quoted"), "money", 16)],
            [(words, n, value) for _reason, words, n, value in lost], totals={1: sum(n for _r, _w, n, _v in lost), 2: sum(v for _r, _w, _n, v in lost)},
        ),
    ]  # fmt: skip


def cells(row: Outcome) -> tuple[Any, ...]:
    return (
        row.name,
        row.asked,
        row.quoted,
        row.won,
        row.lost,
        row.expired,
        row.open,
        row.share_won,
        row.value,
        row.won_value,
    )
