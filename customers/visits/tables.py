"""Lists of calls and visits, telephone-sales plans, and receptions."""

import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.bulk import Act
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Person
from customers.models import Customer
from customers.visits.lifecycle import CALLS, READS
from customers.visits.models import CallPlan, Reception, Visit
from customers.visits.models.visit import SPOKE
from customers.visits.services import drop_visit
from customers.visits.services.talking import put_off_to_tomorrow


def today() -> datetime.date:
    return timezone.localdate()


class VisitList(List):
    name = "visits"
    title = _("Calls and visits")
    model = Visit
    columns = [
        c.Date("due_on", link=True),
        c.Party(link="party"),
        c.Choice("grade", _("Grade"), path="party__customer__grade", choices=Customer.Grade.choices, width=8),
        c.Choice("way", width=8),
        c.State(),
        c.Person("person"),
        c.Text("purpose", width=24),
        c.Date("held_on"),
        c.Choice("outcome"),
        c.Choice("business", width=12),
        c.Choice("stock", width=12),
        c.Text("demand", width=28),
        c.Text("next_step", width=28, hidden=True),
        c.Text("said", width=60, hidden=True),
        c.Text("contact", hidden=True),
        c.Choice("source", hidden=True),
        c.Text("plan", path="plan__name", hidden=True),
        c.Text("reason", hidden=True),
        c.Moment("held_at", hidden=True),
    ]
    filters = [
        f.Related("party", Party, lookup="customer"), f.PersonIs("person"), f.Choice("state"), f.Choice("way"), f.Choice("source"),
        f.DateRange("due_on"), f.DateRange("held_on"), f.Choice("outcome"), f.Choice("business"), f.Choice("stock"),
        f.Choice("grade", _("Grade"), path="party__customer__grade", choices=Customer.Grade.choices),
        f.RegionIs("region", _("Region"), path="party__region"), f.Contains("demand"), f.Related("plan", CallPlan),
        f.Flag("overdue", _("Overdue"), lambda rows: rows.overdue(today())), f.Flag("spoken", _("Somebody talked with us"), lambda rows: rows.spoken()),
    ]  # fmt: skip
    search = ["party__search", "said", "demand"]
    search_hint = _("Customer, what was said or needed")
    default_order = "-due_on"
    views = [
        (_("Mine to do"), "state=planned&person=me&o=due_on"),
        (_("Overdue"), "overdue=1&o=due_on"),
        (_("Made this week"), "state=made&held_on=this_week&o=-held_on"),
        (_("Low on stock"), "stock=low&stock=out&held_on=last_30_days&o=-held_on"),
    ]
    bulk = [
        Act("put_off_to_tomorrow", _("Put off to the next working day"), CALLS, put_off_to_tomorrow),
        Act("drop_visit", _("Let go"), CALLS, drop_visit, needs_note=True, tone="danger"),
    ]
    roles = READS
    empty = _("The next calls appear here every night by the rhythm of each grade; plan others on a customer's page.")
    peek = "visits/_peek.html"

    def row_css(self, row: Visit) -> str:
        return "bad" if row.is_planned and row.due_on < today() else ""


class CallPlanList(List):
    name = "call_plans"
    title = _("Telephone-sales plans")
    model = CallPlan
    columns = [
        c.Text("name", link=True, width=28), c.Date("starts_on"), c.Date("ends_on"), c.Text("product", path="product__name", width=24), c.Money("goal"),
        c.Count("customers", pgettext_lazy("number", "Customers")), c.Count("spoken", pgettext_lazy("number", "Talked with")), c.Count("buyers", _("They order")), c.Count("left", _("Still to call")),
        c.Moment("closed_at", hidden=True), c.Person("author", hidden=True),
    ]  # fmt: skip
    filters = [
        f.DateRange("starts_on"), f.DateRange("ends_on"), f.PersonIs("author"),
        f.Flag("running", _("Still running"), lambda rows: rows.running(today())),
    ]  # fmt: skip
    search = ["name", "product__search"]
    search_hint = _("Name, product")
    default_order = "-starts_on"
    views = [(_("Still running"), "running=1")]
    roles = READS
    new = ("visits:call_plan-new", _("New telephone-sales plan"), CALLS)
    empty = _("What is to be sold by telephone until when: write a plan, then choose the customers to call.")

    def rows(self, person: Person) -> QuerySet[CallPlan]:
        made, spoken = Q(calls__state="made"), Q(calls__outcome__in=SPOKE)
        return super().rows(person).annotate(
            customers=Count("calls__party", distinct=True), spoken=Count("calls__party", filter=spoken, distinct=True),
            buyers=Count("calls__party", filter=made & Q(calls__outcome="ordered"), distinct=True),
            left=Count("calls", filter=Q(calls__state="planned"), distinct=True),
        )  # fmt: skip


class ReceptionList(List):
    name = "receptions"
    title = _("Receptions")
    model = Reception
    columns = [
        c.Text("number", link=True),
        c.Date("dated_on", link=True),
        c.State(),
        c.Party(link="party"),
        c.Text("purpose", width=32),
        c.Count("guest_count", total=True),
        c.Count("companion_count", total=True),
        c.Person("host"),
        c.Money("amount", _("Budget"), total=True),
        c.Money("actual", total=True),
        c.Text("claim", path="claim__number"),
        c.Text("place", hidden=True),
        c.Person("author", hidden=True),
    ]
    filters = [
        f.Choice("state"), f.DateRange("dated_on"), f.PersonIs("host"), f.PersonIs("author"), f.Related("party", Party, lookup="customer"),
        f.AmountRange("amount", _("Budget")), f.AmountRange("actual"), f.Flag("unsettled", _("Without its expense claim"), lambda rows: rows.unsettled()),
    ]  # fmt: skip
    search = ["number", "purpose", "party__search"]
    default_order = "-dated_on"
    views = [
        (_("To come"), "state=draft&state=submitted&state=approved&o=dated_on"),
        (_("To approve"), "state=submitted"),
        (_("Without its expense claim"), "unsettled=1"),
    ]
    bulk = ["submit_reception", "approve_reception"]
    roles = READS
    new = ("visits:reception-new", _("New reception"), CALLS)
    empty = _(
        "Plan who comes to visit us, with meals and what they may cost; a manager agrees before they are invited."
    )
