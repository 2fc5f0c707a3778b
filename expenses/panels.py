"""What expenses show elsewhere: navigation, look-ups, what is due today, what a reviewer compares."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, acts_on, checks, looks_up, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.people.models import Role
from customers.visits.lifecycle import CALLS, HOSTED
from customers.visits.models import Reception
from expenses.lifecycle import APPROVED, COMPUTED, FROZEN, REVIEWED
from expenses.models import Claim, CommissionSheet, ExpenseKind
from expenses.selectors.commission import lines_shown
from expenses.services.kinds import KEEPS_KINDS
from expenses.tables import SEES_SHEETS

MOST = 8

nav(Section.OFFICE, _("Expense claims"), "expenses:claims", icon="wallet", order=10,
    waits=lambda person: Claim.objects.waiting_for(person))  # fmt: skip
nav(Section.OFFICE, _("Commission sheets"), "expenses:sheets", roles=SEES_SHEETS, icon="percent", order=20,
    waits=lambda person: CommissionSheet.objects.waiting_for(person))  # fmt: skip
nav(Section.OFFICE, _("Commission plans"), "expenses:plans", roles=SEES_SHEETS, icon="list", order=30)
nav(Section.OFFICE, _("Kinds of expense"), "expenses:kinds", roles=KEEPS_KINDS, icon="list", order=45)
names_act("save_kind", _("Kind of expense saved"))
nav(Section.OFFICE, _("My commission"), "expenses:mine", roles=(Role.SALESPERSON,), icon="percent", order=40)


@looks_up("expense_kind")
class Kinds(Lookup):
    """Kinds of expense by code or name."""

    def rows(self, person, given):
        return ExpenseKind.objects.filter(is_active=True)

    def matching(self, rows, typed):
        return rows.filter(Q(name_en__icontains=typed) | Q(name_zh__icontains=typed) | Q(code__istartswith=typed))

    def choice(self, row):
        return Choice(row.pk, row.code, str(row), (row.account,))


@acts_on(Reception)
def claim_its_costs(reception, person):
    """What a reception cost is claimed from its page, by whoever paid (C5)."""
    is_due = reception.get_state() == HOSTED and reception.actual and person.has_role(*CALLS)
    if is_due and not Claim.objects.exclude(state="cancelled").filter(reception=reception.pk).exists():
        yield Act(
            _("Make the expense claim"), reverse("expenses:claim-of-reception", args=[reception.pk]), "wallet", "F4"
        )


@panel(on=Reception, title=_("Expense claim"), template="expenses/_of_reception.html", order=20, icon="wallet")
def claims_of_reception(reception, person):
    """The claim for it, if this person may see it."""
    claims = Claim.objects.visible_to(person).filter(Q(reception=reception.pk) | Q(pk=reception.claim_id))
    return {"claims": claims.select_related("author").order_by("pk")}


@checks(on=Claim, template="expenses/_claim_lines.html")
def receipts_of_claim(claim, person):
    return {"lines": claim.lines.select_related("kind", "customer"), "document": claim}


@checks(on=CommissionSheet, template="expenses/_sheet_lines.html")
def rows_of_sheet(sheet, person):
    return {"lines": lines_shown(sheet, person), "document": sheet}


# ── due today (R7) ─────────────────────────────────────────────────────────────────────────


def step_act(document, step, label):
    return Act(label, reverse("pages:step", args=[document.pk, step]))


@due_today("E1", _("Expense claims to check or approve"), roles=(Role.FINANCE, Role.MANAGER, Role.GM), order=40, icon="wallet",
           all_url="/expenses/claims/")  # fmt: skip
def claims_to_review(person, on):
    for row in Claim.objects.waiting_for(person).select_related("author")[:MOST]:
        act = Act(_("Review"), reverse("pages:review", args=[row.pk]))
        yield Due(
            str(row), row.get_absolute_url(), f"{row.author} · {row.title}", row.dated_on, row.amount, acts=(act,)
        )


@due_today(
    "E1",
    _("Expense claims to pay"),
    roles=(Role.FINANCE,),
    order=41,
    icon="cash",
    all_url="/expenses/claims/?state=approved",
)
def claims_to_pay(person, on):
    rows = Claim.objects.visible_to(person).in_state(APPROVED).exclude(author=person).select_related("author")
    for row in rows[:MOST]:
        act = step_act(row, "pay_claim", _("Paid out"))
        yield Due(
            str(row), row.get_absolute_url(), f"{row.author} · {row.title}", row.dated_on, row.amount, acts=(act,)
        )


@due_today(
    "E7", _("Commission of the month"), roles=SEES_SHEETS, order=42, icon="percent", all_url="/expenses/commission/"
)
def sheets_to_act_on(person, on):
    steps = {
        COMPUTED.name: ("submit_commission", _("Hand in for review")), REVIEWED.name: ("freeze_commission", _("Freeze")),
        FROZEN.name: ("pay_commission", _("Paid out")),
    }  # fmt: skip
    for row in CommissionSheet.objects.visible_to(person).in_state(*steps).filter(dated_on__lt=on)[:MOST]:
        name, label = steps[row.state]
        if person.has_role(*row.lifecycle.by_name[name].by):
            yield Due(
                str(row),
                row.get_absolute_url(),
                f"{row.month:%Y-%m}",
                None,
                row.amount,
                acts=(step_act(row, name, label),),
            )
    for row in CommissionSheet.objects.waiting_for(person)[:MOST]:
        act = Act(_("Review"), reverse("pages:review", args=[row.pk]))
        yield Due(str(row), row.get_absolute_url(), f"{row.month:%Y-%m}", None, row.amount, acts=(act,))
