"""What supply shows elsewhere: navigation, its place on orders and contracts, what is due today."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.documents.kinds import label_of
from backoffice.pages.chain import link_to
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, acts_on, looks_up, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.people.models import Role
from backoffice.register.models import Record
from contracts.lifecycle import RUNNING, SIGNED
from contracts.models import Contract
from contracts.supply.lifecycle import ANSWERS, OFFICE, RECEIVES
from contracts.supply.models import SupplyRequest
from contracts.supply.selectors import standing_of
from contracts.supply.sources import records
from contracts.supply.tables import SEES

MOST = 10

nav(Section.GOODS, gettext_lazy("Supply requests"), "supply:list", icon="send", roles=SEES, order=30,
    waits=lambda person: SupplyRequest.objects.visible_to(person).unanswered().answered_by(person))  # fmt: skip


@looks_up("supply_source")
class Sources(Lookup):
    """Approved orders and running contracts, newest first, by their number or the customer's."""

    code = "number"

    def rows(self, person, given):
        return records(person).select_related("party").order_by("-dated_on", "-pk")

    def matching(self, rows, typed):
        return rows.matching(typed) | rows.filter(party__search__holds=typed.casefold())

    def find(self, typed, person, given):
        rows = self.rows(person, given)
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, record):
        return Choice(
            record.pk,
            record.number,
            str(record.party),
            (label_of(record.kind), str(record.dated_on), f"{record.amount:,.2f}"),
        )


def address_of_source(request, person):
    """The page of the order or contract, for those who may open it."""
    record = Record.objects.visible_to(person).filter(pk=request.source_id).first()
    link = link_to(record) if record and person.has_role(*OFFICE, Role.GM, Role.FINANCE, Role.WAREHOUSE) else None
    return link.url if link else ""


def ask_for(pk):
    """The act that begins a supply request, for the head of an order's or a contract's page."""
    return Act(_("Ask for supply"), f"{reverse('supply:supply_request-new')}?source={pk}", icon="send")


def shown_for(pk, person):
    """What the panel of an order or contract shows; nothing where nothing was asked for."""
    standing = standing_of(pk, person=person, on=timezone.localdate())
    return {"standing": standing} if standing.requests else None


@acts_on(Contract)
def ask_from_contract(contract, person):
    if contract.get_state() in (SIGNED, RUNNING) and not contract.is_purchase and person.has_role(*OFFICE):
        yield ask_for(contract.pk)


@panel(on=Contract, title=gettext_lazy("Supply"), template="supply/_of_source.html", order=35, icon="send", roles=SEES)
def supply_of_contract(contract, person):
    return shown_for(contract.pk, person)


# ── what is due today (R7) ─────────────────────────────────────────────────────────────────


def due(request, detail, day, *, act=None, tone=""):
    title = f"{request} · {request.party}"
    return Due(title, request.get_absolute_url(), detail, day, None, tone, (act,) if act else ())


def step(request, label, name):
    return Act(label, reverse("pages:step", args=[request.pk, name]))


def rows_of(person):
    return SupplyRequest.objects.visible_to(person).with_days().select_related("party", "source", "author")


@due_today("K8", gettext_lazy("Supply requests to answer"), roles=ANSWERS, order=20, icon="send",
           all_url="/contracts/supply/?state=asked")  # fmt: skip
def to_answer(person, on):
    rows = rows_of(person).unanswered().answered_by(person).order_by("wanted_on", "pk")[:MOST]
    return [
        due(
            r,
            str(r.source),
            r.wanted_on,
            act=step(r, _("Answer"), "answer_supply"),
            tone="bad" if r.wanted_on < on else "",
        )
        for r in rows
    ]


@due_today("K8", gettext_lazy("Supplies promised for today or before"), roles=RECEIVES, order=30, icon="box",
           all_url="/contracts/supply/?expected=1")  # fmt: skip
def expected(person, on):
    rows = rows_of(person).expected(on).order_by("promised_on", "pk")[:MOST]
    return [
        due(r, str(r.source), r.promised_on, act=step(r, _("Goods are there"), "receive_supply"), tone="bad" if r.promised_on < on else "")
        for r in rows
    ]  # fmt: skip


@due_today("K8", gettext_lazy("Supply that comes late"), roles=OFFICE, order=34, icon="clock",
           all_url="/contracts/supply/?late=1")  # fmt: skip
def late(person, on):
    rows = (rows_of(person).late(on) | rows_of(person).too_late()).distinct().order_by("pk")[:MOST]
    return [due(r, str(r.source), r.promised_on or r.wanted_on, tone="bad") for r in rows]
