"""Workbooks as people bring them, made in memory."""

import datetime
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import xlsxwriter


def workbook(*rows: Iterable[Any], sheet: str = "Sheet1", options: dict[str, Any] | None = None) -> bytes:
    """One sheet with these rows; dates are written as dates."""
    return workbooks({sheet: list(rows)}, options)


def workbooks(sheets: dict[str, list[Iterable[Any]]], options: dict[str, Any] | None = None) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd", **(options or {})}) as book:
        book.set_properties({"created": datetime.datetime(2026, 1, 1)})  # the same rows are the same file
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return file.getvalue()


def with_part(content: bytes, name: str, text: str | bytes) -> bytes:
    """The same file with one part put in or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return out.getvalue()
