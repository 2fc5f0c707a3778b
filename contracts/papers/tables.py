"""Lists of papers, their kinds and rules, and of formalities."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.bulk import Act
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.stock.models import Product
from contracts.models import Category, Contract
from contracts.papers.lifecycle import MAKES
from contracts.papers.models import Formality, FormalityStep, Paper, PaperKind, PaperRule
from contracts.papers.services import KEEPS, finish_formality
from contracts.papers.services.formalities import ARRANGES, KEEPS_STEPS

READS = (*MAKES, Role.GM, Role.FINANCE)
SEES_FORMALITIES = (*ARRANGES, Role.GM)


class PaperList(List):
    name = "papers"
    title = _("Papers to go along")
    model = Paper
    columns = [
        c.Text("number", link=True, value=str, order="number"),
        c.Text("kind", _("Kind of paper"), path="paper_kind__name", width=20),
        c.State(),
        c.Text("product", path="product__name", width=30),
        c.Text("batch"),
        c.Quantity("quantity"),
        c.Party(link="party"),
        c.Text("goes_with", _("Goes with"), path="goes_with__number"),
        c.Date("dated_on"),
        c.Date("valid_until", hidden=True),
        c.Person("author"),
    ]
    filters = [
        f.Choice("state"), f.OneOf("kind", PaperKind, _("Kind of paper"), path="paper_kind"), f.Related("product", Product, lookup="product"),
        f.Related("party", Party, lookup="customer"), f.DateRange("dated_on"), f.DateRange("valid_until"), f.Contains("batch"),
        f.Flag("standing", _("For whoever buys it"), lambda rows: rows.filter(goes_with=None)),
        f.PersonIs("author"),
    ]  # fmt: skip
    search = ["number", "external_number", "batch", "product__search", "party__search"]
    default_order = "-dated_on"
    views = [(_("Issued"), "state=issued"), (_("Drafts"), "state=draft"), (_("For whoever buys it"), "standing=1")]
    bulk = ["issue_paper", "cancel_paper"]
    roles = READS
    new = ("papers:paper-new", _("New paper"), MAKES)
    empty = _("Quality reports, certificates and other papers that go along with goods appear here.")


class KindList(List):
    name = "paper_kinds"
    title = _("Kinds of paper")
    model = PaperKind
    columns = [
        c.Text("code", link=True, width=12), c.Text("name", link=True, width=30), c.Choice("made"), c.Bool("is_per_product"),
        c.Bool("is_active"),
    ]  # fmt: skip
    filters = [f.Choice("made"), f.Bool("is_active")]
    search = ["code", "name"]
    default_order = "code"
    roles = KEEPS
    new = ("papers:kind-new", _("New kind of paper"), KEEPS)

    def rows(self, person):
        return PaperKind.objects.all()


class RuleList(List):
    name = "paper_rules"
    title = _("What must go along")
    model = PaperRule
    columns = [
        c.Text("kind", _("Kind of paper"), path="paper_kind__name", link=True, width=24),
        c.Text("contract", path="contract__number", link="contract"),
        c.Party(link="party"),
        c.Text("product", path="product__name", link="product", width=30),
        c.Text("category", path="category__name"),
        c.Text("note", width=30),
    ]
    filters = [
        f.OneOf("kind", PaperKind, _("Kind of paper"), path="paper_kind"), f.Related("contract", Contract, lookup="contract"),
        f.Related("party", Party, lookup="customer"), f.Related("product", Product, lookup="product"),
    ]  # fmt: skip
    search = ["contract__number", "party__search", "product__search", "note"]
    default_order = "-pk"
    roles = READS
    new = ("papers:rule-new", _("New rule"), KEEPS)
    empty = _("Say which papers go along with which goods; a delivery waits until they are there.")


class FormalityList(List):
    name = "formalities"
    title = _("Formalities")
    model = Formality
    columns = [
        c.Text("name", link=True, width=30),
        c.Text("contract", path="contract__number", link="contract", width=18),
        c.Party("party", _("Customer"), path="contract__party__short_name", hint="contract__party__name", link="contract__party", order="contract__party__name"),
        c.Person("owner"),
        c.Date("due_on"),
        c.Count("days_left", _("Days left"), value=lambda row: row.days_left(timezone.localdate()) if row.is_open else None),
        c.Bool("needs_proof", hidden=True),
        c.Moment("done_at"),
        c.Person("done_by", hidden=True),
        c.Bool("is_waived", hidden=True),
        c.Text("outcome", width=30),
    ]  # fmt: skip
    filters = [
        f.PersonIs("owner"), f.DateRange("due_on"),
        f.Related("party", Party, _("Customer"), path="contract__party", lookup="customer"), f.Choice("category", _("Kind of contract"), path="contract__category", choices=Category.choices), f.Related("contract", Contract, lookup="contract"),
        f.Flag("open", _("To be done"), lambda rows: rows.open()),
        f.Flag("late", _("Overdue"), lambda rows: rows.open().filter(due_on__lt=timezone.localdate())),
        f.Bool("is_waived"),
    ]  # fmt: skip
    search = ["name", "contract__number", "contract__party__search"]
    default_order = "-due_on"
    views = [
        (_("Mine to be done"), "open=1&owner=me&o=due_on"),
        (_("To be done"), "open=1&o=due_on"),
        (_("Overdue"), "late=1&o=due_on"),
    ]
    bulk = [
        Act(
            "finish_formality",
            _("Done"),
            ARRANGES,
            lambda row, *, by, note="": finish_formality(row, by=by, outcome=note),
        )
    ]
    roles = SEES_FORMALITIES
    empty = _(
        "Formalities begin by themselves from the checklist of a contract's kind, or are added on the contract's page."
    )

    def row_css(self, row):
        return "late" if row.is_open and row.due_on < timezone.localdate() else ""


class StepList(List):
    name = "formality_steps"
    title = _("Checklists of contracts")
    model = FormalityStep
    columns = [
        c.Choice("category"), c.Text("name", link=True, width=30), c.Choice("after"), c.Count("days"), c.Person("owner"),
        c.Bool("needs_proof"), c.Bool("is_active", hidden=True),
    ]  # fmt: skip
    filters = [f.Choice("category"), f.Choice("after"), f.Bool("is_active")]
    search = ["name", "hint"]
    default_order = "category"
    roles = KEEPS_STEPS
    new = ("papers:step-new", _("New line of a checklist"), KEEPS_STEPS)
    empty = _(
        "Say for each kind of contract which formalities follow: contracts that are approved, signed or started from then on begin with them."
    )

    def rows(self, person):
        return FormalityStep.objects.all()
