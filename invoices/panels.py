"""What invoices show elsewhere: navigation, the customer's and the order's page, what is due today, the review page."""

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.ledger.models import Item
from backoffice.pages.page import Act, may_open
from backoffice.pages.registry import Section, acts_on, checks, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.models import Party
from backoffice.people.models import Role
from invoices.lifecycle import CONFIRMED, DRAFT, ENTERED, SUBMITTED, WAITING
from invoices.models import BillingApplication, Invoice, Payment
from invoices.selectors import compare
from invoices.tables import ENTERS, OFFICE
from orders.lifecycle import DONE
from orders.models import Order
from shipments.lifecycle import DELIVERED, DISPATCHED
from shipments.models import Shipment, ShipmentLine

FINANCE = (Role.FINANCE,)
SALES = (Role.ASSISTANT, Role.SALESPERSON, Role.MANAGER)
MOST = 8

nav(Section.MONEY, _("Billing applications"), "invoices:applications", roles=OFFICE, icon="note", order=10,
    waits=lambda person: BillingApplication.objects.waiting_for(person))  # fmt: skip
nav(Section.MONEY, _("Invoices"), "invoices:list", roles=OFFICE, icon="invoice", order=20,
    waits=lambda person: Invoice.objects.waiting_for(person))  # fmt: skip
nav(Section.MONEY, _("Payment slips"), "invoices:payments", roles=OFFICE, icon="cash", order=30,
    waits=lambda person: Payment.objects.waiting_for(person))  # fmt: skip
nav(Section.MONEY, _("Receivables by age"), "invoices:ageing", roles=OFFICE, icon="clock", order=40)
nav(
    Section.MONEY, _("Reconciliation"), "invoices:reconciliation", roles=(Role.FINANCE, Role.GM), icon="check", order=50
)


@acts_on(Order)
def bill_order(order, person):
    """«Ask for an invoice»: what left and is not invoiced yet; once all has left it is under the key of what comes next."""
    rows = ShipmentLine.objects.filter(order_line__order=order)
    yield from bill(rows, person, f"{order.party_id}&order={order.pk}", key="F7" if order.get_state() == DONE else "")


@acts_on(Shipment)
def bill_shipment(shipment, person):
    yield from bill(shipment.lines.all(), person, str(shipment.party_id), key="F7")


def bill(rows, person, party, *, key):
    left = rows.filter(
        shipment__state__in=[DISPATCHED.name, DELIVERED.name], quantity__gt=F("invoiced") + F("returned")
    )
    if may_open(person, ENTERS) and left.exists():
        yield Act(
            _("Ask for an invoice"),
            f"{reverse('invoices:billing_application-new')}?party={party}",
            icon="invoice",
            key=key,
        )


@panel(
    on=Party, title=_("Invoices and money"), template="invoices/_of_party.html", order=40, roles=OFFICE, icon="invoice"
)
def invoices_of_party(party, person):
    invoices = Invoice.objects.visible_to(person).filter(party=party)
    payments = Payment.objects.visible_to(person).filter(party=party)
    return {"party": party, "invoices": invoices[:10], "payments": payments[:10]}


@panel(
    on=Order, title=_("Invoices and money"), template="invoices/_of_order.html", order=40, roles=OFFICE, icon="invoice"
)
def invoices_of_order(order, person):
    invoices = Invoice.objects.visible_to(person).filter(lines__order_line__order=order).distinct()
    payments = Payment.objects.visible_to(person).filter(order=order)
    return {"order": order, "invoices": invoices, "payments": payments}


@checks(on=Invoice, template="invoices/_compared.html")
def invoice_beside_order(invoice, person):
    return {"lines": compare(invoice), "document": invoice}


@checks(on=BillingApplication, template="invoices/_lines.html")
def application_lines(application, person):
    return {"lines": application.lines.all(), "document": application}


@checks(on=Payment, template="invoices/_slip.html")
def slip_beside_debt(payment, person):
    charges = (
        Item.objects.open()
        .charges()
        .receivable()
        .filter(party=payment.party, account__code="1122.01")
        .oldest_first()[:10]
    )
    return {"payment": payment, "charges": charges}


# ── due today (R7) ─────────────────────────────────────────────────────────────────────────


def review_rows(documents, label):
    for row in documents.select_related("party")[:MOST]:
        act = Act(label, reverse("pages:review", args=[row.pk]))
        yield Due(str(row), row.get_absolute_url(), str(row.party), row.dated_on, row.amount, acts=(act,))


