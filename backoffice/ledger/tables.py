"""The books as lists: entries, lines, accounts, rules, months."""

from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.documents.kinds import address_of, label_of
from backoffice.ledger.models import Account, AccountingPeriod, Entry, EntryLine, PostingRule
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.register.models import Dossier, Record

READERS = (Role.FINANCE, Role.GM)


def record_address(kind: str | None, pk: int | None) -> str:
    """The page of the document a line belongs to; empty where there is none."""
    try:
        return address_of(kind, pk) if kind and pk else ""
    except (NoReverseMatch, StopIteration):
        return ""


def record_words(kind: str | None, number: str | None) -> str:
    """«Invoice IV-2026-000012»."""
    try:
        return f"{label_of(kind)} {number or ''}".strip() if kind else ""
    except StopIteration:
        return number or ""


class RecordColumn(c.Text):
    """The document behind a row, by kind and number, leading to its page."""

    def __init__(self, **rest: Any) -> None:
        super().__init__("record", _("Document"), path="record__number", hint="record__kind", **rest)

    def href(self, row: Any) -> str:
        return record_address(row.record.kind, row.record_id) if row.record else ""


class EntryList(List):
    name = "ledger_entries"
    title = _("Journal")
    model = Entry
    roles = READERS
    columns = (
        c.Text("number", _("Entry"), path="pk", link=True, width=10, value=str),
        c.Date("posted_on"),
        c.Choice("event"),
        RecordColumn(),
        c.Text("memo", width=40),
        c.Money("amount", total=True),
        c.Text("dossier", hidden=True, order="dossier_id"),
        c.Person("posted_by"),
        c.Moment("posted_at", hidden=True),
    )
    filters = (
        f.DateRange("posted_on"),
        f.Choice("event"),
        f.AmountRange("amount"),
        f.Contains("memo"),
        f.Related("party", Party, _("Party"), path="record__party", lookup="party"),
        f.Related("dossier", Dossier),
        f.Related("record", Record, _("Document")),
        f.PersonIs("posted_by"),
    )
    search = ("record__number", "memo", "record__party__search")
    default_order = "-posted_on"
    empty = _("Entries appear by themselves when goods are dispatched, invoices issued and money confirmed.")


class LineList(List):
    name = "ledger_lines"
    title = _("Ledger lines")
    model = EntryLine
    roles = READERS
    columns = (
        c.Text("entry", _("Entry"), path="entry_id", link="entry", width=10, value=lambda line: f"#{line.entry_id}"),
        c.Date("posted_on"),
        c.Text("account", path="account__code", link="account", width=10),
        c.Text("account_name", _("Account name"), value=lambda line: line.account.name, width=28),
        c.Choice("event", _("Event"), path="entry__event"),
        c.Party(link="party"),
        RecordColumn(),
        c.Money("debit", total=True, order="debit", value=lambda line: line.debit or None),
        c.Money("credit", total=True, order="credit", value=lambda line: line.credit or None),
        c.Person("person", hidden=True),
        c.Text("dossier", hidden=True, order="dossier_id"),
        c.Text("memo", _("Memo"), path="entry__memo", hidden=True, width=40),
    )
    filters = (
        f.DateRange("posted_on"),
        f.OneOf("account", Account),
        f.Related("party", Party, lookup="party"),
        f.Choice("event", _("Event"), path="entry__event", choices=Entry._meta.get_field("event").choices),
        f.AmountRange("debit"),
        f.AmountRange("credit"),
        f.PersonIs("person"),
        f.Related("dossier", Dossier),
        f.Related("record", Record, _("Document")),
    )
    search = ("record__number", "entry__memo", "party__search")
    default_order = "-posted_on"
    empty = EntryList.empty

    def rows(self, person: Person) -> QuerySet[EntryLine]:
        return super().rows(person).select_related("account", "entry", "record", "dossier")


class AccountList(List):
    name = "ledger_accounts"
    title = _("Chart of accounts")
    model = Account
    roles = READERS
    columns = (
        c.Text("code", link=True, width=10),
        c.Text("name", _("Name"), value=lambda account: account.name, width=40),
        c.Choice("kind"),
        c.Choice("book"),
        c.Count("lines", pgettext_lazy("books", "Lines"), path="lines_count"),
        c.Bool("is_active"),
    )
    filters = (f.Choice("kind"), f.Choice("book"), f.Bool("is_active"))
    search = ("code", "name_en", "name_zh")
    default_order = "code"
    page_size = 100

    def rows(self, person: Person) -> QuerySet[Account]:
        return super().rows(person).annotate(lines_count=Count("lines"))


class RuleList(List):
    name = "ledger_rules"
    title = _("Posting rules")
    model = PostingRule
    roles = READERS
    columns = (
        c.Choice("event"),
        c.Count("position"),
        c.Choice("side"),
        c.Text("account", path="account__code", link="account", width=10),
        c.Text("account_name", _("Account name"), value=lambda rule: rule.account.name, width=40),
        c.Choice("measure"),
    )
    filters = (f.Choice("event"), f.OneOf("account", Account))
    search = ("account__code", "account__name_zh", "account__name_en")
    default_order = "event"
    page_size = 100

    def rows(self, person: Person) -> QuerySet[PostingRule]:
        return super().rows(person).select_related("account").order_by("event", "position")


class MonthList(List):
    name = "ledger_months"
    title = _("Accounting months")
    model = AccountingPeriod
    roles = READERS
    columns = (
        c.Text("month", _("Month"), value=str, link=True, order="starts", width=10),
        c.State(),
        c.Count("entries", _("Entries"), path="entries_count"),
        c.Person("requested_by"),
        c.Person("decided_by"),
        c.Moment("closed_at"),
    )
    filters = (f.Choice("state"),)
    default_order = "-starts"
    empty = _("A month appears with its first entry.")

    def rows(self, person: Person) -> QuerySet[AccountingPeriod]:
        return super().rows(person).annotate(entries_count=Count("entries"), starts=F("year") * 100 + F("month"))
