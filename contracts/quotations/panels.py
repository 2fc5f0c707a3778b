"""What quotations show elsewhere: navigation, look-up, the customer's page, the contract's, what is due today."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, acts_on, checks, looks_up, nav, panel
from backoffice.pages.workbench import Due, due_today
from contracts.entry import beside_list
from contracts.models import Contract
from contracts.quotations import handlers, services  # noqa: F401  (the gates are known from the start)
from contracts.quotations.lifecycle import DECIDES, OFFICE, SEES
from contracts.quotations.models import Quotation
from contracts.quotations.selectors import least_price, versions
from customers.models import Customer

MOST = 10

nav(Section.SALES, gettext_lazy("Quotations"), "quotations:list", icon="calculator", roles=SEES, order=12,
    waits=lambda person: Quotation.objects.waiting_for(person))  # fmt: skip


@looks_up("open_quotation")
class Quotations(Lookup):
    """Quotations that hold today, of the customer in the form; one that was chosen is found in any state."""

    code = "number"

    def rows(self, person, given):
        if not person.has_role(*SEES):
            return Quotation.objects.none()
        rows = Quotation.objects.visible_to(person).exclude(number=None).select_related("party")
        party = given.get("party", "")
        return (rows.filter(party=party) if party.isdigit() else rows).order_by("-dated_on", "-pk")

    def matching(self, rows, typed):
        return rows.filter(number__icontains=typed) | rows.filter(asked__icontains=typed)

    def find(self, typed, person, given):
        rows = self.rows(person, given).holding(timezone.localdate())
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, quotation):
        until = _("until %(day)s") % {"day": quotation.valid_until}
        details = (str(quotation.party), until, f"{quotation.amount:,.2f}")
        return Choice(quotation.pk, str(quotation), quotation.asked[:60], details)


@checks(on=Quotation, template="quotations/_check.html")
def quotation_against_list(quotation, person):
    """Lines beside the price list and the least that may be quoted alone."""
    rows = beside_list(quotation)
    for line in rows:
        line.least = least_price(line.product, includes_tax=quotation.includes_tax)
        line.is_low = line.unit_price * (1 - line.discount) < line.least
    return {"rows": rows}


@acts_on(Customer)
def ask(customer, person):
    """What a customer asks on the telephone is written down from their page."""
    if person.has_role(*OFFICE):
        yield Act(_("New enquiry"), f"{reverse('quotations:quotation-new')}?party={customer.pk}", "calculator", "F9")


@panel(
    on=Customer, title=gettext_lazy("Quotations"), template="quotations/_of_customer.html", order=14, icon="calculator", roles=SEES
)  # fmt: skip
def quotations_of_customer(customer, person):
    rows = Quotation.objects.visible_to(person).filter(party=customer.pk).order_by("-dated_on", "-pk")
    return {
        "quotations": rows[:15],
        "party_id": customer.pk,
        "may_write": person.has_role(*OFFICE),
        "today": timezone.localdate(),
    }


@panel(
    on=Contract,
    title=gettext_lazy("Quotation"),
    template="quotations/_rows.html",
    order=38,
    icon="calculator",
    roles=SEES,
)
def quotation_of_contract(contract, person):
    return shown_for(contract.origin_id, person)


def shown_for(pk, person):
    """What a document made from a quotation shows of it: all its versions; nothing where there was none."""
    quotation = Quotation.objects.visible_to(person).filter(pk=pk).first() if pk else None
    return {"quotations": versions(quotation), "today": timezone.localdate()} if quotation else None


# ── what is due today (R7) ─────────────────────────────────────────────────────────────────


def due(quotation, detail, *, day=None, act=None, tone=""):
    title = f"{quotation.number} · {quotation.party}" if quotation.number else str(quotation.party)
    return Due(title, quotation.get_absolute_url(), detail, day, quotation.amount or None, tone, (act,) if act else ())


@due_today(
    "O7", gettext_lazy("Prices of quotations to agree to"), roles=DECIDES, order=21, icon="eye",
    all_url="/contracts/quotations/?state=submitted",
)  # fmt: skip
def to_agree(person, on):
    for row in Quotation.objects.waiting_for(person).select_related("party").order_by("submitted_at")[:MOST]:
        yield due(row, row.asked, act=Act(_("Review"), reverse("pages:review", args=[row.pk]), icon="eye"))


@due_today(
    "O7", gettext_lazy("Enquiries not answered"), roles=OFFICE, order=16, icon="calculator",
    all_url="/contracts/quotations/?unanswered=1&o=asked_on",
)  # fmt: skip
def unanswered(person, on):
    rows = Quotation.objects.visible_to(person).in_state("enquiry").select_related("party")
    for row in rows.order_by("answer_by", "asked_on", "pk")[:MOST]:
        act = Act(_("Answer"), reverse("quotations:quotation-edit", args=[row.pk]), icon="pencil")
        yield due(row, row.asked, day=row.answer_by or row.asked_on, act=act, tone="bad" if row.is_overdue(on) else "")


@due_today(
    "O7", gettext_lazy("Quotations that run out within a week"), roles=OFFICE, order=35, icon="clock",
    all_url="/contracts/quotations/?expiring=1&o=valid_until",
)  # fmt: skip
def expiring(person, on):
    rows = Quotation.objects.visible_to(person).expiring(on).select_related("party").order_by("valid_until", "pk")
    for row in rows[:MOST]:
        yield due(row, row.asked, day=row.valid_until, tone="bad" if row.valid_until <= on else "")
