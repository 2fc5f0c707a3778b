"""The pages of contracts."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.money import amount_in_words
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.sheet import Column
from backoffice.pages.templatetags.show import money
from backoffice.pages.views import DocumentPage, EditPage, SheetPage
from contracts import entry
from contracts.clauses import filled
from contracts.content import Content
from contracts.forms import ArchiveForm, ContractForm, ContractLineForm
from contracts.lifecycle import DRAFTS, OFFICE, RUNNING
from contracts.models import Contract, ContractTemplate
from contracts.origins import beginning_of, origins, ready
from contracts.performance import performance
from contracts.selectors import content_of, editions
from contracts.services import HEADER, move_in_archive, save_contract
from contracts.services.amendments import AMENDABLE
from contracts.services.contracts import WITHOUT_LINES
from contracts.tables import SEES, ContractList


class ContractListPage(ListPage):
    list = ContractList


class ContractPage(DocumentPage):
    roles = SEES
    model = Contract
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]
    template_name = "contracts/contract.html"
    lines_template = "contracts/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("term", "template", "origin")

    def facts(self):
        row = self.object
        found = [
            (_("Kind of contract"), row.get_category_display()), (_("Title"), row.title), (_("Valid from"), row.starts_on), (_("Valid to"), row.ends_on),
            (_("Payment term"), row.term), (_("Invoicing"), row.get_invoice_rule_display()), (_("Signed on"), row.signed_on),
            (_("Place in the archive"), row.archive_place), (_("Edition"), row.edition),
        ]  # fmt: skip
        more = [
            (_("Agreed total"), money(row.ceiling) if row.ceiling else None),
            (_("Territory"), row.territory),
            (_("Contract template"), row.template),
            (_("Drafted from"), row.origin),
        ]
        return found + [(label, value) for label, value in more if value]

    def get_primary(self):
        row = self.object
        if row.get_state() != RUNNING or row.is_purchase or not self.request.user.has_role(*OFFICE):
            return None
        return Act(_("Order from it"), f"{reverse('orders:order-new')}?contract={row.pk}", icon="order", key="F4")

    def get_acts(self):
        row, acts = self.object, [*super().get_acts()]
        if self.request.user.has_role(*DRAFTS):
            if row.get_state() in AMENDABLE and not row.amendments.open().exists():
                acts.append(Act(_("Amend"), reverse("contracts:amendment-new", args=[row.pk]), icon="pencil", key="F2"))
            if row.number:
                again = f"{reverse('contracts:contract-new')}?copy={row.pk}"
                acts.append(Act(_("Renew"), again, icon="refresh"))
            if row.signed_on:
                acts.append(Act(_("Archive place"), reverse("contracts:archive-place", args=[row.pk]), icon="files"))
        return [
            *acts,
            Act(_("Performance list"), reverse("contracts:performance", args=[row.pk]), icon="chart", key="F8"),
            Act(_("Contract (PDF)"), reverse("contracts:contract-pdf", args=[row.pk]), icon="print"),
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        return super().get_context_data(**kwargs) | {
            "performance": performance(row, on=timezone.localdate()),
            "clauses": filled(row, Content.of(row)),
            "payments": row.payments.select_related("contract"),
            "left": row.agreed - row.called_off,
            "editions": editions(row) if row.edition > 1 else [],
            "amendment": row.amendments.open().first(),
        }


GOODS = [
    Column(
        "product", gettext_lazy("Product"), "lookup", "product", also=("product code", "code", "编码", "产品编码", "货号")
    ),
    Column("name", gettext_lazy("Name"), computed=True, width="grow"),
    Column("quantity", gettext_lazy("Quantity"), "quantity", width="narrow", also=("qty", "数量")),
    Column("unit", gettext_lazy("Unit"), computed=True, width="tiny"),
    Column("unit_price", gettext_lazy("Price"), "price", fills=True, width="mid", also=("unit price", "price", "单价")),
    Column("discount", gettext_lazy("Discount"), "percent", width="narrow", skip=True),
    Column("tax_rate", gettext_lazy("Tax rate"), "percent", width="narrow", fills=True, skip=True),
    Column("due_on", gettext_lazy("Deliver by"), "date", width="mid", also=("交货日期", "交期")),
    Column(
        "parts", gettext_lazy("Deliveries"), "quantity", width="mid", skip=True,
        help=gettext_lazy("12: twelve months of equal parts, from that day on"),
    ),
    Column("gross", gettext_lazy("Amount"), "money", computed=True, width="mid"),
]  # fmt: skip
TOTALS = [("net", gettext_lazy("Without tax")), ("tax", gettext_lazy("Tax")), ("gross", gettext_lazy("Total"))]


class ContractEdit(SheetPage):
    """A contract from a template, an earlier one (`?copy=`), a quotation (`?origin=`) or for a customer (`?party=`)."""

    roles = DRAFTS
    model, form_class, line_form = Contract, ContractForm, ContractLineForm
    template_name = "contracts/edit.html"
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]
    columns, totals = GOODS, TOTALS

    @cached_property
    def source(self):
        pk = self.request.GET.get("copy", "")
        return get_object_or_404(self.get_queryset(), pk=pk) if pk.isdigit() else None

    @cached_property
    def origin(self):
        pk = self.request.GET.get("origin", "")
        return get_object_or_404(ready(origins(self.request.user)), pk=pk) if pk.isdigit() else None

    def get_initial(self):
        if self.object:
            return entry.initial_of(self.object, HEADER)
        today = timezone.localdate()
        if self.source:
            return entry.start_of_renewal(self.source, on=today)
        party = str(self.origin.party_id) if self.origin else self.request.GET.get("party", "")
        found = entry.start_of_new(self.request.user, party, self.template(), on=today)
        return found | entry.start_from(self.origin) if self.origin else found

    def template(self):
        """The one asked for, else the first of the kind asked for."""
        given, rows = self.request.GET, ContractTemplate.objects.active()
        pk, purchase = given.get("template", ""), Contract.Category.PURCHASE
        if pk.isdigit():
            return rows.filter(pk=pk).first()
        usual = Contract.Category.SALES if self.request.user.has_role(*OFFICE) else purchase
        return rows.filter(category=given.get("category", usual)).first()

    def start(self, document):
        if document:
            return entry.line_texts(document.lines.select_related("product"))
        if self.origin:
            return entry.new_texts(beginning_of(self.origin).lines)
        return entry.rest_texts(self.source) if self.source else []

    def pull(self, name, pk):
        if name == "origin":
            return entry.new_texts(beginning_of(get_object_or_404(ready(origins(self.request.user)), pk=pk)).lines)
        return entry.rest_texts(get_object_or_404(self.get_queryset(), pk=pk))

    def needs_lines(self):
        return self.request.POST.get("category") not in WITHOUT_LINES

    @property
    def buying(self):
        return self.request.POST.get("category") == Contract.Category.PURCHASE

    def compute(self, form, lines):
        return entry.say(form, lines, buying=self.buying)

    def save_lines(self, form, lines):
        given, includes_tax = form.cleaned_data, form.cleaned_data["includes_tax"]
        goods = [part for line in lines for part in entry.goods_of(line, includes_tax=includes_tax, buying=self.buying)]
        return save_contract(
            self.object or Contract(), by=self.request.user, header=form.header(), lines=goods,
            payment_plan=given["payment_plan"], version=self.version,
        )  # fmt: skip


class MoveInArchive(EditPage):
    """The signed paper lies somewhere else."""

    roles = DRAFTS
    model, form_class = Contract, ArchiveForm
    crumbs = [(gettext_lazy("Contracts"), "contracts:list")]

    def get_title(self):
        return _("Archive place: %(contract)s") % {"contract": self.object}

    def get_initial(self):
        return {"archive_place": self.object.archive_place}

    def save(self, form):
        return move_in_archive(self.object, by=self.request.user, version=self.version, **form.cleaned_data)


class ContractPdf(PaperPage):
    """The contract on paper, in the edition asked for: lines, plans, clauses, amount in words, places to sign and seal."""

    roles = SEES
    model = Contract
    paper = "contract"
    heading = gettext_lazy("Contract")

    def paper_context(self):
        row, asked = self.object, self.request.GET.get("edition", "")
        number = int(asked) if asked.isdigit() and 1 <= int(asked) <= row.edition else row.edition
        content = content_of(row, number)
        return {
            "heading": row.get_category_display(), "content": content, "clauses": filled(row, content), "edition": number,
            "is_old": number < row.edition, "is_draft": row.number is None, "in_words": amount_in_words(content.agreed, row.currency),
        }  # fmt: skip
