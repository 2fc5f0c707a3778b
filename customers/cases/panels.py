"""What cases show elsewhere: navigation, the customer's page, what is due today, and what they may be about."""

from django.urls import reverse
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.documents.kinds import label_of
from backoffice.documents.models import Document
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, looks_up, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.people.models import Person, Role
from customers.cases import services  # noqa: F401  (the gates are known from the start)
from customers.cases.lifecycle import KEEPS, OPEN, SEES, SOLVED, WORKS
from customers.cases.models import Case
from customers.cases.selectors import cases_about, cases_of, concerned
from customers.models import Customer

MOST = 12

nav(
    Section.CUSTOMERS, gettext_lazy("Cases"), "cases:list", icon="flag", roles=SEES, order=30, query="?unsolved=1&owner=me&o=due_on",
    waits=lambda person: Case.objects.unsolved().filter(owner=person),
)  # fmt: skip
nav(Section.FIGURES, gettext_lazy("Figures of cases"), "cases:figures", icon="flag", roles=SEES, order=60)
names_act("write_case_entry", gettext_lazy("Written down what was done"))
names_act("escalate_case", gettext_lazy("Escalated at the deadline"))


@looks_up("case_document")
class CaseDocuments(Lookup):
    """Orders, shipments, contracts, invoices of the customer in the form, newest first, by their number or ours."""

    code = "number"

    def rows(self, person, given):
        party = given.get("party", "")
        return concerned(int(party) if party.isdigit() else None, person=person)

    def matching(self, rows, typed):
        return rows.filter(number__icontains=typed) | rows.filter(external_number__icontains=typed)

    def find(self, typed, person, given):
        rows = self.rows(person, given)
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, record):
        return Choice(record.pk, record.number, label_of(record.kind), (str(record.party), str(record.dated_on)))


@panel(on=Customer, title=gettext_lazy("Cases"), template="cases/_of_party.html", order=40, icon="flag", roles=SEES)
def cases_of_customer(customer, person):
    rows = cases_of(customer.pk, person=person)[:15]
    return {
        "cases": rows,
        "today": today(),
        "all_url": f"{reverse('cases:list')}?party={customer.pk}&view=all",
        "new_url": new_case(person, party=customer.pk),
    }


def cases_of_document(document: Document, person: Person) -> dict:
    """The panel of cases on the page of a document of a higher app: order, shipment, return."""
    rows = cases_about(document.pk, person=person)
    return {"cases": rows, "today": today(), "new_url": new_case(person, about=document.pk)}


def new_case(person: Person, **given: object) -> str:
    """Where a case is registered that says already whom and what it is about; nothing for who registers none."""
    query = "&".join(f"{name}={value}" for name, value in given.items() if value)
    return f"{reverse('cases:case-new')}?{query}" if person.has_role(*WORKS) else ""


# ── what is due today (R7) ─────────────────────────────────────────────────────────────────
def due(case: Case, *acts: Act) -> Due:
    """A case on the workbench; what is past its deadline stands out."""
    tone = "bad" if case.due_on and case.due_on < today() and case.solved_on is None else ""
    return Due(
        f"{case.party} · {case.subject}",
        case.get_absolute_url(),
        f"{case} · {case.category}",
        case.due_on,
        tone=tone,
        acts=acts,
    )


@due_today(
    "C4",
    gettext_lazy("My cases"),
    roles=WORKS,
    order=18,
    icon="flag",
    all_url="cases:list?unsolved=1&owner=me&o=due_on",
)
def my_cases(person, on):
    rows = (
        Case.objects.visible_to(person).due_for(person, on).select_related("party", "category").order_by("due_on", "pk")
    )
    for case in rows[:MOST]:
        step = "take_case" if case.get_state() == OPEN else "solve_case" if case.state == "working" else ""
        label = _("Take in hand") if step == "take_case" else _("Solve")
        acts = (Act(label, reverse("pages:step", args=[case.pk, step]), "check"),) if step else ()
        yield due(case, *acts)


@due_today("C4", gettext_lazy("Customers to ask whether they are satisfied"), roles=WORKS, order=62, icon="phone")
def to_ask(person, on):
    rows = Case.objects.visible_to(person).in_state(SOLVED).filter(owner=person).select_related("party", "category")
    for case in rows.order_by("solved_on", "pk")[:MOST]:
        yield due(case, Act(_("Close"), reverse("pages:step", args=[case.pk, "close_case"]), "check"))


@due_today(
    "C4",
    gettext_lazy("Cases past their deadline"),
    roles=KEEPS,
    order=16,
    icon="alert",
    all_url="cases:list?overdue=1&o=due_on",
)
def escalated(person, on):
    rows = (
        Case.objects.visible_to(person).unsolved().filter(due_on__lte=on).select_related("party", "category", "owner")
    )
    for case in rows.order_by("due_on", "pk")[:MOST]:
        may_hand_on = person.has_role(Role.MANAGER) and case.state in ("open", "working", "reported")
        acts = (
            [Act(_("Hand on"), reverse("pages:step", args=[case.pk, "hand_on_case"]), "people")] if may_hand_on else []
        )
        yield due(case, *acts)
