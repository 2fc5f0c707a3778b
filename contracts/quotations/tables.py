"""The list of enquiries and quotations."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.stock.models import Product
from contracts.quotations.lifecycle import OFFICE, QUOTED, SEES
from contracts.quotations.models import Quotation


def today():
    return timezone.localdate()


class QuotationList(List):
    name = "quotations"
    title = _("Quotations")
    model = Quotation
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.State(),
        c.Party(link="party"),
        c.Text("asked", width=28),
        c.Date("asked_on"),
        c.Date("answer_by", hidden=True),
        c.Date("quoted_on", hidden=True),
        c.Date("valid_until"),
        c.Person("salesperson"),
        c.Money("amount", total=True),
        c.Choice("lost_reason", hidden=True),
        c.Text("lost_words", hidden=True),
        c.Text("won_by", path="won_by__number", hidden=True),
        c.Date("decided_on", hidden=True),
        c.Count("edition", hidden=True),
        c.Text("contact", hidden=True),
        c.Text("external_number", hidden=True),
        c.Text("term", path="term__name", hidden=True),
        c.Person("author", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("asked_on"), f.DateRange("quoted_on"), f.DateRange("valid_until"), f.DateRange("decided_on"),
        f.PersonIs("salesperson"), f.PersonIs("author"), f.Related("party", Party, lookup="customer"),
        f.Related("product", Product, _("Product"), path="lines__product", lookup="product"), f.AmountRange("amount"),
        f.Choice("lost_reason"), f.Contains("asked"), f.RegionIs("region", _("Region"), path="party__region"),
        f.Flag("unanswered", _("Not answered"), lambda rows: rows.unanswered()),
        f.Flag("overdue", _("Answer overdue"), lambda rows: rows.overdue(today())),
        f.Flag("expiring", _("Runs out within a week"), lambda rows: rows.expiring(today())),
        f.Flag("quoted", _("Went out"), lambda rows: rows.filter(quoted_on__isnull=False)),
        f.Flag("deals", _("Each enquiry once"), lambda rows: rows.deals()),
    ]  # fmt: skip
    search = ["number", "external_number", "asked", "party__search"]
    search_hint = _("Number, customer, what they asked for")
    default_order = "-asked_on"
    views = [
        (_("Not answered"), "unanswered=1&o=asked_on"), (_("Runs out within a week"), "expiring=1&o=valid_until"),
        (_("Quoted"), "state=quoted"), (pgettext_lazy("quotation", "Won"), "state=won"), (pgettext_lazy("quotation", "Lost"), "state=lost"),
        (_("Mine"), "salesperson=me"),
    ]  # fmt: skip
    paper = "quotations:quotation-pdf"
    bulk = ["send_quotation", "approve_quotation"]
    roles = SEES
    new = ("quotations:quotation-new", _("New enquiry"), OFFICE)
    empty = _("What customers ask for stands here, with what we quoted and what came of it.")

    def row_css(self, row):
        late = row.get_state() == QUOTED and row.valid_until < today()
        return "late" if late or (row.is_editable and row.answer_by and row.answer_by < today()) else ""
