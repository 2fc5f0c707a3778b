"""Who did what, when, why, with before and after: the book of changes in the words of the page."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from backoffice.audit.changes import changes_of
from backoffice.audit.models import Event
from backoffice.documents.enforcement import documents

from .registry import shelf
from .templatetags.show import moment

Named = dict[tuple[type[models.Model], str], str]  # (kind of row, key) → how people call it
NOT_SHOWN = {"id", "version", "round", "search", "changed_at", "created_at", "submitted_at", "fingerprint", "state"}
MOST_CHANGES = 12


@dataclass(slots=True)
class Entry:
    """One act: its events in one transaction."""

    at: object
    person: object
    words: str
    note: str = ""
    step: str = ""
    changes: list = field(default_factory=list)
    more: int = 0


def timeline_of(thing: models.Model, *, limit: int = 60) -> list[Entry]:
    """The history of a document, a party, or any other tracked row, newest first."""
    if is_document(thing):
        rows = Event.objects.filter(record_id=thing.pk)
    else:
        rows = changes_of(thing)
    return entries_of(rows.select_related("person")[:limit])


def is_document(thing) -> bool:
    return isinstance(thing, tuple(documents())) if documents() else False


def entries_of(events: Iterable[Event]) -> list[Entry]:
    """Events of one transaction, person and step as one entry, newest first."""
    events = list(events)
    named = _named(events)
    entries: dict[tuple, Entry] = {}
    for event in events:
        key = (event.xid, event.person_id, event.step)
        if key not in entries:
            entries[key] = Entry(event.at, event.person, words_of(event), event.note, event.step)
        _add_changes(entries[key], event, named)
    return list(entries.values())


def _named(events: Iterable[Event]) -> Named:
    """What the changed references point to, in one statement for each kind of row."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for event in events:
        model = _models().get(event.table)
        if model is None or (event.operation == Event.Operation.INSERT and not model._meta.auto_created):
            continue
        for name, values in event.changed.items():
            column = _column(model, name)
            if column is not None and column.is_relation and name not in NOT_SHOWN:
                wanted[column.related_model].update(str(value) for value in values if value)
    return {
        (model, str(pk)): str(row)
        for model, keys in wanted.items()
        for pk, row in model._base_manager.in_bulk(keys).items()
    }


def words_of(event: Event) -> str:
    """What was done: the step's label or the act's words, else «made», «changed»."""
    step = _steps().get(event.step)
    return str(step.label) if step else str(shelf.act_words.get(event.step, event.get_operation_display()))


def _add_changes(entry: Entry, event: Event, named: Named) -> None:
    model = _models().get(event.table)
    if model is not None and model._meta.auto_created:
        entry.changes.append(_link(model, event, named))
        return
    if event.operation == Event.Operation.INSERT:
        return
    for name, (before, after) in event.changed.items():
        if name in NOT_SHOWN or before == after:
            continue
        if len(entry.changes) == MOST_CHANGES:
            entry.more += 1
            continue
        column = _column(model, name)
        entry.changes.append((_label(column, name), _value(column, before, named), _value(column, after, named)))


def _link(model, event: Event, named: Named) -> tuple[str, str, str]:
    """One entry of a list that a row keeps, put in or taken out, under the list's own name."""
    kept = next(f for f in model._meta.auto_created._meta.many_to_many if f.remote_field.through is model)
    before, after = event.changed[kept.m2m_reverse_name()]
    column = _column(model, kept.m2m_reverse_name())
    return str(kept.verbose_name), _value(column, before, named), _value(column, after, named)


@cache
def _models() -> dict:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@cache
def _steps() -> dict:
    return {step.name: step for model in documents() for step in model.lifecycle.steps}


def _column(model, name: str):
    columns = (
        {f.attname: f for f in model._meta.concrete_fields} | {f.column: f for f in model._meta.concrete_fields}
        if model
        else {}
    )
    return columns.get(name)


def _label(column, name: str) -> str:
    return str(column.verbose_name) if column is not None else name


def _value(column, value, named: Named) -> str:
    """As a person would write it: names for references, words for choices."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool) or isinstance(column, models.BooleanField):
        return _("yes") if value in (True, "true") else _("no")
    if isinstance(column, models.DateTimeField) and (at := parse_datetime(str(value))):
        return moment(at)
    if column is not None and column.is_relation:
        return named.get((column.related_model, str(value)), f"#{value}")
    if isinstance(column, models.DecimalField):
        return f"{Decimal(value):,f}" if column.decimal_places == 2 else f"{Decimal(value).normalize():,f}"
    if isinstance(column, models.DateTimeField):
        return moment(datetime.fromisoformat(value))
    if hasattr(column, "in_words"):
        return str(column.in_words(value))
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.JSONField):  # a table of its own, which the document's page shows
        return _("%(number)s values") % {"number": len(json.loads(value) if isinstance(value, str) else value)}
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
