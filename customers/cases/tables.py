"""The list of cases, and the categories they are sorted by."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.stock.models import Product
from customers.cases.lifecycle import KEEPS, SEES, WORKS
from customers.cases.models import Case, Category


class CaseList(List):
    name = "cases"
    title = _("Cases")
    model = Case
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Choice("nature"),
        c.Text("category", path="category__name"),
        c.Text("subject", width=36),
        c.State(),
        c.Party(link="party"),
        c.Person("owner"),
        c.Date("dated_on", _("Reported on")),
        c.Date("due_on"),
        c.Date("solved_on"),
        c.Count("days", _("Days"), value=lambda case: case.days_taken),
        c.Text("product", path="product__name", hidden=True),
        c.Quantity("quantity", hidden=True),
        c.Party("carrier", hidden=True),
        c.Text("about", path="about__number", hidden=True),
        c.Money("amount", _("Claimed"), total=True, hidden=True),
        c.Money("cost", total=True, hidden=True),
        c.Text("cause", hidden=True),
        c.Text("solution", width=40, hidden=True),
        c.Choice("satisfaction", hidden=True),
        c.Choice("channel", hidden=True),
        c.Text("lost_number", hidden=True),
        c.Text("replacement_number", hidden=True),
        c.Date("next_on", hidden=True),
        c.Date("closed_on", hidden=True),
        c.Person("salesperson", hidden=True),
        c.Person("author", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.Choice("nature"), f.OneOf("category", Category), f.PersonIs("owner"), f.DateRange("dated_on", _("Reported on")),
        f.DateRange("due_on"), f.DateRange("solved_on"), f.Related("party", Party, lookup="customer"),
        f.Related("product", Product, lookup="product"), f.Related("carrier", Party, _("Carrier"), lookup="carrier"),
        f.PersonIs("salesperson"), f.RegionIs("region", _("Region"), path="party__region"), f.Choice("satisfaction"), f.Choice("channel"),
        f.Flag("unsolved", _("Not solved"), lambda rows: rows.unsolved()),
        f.Flag("counted", _("Registered and not withdrawn"), lambda rows: rows.counted()),
        f.Flag("overdue", _("Past the deadline"), lambda rows: rows.overdue(timezone.localdate())),
        f.Flag("late", _("Deadline missed"), lambda rows: rows.late(timezone.localdate())),
    ]  # fmt: skip
    search = ["number", "subject", "lost_number", "replacement_number", "party__search"]
    search_hint = _("Number, subject, customer, number of what was lost")
    default_order = "-dated_on"
    views = [
        (_("Not solved"), "unsolved=1&o=due_on"),
        (_("Mine"), "unsolved=1&owner=me&o=due_on"),
        (_("Past the deadline"), "overdue=1&o=due_on"),
        (_("Complaints"), "nature=complaint"),
        (_("Loss reports"), "nature=loss"),
        (_("To ask whether satisfied"), "state=solved"),
    ]
    bulk = ["take_case", "cancel_case"]
    roles = SEES
    new = ("cases:case-new", _("New case"), WORKS)
    empty = _("Complaints, enquiries and loss reports appear here once somebody registers one.")
    peek = "cases/_peek.html"

    def row_css(self, row):
        return "late" if row.solved_on is None and row.is_late(timezone.localdate()) else ""


class CategoryList(List):
    name = "case_categories"
    title = _("Categories of cases")
    model = Category
    columns = [
        c.Text("name", link=True, width=30),
        c.Choice("nature"),
        c.Count("days"),
        c.Bool("is_active", _("Active")),
    ]
    filters = [f.Choice("nature"), f.Bool("is_active", _("Active"))]
    search = ["name"]
    default_order = "nature"
    roles = KEEPS
    new = ("cases:category-new", _("New category"), KEEPS)
