"""What contracts show elsewhere."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.page import Act
from backoffice.pages.registry import Section, checks, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.models import Party
from contracts import services  # noqa: F401  (the gates are known from the start)
from contracts.lifecycle import DECIDES, OFFICE
from contracts.models import Contract
from contracts.tables import SEES
from customers.models import Customer

nav(Section.SALES, gettext_lazy("Contracts"), "contracts:list", icon="contract", roles=SEES, order=15,
    waits=lambda person: Contract.objects.waiting_for(person))  # fmt: skip


@checks(on=Contract, template="contracts/_check.html")
def contract_against_list(contract, person):
    """Lines beside the price list; what is below the lowest price is marked."""
    lines = list(contract.lines.select_related("product__unit"))
    for line in lines:
        line.differs = line.unit_price != line.product.list_price
        line.is_low = (
            line.product.lowest_price is not None and line.unit_price * (1 - line.discount) < line.product.lowest_price
        )
    return {"rows": lines, "lines": contract.lines}


@panel(
    on=Customer,
    title=gettext_lazy("Contracts"),
    template="contracts/_of_party.html",
    order=15,
    icon="contract",
    roles=SEES,
)
def contracts_of_customer(customer, person):
    return of_party(customer.pk, person)


@panel(
    on=Party,
    title=gettext_lazy("Contracts"),
    template="contracts/_of_party.html",
    order=15,
    icon="contract",
    roles=SEES,
)
def contracts_of_party(party, person):
    return of_party(party.pk, person) if party.is_customer else None


def of_party(party_id, person):
    rows = Contract.objects.visible_to(person).filter(party=party_id).with_progress().order_by("-dated_on", "-pk")
    return {"contracts": rows[:15]}


def due(contract, detail, *, act=None, tone="", day=None):
    return Due(
        f"{contract} · {contract.party}",
        contract.get_absolute_url(),
        detail,
        day,
        contract.amount,
        tone,
        (act,) if act else (),
    )


@due_today("K1", gettext_lazy("Contracts to review"), roles=DECIDES, order=22, icon="eye")
def to_review(person, on):
    rows = Contract.objects.waiting_for(person).select_related("party").order_by("submitted_at")[:10]
    return [due(c, c.title, act=Act(_("Review"), reverse("pages:review", args=[c.pk]), icon="eye")) for c in rows]


@due_today("K1", gettext_lazy("Contracts whose signed copy is missing"), roles=OFFICE, order=45, icon="pen")
def to_sign(person, on):
    rows = Contract.objects.visible_to(person).in_state("approved").select_related("party").order_by("dated_on")[:10]
    return [
        due(c, c.title, act=Act(_("File the signed copy"), reverse("pages:step", args=[c.pk, "sign_contract"])))
        for c in rows
    ]


@due_today("K3", gettext_lazy("Contract deliveries overdue"), roles=OFFICE, order=32, icon="clock")
def late_deliveries(person, on):
    rows = Contract.objects.visible_to(person).late(on).select_related("party").order_by("ends_on", "pk")[:10]
    act = _("Performance list")
    return [due(c, c.title, tone="bad", act=Act(act, reverse("contracts:performance", args=[c.pk]))) for c in rows]


@due_today("K2", gettext_lazy("Contracts that run out within 30 days"), roles=OFFICE, order=50, icon="calendar")
def running_out(person, on):
    rows = Contract.objects.visible_to(person).running_out(on).select_related("party").order_by("ends_on")[:10]
    return [due(c, c.title, day=c.ends_on, tone="bad" if c.ends_on < timezone.localdate() else "") for c in rows]
