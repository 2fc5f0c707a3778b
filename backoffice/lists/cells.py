"""The rows of a large sheet, written straight into the workbook's stream: the same cells, types and formats in a third of the time.

XlsxWriter makes an object of every cell, looks its format up and calls a handful of functions; for 100,000 rows of fifteen columns
that is most of an export. It still makes the workbook, its formats, widths and filters; only the rows go round it, into the very
file in which it keeps them itself (`constant_memory`). What is written is a number, a date, a boolean or inline text, and never
a formula. tests/lists/test_cells.py compares both ways cell by cell.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

LAST_ROW = 1_048_575
MOST_DIGITS = 15  # Excel keeps no more; a longer number is kept as text
MOST_SIGNS = 32767
DAY_ZERO = date(1899, 12, 30).toordinal()
FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
AT_ONCE = 500  # rows handed to the file in one piece
# signs that XML cannot hold, and text that would be read as one of them
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
SPECIAL = re.compile("[\x00-\x1f&<>\ufffe\uffff\ud800-\udfff]|^\\s|\\s$|_x[0-9A-Fa-f]{4}_|\\s\\s")

Cell = Callable[[Any, str], str]  # value and opening of the cell up to its place → the cell


def write_rows(page: Worksheet, rows: Iterable[Sequence[Any]], styles: Sequence[int], *, first: int, dated: int) -> int:
    """Write the rows from row `first` on (0 is the heading). Answers how many.

    `styles` are the format numbers of the columns, 0 for none; `dated` that of a date in a column without one.
    """
    page._write_single_row(first)  # what was written before goes out before
    before = [f'<c r="{xl_col_to_name(at)}' for at in range(len(styles))]
    ends = [f'" s="{style}"' if style else '"' for style in styles]
    write = CELLS | {date: partial(day, dated=dated), datetime: partial(moment, dated=dated)}
    number, places = first, range(len(styles))
    piece: list[str] = []
    for row in rows:
        number += 1
        if number > LAST_ROW:
            raise ValueError("A sheet holds 1,048,575 rows.")
        cells = [
            write.get(type(row[at]), other)(row[at], f"{before[at]}{number}{ends[at]}")
            for at in places
            if row[at] is not None and row[at] != ""
        ]
        piece.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(piece) == AT_ONCE:
            page.row_data_fh.write("".join(piece))
            piece.clear()
    page.row_data_fh.write("".join(piece))
    if number > first:
        page._check_dimensions(number - 1, max(len(styles) - 1, 0))
        page.previous_row = number
    return number - first


def text(value: str, opening: str) -> str:
    """Inline text: whatever it begins with, it is text."""
    if len(value) > MOST_SIGNS:
        value = value[:MOST_SIGNS]
    if not SPECIAL.search(value):
        return f'{opening} t="inlineStr"><is><t>{value}</t></is></c>'
    value = escape(UNFIT.sub(lambda sign: f"_x{ord(sign[0]):04X}_", value))
    return f'{opening} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def figure(value: Decimal, opening: str) -> str:
    if not value.is_finite() or (value.adjusted() >= MOST_DIGITS and value == value.to_integral_value()):
        return text(str(value), plain(opening))
    return f"{opening}><v>{value}</v></c>"


def whole(value: int, opening: str) -> str:
    return f"{opening}><v>{value}</v></c>" if abs(value) < 10**MOST_DIGITS else text(str(value), plain(opening))


def binary(value: float, opening: str) -> str:
    if not isfinite(value) or (abs(value) >= 10**MOST_DIGITS and value == int(value)):
        return text(str(value), plain(opening))
    return f"{opening}><v>{value!r}</v></c>"


def yes_or_no(value: bool, opening: str) -> str:
    return f'{opening} t="b"><v>{value:d}</v></c>'


def day(value: date, opening: str, dated: int = 0) -> str:
    if value < FIRST_DAY:
        return text(value.isoformat(), plain(opening))
    return f"{styled(opening, dated)}><v>{value.toordinal() - DAY_ZERO}</v></c>"


def moment(value: datetime, opening: str, dated: int = 0) -> str:
    here = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if here.date() < FIRST_DAY:
        return text(here.isoformat(sep=" "), plain(opening))
    seconds = here.hour * 3600 + here.minute * 60 + here.second + here.microsecond / 1_000_000
    return f"{styled(opening, dated)}><v>{here.toordinal() - DAY_ZERO + seconds / 86400!r}</v></c>"


def other(value: Any, opening: str) -> str:
    """Subclasses of what is known, and everything else by its words."""
    for known, write in CELLS.items():
        if isinstance(value, known):
            return write(value, opening)
    return text(str(value), opening)


def styled(opening: str, style: int) -> str:
    """The cell with this format, where its column has none."""
    return f'{opening} s="{style}"' if style and " s=" not in opening else opening


def plain(opening: str) -> str:
    """The cell without its format, for a number that has become text."""
    return opening.partition(" s=")[0]


CELLS: dict[type, Cell] = {
    str: text, Decimal: figure, bool: yes_or_no, int: whole, float: binary, datetime: moment, date: day,
}  # fmt: skip
