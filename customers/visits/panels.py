"""What calls, visits and receptions show elsewhere: navigation, the customer's page, the day's duties, what a reviewer compares."""

import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.registry import Section, acts_for, acts_on, checks, looks_up, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.credit import credit_of
from customers.models import Customer
from customers.timeline import Entry, Source, tells
from customers.visits.lifecycle import CALLS, LEADS, READS
from customers.visits.models import Reception, Visit, Wish
from customers.visits.selectors import conversations
from customers.visits.services.receptions import DEAD

MOST = 8
LATE = 7  # days after which a manager is shown what nobody did

nav(
    Section.CUSTOMERS, gettext_lazy("Calls and visits"), "visits:today", icon="phone", roles=READS, order=15,
    waits=lambda person: Visit.objects.due(today()).filter(person=person),
)  # fmt: skip
nav(
    Section.CUSTOMERS,
    gettext_lazy("Telephone-sales plans"),
    "visits:call_plan-list",
    icon="calendar",
    roles=READS,
    order=20,
)
nav(
    Section.CUSTOMERS, gettext_lazy("Receptions"), "visits:reception-list", icon="people", roles=READS, order=55,
    waits=lambda person: Reception.objects.waiting_for(person),
)  # fmt: skip
nav(Section.FIGURES, gettext_lazy("Calls and visits by person"), "visits:figures", icon="phone", roles=READS, order=60)

for _name, _words in (
    ("plan_visit", gettext_lazy("Call or visit planned")), ("make_visit", gettext_lazy("Call or visit made")),
    ("record_talk", gettext_lazy("Talk written down")), ("put_off_visit", gettext_lazy("Call or visit put off")),
    ("drop_visit", gettext_lazy("Call or visit let go")), ("plan_rhythms", gettext_lazy("Planned by the rhythm")),
    ("save_rhythms", gettext_lazy("Rhythm set")), ("save_wish", gettext_lazy("Wish about calls written down")),
    ("save_call_plan", gettext_lazy("Telephone-sales plan saved")), ("add_to_call_plan", gettext_lazy("Customers added to a telephone-sales plan")),
    ("close_call_plan", gettext_lazy("Telephone-sales plan closed")),
):  # fmt: skip
    names_act(_name, _words)


@panel(
    on=Customer, title=gettext_lazy("Calls and visits"), template="visits/_of_customer.html", order=25, icon="phone", roles=READS
)  # fmt: skip
def visits_of_customer(customer, person):
    """What is planned, what was said, who came."""
    visits = Visit.objects.visible_to(person).filter(party=customer.pk)
    return {
        "customer": customer, "planned": visits.planned().select_related("person").order_by("due_on"), "today": today(),
        "talks": [talk for talk in conversations(customer.party, person=person) if talk.visit], "wishes": Wish.objects.filter(party=customer.pk),
        "receptions": Reception.objects.visible_to(person).filter(party=customer.pk)[:4], "may_call": person.has_role(*CALLS),
    }  # fmt: skip


@acts_on(Customer)
def talk_with(customer, person):
    """What is done with a customer on the telephone."""
    if person.has_role(*CALLS):
        yield Act(_("Record a talk"), reverse("visits:talk", args=[customer.pk]), "phone", "F8")
        yield Act(_("Plan a call or visit"), reverse("visits:visit-new", args=[customer.pk]), "calendar")
        yield Act(_("New reception"), f"{reverse('visits:reception-new')}?party={customer.pk}", "people")


@tells
class Talks(Source):
    """Calls and visits that were made; what is planned stands in the panel."""

    name, order, day, models = "visit", 60, "held_on", (Visit,)
    label = gettext_lazy("Calls and visits")

    def rows(self, party, person):
        return Visit.objects.visible_to(person).held().filter(party=party).select_related("person")

    def entry(self, visit):
        told = [visit.get_outcome_display(), visit.demand, f"→ {visit.next_step}" if visit.next_step else ""]
        detail = " · ".join(str(part) for part in told if part)
        return Entry(
            what=visit.get_way_display(), url=visit.get_absolute_url(), person=visit.person, text=visit.said, detail=detail
        )  # fmt: skip


