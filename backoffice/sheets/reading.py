"""From a file to tables: heading found, lines numbered as Excel numbers them, blank space left out."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from backoffice.refusals import Refused
from backoffice.sheets.fields import is_empty
from backoffice.sheets.safety import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, check_workbook, unsound

HEADING_WITHIN = 20  # rows in which the heading is looked for
EMPTY_ROWS_END = 20  # so many empty rows in a row, and the table is over
ERRORS_COLUMN = "errors"  # our own column in marked workbooks; never read


@dataclass(slots=True)
class Table:
    """One sheet: its heading, where it stands, and the cells below as the file holds them."""

    name: str
    source: Callable[[], Iterable[list[Any]]] = field(
        repr=False
    )  # may be gone through again; rows are never all in memory
    height: int
    errors: set[str] = field(default_factory=set)
    is_hidden: bool = False
    top: list[list[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.top = list(islice(self.source(), HEADING_WITHIN))

    def heading(self, at: int) -> list[str]:
        return ["" if is_empty(cell) else str(cell).strip() for cell in self.top[at][:MOST_COLUMNS]] if self.top else []

    def rows(self, heading_at: int) -> Iterator[tuple[int, list[Any]]]:
        """(line in Excel, cells) of each row below the heading that holds anything."""
        empty = count = 0
        for number, cells in enumerate(islice(self.source(), heading_at + 1, None), heading_at + 2):
            if all(is_empty(cell) for cell in cells) or is_watermark(cells):
                empty += 1
                if empty >= EMPTY_ROWS_END:
                    return
                continue
            empty = 0
            count += 1
            if count > MOST_ROWS:
                raise Refused(_("A sheet may hold %(most)d rows; split it.") % {"most": MOST_ROWS})
            yield number, cells

    def cell_error(self, number: int, at: int) -> bool:
        return bool(self.errors) and f"{letters(at)}{number}" in self.errors


def is_watermark(cells: Sequence[Any]) -> bool:
    """The last line of our own CSV exports."""
    return (
        bool(cells)
        and isinstance(cells[0], str)
        and cells[0].startswith("# ")
        and all(is_empty(cell) for cell in cells[1:])
    )


def read_tables(name: str, content: bytes, *, screened: bool = False) -> list[Table]:
    """All tables of a file that hold anything. Refused in words when it is no file of ours to read.

    `screened` is a file that was looked through when it was uploaded: a page that shows it does without; errors are not known.
    """
    extension = name.rpartition(".")[2].casefold()
    if extension == "xlsx":
        return _from_workbook(name, content, [] if screened else check_workbook(content, name))
    if extension == "csv":
        return _from_csv(name, content)
    raise Refused(_("«%(name)s» is neither .xlsx nor .csv.") % {"name": name})


def _from_workbook(name: str, content: bytes, errors: list[tuple[int, str]]) -> list[Table]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = []
        for number, title in enumerate(book.sheet_names):
            sheet = book.get_sheet_by_name(title)
            if sheet.start is not None:
                found = {cell for at, cell in errors if at == number}
                hidden = book.sheets_metadata[number].visible != SheetVisibleEnum.Visible
                tables.append(Table(title, partial(_rows_of, sheet), sheet.total_height + 1, found, is_hidden=hidden))
        return tables
    except PasswordError:
        raise Refused(_("«%(name)s» is locked by a password. Save it without one.") % {"name": name}) from None
    except (CalamineError, ZipError, ValueError, OSError) as error:
        raise unsound(name) from error


def _rows_of(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """All rows, one after the other; the parser gives lines from the first, but columns only from the first that is filled."""
    beside = [""] * (sheet.start[1] if sheet.start else 0)
    for cells in sheet.iter_rows():
        yield beside + cells if beside else cells


def _from_csv(name: str, content: bytes) -> list[Table]:
    if len(content) > MOST_BYTES:
        raise Refused(_("«%(name)s» is larger than %(most)d MB.") % {"name": name, "most": MOST_BYTES // 1024**2})
    text = _decoded(name, content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t，", key=first.count)
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(list(row))
            if len(row) > MOST_COLUMNS or len(rows) > MOST_ROWS + 1000:
                raise Refused(
                    _("«%(name)s» has more than %(rows)d rows or %(columns)d columns.")
                    % {"name": name, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
                )
    except csv.Error as error:
        raise Refused(
            _("«%(name)s» is no sound CSV: line %(line)d.") % {"name": name, "line": len(rows) + 1}
        ) from error
    rows = [row or [""] for row in rows]
    return [Table(name.rpartition(".")[0], lambda: rows, len(rows))] if rows else []


def _decoded(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(_("The signs of «%(name)s» cannot be read. Save it as UTF-8.") % {"name": name})


def letters(at: int) -> str:
    """The name of a column by its place from 0: A, B … Z, AA."""
    text, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
