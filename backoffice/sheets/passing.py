"""One pass over one sheet: read, map, parse, check, apply. The same code on trial and in earnest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_noop as _

from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.register.models import Opening
from backoffice.sheets.declared import Problem, Row, Run, Sheet, database_words
from backoffice.sheets.fields import BadCell, Reader
from backoffice.sheets.models import Batch
from backoffice.sheets.reading import Table, read_tables
from backoffice.sheets.recognising import columns_of

MOST_ATTEMPTS = 5
Tell = Callable[[int, int], None]


@dataclass(slots=True)
class Parsed:
    """The rows of a batch as typed values, what could not be read, and the documents to which such rows belong."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[tuple[Any, ...]] = field(default_factory=set)

    @property
    def total(self) -> int:
        return len(self.rows) + len({problem.row for problem in self.problems})


def table_of(batch: Batch, *, screened: bool = False) -> Table:
    tables = read_tables(batch.file.original_name, batch.file.read(), screened=screened)
    return next(table for table in tables if table.name == batch.table)


class Columns:
    """The readers of a batch's columns, and what its fields without a column are."""

    def __init__(self, batch: Batch, heading: Sequence[str]) -> None:
        places = columns_of(batch.mapping, heading)
        self.read: list[tuple[str, int, Reader, Any]] = []
        self.empty: dict[str, Any] = {}
        self.wrong: dict[str, BadCell] = {}  # of every row alike: a required field that has neither column nor value
        for column in batch.sheet.fields:
            name, said = column.name, batch.mapping.get(column.name, {})
            literal = said.get("value") or None  # the same for all rows, as a person said
            if name in places:
                self.read.append((name, places[name], Reader(column, said.get("words")), literal))
                continue
            try:
                self.empty[name] = column.parse(literal)
            except BadCell as bad:
                self.wrong[name] = bad

    def values(self, cells: Sequence[Any]) -> tuple[dict[str, Any], dict[str, BadCell]]:
        """The values of one row by their columns, and what is wrong with which of them."""
        values: dict[str, Any] = {}
        wrong = dict(self.wrong)
        for name, at, read, literal in self.read:
            cell = cells[at] if at < len(cells) else None
            try:
                values[name] = read(literal if cell in ("", None) else cell)
            except BadCell as bad:
                wrong[name] = bad
        return values, wrong


def parse(batch: Batch) -> Parsed:
    """Every row of the sheet, by the batch's mapping. A row with a wrong cell is a problem and no row."""
    table, found = table_of(batch), Parsed()
    columns = Columns(batch, table.heading(batch.heading_at))
    for number, cells in table.rows(batch.heading_at):
        values, wrong = columns.values(cells)
        shown = [name for name, at, *_rest in columns.read if table.cell_error(number, at)] if table.errors else []
        found.problems += [Problem(number, name, _("Excel shows an error in this cell.")) for name in shown]
        found.problems += [
            Problem(number, name, bad.reason, bad.values) for name, bad in wrong.items() if name not in shown
        ]
        row = Row(number, values, columns.empty)
        if not wrong and not shown:
            found.rows.append(row)
        elif batch.sheet.key and not {*wrong, *shown} & {*batch.sheet.key}:
            found.unread.add(batch.sheet.key_of(row))
    if not found.total:
        found.problems.append(Problem(0, "", _("There is no row below the heading.")))
    return found


def without(sheet: Sheet, rows: list[Row], wrong: set[int], dropped_keys: set[tuple[Any, ...]]) -> list[Row]:
    """The rows that may stand by themselves: a document of which one line is wrong is left out as a whole."""
    keys = dropped_keys | {sheet.key_of(row) for row in rows if row.number in wrong}
    return [row for row in rows if row.number not in wrong and sheet.key_of(row) not in keys]


def pass_over(batch: Batch, *, by: Person, opening: Opening | None, is_trial: bool, tell: Tell) -> tuple[Run, bool]:
    """Go over the sheet once, inside the caller's transaction. Answers what was found, and whether rows carry final states.

    Rows in which something is wrong are left out of what is written: on trial, so that all that is wrong comes to light at
    once; in earnest, only where the batch says so, else the caller takes everything back.
    """
    sheet, read = batch.sheet(), parse(batch)
    run = Run(
        by=by,
        uploaded_by=batch.uploaded_by,
        opening=opening,
        is_trial=is_trial,
        total=read.total,
        tell=tell,
        problems=list(read.problems),
    )
    good = without(sheet, read.rows, set(), read.unread) if read.unread else read.rows
    opens = sheet.opens(good)
    sheet.check(good, run)
    rest = without(sheet, good, {problem.row for problem in run.problems}, set())
    if rest and (is_trial or batch.leave_out or not run.problems):
        rest = write(sheet, rest, run, leave_out=batch.leave_out)
    run.counts["left_out"] = read.total - len(rest)
    return run, opens


class Again(Exception):
    """Rows were refused while they were written: take it back and write the others."""


def write(sheet: Sheet, rows: list[Row], run: Run, *, leave_out: bool) -> list[Row]:
    """The sheet's own `apply`, in a savepoint; what the database would say at commit is heard now. Answers what was written."""
    for _attempt in range(MOST_ATTEMPTS):
        before, run.at = len(run.problems), 0
        try:
            with transaction.atomic():
                sheet.apply(rows, run)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
                if leave_out and len(run.problems) > before:
                    raise Again
        except Again:
            run.counts.clear()
            rows = without(sheet, rows, {problem.row for problem in run.problems}, set())
            continue
        except Refused as refusal:
            run.problem(None, "", refusal.message)
        except DatabaseError as error:
            run.problem(None, "", database_words(error))
        return rows
    run.problem(None, "", _("Too many rows refuse one another; mend them first."))
    return []
