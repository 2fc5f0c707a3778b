"""The one writer of Excel files: typed cells, text never a formula, a first sheet that says what the file is."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Protocol

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext
from xlsxwriter.worksheet import Worksheet

from backoffice.lists.cells import MOST_SIGNS, write_rows
from backoffice.people.models import Person

FORMATS = {
    "money": "#,##0.00;[Red]-#,##0.00",
    "price": "#,##0.00####",
    "quantity": "#,##0.###",
    "integer": "#,##0",
    "number": "#,##0",
    "percent": "0.0#%",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}


class Heading(Protocol):
    """What a sheet needs of a column; the columns of a list have it, `Plain` is one for figures."""

    @property
    def label(self) -> Any: ...

    @property
    def kind(self) -> str: ...

    @property
    def width(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Plain:
    label: Any
    kind: str = "text"
    width: int = 16


@dataclass(slots=True)
class Sheet:
    """One sheet: rows of typed values in the order of the columns; totals by column number; notes stand on the first sheet."""

    title: str
    columns: Sequence[Heading]
    rows: Iterable[Sequence[Any]]
    totals: dict[int, Any] = field(default_factory=dict)
    notes: Sequence[tuple[Any, Any]] = ()
    written: int = 0


def write_workbook(
    sheets: Sequence[Sheet], *, by: Person | None, title: str = "", watermark: str = "", to: IO[bytes] | None = None
) -> bytes:
    """Write the sheets after a first one saying title, filter, person, time, rows and totals; answers the bytes when `to` is not given."""
    if to is not None:
        _write(sheets, by, title, watermark, to)
        return b""
    with tempfile.TemporaryFile() as file:
        _write(sheets, by, title, watermark, file)
        file.seek(0)
        return file.read()


@contextmanager
def open_book(to: IO[bytes]) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that keeps no rows in memory and takes no text for a formula, an address or a number."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(to, {**options, "default_date_format": "yyyy-mm-dd"})
    try:
        yield book
    finally:
        book.close()


def _write(sheets: Sequence[Sheet], by: Person | None, title: str, watermark: str, to: IO[bytes]) -> None:
    with open_book(to) as book:
        book.set_properties(
            {"title": title or (sheets[0].title if sheets else ""), "author": str(by or ""), "comments": watermark}
        )
        bold = book.add_format({"bold": True})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        totals = {kind: book.add_format({"num_format": code, "bold": True, "top": 1}) for kind, code in FORMATS.items()}
        first = book.add_worksheet(gettext("About"))
        names = _names([gettext("About"), *(sheet.title for sheet in sheets)])[1:]
        for sheet, name in zip(sheets, names, strict=True):
            page = book.add_worksheet(name)
            _fill(page, sheet, bold, formats, totals)
            _dress(page, watermark)
        _about(first, sheets, by, title, watermark, bold, formats)
        _dress(first, watermark)


def _fill(page: Worksheet, sheet: Sheet, bold: Any, formats: dict[str, Any], totals: dict[str, Any]) -> None:
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, str(column.label), bold)
    page.freeze_panes(1, 0)
    kinds = [column.kind for column in sheet.columns]
    styles = [formats[kind]._get_xf_index() if kind in formats else 0 for kind in kinds]
    sheet.written = number = write_rows(page, sheet.rows, styles, first=1, dated=formats["date"]._get_xf_index())
    page.autofilter(0, 0, max(number, 1), max(len(kinds) - 1, 0))
    if sheet.totals:
        if 0 not in sheet.totals:
            page.write_string(number + 1, 0, gettext("Total"), bold)
        for at, value in sorted(sheet.totals.items()):
            put(page, number + 1, at, value, totals.get(kinds[at], bold))


def put(page: Worksheet, row: int, at: int, value: Any, style: Any = None) -> None:
    """One typed cell. Numbers stay numbers, dates dates; every other thing is written as text and as nothing else."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, at, value, style)
    elif isinstance(value, int | Decimal | float):
        if abs(value) >= 10**15 and value == int(value):  # Excel keeps 15 digits; a longer number is kept as text
            page.write_string(row, at, str(value))
        else:
            page.write_number(row, at, value, style)
    elif isinstance(value, datetime):
        page.write_datetime(
            row, at, timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value, style
        )
    elif isinstance(value, date):
        _put_date(page, row, at, value, style)
    else:
        words = str(value)[:MOST_SIGNS]
        if words.startswith("<r>") and words.endswith("</r>"):  # the library would take it for markup of its own
            words = f"{words[: MOST_SIGNS - 1]} "
        page.write_string(row, at, words)


def _put_date(page: Worksheet, row: int, at: int, value: date, style: Any) -> None:
    if value.year < 1900:  # Excel's calendar begins there
        page.write_string(row, at, value.isoformat())
    else:
        page.write_datetime(row, at, value, style)


def _about(
    page: Worksheet,
    sheets: Sequence[Sheet],
    by: Person | None,
    title: str,
    watermark: str,
    bold: Any,
    formats: dict[str, Any],
) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60)
    lines: list[tuple[Any, Any, str]] = [
        (gettext("Made by"), str(by or "—"), ""),
        (gettext("Made at"), timezone.localtime().replace(tzinfo=None), "moment"),
    ]
    for sheet in sheets:
        lines += [
            ("", "", ""),
            (gettext("Sheet"), sheet.title, ""),
            *((label, value, "money") for label, value in sheet.notes),
        ]
        lines.append((gettext("Rows"), sheet.written, "integer"))
        lines += [
            (gettext("Total of %(column)s") % {"column": sheet.columns[at].label}, value, sheet.columns[at].kind)
            for at, value in sorted(sheet.totals.items())
            if not isinstance(value, str)
        ]
    if watermark:
        lines += [("", "", ""), (gettext("Export number"), watermark, "")]
    page.write_string(0, 0, title or (sheets[0].title if sheets else ""), bold)
    for number, (label, value, kind) in enumerate(lines, 2):
        page.write_string(number, 0, str(label))
        put(page, number, 1, value, formats.get(kind))


def _dress(page: Worksheet, watermark: str) -> None:
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer(f"&L{watermark}&R&P / &N")


def _names(titles: Sequence[str]) -> list[str]:
    """Sheet names as Excel allows them: 31 characters, none of []:*?/\\, no two alike."""
    used: dict[str, int] = {}
    names = []
    for title in titles:
        clean = "".join("-" if c in "[]:*?/\\" else c for c in title).strip("'")[:31] or "Sheet"
        count = used[clean.lower()] = used.get(clean.lower(), 0) + 1
        names.append(clean if count == 1 else f"{clean[:27]} {count}")
    return names
