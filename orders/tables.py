"""The list of orders."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.stock.models import Product
from contracts.models import Contract
from orders.lifecycle import APPROVED, OFFICE
from orders.models import Order
from orders.panels import SEES


class OrderList(List):
    name = "orders"
    title = _("Orders")
    model = Order
    columns = [
        c.Text("number", link=True, value=lambda order: str(order), order="number"),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson"),
        c.Text("external_number"),
        c.Date("required_on"),
        c.Percent("shipped", _("Shipped"), path="shipped_share"),
        c.Percent("invoiced", _("Invoiced"), path="invoiced_share"),
        c.Money("net", total=True, hidden=True),
        c.Money("tax", total=True, hidden=True),
        c.Money("amount", total=True),
        c.Text("term", path="term__name", hidden=True),
        c.Text("contract", path="contract__number", link="contract", hidden=True),
        c.Text("hold_reason", hidden=True),
        c.Person("author", hidden=True),
        c.Moment("submitted_at", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("dated_on"), f.DateRange("required_on"), f.PersonIs("salesperson"),
        f.PersonIs("author"), f.Related("party", Party, lookup="customer"), f.Related("product", Product, _("Product"), path="lines__product", lookup="product"),
        f.Related("contract", Contract, lookup="running_contract"), f.RegionIs("region", _("Region"), path="party__region"),
        f.Contains("country", _("Country"), path="party__country"), f.AmountRange("amount"), f.Contains("external_number"),
        f.Flag("late", _("Past the day it is wanted"), lambda rows: rows.late(timezone.localdate())),
        f.Flag("booked", _("Counts as sold"), lambda rows: rows.booked()),
    ]  # fmt: skip
    search = ["number", "external_number", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("Not finished"), "state=draft&state=submitted&state=held&state=approved"),
        (_("To review"), "state=submitted"),
        (_("Held"), "state=held"),
        (_("To ship"), "state=approved"),
        (_("Mine"), "salesperson=me"),
    ]
    paper = "orders:order-pdf"
    bulk = ["submit_order", "approve_order", "recheck_order", "return_order", "cancel_order"]
    roles = SEES
    new = ("orders:order-new", _("New order"), OFFICE)
    empty = _("Orders appear here once somebody enters one, or imports them from Excel.")
    peek = "orders/_peek.html"

    def rows(self, person):
        return super().rows(person).with_progress()

    def row_css(self, row):
        late = row.required_on and row.get_state() == APPROVED and row.required_on < timezone.localdate()
        return "late" if late or row.state == "held" else ""
