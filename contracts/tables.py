"""The ledger of contracts 合同台账, their amendments and templates (K1, K2)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from contracts.lifecycle import DRAFTS
from contracts.models import Amendment, Contract, ContractTemplate
from contracts.services import KEEPS_TEMPLATES

SEES = (*DRAFTS, Role.GM, Role.FINANCE)


class ContractList(List):
    name = "contracts"
    title = _("Contracts")
    model = Contract
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Choice("category"),
        c.Text("title"),
        c.State(),
        c.Party(link="party"),
        c.Person("salesperson", hidden=True),
        c.Money("value", _("Value"), total=True),
        c.Date("dated_on"),
        c.Date("starts_on", hidden=True),
        c.Date("ends_on"),
        c.Date("signed_on", hidden=True),
        c.Bool("copy", _("Signed copy"), path="has_copy"),
        c.Text("archive_place"),
        c.Count("edition", hidden=True),
        c.Percent("ordered", _("Ordered"), path="ordered_share"),
        c.Money("called_off", total=True, hidden=True),
        c.Money("left", _("Left"), total=True, hidden=True),
        c.Money("amount", _("Sum of lines"), total=True, hidden=True),
        c.Text("external_number", hidden=True),
        c.Text("term", path="term__name", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.Choice("category"), f.DateRange("dated_on"), f.DateRange("ends_on"), f.PersonIs("salesperson"),
        f.Related("party", Party, lookup="contract_party"), f.AmountRange("value", _("Value")), f.Contains("title"),
        f.Contains("archive_place"), f.Bool("copy", _("Signed copy"), path="has_copy"), f.RegionIs("region", _("Region"), path="party__region"),
        f.Flag("expiring", _("Runs out within 30 days"), lambda rows: rows.running_out(timezone.localdate())),
        f.Flag("late", _("Deliveries overdue"), lambda rows: rows.late(timezone.localdate())),
    ]  # fmt: skip
    search = ["number", "external_number", "title", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("Running"), "state=running"), (_("To review"), "state=submitted"), (_("To sign"), "state=approved"),
        (_("Running out"), "expiring=1"), (_("Framework contracts"), "category=framework"), (_("Distribution agreements"), "category=distribution"),
        (_("Purchase contracts"), "category=purchase"), (_("Mine"), "salesperson=me"),
    ]  # fmt: skip
    paper = "contracts:contract-pdf"
    bulk = ["submit_contract", "approve_contract", "start_contract"]
    roles = SEES
    new = ("contracts:contract-new", _("New contract"), DRAFTS)
    empty = _("Contracts appear here once somebody drafts one.")

    def rows(self, person):
        return super().rows(person).with_progress().with_value().with_signed_copy()

    def row_css(self, row):
        return "late" if row.state == "running" and row.ends_on and row.ends_on < timezone.localdate() else ""


class AmendmentList(List):
    """Changes of contracts, from the draft to the edition they made."""

    name = "amendments"
    title = _("Contract amendments")
    model = Amendment
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Text("contract", path="contract__number", link="contract"),
        c.Party(link="party"),
        c.Count("edition"),
        c.State(),
        c.Text("reason", width=40),
        c.Date("dated_on"),
        c.Date("signed_on"),
        c.Text("archive_place", hidden=True),
        c.Person("author"),
        c.Money("amount", _("Sum of lines afterwards")),
    ]
    filters = [
        f.Choice("state"), f.DateRange("dated_on"), f.DateRange("signed_on"), f.PersonIs("author"), f.PersonIs("salesperson"),
        f.Related("party", Party, lookup="contract_party"), f.Related("contract", Contract, lookup="contract"), f.Contains("reason"),
    ]  # fmt: skip
    search = ["number", "contract__number", "contract__title", "party__search"]
    default_order = "-dated_on"
    views = [(_("To review"), "state=submitted"), (_("To sign"), "state=approved"), (_("In force"), "state=effective")]
    bulk = ["submit_amendment", "approve_amendment"]
    roles = SEES
    empty = _("An amendment is begun on the page of a signed contract.")


class TemplateList(List):
    """合同范本."""

    name = "contract_templates"
    title = _("Contract templates")
    model = ContractTemplate
    columns = [
        c.Text("name", link=True),
        c.Choice("category"),
        c.Text("title"),
        c.Text("term", path="term__name"),
        c.Choice("invoice_rule", hidden=True),
        c.Count("months"),
        c.Bool("is_active"),
    ]
    filters = [f.Choice("category"), f.Bool("is_active"), f.Contains("clauses")]
    search = ["name", "title", "clauses"]
    search_hint = _("Name, title, words of a clause")
    default_order = "name"
    views = [(_("In use"), "is_active=1")]
    roles = SEES
    new = ("contracts:template-new", _("New template"), KEEPS_TEMPLATES)
    empty = _("Contracts are drafted from templates; a manager writes them.")
