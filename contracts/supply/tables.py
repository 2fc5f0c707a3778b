"""The list of supply requests."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.stock.models import Product
from contracts.supply.lifecycle import LIVE, OFFICE
from contracts.supply.models import SupplyRequest

SEES = (*OFFICE, Role.PURCHASING, Role.WAREHOUSE, Role.GM)


class SupplyList(List):
    name = "supply_requests"
    title = _("Supply requests")
    model = SupplyRequest
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Date("dated_on"),
        c.State(),
        c.Party(),
        c.Text("source", _("For"), path="source__number"),
        c.Choice("side"),
        c.Date("wanted_on", _("Wanted by")),
        c.Date("promised_on", _("Promised for")),
        c.Percent("supplied", _("Supplied"), path="supplied_share"),
        c.Person("salesperson"),
        c.Person("author", hidden=True),
        c.Moment("submitted_at", hidden=True),
        c.Text("note", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.Choice("side"), f.DateRange("dated_on"), f.Related("party", Party, lookup="customer"),
        f.PersonIs("salesperson"), f.PersonIs("author"),
        f.Related("product", Product, _("Product"), path="lines__product", lookup="product"),
        f.Contains("source", _("For"), path="source__number"), f.DateRange("wanted", _("Wanted by"), path="wanted_on"),
        f.DateRange("promised", _("Promised for"), path="promised_on"),
        f.Flag("late", _("Past their day"), lambda rows: rows.late(timezone.localdate())),
        f.Flag("too_late", _("Promised later or less than wanted"), lambda rows: rows.too_late()),
        f.Flag("expected", _("Expected by today"), lambda rows: rows.expected(timezone.localdate())),
    ]  # fmt: skip
    search = ["number", "source__number", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("To answer"), "state=asked"), (_("Expected by today"), "expected=1"), (_("Past their day"), "late=1"),
        (_("Promised later or less than wanted"), "too_late=1"), (_("Mine"), "author=me"),
    ]  # fmt: skip
    bulk = ["submit_supply", "cancel_supply"]
    roles = SEES
    new = ("supply:supply_request-new", _("New supply request"), OFFICE)
    empty = _("Supply requests are made from approved orders and running contracts.")

    def rows(self, person):
        return super().rows(person).with_days()

    def row_css(self, row):
        day = row.promised_on or row.wanted_on
        is_live = row.get_state() in LIVE
        return "late" if is_live and day and day < timezone.localdate() else ""
