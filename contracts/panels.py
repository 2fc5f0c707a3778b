"""What contracts show elsewhere."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.documents.kinds import label_of
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, checks, looks_up, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.models import Party
from backoffice.people.models import Role
from contracts import services  # noqa: F401  (the gates are known from the start)
from contracts.clauses import filled
from contracts.comparison import compare
from contracts.content import Content
from contracts.entry import beside_list
from contracts.lifecycle import DECIDES, DRAFTS, OFFICE
from contracts.models import Amendment, Category, Contract
from contracts.origins import origins, ready
from contracts.overview import PERFORMS, with_goods
from contracts.performance import performance
from contracts.selectors import in_force, payments_due
from contracts.tables import SEES
from customers.mailings.showing import shows_customer
from customers.models import Customer
from customers.panels import Customers

nav(Section.SALES, gettext_lazy("Contracts"), "contracts:list", icon="contract", roles=SEES, order=15,
    waits=lambda person: Contract.objects.waiting_for(person))  # fmt: skip
nav(Section.SALES, gettext_lazy("Contract amendments"), "contracts:amendments", icon="pencil", roles=SEES, order=16,
    waits=lambda person: Amendment.objects.waiting_for(person))  # fmt: skip
nav(Section.SALES, gettext_lazy("Contract templates"), "contracts:templates", icon="file", roles=SEES, order=17)
names_act("move_in_archive", gettext_lazy("Moved in the archive"))
names_act("save_template", gettext_lazy("Template written"))


@looks_up("contract_party")
class ContractParties(Customers):
    """Customers; suppliers where the form is of a purchase contract."""

    def rows(self, person, given):
        rows = Party.objects.visible_to(person).filter(is_active=True).select_related("owner")
        if category := given.get("category"):
            return rows.filter(is_supplier=True) if category == Category.PURCHASE else rows.filter(is_customer=True)
        return rows.filter(Q(is_customer=True) | Q(is_supplier=True))


@looks_up("contract")
class Contracts(Lookup):
    """Contracts by number, title or party; of the party in the form where there is one."""

    code = "number"

    def rows(self, person, given):
        rows = Contract.objects.visible_to(person).exclude(number=None).select_related("party")
        party = given.get("party", "")
        return (rows.filter(party=party) if party.isdigit() else rows).order_by("-dated_on", "-pk")

    def matching(self, rows, typed):
        return rows.filter(
            Q(number__icontains=typed) | Q(title__icontains=typed) | Q(party__in=Party.objects.matching(typed))
        )

    def find(self, typed, person, given):
        rows = self.rows(person, given)
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, contract):
        return Choice(contract.pk, str(contract), contract.title, (str(contract.party), f"{contract.agreed:,.2f}"))


@looks_up("contract_origin")
class Origins(Contracts):
    """Quotations a contract can be drafted from, of the party in the form where there is one; one that was chosen is found in any state."""

    def rows(self, person, given):
        rows = origins(person).select_related("party").order_by("-dated_on", "-pk")
        party = given.get("party", "")
        return rows.filter(party=party) if party.isdigit() else rows

    def matching(self, rows, typed):
        return rows.matching(typed) | rows.filter(party__search__holds=typed.casefold())

    def find(self, typed, person, given):
        rows = ready(self.rows(person, given))
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, record):
        details = (str(record.party), str(record.dated_on), f"{record.amount:,.2f}")
        return Choice(record.pk, str(record), label_of(record.kind), details)


@checks(on=Amendment, template="contracts/_check_amendment.html")
def editions_compared(amendment, person):
    """What reads otherwise, beside how it reads now."""
    comparison = compare(Content.read(amendment.before), Content.read(amendment.after))
    return {"comparison": comparison, "contract": amendment.contract, "reason": amendment.reason}


nav(Section.SALES, gettext_lazy("Contract performance"), "contracts:performance-list", icon="chart", roles=PERFORMS,
    order=16)  # fmt: skip


@checks(on=Contract, template="contracts/_check.html")
def contract_against_list(contract, person):
    """Lines beside the price list, what is below the lowest price marked; the clauses as they will read."""
    lines = beside_list(contract, buying=contract.is_purchase)
    clauses, payments = filled(contract, Content.of(contract)), contract.payments.select_related("contract")
    return {"rows": lines, "lines": contract.lines, "clauses": clauses, "payments": payments}


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
    return {"contracts": with_goods(rows)[:15]}


@shows_customer("contract", template="contracts/_for_customer.html", order=10)
def contract_for_customer(record):
    """Contracted and delivered by line, in words made for the customer: no price, no money, no place in our archive (C10)."""
    contract = Contract.objects.get(pk=record.pk)
    told = {
        "approved": (_("To be signed"), "info"), "signed": (_("Signed"), "good"), "running": (_("Running"), "good"),
        "fulfilled": (_("Fulfilled"), "good"), "closed": (_("Closed"), "neutral"), "terminated": (_("Terminated"), "neutral"),
    }  # fmt: skip
    words, tone = told.get(contract.state, (_("Being prepared"), "info"))
    shown = performance(contract, on=timezone.localdate())
    return {
        "contract": contract, "lines": [row for row in shown.lines if row.line], "share": shown.share, "headline": words, "tone": tone,
        "heading": _("Contract %(number)s") % {"number": contract},
    }  # fmt: skip


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


@due_today(
    "K1",
    gettext_lazy("Contracts to review"),
    roles=DECIDES,
    order=22,
    icon="eye",
    all_url="contracts:list?state=submitted",
)
def to_review(person, on):
    rows = Contract.objects.waiting_for(person).select_related("party").order_by("submitted_at")[:10]
    return [due(c, c.title, act=Act(_("Review"), reverse("pages:review", args=[c.pk]), icon="eye")) for c in rows]


@due_today(
    "K1",
    gettext_lazy("Amendments to review"),
    roles=DECIDES,
    order=23,
    icon="eye",
    all_url="contracts:amendments?state=submitted",
)
def amendments_to_review(person, on):
    rows = Amendment.objects.waiting_for(person).select_related("party", "contract").order_by("submitted_at")[:10]
    return [due(c, c.reason, act=Act(_("Review"), reverse("pages:review", args=[c.pk]), icon="eye")) for c in rows]


@due_today(
    "K1",
    gettext_lazy("Contracts whose signed copy is missing"),
    roles=DRAFTS,
    order=45,
    icon="pen",
    all_url="contracts:list?state=approved",
)
def to_sign(person, on):
    rows = Contract.objects.visible_to(person).in_state("approved").select_related("party").order_by("dated_on")[:10]
    found = [
        due(c, c.title, act=Act(_("File the signed copy"), reverse("pages:step", args=[c.pk, "sign_contract"])))
        for c in rows
    ]
    changes = Amendment.objects.visible_to(person).in_state("approved").select_related("party", "contract")
    return found + [
        due(c, c.reason, act=Act(_("File the signed amendment"), reverse("pages:step", args=[c.pk, "sign_amendment"])))
        for c in changes.order_by("dated_on")[:10]
    ]


@due_today("K3", gettext_lazy("Contract deliveries overdue"), roles=OFFICE, order=32, icon="clock",
           all_url="/contracts/performance/?late=1")  # fmt: skip
def late_deliveries(person, on):
    rows = Contract.objects.visible_to(person).late(on).select_related("party").order_by("ends_on", "pk")[:10]
    act = _("Performance list")
    return [due(c, c.title, tone="bad", act=Act(act, reverse("contracts:performance", args=[c.pk]))) for c in rows]


@due_today("K2", gettext_lazy("Planned payments of contracts"), roles=(*OFFICE, Role.FINANCE), order=33, icon="coins")
def planned_payments(person, on):
    """Due within a week or missed by up to three months; later it is a matter of ageing."""
    mine = in_force().visible_to(person)
    rows = payments_due(mine, since=on - timedelta(90), until=on + timedelta(7), on=on)[:10]
    return [
        Due(
            f"{row.contract} · {row.contract.party}",
            row.contract.get_absolute_url(),
            row.what,
            row.due_on,
            row.amount,
            "bad" if row.due_on < on else "",
        )
        for row in rows
    ]


@due_today(
    "K2",
    gettext_lazy("Contracts that run out within 30 days"),
    roles=DRAFTS,
    order=50,
    icon="calendar",
    all_url="contracts:list?expiring=1",
)
def running_out(person, on):
    rows = Contract.objects.visible_to(person).running_out(on).select_related("party").order_by("ends_on")[:10]
    renew = f"{reverse('contracts:contract-new')}?copy="
    return [
        due(c, c.title, day=c.ends_on, tone="bad" if c.ends_on < on else "", act=Act(_("Renew"), f"{renew}{c.pk}"))
        for c in rows
    ]
