"""Lists of claims, plans, sheets, and of one's own commission."""

from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.people.models import Person, Role
from expenses.models import Claim, CommissionLine, CommissionPlan, CommissionSheet, ExpenseKind
from expenses.services.kinds import KEEPS_KINDS
from expenses.services.plans import KEEPS_PLANS

SEES_SHEETS = (Role.FINANCE, Role.MANAGER, Role.GM, Role.HR)


class ClaimList(List):
    name = "claims"
    title = _("Expense claims")
    model = Claim
    columns = [
        c.Text("number", link=True),
        c.Date("dated_on"),
        c.State(),
        c.Person("author"),
        c.Text("title", link=True),
        c.Date("paid_on"),
        c.Money("amount", total=True),
    ]
    filters = [f.Choice("state"), f.DateRange("dated_on"), f.PersonIs("author"), f.AmountRange("amount")]
    search = ["number", "title"]
    default_order = "-dated_on"
    views = [
        (_("My own"), "author=me"), (_("To check"), "state=submitted"), (_("To approve"), "state=checked"), (_("To pay"), "state=approved"),
    ]  # fmt: skip
    bulk = ["check_claim", "pay_claim"]
    new = ("expenses:claim-new", _("New expense claim"), tuple(Role.values))
    empty = _("Claim what you spent for the company: one line for each receipt, the receipts as files.")


class SheetList(List):
    name = "commission_sheets"
    title = _("Commission sheets")
    model = CommissionSheet
    columns = [
        c.Text("number", link=True),
        c.Date("month"),
        c.State(),
        c.Person("author"),
        c.Person("submitted_by"),
        c.Money("amount", total=True),
    ]
    filters = [f.Choice("state"), f.DateRange("month")]
    search = ["number"]
    default_order = "-month"
    roles = SEES_SHEETS
    new = ("expenses:compute", _("Compute a month"), (Role.FINANCE, Role.MANAGER, Role.GM))
    empty = _("The sheet of a month is computed on the 1st of the next; or compute one now.")


class MyCommissionList(List):
    name = "my_commission"
    title = _("My commission")
    model = CommissionLine
    columns = [
        c.Text("sheet", link=False),
        c.Date("happened_on"),
        c.Text("record", link=True),
        c.Text("happening", _("What happened"), value=lambda line: line.happening),
        c.Party(),
        c.Money("base"),
        c.Text("why", _("Why"), value=lambda line: line.why),
        c.Money("commission", total=True),
    ]
    filters = [f.DateRange("sheet__month", _("month")), f.DateRange("happened_on")]
    default_order = "-happened_on"
    roles = (Role.SALESPERSON,)
    empty = _("Your rows appear here when the month's sheet is frozen.")

    def rows(self, person: Person):
        return super().rows(person).filter(person=person).select_related("plan", "sheet", "record")


class PlanList(List):
    name = "commission_plans"
    title = _("Commission plans")
    model = CommissionPlan
    columns = [
        c.Text("name", link=True), c.Choice("basis"), c.Choice("rounding"), c.Date("valid_from"), c.Date("valid_to"), c.Bool("is_active"),
    ]  # fmt: skip
    filters = [f.Choice("basis"), f.Bool("is_active")]
    search = ["name"]
    default_order = "name"
    roles = SEES_SHEETS
    new = ("expenses:commission_plan-new", _("New commission plan"), KEEPS_PLANS)
    empty = _("A plan says what is earned on what. Its lines are tried from the top; the first that fits decides.")


class KindList(List):
    name = "expense_kinds"
    title = _("Kinds of expense")
    model = ExpenseKind
    columns = [
        c.Text("code", link=True, width=14), c.Text("name_zh", link=True), c.Text("name_en"), c.Text("account"), c.Bool("is_active"),
    ]  # fmt: skip
    filters = [f.Bool("is_active")]
    search = ["code", "name_zh", "name_en", "account"]
    search_hint = _("Code, name, account")
    default_order = "account"
    roles = KEEPS_KINDS
    new = ("expenses:kind-new", _("New kind of expense"), KEEPS_KINDS)
    empty = _("What can be claimed: each kind is posted to its account.")

    def rows(self, person: Person):
        return ExpenseKind.objects.all()
