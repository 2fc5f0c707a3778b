"""Workbooks that mean harm or are broken, and what people really put into cells; for the tests and for `make faults`."""

import io
import random
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import Any

import xlsxwriter

from backoffice.sheets.safety import MOST_BYTES
from tests.sheets.books import with_part, workbook

GOOD = workbook(("Code", "Name"), ("A", "B"))
SHEET = "xl/worksheets/sheet1.xml"
HEAD_XML = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def cell(place: str, row: int) -> str:
    return f'{HEAD_XML}<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{place}"><v>1</v></c></row>{TAIL}'


def bomb(size: int, members: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(members):
            archive.writestr(f"xl/part{number}.xml", b" " * size)
    return out.getvalue()


RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="x/externalLinkPath" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'

HOSTILE = {
    "not a zip": b"PK but not really",
    "an empty file": b"",
    "cut in half": GOOD[: len(GOOD) // 2],
    "a zip that is no workbook": bomb(10).replace(b"xl/workbook.xml", b"xl/notabook.xml"),
    "larger than allowed": GOOD + b"\0" * MOST_BYTES,
    "a zip bomb": bomb(60 * 1024 * 1024),
    "unpacks to too much": bomb(30 * 1024 * 1024, 4),
    "too many members": bomb(1, 201),
    "one cell in the last corner": with_part(GOOD, SHEET, cell("XFD1048576", 1048576)),
    "one cell far below": with_part(GOOD, SHEET, cell("A900000", 900000)),
    "one cell far to the right": with_part(GOOD, SHEET, cell("CZ2", 2)),
    "a far row whose cells say no place": with_part(
        GOOD, SHEET, f'{HEAD_XML}<row r="1048576"><c><v>1</v></c></row>{TAIL}'
    ),
    "one cell in the last corner, in single quotes": with_part(
        GOOD, SHEET, cell("XFD2", 2).replace('"XFD2"', "'XFD2'")
    ),
    "a place that no sheet has": with_part(GOOD, SHEET, cell("B3999999999999", 2)),
    "a place behind a bracket in quotes": with_part(GOOD, SHEET, cell('A2" s=">" r="XFD2', 2).replace('r="A2" ', "")),
    "a sheet of another name": with_part(GOOD, "xl/worksheets/data.xml", cell("XFD1048576", 1048576)),
    "a trillion texts": with_part(
        GOOD, "xl/sharedStrings.xml", '<sst uniqueCount="999999999999"><si><t>A</t></si></sst>'
    ),
    "macros": with_part(GOOD, "xl/vbaProject.bin", b"x"),
    "links to other files": with_part(GOOD, "xl/externalLinks/externalLink1.xml", "<x/>"),
    "an outside target": with_part(GOOD, "xl/_rels/workbook.xml.rels", RELS),
    "embedded objects": with_part(GOOD, "xl/embeddings/oleObject1.bin", b"x"),
    "entities in a sheet": with_part(GOOD, SHEET, ENTITY + HEAD_XML + TAIL),
    "entities in the workbook": with_part(GOOD, "xl/workbook.xml", ENTITY + "<workbook>&b;</workbook>"),
    "a tag without an end": with_part(GOOD, SHEET, HEAD_XML + "<c " + "x" * (3 * 1024 * 1024)),
    "no XML at all": with_part(GOOD, "xl/workbook.xml", b"\xff\xfe\x00nonsense"),
}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The workbook with some bytes of one of its parts changed, or of the archive itself."""
    if chance.random() < 0.3:
        raw = bytearray(content)
        for _time in range(chance.randint(1, 8)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        return bytes(raw)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = chance.choice(archive.namelist())
        part = bytearray(archive.read(name))
    for _time in range(chance.randint(1, 6)):
        at = chance.randrange(len(part))
        piece = chance.choice([b"", b"<", b">", b'"', b"&", b"\xff", b"9" * 12, b"-1", b"</c>", b't="s"', b"A1048576"])
        part[at : at + chance.randint(0, 4)] = piece
    return with_part(content, name, bytes(part))


# ── customers of which one cell is odd ─────────────────────────────────────────────────────

HEAD = ("Customer No", "Customer Name", "Credit Limit", "Customer Since")


def odd(*rows: Iterable[Any], formats: dict[str, Any] | None = None, **options: Any) -> bytes:
    """Customers as given; a text that begins with «formula:» is written as one, with its value behind the last colon."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True, **options}) as book:
        page = book.add_worksheet("S")
        for number, row in enumerate([HEAD, *rows]):
            for at, value in enumerate(row):
                if isinstance(value, str) and value.startswith("formula:"):
                    page.write_formula(number, at, *value.split(":")[1:2], None, value.split(":")[2])
                else:
                    page.write(number, at, value)
    return file.getvalue()


def two_sheets(*, hidden: bool) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, code in (("S", "X1"), ("T", "X2")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEAD)
            page.write_row(1, 0, (code, "Somebody"))
        if hidden:
            page.hide()
    return file.getvalue()


def merged() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("S")
        page.write_row(0, 0, HEAD)
        page.merge_range(1, 0, 2, 0, "X1")
        page.write(1, 1, "One")
        page.write(2, 1, "Two")
    return file.getvalue()


DAY = date(2026, 5, 1)
# name → workbook, the cell that must be named (empty: it is taken), how many customers it makes
ODD: dict[str, tuple[bytes, str, int]] = {
    "as it should be": (odd(("X1", "Good", 100, DAY)), "", 1),
    "a word for an amount": (odd(("X1", "N", "much", DAY)), "C2", 0),
    "full-width digits": (odd(("X1", "N", "１，２３４．５０", DAY)), "", 1),
    "NaN as a text": (odd(("X1", "N", "NaN", DAY)), "C2", 0),
    "infinity as a text": (odd(("X1", "N", "inf", DAY)), "C2", 0),
    "NaN as Excel's error": (odd(("X1", "N", float("nan"), DAY)), "C2", 0),
    "more than any money": (odd(("X1", "N", 1e300, DAY)), "C2", 0),
    "a power without end": (odd(("X1", "N", "1e999999999", DAY)), "C2", 0),
    "three decimals": (odd(("X1", "N", 1.005, DAY)), "C2", 0),
    "below zero": (odd(("X1", "N", -5, DAY)), "C2", 0),
    "true for an amount": (odd(("X1", "N", True, DAY)), "C2", 0),
    "a date for an amount": (odd(("X1", "N", DAY, DAY)), "C2", 0),
    "a day that never was": (odd(("X1", "N", 1, "2026-02-30")), "D2", 0),
    "day or month first": (odd(("X1", "N", 1, "05/06/2026")), "D2", 0),
    "a day as a number": (odd(("X1", "N", 1, 46143)), "", 1),
    "a number that is no day": (odd(("X1", "N", 1, 99999999)), "D2", 0),
    "the calendar of 1904": (odd(("X1", "N", 1, DAY), date_1904=True), "", 1),
    "a formula with its value": (odd(("X1", "N", "formula:=60+40:100", DAY)), "", 1),
    "a formula that fails": (odd(("X1", "N", "formula:=1/0:#DIV/0!", DAY)), "C2", 0),
    "a name that looks like a formula": (workbook(HEAD, ("X1", "=cmd|' /C calc'!A0", 1, DAY), options={"strings_to_formulas": False}), "", 1),
    "a text without end": (odd(("X1", "N" * 32000, 1, DAY)), "B2", 0),
    "a code of twenty digits as a number": (odd((12345678901234567890, "N", 1, DAY)), "A2", 0),
    "merged cells": (merged(), "A3", 0),
    "the same heading twice: the first counts": (workbook((*HEAD, "Customer Name"), ("X1", "First", 1, DAY, "Second")), "", 1),
    "a hidden sheet stays out": (two_sheets(hidden=True), "", 1),
    "two sheets of one kind": (two_sheets(hidden=False), "", 2),
    "the same code twice": (odd(("X1", "One", 1, DAY), ("X1", "Two", 1, DAY)), "A3", 0),
    "nothing but a heading": (odd(), "", 0),
}  # fmt: skip
