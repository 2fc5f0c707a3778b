"""The pages of contracts, and their performance list as page, PDF, workbook and in a form for the customer (K3)."""

from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.lists.workbook import write_workbook
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.sheet import Column
from backoffice.pages.templatetags.show import day
from backoffice.pages.views import DetailPage, DocumentPage, SheetPage
from contracts import entry
from contracts.forms import ContractForm, ContractLineForm
from contracts.lifecycle import OFFICE, RUNNING
from contracts.models import Contract
from contracts.performance import performance
from contracts.services import HEADER, save_contract
from contracts.tables import SEES, ContractList
from contracts.workbook import sheets_of


class ContractListPage(ListPage):
    list = ContractList


class ContractPage(DocumentPage):
    roles = SEES
    model = Contract
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]
    template_name = "contracts/contract.html"
    lines_template = "contracts/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("term")

    def facts(self):
        row = self.object
        term = f"{row.starts_on} – {row.ends_on or '…'}"
        return [
            (_("Title"), row.title), (_("Term of validity"), term), (_("Payment term"), row.term), (_("Invoicing"), row.get_invoice_rule_display()),
            (_("Signed on"), day(row.signed_on)), (_("Place in the archive"), row.archive_place or "—"),
        ]  # fmt: skip

    def get_primary(self):
        if self.object.get_state() != RUNNING or not self.request.user.has_role(*OFFICE):
            return None
        return Act(
            _("Order from it"), f"{reverse('orders:order-new')}?contract={self.object.pk}", icon="order", key="F4"
        )

    def get_acts(self):
        pk = self.object.pk
        return [
            *super().get_acts(),
            Act(_("Performance list"), reverse("contracts:performance", args=[pk]), icon="chart", key="F8"),
            Act(_("Contract (PDF)"), reverse("contracts:contract-pdf", args=[pk]), icon="print"),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"performance": performance(self.object, on=timezone.localdate())}


class ContractEdit(SheetPage):
    roles = OFFICE
    model, form_class, line_form = Contract, ContractForm, ContractLineForm
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]
    columns = [
        Column(
            "product",
            gettext_lazy("Product"),
            "lookup",
            "product",
            also=("product code", "code", "编码", "产品编码", "货号"),
        ),
        Column("name", gettext_lazy("Name"), computed=True, width="grow"),
        Column("quantity", gettext_lazy("Quantity"), "quantity", width="narrow", also=("qty", "数量")),
        Column("unit", gettext_lazy("Unit"), computed=True, width="tiny"),
        Column(
            "unit_price", gettext_lazy("Price"), "price", fills=True, width="mid", also=("unit price", "price", "单价")
        ),
        Column("discount", gettext_lazy("Discount"), "percent", width="narrow", skip=True),
        Column("tax_rate", gettext_lazy("Tax rate"), "percent", width="tiny", fills=True, skip=True),
        Column("due_on", gettext_lazy("Deliver by"), "date", width="mid"),
        Column("gross", gettext_lazy("Amount"), "money", computed=True, width="mid"),
    ]
    totals = [("net", gettext_lazy("Without tax")), ("tax", gettext_lazy("Tax")), ("gross", gettext_lazy("Total"))]

    def get_initial(self):
        if self.object:
            return entry.initial_of(self.object, HEADER)
        return entry.start_of_new(self.request.user, self.request.GET.get("party", ""), on=timezone.localdate())

    def start(self, document):
        return entry.line_texts(document.lines.select_related("product")) if document else []

    def compute(self, form, lines):
        return entry.say(form, lines)

    def save_lines(self, form, lines):
        goods = [entry.goods_of(line, includes_tax=form.cleaned_data["includes_tax"]) for line in lines]
        return save_contract(
            self.object or Contract(), by=self.request.user, header=form.cleaned_data, lines=goods, version=self.version
        )


class ContractPdf(PaperPage):
    """The contract on paper: lines, clauses, amount in words, places to sign and seal."""

    roles = SEES
    model = Contract
    paper = "contract"
    heading = gettext_lazy("Sales contract")
    signs = (gettext_lazy("Supplier, with seal"), gettext_lazy("Buyer, with seal"))

    def paper_context(self):
        clauses = [text.strip() for text in self.object.clauses.splitlines() if text.strip()]
        return {"lines": self.object.lines.all(), "clauses": clauses, "is_draft": self.object.number is None}


class PerformancePage(DetailPage):
    """What was contracted beside what happened; each figure opens its documents."""

    roles = SEES
    model = Contract
    template_name = "contracts/performance.html"
    has_timeline = False
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]

    def get_title(self):
        return _("Performance list: %(contract)s") % {"contract": self.object}

    def get_crumbs(self):
        return [*super().get_crumbs(), (str(self.object), self.object.get_absolute_url())]

    def get_primary(self):
        return Act(_("PDF"), reverse("contracts:performance-pdf", args=[self.object.pk]), icon="print")

    def get_acts(self):
        pk = self.object.pk
        return [
            Act(_("For the customer (PDF)"), reverse("contracts:performance-customer", args=[pk]), icon="send"),
            Act(_("Excel"), reverse("contracts:performance-xlsx", args=[pk]), icon="download", key="e"),
        ]

    def get_context_data(self, **kwargs):
        shown = performance(self.object, on=timezone.localdate())
        orders = f"{reverse('orders:list')}?contract={self.object.pk}"
        return super().get_context_data(**kwargs) | {"performance": shown, "orders_url": orders}


class PerformancePdf(PaperPage):
    roles = SEES
    model = Contract
    paper = "performance"
    heading = gettext_lazy("Contract performance list")
    for_customer = False

    def paper_context(self):
        return {
            "performance": performance(self.object, on=timezone.localdate()),
            "for_customer": self.for_customer,
            "show_amount": False,
        }


class PerformanceForCustomer(PerformancePdf):
    """The same without what is our own business: what is invoiced and owed stays between the two of us."""

    for_customer = True
    signs = (gettext_lazy("For us"), gettext_lazy("Confirmed by the customer"))


class PerformanceWorkbook(DetailPage):
    roles = SEES
    model = Contract

    def get(self, request, *args, **kwargs):
        shown = performance(self.object, on=timezone.localdate())
        content = write_workbook(sheets_of(shown), by=request.user, title=_("Contract performance list"))
        name = f"performance-{self.object.number or self.object.pk}.xlsx"
        return FileResponse(iter([content]), as_attachment=True, filename=name)
