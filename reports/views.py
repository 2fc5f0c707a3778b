"""The first page of everybody's day, the manager's dashboard, the day's performance, and reports as issued."""

from datetime import datetime, time

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice import periods
from backoffice.files.views import send_file
from backoffice.ledger.selectors import ageing_labels
from backoffice.pages import charts
from backoffice.pages.beginning import beginnings_for
from backoffice.pages.list_page import ListPage
from backoffice.pages.views import EVERYONE, DetailPage, EditPage, Page, ReportPage
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.periods import Month, add_months
from orders.selectors.sales import booked_sales
from reports.forms import TargetForm
from reports.models import Issued, Target
from reports.selectors import dashboard
from reports.selectors.daily import daily_performance
from reports.services.books import sales_sheets
from reports.services.daily import daily_sheets, month_chart, paper_context
from reports.services.targets import set_targets
from reports.tables import IssuedList

SEES = (Role.GM, Role.FINANCE, Role.MANAGER, Role.SALESPERSON, Role.ASSISTANT)
LEADS = (Role.MANAGER, Role.GM)


class Home(Page):
    """Everybody's first page: managers begin with the figures, all others with what is due today."""

    roles = EVERYONE

    def get(self, request, *args, **kwargs):
        leads = request.user.has_role(*LEADS) and not request.user.has_role(Role.ASSISTANT)
        return HttpResponseRedirect(reverse("reports:dashboard" if leads else "reports:workbench"))


class Workbench(Page):
    """What the duties call for today, grouped by duty, each row with its act in place; empty when all is done (R7)."""

    roles = EVERYONE
    title = gettext_lazy("Today")
    template_name = "reports/workbench.html"

    def get_context_data(self, **kwargs):
        person, today = self.request.user, timezone.localdate()
        begun = beginnings_for(person)
        return super().get_context_data(**kwargs) | {
            "groups": due_for(person, on=today), "today": today, "begun": begun, "done": sum(not row.missing for row in begun),
        }  # fmt: skip


class DailyPage(ReportPage):
    """The day's sales performance by salesperson (R1): page, Excel and PDF."""

    roles = SEES
    title = gettext_lazy("Sales performance of the day")
    template_name = "reports/daily.html"
    paper = "daily_performance"
    period_kinds = ("day",)
    default_period = "day"

    def daily(self, period):
        last = datetime.combine(period.last, time.max, tzinfo=timezone.get_current_timezone())
        return daily_performance(on=period.last, at=min(last, timezone.now()), visible_to=self.request.user)

    def report(self, period, given):
        daily = self.daily(period)
        chart = month_chart(daily)
        issued = Issued.objects.visible_to(self.request.user).filter(kind="daily_performance", period=str(period.last))
        return {"daily": daily, "total": daily.total, "chart": chart if chart.rows else None, "issued": issued}

    def sheets(self, period, given):
        return daily_sheets(self.daily(period))

    def on_paper(self, period, given):
        return paper_context(self.daily(period))


class Dashboard(ReportPage):
    """What a manager looks at before a meeting; every figure leads to its rows (R5)."""

    roles = (*LEADS, Role.FINANCE)
    title = gettext_lazy("Dashboard")
    template_name = "reports/dashboard.html"
    period_kinds = ("day",)
    default_period = "day"

    def report(self, period, given):
        person, on = self.request.user, period.last
        aged = dashboard.aged(on, visible_to=person)
        people = dashboard.ranking_of("salesperson", on=on, visible_to=person)
        customers = dashboard.ranking_of("customer", on=on, visible_to=person)
        return {
            "on": on,
            "figures": self.cards(on, aged),
            "months": months_chart(dashboard.months_until(on, visible_to=person)),
            "people": rank_chart(_("Salespeople this month"), people, "salesperson", on),
            "customers": rank_chart(_("Customers this month"), customers, "party", on),
            "lines": rank_chart(
                _("Product lines this month"), dashboard.ranking_of("product_line", on=on, visible_to=person), "", on
            ),
            "aged": aged.totals,
            "labels": ageing_labels(),
            "debtors": sorted(aged.rows, key=lambda row: -row.overdue)[:8] if aged.totals.overdue else [],
        }

    def cards(self, on, aged):
        person = self.request.user
        month = Month.containing(on)
        booked = dashboard.booked_until(on, visible_to=person)
        before = dashboard.booked_until(dashboard.last_month_same_day(on), visible_to=person)
        target = dashboard.target_of(on, visible_to=person)
        span = f"{month.first}..{on}"
        orders = f"{reverse('orders:list')}?dated_on={span}&view=all"
        receivable = f"{reverse('invoices:ageing')}?period={on}"
        return [
            {"label": _("Booked this month"), "value": charts.short(booked), "note": compared(booked, before), "url": orders},
            {"label": _("Target reached"), "value": f"{booked / target:.0%}" if target else "–",
             "note": _("of %(target)s") % {"target": charts.short(target)} if target else _("no target set"), "url": reverse("reports:targets") if person.has_role(*LEADS) else ""},
            {"label": _("Receivable"), "value": charts.short(aged.totals.total), "note": _("as of today"), "url": receivable},
            {"label": _("Overdue"), "value": charts.short(aged.totals.overdue), "note": share(aged.totals.overdue, aged.totals.total), "url": receivable},
        ]  # fmt: skip


