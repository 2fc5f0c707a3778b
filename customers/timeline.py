"""One dated timeline of everything with a customer (C1): documents, notes, changes of master data, and what parts and higher apps tell.

Each source is read from its own index beyond the last row shown, and all are merged by day: a page costs the same at the
first as at the thousandth, whatever the number of entries. A part registers what it has to tell in its `panels.py`:

    @tells
    class Visits(Source):
        name, order, day, models = "visit", 60, "held_on", (Visit,)
        label = gettext_lazy("Visits")
        def rows(self, party, person): return Visit.objects.visible_to(person).filter(party=party).select_related("by")
        def entry(self, visit): return Entry(what=_("Visit"), url=visit.get_absolute_url(), text=visit.result, person=visit.by)

Documents stand here by the register, without a source of their own.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from heapq import merge
from itertools import groupby, islice
from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit.models import Event
from backoffice.documents.kinds import label_of
from backoffice.pages.chain import link_to
from backoffice.pages.page import opens
from backoffice.pages.timeline import entries_of
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Dossier, Record
from customers.models import Note

PAGE = 30


class Place(NamedTuple):
    """Where an entry stands: newest day first, on one day by the order of its source, there the newest first."""

    day: datetime.date
    source: tuple[int, str]
    key: int


NOWHERE = Place(datetime.date.min, (0, ""), 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what it is, where it leads, who, in which state, for how much; a text, a small detail, before and after.

    `state` is a document or a State of its lifecycle; `at` is said instead of the day where the minute matters.
    """

    what: str
    url: str = ""
    person: object = None
    state: object = None
    amount: object = None
    text: str = ""
    detail: str = ""
    tone: str = ""  # "good" or "bad" for the detail
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    at: datetime.datetime | None = None
    source: str = ""
    place: Place = NOWHERE

    @property
    def day(self) -> datetime.date:
        return self.place.day


class Source:
    """Something that tells entries: a queryset with a date column and a numeric key, and the entry that a row becomes.

    On one day sources of a higher `order` stand above others. `models` are tables whose changes in the archive's history
    are left out, because the rows stand here themselves. Give the table an index on (party, -day, -id).
    """

    name: ClassVar[str]
    label: ClassVar[Any] = ""
    order: ClassVar[int] = 50
    day: ClassVar[str] = "dated_on"
    models: ClassVar[tuple[type[Model], ...]] = ()

    def rows(self, party: Party, person: Person) -> QuerySet[Any]:
        raise NotImplementedError

    def entry(self, row: Any) -> Entry:
        raise NotImplementedError

    @property
    def rank(self) -> tuple[int, str]:
        return self.order, self.name

    def entries(self, party: Party, person: Person, after: Place | None) -> Iterator[Entry]:
        """The next entries beyond a place, newest first, a page and one more."""
        rows = self.rows(party, person).filter(self.beyond(after)).order_by(f"-{self.day}", "-pk")
        for row in rows[: PAGE + 1]:
            entry, place = self.entry(row), Place(getattr(row, self.day), self.rank, int(row.pk))
            url = entry.url if opens(person, entry.url) else ""
            yield replace(entry, source=self.name, place=place, url=url)

    def beyond(self, after: Place | None) -> Q:
        """Older days, and on the day of the place what stands below it."""
        if after is None:
            return Q()
        below = Q(**{self.day: after.day}) if self.rank < after.source else Q(pk__in=[])
        if self.rank == after.source:
            below = Q(**{self.day: after.day, "pk__lt": after.key})
        return Q(**{f"{self.day}__lte": after.day}) & (Q(**{f"{self.day}__lt": after.day}) | below)


SOURCES: dict[str, Source] = {}


def tells(source: type[Source]) -> type[Source]:
    """Put a source on the timeline of every customer."""
    if source.name in SOURCES:
        raise ValueError(f"There are two sources named {source.name!r}.")
    SOURCES[source.name] = source()
    return source


