"""What the archive shows elsewhere: its places in the navigation, what reviewers compare, follow-ups of the day, look-ups."""

from django.urls import reverse
from django.utils.timezone import localdate as today
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.pages.beginning import begins_with
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.panels import People
from backoffice.pages.registry import Section, checks, looks_up, names_act, nav
from backoffice.pages.workbench import Due, due_today
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from customers.changes import differences
from customers.comparing import shown
from customers.credit import credit_of
from customers.lifecycle import DECIDES
from customers.models import Customer, CustomerChange, CustomerMerge, HandOver
from customers.selectors import birthdays, due_notes
from customers.tables import READS
from customers.timeline import Entry, Source, tells

MOST = 12

names_act("hand_over", gettext_lazy("handed over"))
names_act("cancel_hand_over", gettext_lazy("hand-over given up"))
names_act("take_over_customers", gettext_lazy("taken over"))

nav(Section.CUSTOMERS, gettext_lazy("Customers"), "customers:list", icon="building", roles=READS, order=10)
nav(
    Section.CUSTOMERS, gettext_lazy("Data changes"), "customers:change-list", icon="shield", roles=READS, order=65,
    waits=lambda person: CustomerChange.objects.waiting_for(person), query="?state=submitted",
)  # fmt: skip
nav(
    Section.CUSTOMERS, gettext_lazy("Notes"), "customers:note-list", icon="pen", roles=READS, order=25,
    waits=lambda person: due_notes(person, on=today()), query="?open=1&due_for=me&o=due_on",
)  # fmt: skip


@begins_with(gettext_lazy("Customers"), "sheets:overview", order=50)
def has_customers() -> str:
    return "" if Customer.objects.exists() else _("From a workbook, with terms and credit; a second person applies it.")


@checks(on=CustomerChange, template="customers/_check_change.html")
def change_beside_archive(change, person):
    """Before and after of each field, the reason, and how the customer stands."""
    customer = Customer.objects.select_related("party__owner", "term").get(pk=change.party_id)
    return {
        "differences": differences(change),
        "customer": customer,
        "credit": credit_of(customer, on=today()),
        "change": change,
    }


@checks(on=CustomerMerge, template="customers/_check_merge.html")
def merge_side_by_side(merge, person):
    """Both customers, what the one takes, what goes over, and how both stand."""
    return shown(merge, on=today())


@due_today(
    "C3",
    gettext_lazy("Follow-ups with customers"),
    roles=READS,
    order=20,
    icon="phone",
    all_url="/customers/notes/?open=1&due_for=me&o=due_on",
)
def follow_ups(person, on):
    for note in due_notes(person, on=on)[:MOST]:
        done = Act(pgettext("act", "Done"), reverse("customers:note-done", args=[note.pk]), "check", method="post")
        tone = "bad" if note.due_on < on else ""
        yield Due(str(note.party), note.party.get_absolute_url(), note.text[:120], note.due_on, tone=tone, acts=(done,))


@due_today(
    "C8",
    gettext_lazy("Changes of customer data to agree to"),
    roles=DECIDES,
    order=40,
    icon="shield",
    all_url="customers:change-list?state=submitted",
)
def changes_to_agree(person, on):
    waiting = CustomerChange.objects.waiting_for(person).select_related("party").order_by("submitted_at")
    for change in waiting[:MOST]:
        review = Act(_("Review"), reverse("pages:review", args=[change.pk]), "eye")
        yield Due(str(change.party), change.get_absolute_url(), change.reason[:120], change.dated_on, acts=(review,))


@due_today(
    "C1",
    gettext_lazy("Mergings of customers to agree to"),
    roles=DECIDES,
    order=41,
    icon="copy",
    all_url="customers:merge-list?state=submitted",
)
def merges_to_agree(person, on):
    waiting = CustomerMerge.objects.waiting_for(person).select_related("party", "merged").order_by("submitted_at")
    for merge in waiting[:MOST]:
        review = Act(_("Review"), reverse("pages:review", args=[merge.pk]), "eye")
        what = f"{merge.merged} → {merge.party}"
        yield Due(what, merge.get_absolute_url(), merge.reason[:120], merge.dated_on, acts=(review,))


@due_today("C1", gettext_lazy("Birthdays at my customers"), roles=(Role.SALESPERSON,), order=85, icon="calendar")
def birthdays_of_mine(person, on):
    for day, contact in birthdays(person, on=on)[:MOST]:
        detail = " · ".join(filter(None, [str(contact.party), contact.title, contact.phone]))
        yield Due(contact.name, contact.party.get_absolute_url(), detail, day)


@tells
class HandOvers(Source):
    """From whom to whom, as of which day; what was given up says nothing."""

    name, order, day, models = "hand_over", 30, "on", (HandOver,)
    label = gettext_lazy("Hand-overs")

    def rows(self, party, person):
        rows = HandOver.objects.visible_to(person).filter(party=party, cancelled_at=None)
        return rows.select_related("giver", "taker", "planned_by")

    def entry(self, row):
        what = _("Hand-over: %(giver)s → %(taker)s") % {"giver": row.giver or "—", "taker": row.taker}
        return Entry(what, person=row.planned_by, text=row.note, detail="" if row.done_at else _("lies ahead"))


@looks_up("owner")
class Owners(People):
    """Whoever has customers, whether they still work here or not."""

    def rows(self, person, given):
        owners = Party.objects.visible_to(person).customers().filter(owner__isnull=False).values("owner")
        return Person.objects.filter(pk__in=owners).select_related("department")


@looks_up("customer")
class Customers(Lookup):
    """Customers by code, name, initials, telephone or tax number, with city, owner and what they owe."""

    add = "customers:customer-new"

    def rows(self, person, given):
        return Party.objects.visible_to(person).customers().filter(is_active=True).select_related("owner")

    def choices(self, rows, person, given):
        owed = dict(
            Customer.objects.filter(pk__in=[party.pk for party in rows]).with_balance().values_list("pk", "balance")
        )
        return [self.with_balance(party, owed.get(party.pk)) for party in rows]

    def choice(self, party):
        return self.with_balance(party, None)

    def with_balance(self, party, owed):
        debt = f"¥{owed:,.2f}" if owed else ""
        return Choice(party.pk, party.code, party.name, (party.city, str(party.owner or ""), debt))
