"""Many rows at once: COPY instead of INSERT, with keys drawn beforehand; triggers and constraints see every row as always.

Whoever writes many rows reads them again in the same transaction, where PostgreSQL has no statistics of them yet: a large COPY
looks to that by itself (`analyze_grown`, in sql/), so that no statement after it needs to know.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model
from django.db.models.fields import (
    NOT_PROVIDED,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    IntegerField,
    TextField,
)

M = TypeVar("M", bound=Model)
FEW = 50  # rows that an INSERT, which asks the database once, writes sooner
LARGE = 500  # rows of one COPY from which on plans made for the table as it was may be wrong
AS_THEY_ARE = (BooleanField, CharField, DateField, DateTimeField, DecimalField, IntegerField, TextField)


def draw_keys(model: type[Model], count: int) -> list[int]:
    """The next `count` primary keys of a table."""
    if not count:
        return []
    with connection.cursor() as cursor:
        own = getattr(model._meta.pk, "sequence", None)  # documents of all kinds draw from one
        sequence, name = ("%s", own) if own else ("pg_get_serial_sequence(%s, 'id')", _quoted(model))
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [name, count])
        return [row[0] for row in cursor.fetchall()]


def update_rows(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these columns of rows that the caller holds locked: one statement whose text does not grow with the rows."""
    changed = list(rows)
    if not changed:
        return
    quote, meta = connection.ops.quote_name, changed[0]._meta
    columns = [meta.pk, *(meta.get_field(name) for name in fields)]
    names = [quote(field.column) for field in columns]
    sets = ", ".join(f"{name} = v.{name}" for name in names[1:])
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in columns)
    values = [[getattr(row, field.attname) for row in changed] for field in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} AS t SET {sets} FROM unnest({arrays}) AS v({', '.join(names)}) "
            f"WHERE t.{names[0]} = v.{names[0]}",
            values,
        )


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a model's table; what is not named takes the database's own default.

    The driver's errors are wrapped as everywhere, so that a refusal of the database is an IntegrityError here too.
    """
    names, count = ", ".join(connection.ops.quote_name(column) for column in columns), 0
    with connection.cursor() as cursor:
        with connection.wrap_database_errors, cursor.copy(f"COPY {_quoted(model)} ({names}) FROM STDIN") as copy:
            for count, row in enumerate(rows, 1):  # noqa: B007
                copy.write_row(row)
        if count >= LARGE:
            cursor.execute("SELECT analyze_grown()")


def copy_objects(model: type[M], objects: Iterable[M]) -> list[M]:
    """As `bulk_create`, by COPY where they are many: unsaved rows, each with its key afterwards."""
    made = list(objects)
    if len(made) < FEW:
        return model._base_manager.bulk_create(made)
    for each, key in zip(made, draw_keys(model, len(made)), strict=True):
        each.pk = key
    fields = [f for f in model._meta.concrete_fields if not f.generated and f.db_default is NOT_PROVIDED]
    columns = [str(field.column) for field in fields]
    copy_rows(model, columns, zip(*(_column(field, made) for field in fields), strict=True))
    for each in made:
        each._state.adding, each._state.db = False, connection.alias
    return made


def _column(field: "Field[Any, Any]", made: Sequence[Model]) -> list[Any]:
    """One column of all rows. Plain values go as they are; what Django prepares on the way (dates of making, JSON) it prepares here."""
    moves = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if field.is_relation or (isinstance(field, AS_THEY_ARE) and not moves):
        read = attrgetter(field.attname)
        return [read(each) for each in made]
    return [field.get_db_prep_save(field.pre_save(each, add=True), connection) for each in made]


def _quoted(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
