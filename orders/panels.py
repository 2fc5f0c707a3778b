"""What orders show elsewhere: navigation, look-ups, panels of the customer's page, what waits today."""

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.beginning import begins_with
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, acts_on, checks, looks_up, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.stock.models import Level
from backoffice.stock.panels import Products
from contracts.models import Contract
from contracts.quotations.lifecycle import SEES as QUOTATIONS
from contracts.quotations.panels import shown_for as quotation_shown
from contracts.supply.panels import ask_for, shown_for
from contracts.supply.tables import SEES as SUPPLY_SEES
from customers.cases.lifecycle import SEES as CASES
from customers.cases.panels import cases_of_document
from customers.mailings.showing import shows_customer
from customers.models import Customer
from orders import handlers, services  # noqa: F401  (the gates are known from the start)
from orders.entry import plain, prices_for_lookup
from orders.lifecycle import APPROVED, DECIDES, OFFICE, REVIEWS
from orders.models import Order
from orders.selectors.licences import lacking
from orders.selectors.progress import compared
from orders.selectors.usual import usual_goods

SEES = (*OFFICE, Role.GM, Role.FINANCE, Role.WAREHOUSE)

nav(Section.SALES, gettext_lazy("Orders"), "orders:list", icon="order", roles=SEES, order=10,
    waits=lambda person: Order.objects.waiting_for(person))  # fmt: skip


@begins_with(gettext_lazy("The first order"), order=90)
def has_orders() -> str:
    return "" if Order.objects.exists() else _("An assistant types it: customer, product, quantity.")


@looks_up("order_product")
class OrderProducts(Products):
    """Products with what tells them apart at an order: specification, what is free, the price for this customer and why."""

    def choices(self, rows, person, given):
        party = given.get("party", "")
        prices = prices_for_lookup(rows, int(party) if party.isdigit() else None)
        levels = (
            Level.objects.filter(product__in=rows)
            .order_by()
            .values("product")
            .annotate(there=Sum("on_hand"), promised=Sum("reserved"))
        )
        free = {row["product"]: row["there"] - row["promised"] for row in levels}
        return [self.offered(product, prices.price(product), free.get(product.pk)) for product in rows]

    def offered(self, product, price, free):
        details = (
            product.spec,
            _("%(free)s free") % {"free": plain(free)} if free is not None else "",
            f"{price.words} {plain(price.unit_price)}",
        )
        fills = {
            "name": f"{product.name} {product.spec}".strip(),
            "unit": product.unit.name,
            "unit_price": plain(price.unit_price),
        }
        return Choice(product.pk, product.code, product.name, details, fills)


@looks_up("order")
class Orders(Lookup):
    """Orders of the customer in the form, newest first, by their number or ours."""

    code = "number"

    def rows(self, person, given):
        rows = Order.objects.visible_to(person).booked().select_related("party").order_by("-dated_on", "-pk")
        party = given.get("party", "")
        return rows.filter(party=party) if party.isdigit() else rows

    def matching(self, rows, typed):
        return rows.filter(number__icontains=typed) | rows.filter(external_number__icontains=typed)

    def find(self, typed, person, given):
        rows = self.rows(person, given)
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, order):
        return Choice(
            order.pk, str(order), order.external_number, (str(order.party), str(order.dated_on), f"{order.amount:,.2f}")
        )


@looks_up("running_contract")
class RunningContracts(Orders):
    """Contracts orders can be called off from."""

    def rows(self, person, given):
        rows = Contract.objects.visible_to(person).open_to_orders().select_related("party").order_by("-dated_on", "-pk")
        party = given.get("party", "")
        return rows.filter(party=party) if party.isdigit() else rows

    def choice(self, contract):
        return Choice(contract.pk, str(contract), contract.title, (str(contract.party), f"{contract.agreed:,.2f}"))


@checks(on=Order, template="orders/_check.html")
def order_against_prices(order, person):
    """Price list, last order, credit and licences beside what the order says."""
    return compared(order) | {"lacks": lacking(order, on=timezone.localdate())}


@panel(on=Customer, title=gettext_lazy("Orders"), template="orders/_of_party.html", order=10, icon="order", roles=SEES)
def orders_of_customer(customer, person):
    return of_party(customer.pk, person)


@panel(
    on=Customer,
    title=gettext_lazy("Usual goods"),
    template="orders/_usual.html",
    order=12,
    icon="product",
    roles=(*OFFICE, Role.GM, Role.FINANCE),
)
def usual_goods_of(customer, person):
    return {"goods": usual_goods(customer, person=person, on=timezone.localdate())}


@panel(on=Party, title=gettext_lazy("Orders"), template="orders/_of_party.html", order=20, icon="order", roles=SEES)
def orders_of_party(party, person):
    return of_party(party.pk, person) if party.is_customer else None


