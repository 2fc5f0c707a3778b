"""What bids show elsewhere: navigation, the customer's page, what a decider looks at, deadlines and deposits of the day."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.pages.page import Act
from backoffice.pages.registry import Section, checks, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.people.models import Role
from contracts.bids import services  # noqa: F401  (the gates are known from the start)
from contracts.bids.lifecycle import DECIDES, OFFICE
from contracts.bids.models import Bid, BidPaper
from contracts.bids.tables import SEES
from customers.models import Customer

MOST = 10
FINANCE = (Role.FINANCE,)

nav(
    Section.SALES,
    gettext_lazy("Bids"),
    "bids:list",
    icon="scale",
    roles=SEES,
    order=18,
    waits=lambda person: Bid.objects.waiting_for(person),
)

names_act("change_papers", gettext_lazy("List of documents changed"))
names_act("change_goods", gettext_lazy("Goods and prices changed"))
names_act("tick_paper", gettext_lazy("Document ready"))
names_act("move_deadline", gettext_lazy("Deadline moved"))
names_act("save_competitor", gettext_lazy("Competitor written down"))
names_act("pay_deposit", gettext_lazy("Deposit paid"))
names_act("settle_deposit", gettext_lazy("Deposit settled"))
names_act("expect_deposit", gettext_lazy("Deposit promised"))
names_act("make_contract_of_bid", gettext_lazy("Contract made"))


@checks(on=Bid, template="bids/_check.html")
def what_the_tender_asks(bid, person):
    """Dates, price against the highest, deposit and documents, for whoever decides whether we bid."""
    earlier = Bid.objects.visible_to(person).filter(party=bid.party_id).exclude(pk=bid.pk).order_by("-dated_on")[:5]
    goods = bid.goods.select_related("product")
    return {"bid": bid, "papers": bid.papers.select_related("owner"), "goods": goods, "earlier": earlier}


@panel(on=Customer, title=gettext_lazy("Bids"), template="bids/_of_customer.html", order=17, icon="scale", roles=SEES)
def bids_of_customer(customer, person):
    rows = Bid.objects.visible_to(person).filter(party=customer.pk).order_by("-closes_at")
    return {"bids": rows[:12], "party_id": customer.pk, "may_write": person.has_role(*OFFICE)}


def due(bid, detail, *, day=None, amount=None, act=None, tone=""):
    return Due(f"{bid.title} · {bid.party}", bid.get_absolute_url(), detail, day, amount, tone, (act,) if act else ())


@due_today(
    "K5", gettext_lazy("Bids to decide"), roles=DECIDES, order=23, icon="eye", all_url="bids:list?state=submitted"
)
def to_decide(person, on):
    for row in Bid.objects.waiting_for(person).select_related("party").order_by("closes_at")[:MOST]:
        act = Act(_("Review"), reverse("pages:review", args=[row.pk]), icon="eye")
        yield due(row, str(row.author), day=row.closes_at.date(), amount=row.amount, act=act)


@due_today(
    "K5",
    gettext_lazy("Bids whose deadline is near"),
    roles=OFFICE,
    order=18,
    icon="clock",
    all_url="/contracts/bids/?closing=1&o=closes_at",
)
def closing(person, on):
    rows = Bid.objects.visible_to(person).closing(on).select_related("party").order_by("closes_at")
    for row in rows[:MOST]:
        missing = row.papers.missing().filter(is_required=True).count()
        words = _("%(missing)s documents are missing") % {"missing": missing} if missing else _("everything is ready")
        yield due(row, words, day=timezone.localtime(row.closes_at).date(), tone="bad" if row.days_left <= 1 else "")


@due_today(
    "K5",
    gettext_lazy("Documents of bids to prepare"),
    roles=OFFICE,
    order=19,
    icon="files",
    all_url="/contracts/bids/papers/?missing=1&owner=me&state=preparing",
)
def to_prepare(person, on):
    rows = BidPaper.objects.due(on).filter(owner=person).select_related("bid__party").order_by("due_on", "position")
    for paper in rows[:MOST]:
        ready = Act(pgettext("act", "Ready"), f"{reverse('bids:tick', args=[paper.pk])}", icon="check", method="post")
        yield due(paper.bid, paper.name, day=paper.due_on, act=ready, tone="bad" if paper.due_on < on else "")


@due_today("K5", gettext_lazy("Bids opened, result unknown"), roles=OFFICE, order=34, icon="flag")
def opened(person, on):
    rows = Bid.objects.visible_to(person).opened(on).select_related("party").order_by("opens_at")
    return [
        due(row, _("won or lost?"), day=timezone.localtime(row.opens_at).date(), amount=row.amount)
        for row in rows[:MOST]
    ]


@due_today(
    "K5",
    gettext_lazy("Deposits of bids to pay"),
    roles=FINANCE,
    order=14,
    icon="cash",
    all_url="/contracts/bids/?to_pay=1",
)
def to_pay(person, on):
    for row in Bid.objects.visible_to(person).deposit_to_pay().select_related("party").order_by("deposit_by")[:MOST]:
        act = Act(_("Deposit paid"), reverse("bids:deposit-paid", args=[row.pk]), icon="cash")
        late = bool(row.deposit_by and row.deposit_by <= on)
        yield due(
            row, row.number or "", day=row.deposit_by, amount=row.deposit_missing, act=act, tone="bad" if late else ""
        )


@due_today(
    "K5",
    gettext_lazy("Deposits of bids that should be back"),
    roles=(*FINANCE, *OFFICE),
    order=36,
    icon="undo",
    all_url="/contracts/bids/?back=1",
)
def to_come_back(person, on):
    for row in (
        Bid.objects.visible_to(person)
        .deposit_to_come_back(on)
        .select_related("party")
        .order_by("deposit_back_on")[:MOST]
    ):
        act = (
            Act(_("Deposit back"), reverse("bids:deposit-back", args=[row.pk]), icon="undo")
            if person.has_role(*FINANCE)
            else None
        )
        yield due(row, row.number or "", day=row.deposit_back_on, amount=row.deposit_out, act=act)
