"""One dated timeline of everything with a customer: documents, notes, changes of master data (C1).

Each source is read from its own index beyond the last row shown, and the three are merged by day: a page costs the
same at the first as at the thousandth, whatever the number of entries.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from heapq import merge
from itertools import groupby, islice
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.documents.kinds import label_of
from backoffice.pages.chain import link_to
from backoffice.pages.timeline import entries_of
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Dossier, Record
from customers.models import Note

PAGE = 30
STANDS_ALREADY = (Note._meta.db_table, Dossier._meta.db_table)
DOCUMENT, NOTE, CHANGE = 3, 2, 1  # on one day documents stand above notes, and those above changes


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; `row` is a Record, a Note or an entry of the history, `link` the page of a document, `what` its kind in words."""

    day: datetime.date
    source: int
    key: int
    row: Any
    what: str = ""
    link: Any = None

    @property
    def place(self) -> tuple[datetime.date, int, int]:
        return self.day, self.source, self.key

    @property
    def kind(self) -> str:
        return {DOCUMENT: "document", NOTE: "note", CHANGE: "change"}[self.source]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of the timeline, newest first; `after` is the place of its last entry, empty at the end."""

    entries: list[Entry]
    after: str


def timeline_of(party: Party, *, person: Person, after: str = "") -> Stretch:
    """The next entries of a customer whom this person may see, beyond the place `after`."""
    place = read_place(after)
    sources = (_documents(party, person, place), _notes(party, person, place), _changes(party, place))
    found = list(islice(merge(*sources, key=lambda entry: entry.place, reverse=True), PAGE + 1))
    shown = found[:PAGE]
    return Stretch(shown, write_place(shown[-1]) if len(found) > PAGE else "")


def write_place(entry: Entry) -> str:
    return f"{entry.day:%Y%m%d}.{entry.source}.{entry.key}"


def read_place(text: str) -> tuple[datetime.date, int, int] | None:
    """The place an address names; nothing for what is no place."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    try:
        day = datetime.date(int(parts[0][:4]), int(parts[0][4:6]), int(parts[0][6:8]))
    except ValueError:
        return None
    return day, int(parts[1]), int(parts[2])


def _beyond(source: int, place: tuple[datetime.date, int, int] | None, day: str, key: str) -> Q:
    """Rows of one source that come after a place: older days, and on its day what stands below it."""
    if place is None:
        return Q()
    the_day, at, the_key = place
    same = (
        Q(**{day: the_day, f"{key}__lt": the_key})
        if source == at
        else Q(**{day: the_day})
        if source < at
        else Q(pk__in=[])
    )
    return Q(**{f"{day}__lte": the_day}) & (Q(**{f"{day}__lt": the_day}) | same)


def _documents(party: Party, person: Person, place: Any) -> Iterable[Entry]:
    rows = Record.objects.visible_to(person).filter(_beyond(DOCUMENT, place, "dated_on", "pk"), party=party)
    for row in rows.order_by("-dated_on", "-pk").select_related("author")[: PAGE + 1]:
        yield Entry(row.dated_on, DOCUMENT, row.pk, row, label_of(row.kind), link_to(row))


def _notes(party: Party, person: Person, place: Any) -> Iterable[Entry]:
    rows = Note.objects.visible_to(person).filter(_beyond(NOTE, place, "happened_on", "pk"), party=party)
    for row in rows.order_by("-happened_on", "-pk").select_related("written_by", "due_for")[: PAGE + 1]:
        yield Entry(row.happened_on, NOTE, row.pk, row)


def _changes(party: Party, place: Any) -> Iterable[Entry]:
    """Changes of the archive itself; documents and notes stand here already, and a dossier says nothing of its own."""
    rows = Event.objects.filter(party_id=party.pk, record_id=None).exclude(table__in=STANDS_ALREADY)
    if place is not None:
        day, at, key = place
        end = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
        end += datetime.timedelta(days=1) if at > CHANGE else datetime.timedelta()
        rows = rows.filter(pk__lt=key) if at == CHANGE else rows.filter(at__lt=end)
    newest = rows.order_by("-pk").select_related("person")[: 2 * PAGE]
    for _act, events in groupby(newest, key=lambda event: (event.xid, event.person_id, event.step)):
        together = list(events)
        yield Entry(
            timezone.localtime(together[0].at).date(),
            CHANGE,
            together[-1].pk,
            entries_of(together)[0],
            names_of(together),
        )


@cache
def names_of_tables() -> dict[str, str]:
    return {model._meta.db_table: model._meta.verbose_name for model in apps.get_models()}


def names_of(events: Iterable[Event]) -> str:
    """What was changed in one act: «party, contact»."""
    return ", ".join(dict.fromkeys(str(names_of_tables().get(event.table, event.table)) for event in events))
