"""The ledger of contracts 合同台账 (K2)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from contracts.lifecycle import OFFICE
from contracts.models import Contract

SEES = (*OFFICE, Role.GM, Role.FINANCE)


class ContractList(List):
    name = "contracts"
    title = _("Contracts")
    model = Contract
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Text("title"),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson"),
        c.Date("dated_on"),
        c.Date("starts_on", hidden=True),
        c.Date("ends_on"),
        c.Date("signed_on"),
        c.Text("archive_place", hidden=True),
        c.Percent("ordered", _("Ordered"), path="ordered_share"),
        c.Money("amount", total=True),
        c.Text("external_number", hidden=True),
        c.Text("term", path="term__name", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("dated_on"), f.DateRange("ends_on"), f.PersonIs("salesperson"),
        f.Related("party", Party, lookup="customer"), f.AmountRange("amount"), f.Contains("title"),
        f.Flag("expiring", _("Runs out within 30 days"), lambda rows: rows.running_out(timezone.localdate())),
        f.Flag("late", _("Deliveries overdue"), lambda rows: rows.late(timezone.localdate())),
    ]  # fmt: skip
    search = ["number", "external_number", "title", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("Running"), "state=running"), (_("To review"), "state=submitted"), (_("To sign"), "state=approved"),
        (_("Running out"), "expiring=1"), (_("Mine"), "salesperson=me"),
    ]  # fmt: skip
    bulk = ["submit_contract", "approve_contract", "start_contract"]
    roles = SEES
    new = ("contracts:contract-new", _("New contract"), OFFICE)
    empty = _("Contracts appear here once somebody drafts one.")

    def rows(self, person):
        return super().rows(person).with_progress()

    def row_css(self, row):
        return "late" if row.state == "running" and row.ends_on and row.ends_on < timezone.localdate() else ""
