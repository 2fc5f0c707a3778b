"""What shipments show elsewhere: navigation, «Ship» on an order, panels of order and customer, what is due today."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.page import Act, may_open
from backoffice.pages.registry import Section, acts_on, checks, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.models import Party
from backoffice.people.models import Role
from contracts.models import Contract
from contracts.papers.lifecycle import MAKES
from contracts.papers.models import PaperKind
from customers.cases.lifecycle import SEES as CASES
from customers.cases.panels import cases_of_document
from customers.mailings.showing import shows_customer
from customers.models import Customer
from orders.lifecycle import APPROVED
from orders.models import Order
from shipments.lifecycle import OFFICE, REVIEWED, REVIEWS
from shipments.models import UNDERWAY, Shipment
from shipments.selectors import compared, money_queue, open_lines
from shipments.selectors.papers import papers_with
from shipments.services.clearing import RELEASES
from shipments.tables import SEES

FINANCE = (Role.FINANCE,)
GOODS = (Role.WAREHOUSE, Role.ASSISTANT)
MOST = 10
MOST_LOOKED_AT = 60

nav(Section.GOODS, gettext_lazy("Shipping today"), "shipments:day", icon="truck", roles=(*GOODS, Role.MANAGER), order=10,
    waits=lambda person: Shipment.objects.visible_to(person).ready())  # fmt: skip
nav(Section.GOODS, gettext_lazy("Shipments"), "shipments:list", icon="box", roles=SEES, order=20,
    waits=lambda person: Shipment.objects.waiting_for(person))  # fmt: skip
nav(Section.MONEY, gettext_lazy("Money before dispatch"), "shipments:money", icon="lock", roles=(Role.FINANCE, Role.MANAGER, Role.GM), order=5,
    waits=lambda person: Shipment.objects.visible_to(person).waiting_for_money())  # fmt: skip

names_act("clear_shipment", gettext_lazy("Money confirmed"))
names_act("release_shipment", gettext_lazy("Released without the money"))
names_act("release_papers", gettext_lazy("Released without its papers"))
names_act("record_tracking", gettext_lazy("Tracking number entered"))


@acts_on(Order)
def ship(order, person):
    """«Ship»: everything open that lies there, by one key; or some of it."""
    if order.get_state() == APPROVED and person.has_role(*OFFICE) and open_lines(order=order).exists():
        yield Act(
            _("Ship"),
            reverse("shipments:ship-order", args=[order.pk]),
            icon="truck",
            key="F7",
            tone="primary",
            method="post",
        )
        yield Act(_("Ship a part"), f"{reverse('shipments:shipment-new')}?order={order.pk}", key="F8")


@checks(on=Shipment, template="shipments/_check.html")
def order_beside_shipment(shipment, person):
    return {"comparison": compared(shipment)}


@panel(
    on=Order, title=gettext_lazy("Shipments"), template="shipments/_of_party.html", order=10, icon="truck", roles=SEES
)
def shipments_of_order(order, person):
    rows = Shipment.objects.visible_to(person).filter(lines__order_line__order=order).distinct()
    return shown(rows, f"?order={order.pk}")


@panel(
    on=Customer,
    title=gettext_lazy("Shipments"),
    template="shipments/_of_party.html",
    order=30,
    icon="truck",
    roles=SEES,
)
def shipments_of_customer(customer, person):
    return shown(Shipment.objects.visible_to(person).filter(party=customer.pk), f"?party={customer.pk}")


@panel(
    on=Party, title=gettext_lazy("Shipments"), template="shipments/_of_party.html", order=30, icon="truck", roles=SEES
)
def shipments_of_party(party, person):
    return (
        shown(Shipment.objects.visible_to(person).filter(party=party), f"?party={party.pk}")
        if party.is_customer
        else None
    )


@panel(
    on=Contract,
    title=gettext_lazy("Shipments"),
    template="shipments/_of_party.html",
    order=30,
    icon="truck",
    roles=SEES,
)
def shipments_of_contract(contract, person):
    rows = Shipment.objects.visible_to(person).filter(lines__order_line__order__contract=contract).distinct()
    return shown(rows, f"?party={contract.party_id}")


@panel(on=Shipment, title=gettext_lazy("Cases"), template="cases/_of_party.html", order=60, icon="flag", roles=CASES)
def cases_of_shipment(shipment, person):
    return cases_of_document(shipment, person)


@panel(
    on=Shipment, title=gettext_lazy("Papers to go along"), template="papers/_of_shipment.html", order=15, icon="files", roles=SEES
)  # fmt: skip
def papers_of_shipment(shipment, person):
    """What must go along, what of it is there, and the way to make what is missing (K6)."""
    wanted = papers_with([shipment.pk], on=timezone.localdate()).get(shipment.pk, [])
    may_make = may_open(person, MAKES) and shipment.state in ("draft", *UNDERWAY)
    is_held = shipment.get_state() == REVIEWED and any(one.is_missing for one in wanted)
    may_release = is_held and may_open(person, RELEASES)
    return {
        "wanted": wanted, "record": shipment.pk, "may_make": may_make,
        "release_url": reverse("shipments:release-papers", args=[shipment.pk]) if may_release else "",
        "certificates": sum(one.is_missing and not one.draft and one.kind.made == PaperKind.Made.CERTIFICATE for one in wanted),
    }  # fmt: skip


def shown(rows, query):
    rows = rows.select_related("carrier").order_by("-dated_on", "-pk")
    return {"shipments": rows[:20], "all_url": reverse("shipments:list") + query, "today": timezone.localdate()}


@shows_customer("shipment", template="shipments/_goods_for_customer.html", order=10)
def shipment_for_customer(record):
    """What has left and how it travels (C10)."""
    shipment = Shipment.objects.select_related("carrier").get(pk=record.pk)
    told = {
        "dispatched": (_("On the way"), "info"),
        "delivered": (_("Arrived"), "good"),
        "cancelled": (_("Cancelled"), "neutral"),
    }
    words, tone = told.get(shipment.state, (_("Being prepared"), "info"))
    return {
        "shipment": shipment, "lines": shipment.lines.all(), "headline": words, "tone": tone,
        "heading": _("Shipment %(number)s") % {"number": shipment},
    }  # fmt: skip


@shows_customer("order", template="shipments/_deliveries_for_customer.html", order=20)
def deliveries_of_order(record):
    """The shipments of an order that have left."""
    gone = Shipment.objects.gone().filter(lines__order_line__order=record.pk).distinct().select_related("carrier")
    return {"shipments": gone.order_by("dispatched_on", "pk")} if gone.exists() else None


# ── what is due today (R7) ─────────────────────────────────────────────────────────────────


def due(shipment, detail, label, url, *, tone=""):
    title = f"{shipment} · {shipment.party}"
    return Due(
        title, shipment.get_absolute_url(), detail, shipment.required_on, shipment.amount, tone, (Act(label, url),)
    )


def step(shipment, name):
    return reverse("pages:step", args=[shipment.pk, name])


@due_today(
    "S4",
    gettext_lazy("Shipments to review"),
    roles=REVIEWS,
    order=22,
    icon="eye",
    all_url="/shipments/?state=submitted",
)
def to_review(person, on):
    rows = Shipment.objects.waiting_for(person).select_related("party", "author").order_by("submitted_at")
    return [due(s, str(s.author), _("Review"), reverse("pages:review", args=[s.pk])) for s in rows[:MOST]]


@due_today(
    "S5",
    gettext_lazy("Shipments that wait for their money"),
    roles=(Role.FINANCE, Role.MANAGER),
    order=12,
    icon="lock",
    all_url="/shipments/money/",
)
def to_clear(person, on):
    for row in money_queue(visible_to=person)[:MOST]:
        url, may = reverse("shipments:money"), person.has_role(*FINANCE)
        words = _("the money is there") if row.gate.ok else row.gate.why
        yield due(row.shipment, words, _("Confirm") if may else _("Release"), url, tone="" if row.gate.ok else "bad")


@due_today(
    "S1", gettext_lazy("Shipments ready to leave"), roles=GOODS, order=24, icon="truck", all_url="/shipments/day/"
)
def to_dispatch(person, on):
    rows = (
        Shipment.objects.visible_to(person).ready().select_related("party", "warehouse").order_by("required_on", "pk")
    )
    for s in rows[:MOST]:
        tone = "bad" if s.required_on and s.required_on < on else ""
        yield due(s, str(s.warehouse), _("Dispatch"), step(s, "dispatch_shipment"), tone=tone)


@due_today("K6", gettext_lazy("Shipments that wait for their papers"), roles=GOODS, order=25, icon="files")
def to_complete(person, on):
    rows = (
        Shipment.objects.visible_to(person)
        .filter(state__in=UNDERWAY)
        .select_related("party")
        .order_by("required_on", "pk")
    )
    waiting = {s.pk: s for s in rows[:MOST_LOOKED_AT]}
    for pk, wanted in papers_with(list(waiting), on=on).items():
        if missing := [str(one) for one in wanted if one.is_missing]:
            url = f"{waiting[pk].get_absolute_url()}?tab=papers_of_shipment"
            yield due(waiting[pk], "; ".join(missing)[:120], _("Make"), url)


@due_today(
    "S6",
    gettext_lazy("On the way without a tracking number"),
    roles=GOODS,
    order=26,
    icon="clip",
    all_url="/shipments/?untracked=1",
)
def to_track(person, on):
    rows = Shipment.objects.visible_to(person).untracked().select_related("party").order_by("dispatched_on")
    return [
        due(s, _("left on %(day)s") % {"day": s.dispatched_on}, _("Enter"), s.get_absolute_url()) for s in rows[:MOST]
    ]


@due_today(
    "S6", gettext_lazy("Shipments past their day"), roles=OFFICE, order=28, icon="clock", all_url="/shipments/?late=1"
)
def late(person, on):
    rows = Shipment.objects.visible_to(person).late(on).select_related("party").order_by("required_on", "pk")
    return [due(s, s.get_state_display(), _("Look"), s.get_absolute_url(), tone="bad") for s in rows[:MOST]]


@due_today(
    "S1",
    gettext_lazy("My drafts of shipments"),
    roles=OFFICE,
    order=62,
    icon="pencil",
    all_url="shipments:list?state=draft&author=me",
)
def my_drafts(person, on):
    rows = Shipment.objects.filter(author=person, state="draft").select_related("party").order_by("-changed_at")
    return [due(s, _("not submitted yet"), _("Go on"), s.get_absolute_url()) for s in rows[:MOST]]
