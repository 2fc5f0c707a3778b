"""Bids and the documents they still need."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from contracts.bids.lifecycle import OFFICE
from contracts.bids.models import Bid, BidPaper

SEES = (*OFFICE, Role.GM, Role.FINANCE)


class BidList(List):
    name = "bids"
    title = _("Bids")
    model = Bid
    columns = [
        c.Text("number", link=True),
        c.Text("title", link=True, width=36),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson"),
        c.Moment("closes_at"),
        c.Moment("opens_at", hidden=True),
        c.Money("amount", _("Our price"), total=True),
        c.Money("ceiling", hidden=True),
        c.Money("deposit_out", total=True),
        c.Date("deposit_back_on", hidden=True),
        c.Text("winner", hidden=True),
        c.Money("winning_price", hidden=True),
        c.Date("handed_in_on", hidden=True),
        c.Text("contract", path="contract__number", link="contract", hidden=True),
        c.Text("external_number", _("Number of the tender"), hidden=True),
        c.Text("source", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.MomentRange("closes_at"), f.DateRange("handed_in_on"), f.PersonIs("salesperson"),
        f.Related("party", Party, lookup="customer"), f.AmountRange("amount"), f.Contains("title"), f.Contains("winner"),
        f.Flag("closing", _("Deadline within a week"), lambda rows: rows.closing(timezone.localdate())),
        f.Flag("out", _("Deposit lies with them"), lambda rows: rows.filter(deposit_out__gt=0)),
        f.Flag("back", _("Deposit should be back"), lambda rows: rows.deposit_to_come_back(timezone.localdate())),
        f.Flag("to_pay", _("Deposit to be paid"), lambda rows: rows.deposit_to_pay()),
    ]  # fmt: skip
    search = ["number", "external_number", "title", "party__search"]
    default_order = "-closes_at"
    views = [
        (_("Deadline within a week"), "closing=1&o=closes_at"), (_("Being prepared"), "state=preparing"), (_("Bid handed in"), "state=handed_in"),
        (_("Won"), "state=won"), (_("Lost"), "state=lost"), (_("Deposit lies with them"), "out=1"),
    ]  # fmt: skip
    roles = SEES
    new = ("bids:bid-new", _("New bid"), OFFICE)
    empty = _("Tenders that we answer stand here, with their dates, documents and deposits.")

    def row_css(self, row):
        return "late" if row.state in ("draft", "submitted", "preparing") and row.closes_at < timezone.now() else ""


class PaperList(List):
    name = "bid_papers"
    title = _("Documents of bids")
    model = BidPaper
    columns = [
        c.Text("name", link=True, width=30),
        c.Text("bid", path="bid__title", link="bid", width=34),
        c.Choice("state", _("Bid"), path="bid__state", choices=Bid.lifecycle.choices),
        c.Person("owner"),
        c.Date("due_on"),
        c.Moment("closes_at", path="bid__closes_at"),
        c.Bool("is_required"),
        c.Moment("done_at"),
        c.Person("done_by", hidden=True),
    ]
    filters = [
        f.PersonIs("owner"), f.DateRange("due_on"), f.Choice("state", _("Bid"), path="bid__state", choices=Bid.lifecycle.choices),
        f.Flag("missing", _("Not ready"), lambda rows: rows.missing()),
    ]  # fmt: skip
    search = ["name", "bid__title", "bid__number"]
    search_hint = _("Document, project, number")
    default_order = "due_on"
    views = [
        (_("Not ready, mine"), "missing=1&owner=me&state=preparing"),
        (_("Not ready"), "missing=1&state=preparing"),
    ]
    roles = SEES
    empty = _("Documents that tenders ask for stand here with who prepares them.")
