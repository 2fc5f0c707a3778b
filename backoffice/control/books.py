"""What an administrator reads and never writes here: accounts as a list, number series, the book of changes."""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit.models import Event
from backoffice.control.words import step_choices, table_choices, table_words
from backoffice.database.queries import among
from backoffice.documents.kinds import address_of, label_of
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.numbering.models import Counter, Given
from backoffice.pages.timeline import entries_of, words_of
from backoffice.people.models import SYSTEM, Department, Person, Role
from backoffice.register.models import Record


class Leads(c.Text):
    """A text that leads somewhere the row itself does not know."""

    def __init__(self, name: str, label: Any = "", *, to: Callable[[Any], str], **rest: Any) -> None:
        super().__init__(name, label, **rest)
        self.to = to

    def href(self, row: Any) -> str:
        return self.to(row)


class Picked(f.Spoken, django_filters.ChoiceFilter):
    """One of many words, chosen from a select box whose words are asked for when it is shown."""

    def __init__(self, name: str, label: Any, words: Callable[[], Iterable[tuple[str, Any]]], **rest: Any) -> None:
        self.name, self.known = name, words
        super().__init__(field_name=name, label=label, choices=words, empty_label=_("any"), **rest)

    def words(self, value: Any) -> str:
        return str(dict(self.known()).get(value, value))


class HasRole(f.Choice):
    """People who have one of these roles."""

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(roles__overlap=value) if value else rows


def address_of_account(person: Person) -> str:
    return reverse("control:account", args=[person.pk])


def roles_of(person: Person) -> str:
    labels = dict(Role.choices)
    return ", ".join(str(labels.get(role, role)) for role in person.roles)


class AccountList(List):
    """人员与账号."""

    name = "accounts"
    title = _("People")
    model = Person
    columns = [
        Leads("name", to=address_of_account),
        c.Text("username"),
        c.Text("employee_no"),
        c.Text("roles", value=roles_of, width=40),
        c.Text("department", path="department__name"),
        c.Text("region", path="region__name", hidden=True),
        c.Text("email", width=28, hidden=True),
        c.Choice("language", hidden=True),
        c.Bool("is_active"),
        c.Moment("last_login", _("Last signed in")),
    ]
    filters = [
        HasRole("role", _("Roles"), choices=Role.choices),
        f.OneOf("department", Department),
        f.RegionIs("region"),
        f.Bool("is_active"),
    ]
    search = ["name", "username", "employee_no", "email"]
    search_hint = _("Name, sign-in name, employee number")
    default_order = "name"
    views = [(_("May sign in"), "is_active=1"), (_("Locked"), "is_active=0")]
    roles = (Role.ADMINISTRATOR,)
    new = ("control:account-new", _("New account"), (Role.ADMINISTRATOR,))

    def rows(self, person: Person) -> QuerySet[Person]:
        return Person.objects.exclude(username=SYSTEM)

    def href(self, row: Person) -> str:
        return address_of_account(row)


def kind_of(counter: Counter) -> str:
    return label_of(counter.series.kind)


class NumberList(List):
    """编号: the last number of each series and year, and whether one is missing."""

    name = "numbers"
    title = _("Number series")
    model = Counter
    columns = [
        c.Text("kind", _("Document"), path="series__kind", order="series__kind", value=kind_of),
        c.Text("prefix", path="series__prefix"),
        c.Text("year"),
        c.Count("last"),
        c.Count("given", _("Given")),
        c.Count("holes", _("Holes")),
    ]
    filters = [f.Contains("prefix", path="series__prefix"), f.AmountRange("year")]
    search = ["series__prefix", "series__kind"]
    search_hint = _("Prefix")
    default_order = "-year"
    roles = (Role.ADMINISTRATOR, Role.FINANCE)
    empty = _("A series stands here from its first number on.")

    def rows(self, person: Person) -> QuerySet[Counter]:
        given = Given.objects.filter(series=OuterRef("series"), year=OuterRef("year")).order_by().values("series")
        count = Coalesce(Subquery(given.annotate(n=Count("pk")).values("n")), 0)
        return Counter.objects.select_related("series").annotate(given=count, holes=F("last") - count)

    def row_css(self, row: Counter) -> str:
        return "late" if row.holes else ""


def changes_of(event: Event) -> str:
    entry = entries_of([event])[0]
    told = [f"{label}: {before} → {after}" for label, before, after in entry.changes]
    return "; ".join(told) + (" …" if entry.more else "")


def document_of(event: Event) -> str:
    """The address of the document, if its kind has a page and the reader may see it."""
    try:
        return address_of(event.document_kind, event.record_id) if event.is_seen else ""
    except NoReverseMatch:
        return ""


class ChangeList(List):
    """变更记录: who changed what, when, from what to what; one line for each row of a table."""

    name = "changes"
    title = _("History")
    model = Event
    columns = [
        c.Moment("at"),
        c.Person("person"),
        c.Text("step", value=words_of, order="step", width=20),
        c.Text("table", _("Record"), value=lambda event: table_words(event.table), order="table", width=18),
        Leads("document", _("Document"), to=document_of, order=False),
        c.Text("changed", value=changes_of, width=70),
        c.Text("note", width=30),
        c.Choice("operation", hidden=True),
        c.Count("row", hidden=True),
    ]
    filters = [
        f.PersonIs("person"),
        f.MomentRange("at"),
        Picked("step", _("Step"), step_choices),
        Picked("table", _("Record"), table_choices),
        f.Choice("operation"),
        f.Contains("document", _("Document")),
        f.Contains("note"),
        f.AmountRange("row"),
    ]
    search = ["changed", "note", "document"]
    search_hint = _("Text before or after, reason, document number")
    default_order = "-pk"
    roles = (Role.ADMINISTRATOR, Role.GM, Role.FINANCE)
    empty = _("Every change of every tracked row is written down here.")

    def rows(self, person: Person) -> QuerySet[Event]:
        record = Record.objects.filter(pk=OuterRef("record_id"))
        return Event.objects.select_related("person").annotate(
            document=Subquery(record.values("number")[:1]), document_kind=Subquery(record.values("kind")[:1]),
            is_seen=among(Record.objects.visible_to(person), "record_id"),
        )  # fmt: skip
