"""Everything that leads to one party leads to another from now on: found in the models, whatever app they are of (X26).

What cannot change hands stays with the party it was written for, which leads to the other: entries of the books, the history,
lines of documents, and rows that say `stays_with_party`. A row that meets its like (a unique rule) stays too and is listed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import IntegrityError, models, transaction

from backoffice.database.declare import DECLARED
from backoffice.documents.lines import DocumentLine
from backoffice.ledger.models import Item
from backoffice.parties.models import Party
from customers.models import Address, Contact, Customer

Column = tuple[type[models.Model], models.Field]


@dataclass(slots=True)
class Moved:
    """How many rows of which table went over, and what met its like: (name of the table, the row in words)."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    collisions: list[tuple[str, str]] = field(default_factory=list)


def columns() -> Iterator[Column]:
    """Every column of the program that leads to a party or customer and may be led to another."""
    for model in apps.get_models(include_auto_created=True):
        if stays(model):
            continue
        for column in model._meta.concrete_fields:
            if column.related_model in (Party, Customer):
                yield model, column


def stays(model: type[models.Model]) -> bool:
    """Books, lines of documents, the two files themselves, and what is carried over by an entry instead (`carry_over`)."""
    is_book = model._meta.db_table in DECLARED.append_only or model._meta.db_table in DECLARED.read_only
    of_a_document = issubclass(model, DocumentLine)
    return is_book or of_a_document or model in (Party, Customer, Item) or getattr(model, "stays_with_party", False)


def count_rows(party: Party) -> dict[str, int]:
    """What would go over, by name of the table."""
    found: dict[str, int] = defaultdict(int)
    for model, column in columns():
        found[name_of(model)] += model._base_manager.filter(**{column.name: party.pk}).count()
    return {name: number for name, number in found.items() if number}


def name_of(model: type[models.Model]) -> str:
    """The table by the name of its model: kept with the merge, put into words by `words_of` for whoever reads."""
    return model._meta.label_lower


def words_of(name: str) -> str:
    return str(apps.get_model(name)._meta.verbose_name_plural)


def likes(merged: Party, party: Party) -> list[tuple[str, str]]:
    """Contacts and addresses that both have; after a merge both are there."""
    there = {(Contact, row.name) for row in party.contacts.all()} | {
        (Address, row.text) for row in party.addresses.all()
    }
    rows = [*merged.contacts.all(), *merged.addresses.all()]
    return [(name_of(type(row)), str(row)) for row in rows if (type(row), str(row)) in there]


def move_rows(merged: Party, party: Party) -> Moved:
    """Lead everything of `merged` to `party`; the caller holds both and the transaction."""
    step_back(merged, party)
    moved = Moved(collisions=likes(merged, party))
    for model, column in columns():
        rows = model._base_manager.filter(**{column.name: merged.pk})
        try:
            with transaction.atomic():
                moved.counts[name_of(model)] += rows.update(**{column.name: party.pk})
        except IntegrityError:
            move_one_by_one(rows, column, party, moved)
    moved.counts = {name: number for name, number in moved.counts.items() if number}
    return moved


def move_one_by_one(rows: models.QuerySet, column: models.Field, party: Party, moved: Moved) -> None:
    for row in list(rows):
        try:
            with transaction.atomic():
                moved.counts[name_of(type(row))] += rows.filter(pk=row.pk).update(**{column.name: party.pk})
        except IntegrityError:
            moved.collisions.append((name_of(type(row)), str(row)))


def step_back(merged: Party, party: Party) -> None:
    """The main contact and the default addresses of whoever stays remain so."""
    if party.contacts.filter(is_main=True).exists():
        merged.contacts.filter(is_main=True).update(is_main=False)
    taken = party.addresses.filter(is_default=True).values("use")
    merged.addresses.filter(is_default=True, use__in=list(taken.values_list("use", flat=True))).update(is_default=False)