def compared(value, before) -> str:
    """How a figure stands to the same days of last month."""
    if not before:
        return _("nothing in the same days of last month")
    return _("%(change)s on the same days of last month") % {
        "change": f"{(value - before) / before:+.0%}".replace("-", "−")
    }


def share(part, whole) -> str:
    return _("%(share)s of the balance") % {"share": f"{part / whole:.0%}"} if whole > 0 else ""


def months_chart(months):
    labels = [label for label, _value in months]
    address = reverse("reports:sales")
    urls = [f"{address}?period={label}" for label in labels]
    return charts.bars(_("Booked by month"), labels, [value for _label, value in months], label=_("Booked"), urls=urls)


def rank_chart(title, rows, param, on):
    month = Month.containing(on)
    address = f"{reverse('orders:list')}?dated_on={month.first}..{on}&view=all"
    urls = [f"{address}&{param}={row.key}" for row in rows] if param else ()
    return charts.ranking(title, [(row.name or "–", row.amount) for row in rows], urls=urls, label=_("Booked"))


class SalesPage(ReportPage):
    """Sales of any period by salesperson, customer, product, product line, region or country (R2, R4)."""

    roles = SEES
    title = gettext_lazy("Sales")
    template_name = "reports/sales.html"
    period_kinds = ("day", "week", "five_days", "month", "quarter", "year")
    BY = {
        "salesperson": gettext_lazy("Salesperson"), "customer": gettext_lazy("Customer"), "product": gettext_lazy("Product"),
        "product_line": gettext_lazy("Product line"), "region": gettext_lazy("Region"), "country": gettext_lazy("Country"),
    }  # fmt: skip

    @property
    def by(self):
        wanted = self.request.GET.get("by", "salesperson")
        return wanted if wanted in self.BY else "salesperson"

    @property
    def sees_cost(self):
        return self.request.user.has_role(Role.GM, Role.FINANCE, Role.MANAGER)

    def rows(self, period):
        return dashboard.largest_first(self.by, period=period, visible_to=self.request.user)

    def report(self, period, given):
        rows = self.rows(period)
        total = booked_sales(first=period.first, last=period.last, visible_to=self.request.user)
        top = charts.ranking(
            str(self.BY[self.by]), [(row.name or "–", row.amount) for row in rows[:12]], label=_("Booked")
        )
        return {"rows": rows[:500], "all_rows": len(rows), "total": total[0] if total else None, "by": self.by, "ways": self.BY.items(),
                "chart": top if rows else None, "sees_cost": self.sees_cost}  # fmt: skip

    def sheets(self, period, given):
        return sales_sheets(self.rows(period), str(self.BY[self.by]), sees_cost=self.sees_cost)


class IssuedListPage(ListPage):
    list = IssuedList


class IssuedPage(DetailPage):
    """One report as it was issued."""

    roles = (Role.GM, Role.FINANCE)
    model = Issued
    template_name = "reports/issued.html"
    crumbs = [(gettext_lazy("Issued reports"), "reports:issued")]
    has_timeline = False

    def facts(self):
        row = self.object
        return [
            (_("Figures of"), timezone.localtime(row.watermark).strftime("%Y-%m-%d %H:%M")), (_("Issued at"), timezone.localtime(row.made_at).strftime("%Y-%m-%d %H:%M")),
            (_("Late"), _("yes") if row.is_late else _("no")), (_("Fingerprint"), row.sha256), (_("Seal of the books"), row.chain_head or "–"),
        ]  # fmt: skip


class IssuedFile(IssuedPage):
    """The Excel or PDF of an issued report, byte for byte."""

    def get(self, request, *args, **kwargs):
        file = self.object.pdf if kwargs["what"] == "pdf" else self.object.workbook
        return send_file(file)


class TargetsPage(EditPage):
    """The targets of a month in one grid."""

    roles = LEADS
    model = Target
    form_class = TargetForm
    template_name = "reports/targets.html"
    saved_message = gettext_lazy("Targets are set.")

    @property
    def month(self):
        typed = self.request.GET.get("month", "")
        try:
            return Month.containing(periods.parse(typed).first)
        except ValueError:
            return Month.containing(timezone.localdate())

    def get_title(self):
        return _("Targets %(month)s") % {"month": self.month}

    def get_form(self, fields=None, files=None):
        return TargetForm(fields, files, person=self.request.user, month=self.month)

    def save(self, form):
        set_targets(form.amounts, month=self.month.first, by=self.request.user)
        return f"{reverse('reports:targets')}?month={self.month}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "month": self.month, "before": Month.containing(add_months(self.month.first, -1)), "next": Month.containing(add_months(self.month.first, 1)),
        }  # fmt: skip
