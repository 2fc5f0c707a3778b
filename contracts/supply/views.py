"""The pages of supply requests."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.sheet import Column
from backoffice.pages.views import DocumentPage, SheetPage
from contracts.supply import entry
from contracts.supply.forms import SupplyForm, SupplyLineForm
from contracts.supply.lifecycle import OFFICE
from contracts.supply.models import SupplyRequest
from contracts.supply.panels import address_of_source
from contracts.supply.services import save_request
from contracts.supply.sources import records
from contracts.supply.tables import SEES, SupplyList


class SupplyListPage(ListPage):
    list = SupplyList


class SupplyPage(DocumentPage):
    roles = SEES
    model = SupplyRequest
    crumbs = [(gettext_lazy("Supply requests"), "supply:list")]
    template_name = "supply/supply_request.html"
    lines_template = "supply/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("source")

    def lines(self):
        today = timezone.localdate()
        lines = list(self.object.lines.select_related("product"))
        for line in lines:
            line.late = line.is_late(today)
        return lines

    def get_acts(self):
        paper = Act(
            _("Supply request (PDF)"), reverse("supply:supply_request-pdf", args=[self.object.pk]), icon="print"
        )
        return [*super().get_acts(), paper]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "source_url": address_of_source(self.object, self.request.user),
            "today": timezone.localdate(),
        }


class SupplyEdit(SheetPage):
    """`?source=` an order or contract begins with what is open of it and not asked for yet."""

    roles = OFFICE
    model, form_class, line_form = SupplyRequest, SupplyForm, SupplyLineForm
    crumbs = [(gettext_lazy("Supply requests"), "supply:list")]
    columns = [
        Column(
            "product", gettext_lazy("Product"), "lookup", "product", also=("product code", "code", "编码", "产品编码", "货号")
        ),
        Column("name", gettext_lazy("Name"), computed=True, width="grow"),
        Column("quantity", gettext_lazy("Quantity"), "quantity", width="narrow", also=("qty", "数量")),
        Column("unit", gettext_lazy("Unit"), computed=True, width="tiny"),
        Column("wanted_on", gettext_lazy("Wanted by"), "date", width="mid"),
        Column("open", gettext_lazy("To ask for"), "quantity", computed=True, width="mid", help=gettext_lazy("Open there and not asked for yet")),
        Column("free", gettext_lazy("Available"), "quantity", computed=True, width="mid", help=gettext_lazy("In stock and not promised")),
        Column("remark", gettext_lazy("Remark"), width="mid", skip=True),
    ]  # fmt: skip

    def given_source(self, pk):
        return records(self.request.user).filter(pk=pk).first() if str(pk).isdigit() else None

    def get_initial(self):
        if self.object:
            return {name: getattr(self.object, name) for name in ("source", "side", "dated_on", "note")}
        return {"dated_on": timezone.localdate(), "source": self.given_source(self.request.GET.get("source", ""))}

    def start(self, document):
        if document:
            return entry.line_texts(document)
        source = self.given_source(self.request.GET.get("source", ""))
        return entry.start_of(source, on=timezone.localdate()) if source else []

    def pull(self, name, pk):
        source = self.given_source(pk)
        if name != "source" or source is None:
            raise Http404
        return entry.start_of(source, on=timezone.localdate())

    def compute(self, form, lines):
        return entry.say(form, lines, request=self.object)

    def save_lines(self, form, lines):
        return save_request(
            self.object or SupplyRequest(), by=self.request.user, header=form.cleaned_data,
            lines=[entry.wanted_of(line) for line in lines], version=self.version,
        )  # fmt: skip


class SupplyPdf(PaperPage):
    """The request on paper 供货申请单, for the planner's desk."""

    roles = SEES
    model = SupplyRequest
    paper = "supply_request"
    heading = gettext_lazy("Supply request")
    signs = (gettext_lazy("Asked by"), gettext_lazy("Answered by"))

    def paper_context(self):
        return {"lines": self.object.lines.select_related("product"), "show_amount": False}
