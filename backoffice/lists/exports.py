"""Rows leave the program: the same query and columns as the page, no cap, each time written into the export log (F9)."""

import csv
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext

from backoffice.files.pdf import render_pdf
from backoffice.lists.columns import model_field
from backoffice.lists.declared import List
from backoffice.lists.models import Export
from backoffice.lists.workbook import Sheet, write_workbook
from backoffice.people.models import Person
from backoffice.refusals import Refused

PDF_ROWS = 500
CHUNK = 2000
# what a spreadsheet calculates: at the beginning, or after a sign that it takes for the end of a field in another country
FORMULA = re.compile(r"^(?=\s*[=+\-@＝＋－＠]|[\t\r\n])|([;,|\t\r\n])(?=\s*[=+\-@＝＋－＠])")
Format = Export.Format


def export(shown: List, form: str) -> tuple[Export, IO[bytes]]:
    """Write the whole filtered set into a file, then into the log; answers both. The file stands at its beginning.

    Rows and totals are counted from what was written, so the file agrees with itself whatever happens meanwhile.
    """
    write = WRITERS[form]
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    log = Export(
        watermark=secrets.token_hex(5).upper(), person=shown.person, list_name=shown.name, format=form,
        query=shown.query_string[:2000], words=shown.in_words()[:1000], rows=0, at=timezone.now(),
    )  # fmt: skip
    log.rows = write(shown, log, file)
    log.save()
    file.seek(0)
    return log, file


def export_sheets(
    sheets: Sequence[Sheet], *, person: Person, name: str, title: str, query: str = "", words: str = ""
) -> tuple[Export, IO[bytes]]:
    """Write computed figures (a report) into a workbook, then into the log; answers both, the file at its beginning."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    log = Export(
        watermark=secrets.token_hex(5).upper(), person=person, list_name=name, format=Format.XLSX,
        query=query[:2000], words=words[:1000], rows=0, at=timezone.now(),
    )  # fmt: skip
    write_workbook(sheets, by=person, title=title, watermark=log.watermark, to=file)
    log.rows = sum(sheet.written for sheet in sheets)
    log.save()
    file.seek(0)
    return log, file


def typed(shown: List, totals: dict[int, Decimal]) -> Iterator[list[Any]]:
    """All rows of the filter in its order, as typed values, read in pieces; adds up the totals as it goes."""
    columns = shown.shown
    summed = [at for at, column in enumerate(columns) if column.total]
    totals.update(dict.fromkeys(summed, Decimal(0)))
    for values in plain_rows(shown) if can_be_plain(shown) else whole_rows(shown):
        for at in summed:
            totals[at] += values[at] or 0
        yield values


def whole_rows(shown: List) -> Iterator[list[Any]]:
    """Row by row as the page shows them, for columns that ask the row itself."""
    columns = shown.shown
    for row in shown.ordered.iterator(chunk_size=CHUNK):
        yield [column.export(column.value(row)) for column in columns]


def can_be_plain(shown: List) -> bool:
    """Whether the database alone can tell every column: then no model is built for a row."""
    known = shown.ordered.query.annotations
    return all(
        column.asks() and all(path in known or is_plain_field(shown.model, path) for path in column.asks())
        for column in shown.shown
    )


def is_plain_field(model: type[Model] | None, path: str) -> bool:
    field = model_field(model, path)
    return field is not None and bool(getattr(field, "concrete", False)) and not field.is_relation


def plain_rows(shown: List) -> Iterator[list[Any]]:
    """The columns' values alone, from the same query."""
    paths = list(dict.fromkeys(path for column in shown.shown for path in column.asks()))
    ways = [(column.export, column.told, [paths.index(path) for path in column.asks()]) for column in shown.shown]
    for row in shown.ordered.values_list(*paths).iterator(chunk_size=CHUNK):
        yield [export(told(*(row[at] for at in places))) for export, told, places in ways]


def to_xlsx(shown: List, log: Export, file: IO[bytes]) -> int:
    totals: dict[int, Decimal] = {}
    sheet = Sheet(str(shown.title), shown.shown, typed(shown, totals), totals, [(gettext("Filter"), log.words)])
    write_workbook([sheet], by=shown.person, title=str(shown.title), watermark=log.watermark, to=file)
    return sheet.written


def to_csv(shown: List, log: Export, file: IO[bytes]) -> int:
    """UTF-8 with a mark that Excel knows; the last line says where the file comes from."""
    file.write(b"\xef\xbb\xbf")
    write = csv.writer(Lines(file)).writerow
    write([str(column.label) for column in shown.shown])
    number = 0
    for number, row in enumerate(typed(shown, {}), 1):  # noqa: B007
        write([harmless(value) for value in row])
    made = f"{timezone.localtime(log.at):%Y-%m-%d %H:%M}"
    write([f"# {log.watermark} · {shown.title} · {log.words} · {number} · {shown.person} · {made}"])
    return number


def to_pdf(shown: List, log: Export, file: IO[bytes]) -> int:
    if shown.count > PDF_ROWS:
        raise Refused(
            gettext("A PDF holds %(most)d rows; these are %(count)d. Take Excel.")
            % {"most": PDF_ROWS, "count": shown.count}
        )
    columns, totals = shown.shown, dict[int, Decimal]()
    log.rows = shown.count
    lines = [
        [(column.text(value), column.css_for(value)) for column, value in zip(columns, row, strict=True)]
        for row in printed(shown, totals)
    ]
    foot = [column.text(totals[at]) if at in totals else "" for at, column in enumerate(columns)]
    file.write(
        render_pdf(
            "list",
            {"shown": shown, "log": log, "columns": columns, "rows": lines, "foot": foot if totals else []},
            shown.person.language,
        )
    )
    return len(lines)


def printed(shown: List, totals: dict[int, Decimal]) -> Iterator[list[Any]]:
    """As `typed`, but values still to be put into words."""
    columns = shown.shown
    totals.update({at: Decimal(0) for at, column in enumerate(columns) if column.total})
    for row in shown.ordered[:PDF_ROWS]:
        values = [column.value(row) for column in columns]
        for at in totals:
            totals[at] += values[at] or 0
        yield values


WRITERS = {Format.XLSX: to_xlsx, Format.CSV: to_csv, Format.PDF: to_pdf}


def harmless(value: Any) -> Any:
    """Text that a spreadsheet might take for a formula gets a quote before it; numbers stay as they are."""
    return FORMULA.sub(lambda found: f"{found[1] or ''}'", value) if isinstance(value, str) else value


class Lines:
    """Lets the csv writer write text into a file of bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode())
