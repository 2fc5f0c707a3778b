"""The pages of orders."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.list_page import ListPage
from backoffice.pages.page import Act
from backoffice.pages.paper import PaperPage
from backoffice.pages.sheet import Column
from backoffice.pages.templatetags.show import day
from backoffice.pages.views import DocumentPage, SheetPage
from contracts.models import Contract
from contracts.quotations.models import Quotation
from orders import entry
from orders.forms import LineForm, OrderForm
from orders.lifecycle import OFFICE
from orders.models import Order
from orders.panels import SEES
from orders.selectors.progress import compared
from orders.services import save_order, submit_order
from orders.services.saving import HEADER
from orders.tables import OrderList


class OrderListPage(ListPage):
    list = OrderList


class OrderPage(DocumentPage):
    roles = SEES
    model = Order
    crumbs = [(gettext_lazy("Orders"), "orders:list")]
    template_name = "orders/order.html"
    lines_template = "orders/_lines.html"

    def get_queryset(self):
        return super().get_queryset().select_related("term", "warehouse", "contract", "quotation").with_progress()

    @cached_property
    def standing(self):
        return compared(self.object)

    def lines(self):
        return [row.line for row in self.standing["rows"]]

    def facts(self):
        order = self.object
        return [
            (_("Payment term"), order.term), (_("Warehouse"), order.warehouse), (_("Wanted by"), day(order.required_on)),
            (_("Contract"), order.contract), (_("Prices"), _("tax included") if order.includes_tax else _("tax on top")),
            *([(_("Quotation"), order.quotation)] if order.quotation else []),
            (_("Deliver to"), " ".join(filter(None, [order.delivery_address, order.delivery_contact, order.delivery_phone]))),
        ]  # fmt: skip

    def get_acts(self):
        acts = super().get_acts()
        if self.request.user.has_role(*OFFICE):
            acts.append(
                Act(
                    _("New order like this"),
                    f"{reverse('orders:order-new')}?copy={self.object.pk}",
                    icon="copy",
                    key="F4",
                )
            )
        return [
            *acts,
            Act(_("Order confirmation (PDF)"), reverse("orders:order-pdf", args=[self.object.pk]), icon="print"),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"standing": self.standing}


class OrderPdf(PaperPage):
    """The order confirmation 订单确认书."""

    roles = SEES
    model = Order
    paper = "order"
    heading = gettext_lazy("Order confirmation")
    signs = (gettext_lazy("For us"), gettext_lazy("For the customer, with seal"))

    def paper_context(self):
        return {"lines": self.object.lines.all()}


class OrderEdit(SheetPage):
    """The entry page (O1): the keyboard's way is customer, product, quantity, product, quantity …, F9."""

    roles = OFFICE
    model, form_class, line_form = Order, OrderForm, LineForm
    template_name = "orders/edit.html"
    crumbs = [(gettext_lazy("Orders"), "orders:list")]
    columns = [
        Column("product", gettext_lazy("Product"), "lookup", "order_product", given="party", also=("product code", "code", "编码", "产品编码", "货号")),
        Column("name", gettext_lazy("Name"), computed=True, width="grow"),
        Column("quantity", gettext_lazy("Quantity"), "quantity", width="narrow", also=("qty", "数量")),
        Column("unit", gettext_lazy("Unit"), computed=True, width="tiny"),
        Column("unit_price", gettext_lazy("Price"), "price", fills=True, width="mid", also=("unit price", "price", "单价")),
        Column("discount", gettext_lazy("Discount"), "percent", width="tiny", skip=True),
        Column("tax_rate", gettext_lazy("Tax rate"), "percent", width="tiny", fills=True, skip=True),
        Column("gross", gettext_lazy("Amount"), "money", computed=True, width="mid"),
        Column("available", gettext_lazy("Available"), "quantity", computed=True, width="narrow", help=gettext_lazy("In stock and not promised")),
        Column("price_source", gettext_lazy("Price from"), computed=True, width="mid"),
        Column("price_reason", gettext_lazy("Reason"), skip=True, width="mid", help=gettext_lazy("Why the price is another one")),
    ]  # fmt: skip
    totals = [("net", gettext_lazy("Without tax")), ("tax", gettext_lazy("Tax")), ("gross", gettext_lazy("Total"))]

    def get_initial(self):
        order = self.object or self.source
        found = {name: getattr(order, name) for name in HEADER} if self.object else entry.start_header(order)
        return {"dated_on": timezone.localdate()} | found

    @property
    def source(self):
        """What a new order begins from: `?copy=` an order, `?contract=`, `?quotation=`, `?party=` a customer."""
        given, person = self.request.GET, self.request.user
        for name, model in (("copy", Order), ("contract", Contract), ("quotation", Quotation)):
            if given.get(name, "").isdigit():
                return get_object_or_404(model.objects.visible_to(person), pk=given[name])
        return entry.customer_given(given.get("party", ""), person)

    def start(self, document):
        return (
            entry.line_texts(document.lines.select_related("product")) if document else entry.start_lines(self.source)
        )

    def pull(self, name, pk):
        model = {"order": Order, "contract": Contract, "quotation": Quotation}[name]
        return entry.start_lines(get_object_or_404(model.objects.visible_to(self.request.user), pk=pk))

    def compute(self, form, lines):
        return entry.say(form, lines, order=self.object)

    def save_lines(self, form, lines):
        wanted = [entry.wanted_of(line) for line in lines]
        order = save_order(
            self.object or Order(), by=self.request.user, header=form.header(), lines=wanted, version=self.version
        )
        return submit_order(order, by=self.request.user) if self.request.POST.get("then") == "submit" else order
