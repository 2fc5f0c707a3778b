"""What a bid offers, at which price: typed as the lines of a contract are, printed and sent as the price schedule (K5)."""

from dataclasses import replace

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.lists.workbook import Plain, Sheet, write_workbook
from backoffice.pages.detail import DetailPage
from backoffice.pages.forms import PersonForm
from backoffice.pages.paper import PaperPage
from backoffice.pages.views import SheetPage
from contracts.bids import entry, forms, services
from contracts.bids.lifecycle import OFFICE
from contracts.bids.models import Bid
from contracts.bids.tables import SEES
from contracts.views.contracts import GOODS

HEADING = gettext_lazy("Price schedule")
SAME = {column.name: column for column in GOODS}


class GoodsEdit(SheetPage):
    """The goods of a bid that is being prepared; their sum is our price."""

    roles = OFFICE
    model, form_class, line_form = Bid, PersonForm, forms.OfferedForm
    crumbs = [(gettext_lazy("Bids"), "bids:list")]
    columns = [
        SAME["product"], replace(SAME["name"], computed=False, also=("名称", "品名", "货物名称")), SAME["quantity"],
        replace(SAME["unit"], computed=False, skip=True, also=("单位",)), replace(SAME["unit_price"], fills=False), SAME["gross"],
    ]  # fmt: skip
    totals = [("gross", gettext_lazy("Total, tax included"))]

    def get_title(self):
        return _("Goods and prices of %(what)s") % {"what": self.object}

    def get_crumbs(self):
        return [(_("Bids"), reverse("bids:list")), (str(self.object), self.object.get_absolute_url())]

    def needs_lines(self):
        return False

    def start(self, document):
        return entry.goods_texts(document)

    def compute(self, form, lines):
        return entry.say_goods(lines, ceiling=self.object.ceiling)

    def save_lines(self, form, lines):
        goods = [entry.offered_of(line) for line in lines]
        return services.change_goods(self.object, goods, by=self.request.user, version=self.version)


class PriceSchedule(PaperPage):
    """投标报价表 as it goes into the bid."""

    roles = SEES
    model = Bid
    paper = "bid_prices"
    heading = HEADING
    signs = (gettext_lazy("Bidder, with seal"),)

    def paper_context(self):
        return {"goods": self.object.goods.all()}


class PriceWorkbook(DetailPage):
    """The same for whoever wants it as a workbook."""

    roles = SEES
    model = Bid

    def get(self, request, *args, **kwargs):
        bid, name = self.object, f"bid-{self.object.number or self.object.pk}.xlsx"
        content = write_workbook([self.sheet(bid)], by=request.user, title=str(HEADING))
        return FileResponse(iter([content]), as_attachment=True, filename=name)

    def sheet(self, bid):
        columns = [
            Plain("#", "integer", 6), Plain(_("Name"), "text", 40), Plain(_("Unit"), "text", 8), Plain(_("Quantity"), "quantity", 12),
            Plain(_("Price with tax"), "price", 14), Plain(_("Amount"), "money", 16),
        ]  # fmt: skip
        cells = [
            [row.position, row.name, row.unit, row.quantity, row.unit_price, row.amount] for row in bid.goods.all()
        ]
        notes = [(_("Project"), bid.title), (_("Number of the tender"), bid.external_number)]
        return Sheet(str(HEADING), columns, cells, totals={5: bid.amount}, notes=notes)