def told_by() -> list[Source]:
    """All sources in the order in which they stand on one day."""
    return sorted(SOURCES.values(), key=lambda source: source.rank, reverse=True)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of the timeline, newest first; `after` is the place of its last entry in an address, empty at the end."""

    entries: list[Entry]
    after: str
    only: str = ""


def timeline_of(party: Party, *, person: Person, after: str = "", only: str = "") -> Stretch:
    """The next entries of a customer whom this person may see, beyond the place `after`; `only` one source if it is named."""
    place, wanted = read_place(after), [SOURCES[only]] if only in SOURCES else list(SOURCES.values())
    told = [source.entries(one, person, place) for source in wanted for one in (party, *party.former())]
    found = list(islice(merge(*told, key=lambda entry: entry.place, reverse=True), PAGE + 1))
    shown = found[:PAGE]
    return Stretch(shown, write_place(shown[-1]) if len(found) > PAGE else "", only if only in SOURCES else "")


def write_place(entry: Entry) -> str:
    day, (_order, name), key = entry.place
    return f"{day:%Y%m%d}.{name}.{key}"


def read_place(text: str) -> Place | None:
    """The place an address names; nothing for what is no place."""
    day, _dot, rest = text.partition(".")
    name, _dot, key = rest.partition(".")
    if name not in SOURCES or not all(part.isascii() and part.isdigit() for part in (day, key)) or len(key) > 18:
        return None
    try:
        return Place(datetime.date(int(day[:4]), int(day[4:6]), int(day[6:8])), SOURCES[name].rank, int(key))
    except ValueError:
        return None


# ── what the archive itself tells ───────────────────────────────────────────────────────────
@tells
class Documents(Source):
    """Every document of whatever kind, from the register."""

    name, order = "document", 90
    label = gettext_lazy("Documents")

    def rows(self, party: Party, person: Person) -> QuerySet[Record]:
        return Record.objects.visible_to(person).filter(party=party)

    def entry(self, row: Record) -> Entry:
        what, link = f"{label_of(row.kind)} {row.number or ''}".strip(), link_to(row)
        if link is None:
            return Entry(what, amount=row.amount)
        return Entry(what, url=link.url, state=link.sign, amount=row.amount)


@tells
class Notes(Source):
    """What was kept about them, and what was said when they were a lead."""

    name, order, day, models = "note", 50, "happened_on", (Note,)
    label = gettext_lazy("Notes")

    def rows(self, party: Party, person: Person) -> QuerySet[Note]:
        return Note.objects.visible_to(person).filter(party=party).select_related("written_by", "due_for")

    def entry(self, row: Note) -> Entry:
        detail = ""
        if row.due_on and row.done_at:
            detail = _("followed up on %(day)s") % {"day": timezone.localtime(row.done_at).date()}
        elif row.due_on:
            detail = _("follow up on %(day)s · %(person)s") % {"day": row.due_on, "person": row.due_for}
        return Entry(row.get_kind_display(), person=row.written_by, text=row.text, detail=detail)


@tells
class Changes(Source):
    """Changes of the archive, with before and after: the events of one act in one transaction are one entry."""

    name, order, models = "change", 10, (Dossier,)
    label = gettext_lazy("Changes")

    def entries(self, party: Party, person: Person, after: Place | None) -> Iterator[Entry]:
        rows = self.rows(party, person)
        if after is not None and self.rank == after.source:
            rows = rows.filter(pk__lt=after.key)
        elif after is not None:
            end = timezone.make_aware(datetime.datetime.combine(after.day, datetime.time()))
            rows = rows.filter(at__lt=end + datetime.timedelta(days=self.rank < after.source))
        newest = rows.order_by("-pk").select_related("person")[: 2 * PAGE]
        for _act, events in groupby(newest, key=lambda event: (event.xid, event.person_id, event.step)):
            yield self.told(list(events))

    def rows(self, party: Party, person: Person) -> QuerySet[Event]:
        stands_already = [model._meta.db_table for source in SOURCES.values() for model in source.models]
        return Event.objects.filter(party_id=party.pk, record_id=None).exclude(table__in=stands_already)

    def told(self, events: list[Event]) -> Entry:
        act, newest = entries_of(events)[0], events[0]
        what = f"{capfirst(names_of(events))}: {act.words}"
        day = timezone.localtime(newest.at).date()
        return Entry(
            what, person=act.person, text=act.note, changes=act.changes, at=newest.at, source=self.name,
            place=Place(day, self.rank, events[-1].pk),
        )  # fmt: skip


@cache
def names_of_tables() -> dict[str, Any]:
    return {model._meta.db_table: model._meta.verbose_name for model in apps.get_models()}


def names_of(events: Iterable[Event]) -> str:
    """What was changed in one act: «party, contact»."""
    return ", ".join(dict.fromkeys(str(names_of_tables().get(event.table, event.table)) for event in events))
