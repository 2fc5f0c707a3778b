"""The first page of everybody's day, the manager's dashboard, the day's performance, and reports as issued."""

from datetime import datetime, time
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice import periods
from backoffice.files.views import send_file
from backoffice.ledger.selectors import ageing_labels
from backoffice.pages import charts
from backoffice.pages.beginning import beginnings_for
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.templatetags.show import short_money
from backoffice.pages.views import EVERYONE, DetailPage, EditPage, Page, ReportPage
from backoffice.pages.workbench import due_for
from backoffice.people.models import Role
from backoffice.periods import Month, add_months
from orders.selectors.sales import booked_sales
from reports.forms import TargetForm
from reports.models import Issued, Target
from reports.selectors import dashboard
from reports.selectors.contracts import WAYS, from_json
from reports.selectors.daily import daily_performance
from reports.services.books import sales_sheets
from reports.services.contracts import chart_of, revise_statistics, sheets_of, spoken, statistics_of, ways
from reports.services.contracts import paper_context as statistics_on_paper
from reports.services.daily import daily_sheets, month_chart, paper_context
from reports.services.targets import set_targets
from reports.tables import KEPT_FOR, IssuedList

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
            "ages": list(zip(ageing_labels(), aged.totals.amounts, strict=True)),
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
            {"label": _("Booked this month"), "value": short_money(booked), "note": compared(booked, before), "url": orders},
            {"label": _("Target reached"), "value": f"{booked / target:.0%}" if target else "–",
             "note": _("of %(target)s") % {"target": short_money(target)} if target else _("no target set"), "url": reverse("reports:targets") if person.has_role(*LEADS) else ""},
            {"label": _("Receivable"), "value": short_money(aged.totals.total), "note": _("as of today"), "url": receivable},
            {"label": _("Overdue"), "value": short_money(aged.totals.overdue), "note": share(aged.totals.overdue, aged.totals.total), "url": receivable},
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


class ContractsPage(ReportPage):
    """Contract performance of a month, quarter or year (K4); each figure opens its contracts."""

    roles = SEES
    title = gettext_lazy("Contract statistics")
    template_name = "reports/contracts.html"
    paper = "contract_statistics"
    period_kinds = ("month", "quarter", "year")

    def statistics(self, ways=WAYS):
        person = self.request.user
        scope = None if person.sees_everything else person
        return statistics_of(self.period, at=timezone.now(), person=scope, ways=ways)

    @property
    def by(self):
        wanted = self.request.GET.get("by", "salesperson")
        return wanted if wanted in WAYS else "salesperson"

    def report(self, period, given):
        found, labels = self.statistics([self.by]), ways()
        issued = Issued.objects.visible_to(self.request.user).filter(kind=Issued.Kind.CONTRACTS, period=str(period))
        return {
            "statistics": found, "by": self.by, "ways": labels.items(), "tables": tables_of(found, (self.by,)),
            "chart": chart_of(found.by[self.by]), "issued": issued, "figures": standing_cards(found),
        }  # fmt: skip

    def sheets(self, period, given):
        return sheets_of(self.statistics())

    def on_paper(self, period, given):
        return statistics_on_paper(self.statistics())


FILTERS = {"kind": "category", "region": "in_region", "salesperson": "salesperson", "customer": "party"}
OF_NONE = {"region": {"no_region": 1}, "salesperson": {"no_salesperson": 1}}


def contracts_address(statistics, **more):
    """The list of the contracts that a figure counts, with their money as of the same day."""
    return f"{reverse('contracts:performance-list')}?{urlencode({'in_force': statistics.period, 'on': day_of(statistics), **more})}"


def day_of(statistics):
    """The day at whose end the figures stand."""
    return min(statistics.period.last, timezone.localtime(statistics.at).date())


def opens(statistics, **more):
    """The lists behind the figures of a row: all its contracts, those signed, those with a delivery due, those that owe.

    What is owed is a filter as of today only; of an earlier day it would open others than were counted.
    """
    span = f"{statistics.period.first}..{day_of(statistics)}"
    is_now = day_of(statistics) == timezone.localdate()
    return {
        "all": contracts_address(statistics, **more), "signed": contracts_address(statistics, signed_on=span, **more),
        "due": contracts_address(statistics, due_on=span, **more), "owing": contracts_address(statistics, owing=1, **more) if is_now else "",
    }  # fmt: skip


