"""The lists of shipments."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.stock.models import Product, Warehouse
from orders.models import Order
from shipments.lifecycle import OFFICE
from shipments.models import Shipment

SEES = (*OFFICE, Role.FINANCE, Role.GM)


class ShipmentList(List):
    name = "shipments"
    title = _("Shipments")
    model = Shipment
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson"),
        c.Date("required_on"),
        c.Date("dispatched_on", _("Dispatched")),
        c.Date("delivered_on", _("Delivered")),
        c.Party("carrier", _("Carrier"), width=18),
        c.Text("tracking_number"),
        c.Text("delivery_address", hidden=True),
        c.Text("received_by", hidden=True),
        c.Text("warehouse", path="warehouse__name", hidden=True),
        c.Money("freight", total=True, hidden=True),
        c.Money("net", total=True, hidden=True),
        c.Money("tax", total=True, hidden=True),
        c.Money("amount", total=True),
        c.Person("author", hidden=True),
        c.Moment("submitted_at", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("dated_on"), f.DateRange("dispatched_on"), f.DateRange("delivered_on"),
        f.DateRange("required_on"), f.PersonIs("salesperson"), f.PersonIs("author"), f.Related("party", Party, lookup="customer"),
        f.Related("carrier", Party, lookup="carrier"), f.OneOf("warehouse", Warehouse), f.RegionIs("region", _("Region"), path="party__region"),
        f.Related("product", Product, _("Product"), path="lines__product", lookup="product"),
        f.Related("order", Order, _("Order"), path="lines__order_line__order", lookup="order"),
        f.AmountRange("amount"), f.Contains("tracking_number"),
        f.Flag("late", _("Past their day"), lambda rows: rows.late(timezone.localdate())),
        f.Flag("money", _("Waits for money"), lambda rows: rows.waiting_for_money()),
        f.Flag("ready", _("Ready to leave"), lambda rows: rows.ready()),
        f.Flag("untracked", _("On the way without tracking number"), lambda rows: rows.untracked()),
    ]  # fmt: skip
    search = ["number", "external_number", "tracking_number", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("To review"), "state=submitted"),
        (_("Ready to leave"), "ready=1"),
        (_("Waits for money"), "money=1"),
        (_("On the way"), "state=dispatched"),
        (_("Past their day"), "late=1"),
        (_("Mine"), "salesperson=me"),
    ]
    paper = "shipments:delivery-note"
    bulk = ["submit_shipment", "dispatch_shipment", "deliver_shipment", "return_shipment", "cancel_shipment"]
    roles = SEES
    new = ("shipments:shipment-new", _("New shipment"), OFFICE)
    empty = _("Shipments are made from the open lines of approved orders.")
    peek = "shipments/_peek.html"

    def row_css(self, row):
        late = (
            row.required_on
            and row.state in ("submitted", "reviewed", "dispatched")
            and row.required_on < timezone.localdate()
        )
        return "late" if late else ""