@checks(on=Reception, template="visits/_check.html")
def reception_beside_customer(reception, person):
    """Guests and budget, how the customer stands, and what was spent on them before."""
    customer = Customer.objects.select_related("party").get(party=reception.party_id)
    credit = credit_of(customer, on=today())
    before = Reception.objects.visible_to(person).filter(party=reception.party_id).exclude(pk=reception.pk)
    return {
        "rows": reception.lines.all(),
        "facts": [(_("Date"), reception.dated_on), (_("Host"), reception.host), (_("Our people"), reception.companions),
                  (_("For each person"), f"{reception.a_head:,.2f}")],
        "standing": [(_("Grade"), customer.grade), (_("Balance"), f"{credit.balance:,.2f}"), (_("Overdue"), f"{credit.overdue:,.2f}")],
        "before": before.exclude(state="cancelled")[:5],
    }  # fmt: skip


@looks_up("claim")
class Claims(Lookup):
    """Expense claims that were handed in, by number; they are known here by the register only."""

    code = "number"

    def rows(self, person, given):
        return (
            Record.objects.visible_to(person)
            .filter(kind="claim")
            .exclude(state__in=DEAD)
            .select_related("author")
            .order_by("-pk")
        )

    def matching(self, rows, typed):
        return rows.filter(number__icontains=typed)

    def choice(self, row):
        return Choice(
            row.pk, row.number or f"#{row.pk}", str(row.author or ""), (str(row.dated_on), f"{row.amount:,.2f}")
        )


# ── due today (R7) ─────────────────────────────────────────────────────────────────────────
@due_today("C3", gettext_lazy("Calls and visits"), roles=CALLS, order=15, icon="phone", all_url="/customers/visits/")
def calls_due(person, on):
    for visit in Visit.objects.queue_of(person, on=on)[:MOST]:
        act = Act(visit.get_way_display(), reverse("visits:make", args=[visit.pk]), "phone")
        detail = f"{visit.party.customer.grade} · {visit.purpose or visit.get_source_display()}"
        tone = "bad" if visit.due_on < on else ""
        yield Due(str(visit.party), visit.party.get_absolute_url(), detail, visit.due_on, tone=tone, acts=(act,))


@due_today(
    "C3", gettext_lazy("Calls that nobody makes"), roles=LEADS, order=45, icon="phone", all_url="/customers/visits/all/?overdue=1&o=due_on"
)  # fmt: skip
def calls_left_lying(person, on):
    """Who has calls that are a week late or more, with how many."""
    late = Visit.objects.visible_to(person).overdue(on).filter(due_on__lt=on - datetime.timedelta(days=LATE))
    rows = (
        late.exclude(person=person)
        .order_by()
        .values("person", "person__name")
        .annotate(n=Count("pk"), oldest=Min("due_on"))
    )
    for row in rows.order_by("oldest")[:MOST]:
        url = f"{reverse('visits:list')}?overdue=1&person={row['person']}&o=due_on"
        words = ngettext("%(n)d is more than a week late", "%(n)d are more than a week late", row["n"]) % {
            "n": row["n"]
        }
        yield Due(row["person__name"], url, words, row["oldest"], tone="bad", acts=(Act(_("Look"), url, "eye"),))


@due_today(
    "C5", gettext_lazy("Receptions"), roles=READS, order=35, icon="people", all_url="/customers/visits/receptions/"
)
def receptions_due(person, on):
    """To approve; of one's own, those of today and tomorrow, those to write down, those without their claim."""
    for row in Reception.objects.waiting_for(person).select_related("party")[:MOST]:
        act = Act(_("Review"), reverse("pages:review", args=[row.pk]), "eye")
        yield Due(str(row.party), row.get_absolute_url(), row.purpose, row.dated_on, row.amount, acts=(act,))
    own = Reception.objects.visible_to(person).filter(Q(host=person) | Q(author=person)).select_related("party")
    due = Q(state="approved", dated_on__lte=on + datetime.timedelta(days=1)) | Q(state="hosted")
    for row in own.filter(due).order_by("dated_on")[:MOST]:
        yield Due(
            str(row.party),
            row.get_absolute_url(),
            row.purpose,
            row.dated_on,
            row.amount,
            acts=tuple(next_act(row, person, on)),
        )


def next_act(reception: Reception, person: Person, on: datetime.date):
    """What is due now, if it is this person's: what higher apps make of it, then the step."""
    yield from acts_for(reception, person)
    step = next(
        (
            s
            for s in reception.lifecycle.steps
            if s.name in ("host_reception", "settle_reception") and reception.get_state() in s.sources
        ),
        None,
    )
    if step and person.has_role(*step.by) and reception.dated_on <= on:
        yield Act(step.label, reverse("pages:step", args=[reception.pk, step.name]))
