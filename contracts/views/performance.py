"""The performance list of one contract as page, paper, workbook and in a form for the customer; and of all contracts (K3)."""

from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice import periods
from backoffice.lists.workbook import write_workbook
from backoffice.pages.chain import link_to
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.views import DetailPage
from backoffice.register.models import Record
from contracts.models import Contract
from contracts.overview import PerformanceList
from contracts.performance import Figure, performance
from contracts.tables import SEES
from contracts.workbook import sheets_of


class PerformanceListPage(ListPage):
    list = PerformanceList


class OfContract(DetailPage):
    """A page about one contract at the end of a day: `?on=`, today if nothing is said."""

    roles = SEES
    model = Contract
    has_timeline = False
    crumbs = [(gettext_lazy("Performance of contracts"), "contracts:performance-list")]

    @cached_property
    def on(self):
        typed = self.request.GET.get("on", "")
        try:
            return (
                min(periods.parse_day(typed, today=timezone.localdate()), timezone.localdate())
                if typed
                else timezone.localdate()
            )
        except periods.NotADate as error:
            raise Http404 from error

    @cached_property
    def performance(self):
        return performance(self.object, on=self.on)

    def address(self, name, *args):
        """Another page of this contract, of the same day."""
        return reverse(f"contracts:{name}", args=[self.object.pk, *args]) + f"?on={self.on}"


class PerformancePage(OfContract):
    """What was contracted beside what happened; each figure opens its documents."""

    template_name = "contracts/performance.html"
    wide = True
    MOST = 100  # lines and due dates that are shown at first; Excel, PDF and «all» hold them all

    def get_title(self):
        return _("Performance list: %(contract)s") % {"contract": self.object}

    def get_primary(self):
        return Act(_("PDF"), self.address("performance-pdf"), icon="print", key="p")

    def get_acts(self):
        customer = self.address("performance-xlsx") + "&for=customer"
        return [
            Act(_("Excel"), self.address("performance-xlsx"), icon="download", key="e"),
            Act(_("For the customer (PDF)"), self.address("performance-customer"), icon="send"),
            Act(_("For the customer (Excel)"), customer, icon="excel"),
            Act(_("The contract"), self.object.get_absolute_url(), icon="contract"),
        ]

    def get_context_data(self, **kwargs):
        shown, most = self.performance, None if "all" in self.request.GET else self.MOST
        return super().get_context_data(**kwargs) | {
            "performance": shown,
            "rows": [*shown.lines[:most], *shown.rows[len(shown.lines) :]],
            "more_lines": len(shown.lines) - len(shown.lines[:most]),
            "dues": shown.pressing[:most],
            "more_dues": len(shown.obligations) - len(shown.obligations[:most]),
            "all_url": self.address("performance") + "&all=1",
            "parts_url": {figure.value: self.address("performance-parts", figure.value) for figure in Figure},
        }


class PerformanceParts(OfContract):
    """The documents behind one figure, of the contract or of one line; their sum is the figure."""

    template_name = "contracts/performance_parts.html"

    @cached_property
    def figure(self):
        try:
            return Figure(self.kwargs["figure"])
        except ValueError as error:
            raise Http404 from error

    @cached_property
    def row(self):
        wanted = self.request.GET.get("line", "")
        if not wanted:
            return self.performance.total
        rows = {str(row.line.pk) if row.line else "beside": row for row in self.performance.rows}
        if wanted not in rows:
            raise Http404
        return rows[wanted]

    def get_title(self):
        return f"{self.figure.label}: {self.row.line or self.object}"

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.object), self.address("performance"))]

    def parts(self):
        """Each with the page of its document, where this person may open it."""
        found = [part for part in self.row.parts if part.figure == self.figure]
        records = Record.objects.visible_to(self.request.user).in_bulk([part.record for part in found if part.record])
        names = {row.line.pk: row.line for row in self.performance.lines}
        links = {pk: link_to(record) for pk, record in records.items()}
        return [(part, links.get(part.record), names.get(part.line)) for part in found]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "figure": self.figure,
            "parts": self.parts(),
            "total": self.row.of(self.figure),
            "is_one_line": self.row.line is not None,
            "on": self.on,
        }


class PerformancePdf(OfContract, PaperPage):
    paper = "performance"
    heading = gettext_lazy("Contract performance list")
    for_customer = False

    def paper_context(self):
        return {"performance": self.performance, "for_customer": self.for_customer, "show_amount": False}


class PerformanceForCustomer(PerformancePdf):
    """The same without what is our own business: our remarks, our documents' numbers, what is not invoiced yet."""

    for_customer = True
    signs = (gettext_lazy("For us"), gettext_lazy("Confirmed by the customer"))


class PerformanceWorkbook(OfContract):
    def get(self, request, *args, **kwargs):
        for_customer = request.GET.get("for") == "customer"
        sheets = sheets_of(self.performance, for_customer=for_customer)
        content = write_workbook(sheets, by=request.user, title=_("Contract performance list"))
        name = f"performance-{self.object.number or self.object.pk}.xlsx"
        return FileResponse(iter([content]), as_attachment=True, filename=name)