@due_today(
    "O4", _("Money to confirm"), roles=FINANCE, order=10, icon="cash", all_url="/invoices/payments/?state=waiting"
)
def money_to_confirm(person, on):
    return review_rows(Payment.objects.visible_to(person).in_state(WAITING).order_by("submitted_at"), _("Confirm"))


@due_today(
    "I1",
    _("Billing applications to accept"),
    roles=FINANCE,
    order=20,
    icon="note",
    all_url="/invoices/applications/?state=submitted",
)
def applications_to_accept(person, on):
    return review_rows(BillingApplication.objects.waiting_for(person).order_by("submitted_at"), _("Look"))


@due_today(
    "I2",
    _("Invoices to review"),
    roles=(Role.FINANCE, Role.ASSISTANT, Role.MANAGER),
    order=30,
    icon="invoice",
    all_url="/invoices/?state=submitted",
)
def invoices_to_review(person, on):
    return review_rows(Invoice.objects.waiting_for(person).order_by("submitted_at"), _("Review"))


@due_today(
    "I2",
    _("Invoices to submit and to issue"),
    roles=FINANCE,
    order=35,
    icon="invoice",
    all_url="/invoices/?state=reviewed&state=draft",
)
def invoices_to_issue(person, on):
    rows = (
        Invoice.objects.visible_to(person)
        .filter(state__in=[DRAFT.name, "reviewed"])
        .select_related("party")
        .order_by("pk")
    )
    for row in rows[:MOST]:
        step = "submit_invoice" if row.state == DRAFT.name else "issue_invoice"
        act = Act(_("Submit") if row.state == DRAFT.name else _("Issue"), reverse("pages:step", args=[row.pk, step]))
        yield Due(str(row), row.get_absolute_url(), str(row.party), row.dated_on, row.amount, acts=(act,))


@due_today(
    "I9", _("Money to allocate"), roles=FINANCE, order=40, icon="cash", all_url="/invoices/payments/?state=confirmed"
)
def money_to_allocate(person, on):
    waiting = Item.objects.open().charges().receivable().filter(account__code="1122.01").values("party")
    rows = (
        Payment.objects.visible_to(person)
        .in_state(CONFIRMED)
        .filter(party__in=waiting)
        .select_related("party")
        .order_by("confirmed_on")
    )
    for row in rows[:MOST]:
        act = Act(_("Allocate"), reverse("invoices:allocate", args=[row.pk]))
        yield Due(str(row), row.get_absolute_url(), str(row.party), row.confirmed_on, row.amount, acts=(act,))


@due_today("I3", _("Shipped and not invoiced"), roles=SALES, order=50, icon="invoice")
def shipped_not_invoiced(person, on):
    lines = ShipmentLine.objects.filter(
        shipment__party__in=Party.objects.visible_to(person), shipment__state__in=["dispatched", "delivered"]
    )
    asked = BillingApplication.objects.filter(state__in=[DRAFT.name, SUBMITTED.name, "accepted"]).values(
        "lines__shipment_line"
    )
    rows = lines.filter(quantity__gt=F("invoiced") + F("returned")).exclude(
        pk__in=asked.exclude(lines__shipment_line=None)
    )
    parties = Party.objects.filter(pk__in=rows.values("shipment__party")).order_by("code")
    for party in parties[:MOST]:
        url = reverse("invoices:billing_application-new") + f"?party={party.pk}"
        yield Due(str(party), url, acts=(Act(_("Ask finance to bill"), url),))


@due_today(
    "O4", _("My slips not handed in"), roles=SALES, order=55, icon="cash", all_url="invoices:payments?state=entered"
)
def my_slips(person, on):
    for row in Payment.objects.filter(author=person, state=ENTERED.name).select_related("party")[:MOST]:
        act = Act(_("Hand to finance"), reverse("pages:step", args=[row.pk, "submit_slip"]))
        yield Due(str(row), row.get_absolute_url(), str(row.party), row.dated_on, row.amount, acts=(act,))


@due_today("I5", _("Overdue from my customers"), roles=SALES, order=60, icon="clock", all_url="/invoices/?overdue=1")
def overdue(person, on):
    items = Item.objects.visible_to(person).open().charges().receivable().filter(account__code="1122.01", due_on__lt=on)
    for item in items.select_related("party", "record").order_by("due_on")[:MOST]:
        url = reverse("invoices:account", args=[item.party_id])
        yield Due(item.number, url, str(item.party), item.due_on, item.open_amount, tone="bad")
