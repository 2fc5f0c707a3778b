"""Lists of the archive: customers, and the changes that wait for a second person."""

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import bulk
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from customers.credit import credits_of
from customers.handing import HANDS_OVER, cancel_hand_over
from customers.lifecycle import OFFICE
from customers.merging import dismiss_duplicate
from customers.models import (
    Customer,
    CustomerChange,
    CustomerMerge,
    Duplicate,
    HandOver,
    Note,
    PaymentTerm,
    owed_by,
)

READS = (*OFFICE, Role.GM)
STAGES = [("planned", _("lies ahead")), ("done", _("done")), ("cancelled", _("given up"))]


def over_limit(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those whose exposure is beyond their limit now."""
    limited = list(rows.filter(credit_limit__isnull=False).order_by())
    credit = credits_of(limited, on=timezone.localdate())
    return rows.filter(pk__in=[pk for pk, one in credit.items() if one.is_over])


class CustomerList(List):
    name = "customers"
    title = _("Customers")
    model = Customer
    columns = [
        c.Text("code", _("Code"), path="party__code", link=True, width=12),
        c.Text("name", _("Name"), path="party__name", link=True, width=36),
        c.Choice("grade", _("Grade"), width=8),
        c.Person("owner", _("Salesperson"), path="party__owner__name"),
        c.Text("region", _("Region"), path="party__region__name", hidden=True),
        c.Text("city", _("City"), path="party__city", width=14),
        c.Text("contact", _("Contact person"), path="party__contact", width=14),
        c.Text("phone", _("Telephone"), path="party__phone"),
        c.Text("term", _("Payment term"), path="term__name"),
        c.Choice("settlement", _("Settlement method"), hidden=True),
        c.Money("credit_limit", _("Credit limit")),
        c.Money("balance", _("Balance"), total=owed_by),
        c.Date("last_order_on", _("Last order"), hidden=True),
        c.Choice("kind", _("Kind"), path="party__kind", hidden=True),
        c.Text("tax_no", _("Tax number"), path="party__tax_no", hidden=True, width=22),
        c.Text("country", _("Country"), path="party__country", hidden=True),
        c.Text("address", _("Address"), path="party__address", hidden=True, width=40),
        c.Text("email", _("E-mail"), path="party__email", hidden=True, width=28),
        c.Text("source", hidden=True),
        c.Text("tags", hidden=True),
        c.Date("since", hidden=True),
        c.Bool("is_active", _("Active"), path="party__is_active", hidden=True),
    ]
    filters = [
        f.PersonIs("owner", _("Salesperson"), path="party__owner"),
        f.RegionIs("region", _("Region"), path="party__region"),
        f.Choice("grade", _("Grade")),
        f.OneOf("term", PaymentTerm, _("Payment term")),
        f.Choice("settlement", _("Settlement method")),
        f.Choice("kind", _("Kind"), path="party__kind"),
        f.Bool("is_active", _("Active"), path="party__is_active"),
        f.Contains("city", _("City"), path="party__city"),
        f.Contains("tags"),
        f.DateRange("since"),
        f.AmountRange("credit_limit", _("Credit limit")),
        f.AmountRange("balance", _("Balance")),
        f.Flag("over_limit", _("Over the limit"), over_limit),
    ]
    search = ["party__search"]
    search_hint = _("Name, code, telephone, tax number, initials")
    default_order = "code"
    views = [
        (_("Mine"), "owner=me&is_active=1"),
        (_("Owe us"), "balance=0.01..&o=-balance"),
        (_("Over the limit"), "over_limit=1"),
        (_("Not active"), "is_active=0"),
    ]
    roles = READS
    new = ("customers:customer-new", _("New customer"), OFFICE)
    empty = _("Customers appear here once somebody enters one, or imports a workbook.")
    peek = "customers/_peek.html"

    def rows(self, person: Person) -> QuerySet[Customer]:
        return super().rows(person).with_balance().with_last_order()

    def row_css(self, row: Customer) -> str:
        return "" if row.party.is_active else "late"


class ChangeList(List):
    name = "customer_changes"
    title = _("Changes of customer data")
    model = CustomerChange
    columns = [
        c.Text("number", link=True, value=str),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Text("reason", width=40),
        c.Person("author"),
        c.Moment("submitted_at", hidden=True),
    ]
    filters = [f.Choice("state"), f.DateRange("dated_on"), f.PersonIs("author"), f.Contains("reason")]
    search = ["number", "party__search"]
    default_order = "-dated_on"
    views = [(_("To be agreed"), "state=submitted"), (_("Drafts"), "state=draft")]
    bulk = ["submit_customer_change", "cancel_customer_change"]
    roles = READS
    empty = _("Nobody has asked for other billing data or credit yet.")


class NoteList(List):
    name = "customer_notes"
    title = _("Notes on customers")
    model = Note
    columns = [
        c.Date("happened_on", link="party"),
        c.Party(link="party"),
        c.Choice("kind"),
        c.Text("text", width=60),
        c.Person("written_by"),
        c.Date("due_on"),
        c.Person("due_for"),
        c.Moment("done_at", hidden=True),
    ]
    filters = [
        f.Related("party", Party, lookup="customer"), f.Choice("kind"), f.DateRange("happened_on"), f.DateRange("due_on"), f.PersonIs("due_for"), f.PersonIs("written_by"),
        f.Flag("open", _("To be followed up"), lambda rows: rows.open()),
    ]  # fmt: skip
    search = ["text", "party__search"]
    default_order = "-happened_on"
    views = [(_("To be followed up by me"), "open=1&due_for=me&o=due_on"), (_("To be followed up"), "open=1&o=due_on")]
    roles = READS
    empty = _("Notes appear here; write them on a customer's page.")

    def href(self, row: Note) -> str:
        return row.party.get_absolute_url()


class DuplicateList(List):
    name = "customer_duplicates"
    title = _("Possible duplicates")
    model = Duplicate
    columns = [
        c.Text("code", _("Code"), path="party__code", link=True, width=12),
        c.Text("name", _("Name"), path="party__name", link=True, width=32),
        c.Text("other_code", _("Code of the other"), path="other__code", width=12),
        c.Text("other_name", _("The other"), path="other__name", width=32),
        c.Choice("why"),
        c.Percent("likeness"),
        c.Person("owner", _("Salesperson"), path="party__owner__name"),
        c.Person("other_owner", _("Salesperson of the other"), path="other__owner__name"),
        c.Date("found_on"),
        c.Moment("dismissed_at", hidden=True),
        c.Person("dismissed_by", hidden=True),
        c.Text("note", hidden=True),
    ]
    filters = [
        f.Choice("why"), f.AmountRange("likeness"), f.DateRange("found_on"), f.PersonIs("owner", _("Salesperson"), path="party__owner"),
        f.Flag("open", _("Not decided"), lambda rows: rows.open()),
        f.Flag("two", _("Said to be two"), lambda rows: rows.filter(dismissed_at__isnull=False)),
    ]  # fmt: skip
    search = ["party__search", "other__search"]
    default_order = "-likeness"
    views = [(_("Not decided"), "open=1"), (_("Said to be two"), "two=1")]
    bulk = [bulk.Act("dismiss_duplicate", _("They are two"), OFFICE, dismiss_duplicate)]
    roles = READS
    empty = _("Nobody seems to be there twice. The archive is looked through every night.")


class MergeList(List):
    name = "customer_merges"
    title = _("Mergings of customers")
    model = CustomerMerge
    columns = [
        c.Text("number", link=True, value=str),
        c.Date("dated_on"),
        c.State(),
        c.Party(link="party"),
        c.Text("merged", _("Goes into it"), path="merged__name", width=32),
        c.Text("reason", width=40),
        c.Person("author"),
        c.Moment("submitted_at", hidden=True),
    ]
    filters = [f.Choice("state"), f.DateRange("dated_on"), f.PersonIs("author"), f.Contains("reason")]
    search = ["number", "party__search", "merged__search"]
    default_order = "-dated_on"
    views = [(_("To be agreed"), "state=submitted"), (_("Drafts"), "state=draft")]
    bulk = ["submit_customer_merge", "cancel_customer_merge"]
    roles = READS
    empty = _("No customers have been merged yet.")


class HandOverList(List):
    name = "hand_overs"
    title = _("Hand-overs")
    model = HandOver
    columns = [
        c.Date("on", link="party"),
        c.Party(link="party"),
        c.Person("giver"),
        c.Person("taker"),
        c.Choice("stage", _("State"), choices=STAGES),
        c.Text("note", width=40),
        c.Person("planned_by"),
        c.Moment("planned_at", hidden=True),
        c.Moment("done_at", hidden=True),
        c.Moment("cancelled_at", hidden=True),
    ]
    filters = [
        f.DateRange("on"), f.PersonIs("giver"), f.PersonIs("taker"), f.Related("party", Party, lookup="customer"),
        f.Flag("waiting", _("Lies ahead"), lambda rows: rows.waiting()),
    ]  # fmt: skip
    search = ["party__search", "note"]
    default_order = "-on"
    views = [(_("Lies ahead"), "waiting=1&o=on")]
    bulk = [bulk.Act("cancel_hand_over", _("Give up the hand-over"), HANDS_OVER, cancel_hand_over, tone="danger")]
    roles = READS
    new = ("customers:hand-over-many", _("Hand over many customers"), HANDS_OVER)
    empty = _("Customers that go from one salesperson to another appear here, with the day.")

    def rows(self, person: Person) -> QuerySet[HandOver]:
        stage = Case(
            When(done_at__isnull=False, then=Value("done")),
            When(cancelled_at__isnull=False, then=Value("cancelled")),
            default=Value("planned"),
        )
        return super().rows(person).annotate(stage=stage)

    def href(self, row: HandOver) -> str:
        return row.party.get_absolute_url()
