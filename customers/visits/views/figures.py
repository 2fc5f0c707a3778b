"""The calendar, and the figures of who called whom (C3)."""

from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.lists.workbook import Plain, Sheet
from backoffice.pages import charts
from backoffice.pages.views import ReportPage
from customers.visits import forms
from customers.visits.lifecycle import CALLS, READS
from customers.visits.selectors import contacts_by_person, weeks_of
from customers.visits.views.talks import CRUMBS, further_pages


class CalendarPage(ReportPage):
    """Calls, visits and receptions of a month."""

    roles = READS
    title = gettext_lazy("Calendar of calls and visits")
    template_name = "visits/calendar.html"
    crumbs = CRUMBS
    period_kinds = ("month",)
    form_class = forms.WhoseForm
    wide = True

    def report(self, period, given):
        person = self.request.user
        whose = None if given.get("whose") == "all" or not person.has_role(*CALLS) else person
        return {"weeks": weeks_of(period, person=person, whose=whose), "today": today(), "whose": whose}

    def get_acts(self):
        return further_pages(self.request.user)


class FiguresPage(ReportPage):
    """Calls and visits by person: due, made, talked, ordered, overdue; every figure leads to its rows."""

    roles = READS
    title = gettext_lazy("Calls and visits by person")
    template_name = "visits/figures.html"
    crumbs = CRUMBS
    period_kinds = ("day", "week", "month", "quarter", "year")

    def rows(self, period):
        return contacts_by_person(period=period, on=today(), visible_to=self.request.user)

    def report(self, period, given):
        rows = self.rows(period)
        made = [(row.name, row.made) for row in rows if row.made]
        return {
            "rows": rows, "span": f"{period.first}..{period.last}",
            "chart": charts.ranking(_("Made"), made, label=_("Made")) if len(made) > 2 else None,
        }  # fmt: skip

    def sheets(self, period, given):
        columns = [
            Plain(_("Person"), "text", 20), Plain(_("Fell due"), "integer", 12), Plain(_("of them made"), "integer", 12), Plain(_("Kept"), "percent", 10),
            Plain(_("Made"), "integer", 12), Plain(pgettext("number", "Talked with"), "integer", 12), Plain(_("Visits"), "integer", 12), Plain(pgettext("number", "Customers"), "integer", 12),
            Plain(_("They order"), "integer", 12), Plain(_("Overdue now"), "integer", 12),
        ]  # fmt: skip
        rows = [
            (row.name, row.due, row.kept, row.kept_share, row.made, row.spoken, row.visits, row.customers, row.ordered, row.overdue)
            for row in self.rows(period)
        ]  # fmt: skip
        return [Sheet(str(period), columns, rows)]