def of_party(party_id, person):
    rows = Order.objects.visible_to(person).filter(party=party_id).with_progress()
    return {
        "orders": rows.order_by("-dated_on", "-pk")[:15],
        "all_url": f"{reverse('orders:list')}?party={party_id}",
        "party_id": party_id,
    }


@panel(on=Contract, title=gettext_lazy("Orders"), template="orders/_of_party.html", order=20, icon="order", roles=SEES)
def orders_of_contract(contract, person):
    rows = Order.objects.visible_to(person).filter(contract=contract).with_progress().order_by("-dated_on", "-pk")
    return {"orders": rows[:30], "contract": contract}


@panel(
    on=Order,
    title=gettext_lazy("Quotation"),
    template="quotations/_rows.html",
    order=38,
    icon="calculator",
    roles=QUOTATIONS,
)
def quotation_of_order(order, person):
    return quotation_shown(order.quotation_id, person)


@acts_on(Order)
def ask_for_supply(order, person):
    """What is not there has to be bought or made (K8)."""
    if order.get_state() == APPROVED and person.has_role(*OFFICE):
        yield ask_for(order.pk)


@panel(
    on=Order, title=gettext_lazy("Supply"), template="supply/_of_source.html", order=15, icon="send", roles=SUPPLY_SEES
)
def supply_of_order(order, person):
    return shown_for(order.pk, person)


@panel(on=Order, title=gettext_lazy("Cases"), template="cases/_of_party.html", order=60, icon="flag", roles=CASES)
def cases_of_order(order, person):
    return cases_of_document(order, person)


@shows_customer("order", template="orders/_for_customer.html", order=10)
def order_for_customer(record):
    """Goods ordered and sent, in words made for the customer: no price, no reason of ours (C10)."""
    order = Order.objects.get(pk=record.pk)
    lines = list(order.lines.all())
    words, tone = standing(order, lines)
    return {
        "order": order,
        "lines": lines,
        "heading": _("Order %(number)s") % {"number": order},
        "headline": words,
        "tone": tone,
    }


def standing(order, lines):
    """How far the order is as the customer may know it, and the tone of the badge."""
    if order.state == "cancelled":
        return _("Cancelled"), "neutral"
    if all(line.sent >= line.quantity for line in lines):
        return _("All of it has left"), "good"
    if order.state == "closed":
        return _("Closed; the rest is not delivered"), "neutral"
    if any(line.sent for line in lines):
        return _("Part of it has left"), "info"
    return (_("Being prepared") if order.state == APPROVED.name else _("Being looked at")), "info"


# ── what is due today (R7) ─────────────────────────────────────────────────────────────────


def due(order, detail, *, act=None, tone=""):
    return Due(
        f"{order} · {order.party}",
        order.get_absolute_url(),
        detail,
        order.required_on,
        order.amount,
        tone,
        (act,) if act else (),
    )


@due_today(
    "O2", gettext_lazy("Orders to review"), roles=REVIEWS, order=20, icon="eye", all_url="orders:list?state=submitted"
)
def to_review(person, on):
    rows = Order.objects.waiting_for(person).select_related("party").order_by("submitted_at")[:10]
    return [due(o, str(o.author), act=Act(_("Review"), reverse("pages:review", args=[o.pk]), icon="eye")) for o in rows]


@due_today("C11", gettext_lazy("Orders held"), roles=DECIDES, order=15, icon="lock", all_url="orders:list?state=held")
def to_release(person, on):
    rows = Order.objects.visible_to(person).in_state("held").select_related("party").order_by("submitted_at")[:10]
    return [
        due(o, o.hold_reason, act=Act(_("Release"), reverse("pages:step", args=[o.pk, "release_order"])), tone="bad")
        for o in rows
    ]


@due_today(
    "O1",
    gettext_lazy("My drafts of orders"),
    roles=OFFICE,
    order=60,
    icon="pencil",
    all_url="orders:list?state=draft&author=me",
)
def my_drafts(person, on):
    rows = Order.objects.filter(author=person).in_state("draft").select_related("party").order_by("-changed_at")[:10]
    return [
        due(o, _("not submitted yet"), act=Act(_("Go on"), reverse("orders:order-edit", args=[o.pk]), icon="pencil"))
        for o in rows
    ]


@due_today(
    "S1",
    gettext_lazy("Orders past the day they are wanted"),
    roles=OFFICE,
    order=30,
    icon="clock",
    all_url="orders:list?late=1&o=required_on",
)
def late_orders(person, on):
    rows = Order.objects.visible_to(person).late(on).select_related("party").order_by("required_on")[:10]
    return [due(o, _("not all shipped"), tone="bad") for o in rows]
