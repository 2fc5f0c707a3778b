"""The program's own things in the words of the office: steps, kinds of documents, tables."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.database.declare import DECLARED
from backoffice.documents.enforcement import documents
from backoffice.pages.registry import shelf
from backoffice.people.models import Person


@cache
def steps() -> dict[str, Any]:
    """Name of a step → (kind of document, step)."""
    return {step.name: (model.lifecycle, step) for model in documents() for step in model.lifecycle.steps}


def step_words(name: str) -> str:
    """«Order · Approve»; an act of no lifecycle by the words it was given."""
    if name in steps():
        cycle, step = steps()[name]
        return f"{cycle.label} · {step.label}"
    return str(shelf.act_words.get(name, name))


def step_choices() -> Iterator[tuple[str, str]]:
    yield from ((name, step_words(name)) for name in (*steps(), *shelf.act_words))


def reviewed_steps() -> list[tuple[str, str]]:
    return [(name, step_words(name)) for name, (_cycle, step) in steps().items() if step.reviewed]


@cache
def tables() -> dict[str, Any]:
    named: dict[str, Any] = {model._meta.db_table: model._meta.verbose_name for model in apps.get_models()}
    for model in apps.get_models():
        for kept in model._meta.many_to_many:  # the rows of a list that a row keeps have no name of their own
            named.setdefault(
                kept.remote_field.through._meta.db_table,
                format_lazy("{}: {}", model._meta.verbose_name, kept.verbose_name),
            )
    return named | {
        Person.serves.through._meta.db_table: _("served salesperson"),
        Person.serves_regions.through._meta.db_table: _("served region"),
    }


def table_words(table: str) -> str:
    return str(tables().get(table, table))


def table_choices() -> list[tuple[str, Any]]:
    """The tables whose changes are written down."""
    made = [*DECLARED.triggers.values(), *(trigger for maker in DECLARED.makers for trigger in maker())]
    kept = {trigger.table for trigger in made if trigger.name == "audit"}
    return [(table, words) for table, words in tables().items() if table in kept]