def of_group(way, key):
    """What tells the contracts of one group from all others."""
    return {FILTERS[way]: key} if key else OF_NONE[way]


MOST_ROWS = 300


def tables_of(statistics, which=WAYS):
    """Each way of dividing the whole: rows with the addresses of their contracts, and the whole."""
    labels = ways()
    return [
        {
            "way": way, "label": labels[way], "total": statistics.total, "opens": opens(statistics),
            "rows": [(group, opens(statistics, **of_group(way, group.key))) for group in statistics.by[way][:MOST_ROWS]],
            "all_rows": len(statistics.by[way]),
        }
        for way in which
    ]  # fmt: skip


def standing_cards(found):
    total, lists = found.total, opens(found)
    url = lists["all"]

    def percent(value):
        return "–" if value is None else f"{value:.1%}"

    return [
        {"label": _("Contracts in force"), "value": total.contracts, "note": short_money(total.value), "url": url},
        {"label": _("Newly signed"), "value": total.signed, "note": short_money(total.signed_value), "url": lists["signed"]},
        {"label": pgettext("share", "Fulfilled"), "value": percent(total.fulfilled), "note": short_money(total.charged), "url": url},
        {"label": _("In time"), "value": percent(total.punctual), "note": _("%(n)s of %(m)s deliveries") % {"n": total.in_time, "m": total.due}, "url": lists["due"]},
        {"label": _("Collected"), "value": percent(total.collected), "note": _("%(amount)s overdue") % {"amount": short_money(total.overdue)}, "url": url},
    ]  # fmt: skip


class IssuedListPage(ListPage):
    list = IssuedList


class IssuedPage(DetailPage):
    """One report as it was issued."""

    roles = KEPT_FOR
    model = Issued
    template_name = "reports/issued.html"
    crumbs = [(gettext_lazy("Issued reports"), "reports:issued")]
    has_timeline = False

    def get_acts(self):
        if self.object.kind != Issued.Kind.CONTRACTS:
            return []
        url = reverse("reports:issued-revise", args=[self.object.pk])
        return [Act(_("Compute again"), url, icon="refresh", method="post")]

    def facts(self):
        row = self.object
        return [
            (_("Figures of"), timezone.localtime(row.watermark).strftime("%Y-%m-%d %H:%M")), (_("Issued at"), timezone.localtime(row.made_at).strftime("%Y-%m-%d %H:%M")),
            (_("Late"), _("yes") if row.is_late else _("no")), (_("Of the part of"), row.person or _("the whole company")), (_("Fingerprint"), row.sha256), (_("Seal of the books"), row.chain_head or "–"),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        row = self.object
        of_contracts = row.kind == Issued.Kind.CONTRACTS
        kept = from_json(row.figures) if of_contracts else None
        return super().get_context_data(**kwargs) | {
            "figures_template": f"reports/_issued_{row.kind}.html",
            "changes": spoken(row.changes) if of_contracts else row.changes,
            "statistics": kept,
            "tables": tables_of(kept) if kept else [],
        }


class ReviseIssued(IssuedPage):
    """Compute an issued period again as of now; a difference makes a revision that lists it and goes out by mail."""

    template_name = ""

    def post(self, request, *args, **kwargs):
        if self.object.kind != Issued.Kind.CONTRACTS:
            raise Http404
        revised = revise_statistics(self.object, at=timezone.now())
        messages.success(request, _("Revised: see what changed.") if revised else _("Nothing has changed since."))
        return HttpResponseRedirect((revised or self.object).get_absolute_url())


class IssuedFile(IssuedPage):
    """The Excel or PDF of an issued report, byte for byte."""

    def get(self, request, *args, **kwargs):
        file = self.object.pdf if kwargs["what"] == "pdf" else self.object.workbook
        return send_file(file)
