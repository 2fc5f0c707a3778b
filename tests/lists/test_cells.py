"""The fast rows of a workbook are the same as the library's own, cell by cell; whatever a text says, it stays text."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from backoffice.lists.cells import write_rows
from backoffice.lists.workbook import FORMATS, Plain, Sheet, open_book, put, write_workbook

VALUES = [
    "plain", " spaced  out ", "a\nb", "tab\there", "<r>bold</r>", "</t></is></c><c r=\"Z1\"><f>1+1</f></c>", "&amp; & < >", "_x0041_", "bell\x07",
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "x" * 40000, "杭州", Decimal("12.30"), Decimal("-0.000001"), Decimal("1E+3"), Decimal("NaN"),
    Decimal("12345678901234567890"), 7, 10**16, 2.5, float("inf"), 1e300, True, False, date(2026, 5, 1), date(1900, 1, 5), date(1850, 1, 1),
    datetime(2026, 5, 1, 17, 30), datetime(2026, 5, 1, 9, 30, tzinfo=UTC), None, "",
]  # fmt: skip


def book_of(rows, *, fast: bool) -> bytes:
    file = io.BytesIO()
    with open_book(file) as book:
        styles = [book.add_format({"num_format": FORMATS["money"]}), book.add_format({"num_format": FORMATS["moment"]})]
        page = book.add_worksheet("S")
        page.write_string(0, 0, "Head")
        if fast:
            dated = book.add_format({"num_format": FORMATS["date"]})._get_xf_index()
            write_rows(page, rows, [0, *(style._get_xf_index() for style in styles)], first=1, dated=dated)
        else:
            for number, row in enumerate(rows, 1):
                for at, value in enumerate(row):
                    put(page, number, at, value, [None, *styles][at])
        page.write_string(len(rows) + 1, 0, "Foot")
    return file.getvalue()


def cells_of(content: bytes):
    page = openpyxl.load_workbook(io.BytesIO(content))["S"]
    return [[(c.value, c.data_type, c.number_format) for c in row] for row in page.iter_rows()]


def test_a_workbook_written_fast_has_the_same_cells_types_and_formats():
    kept = [
        v
        for v in VALUES
        if not (isinstance(v, str) and ("<r>" in v or len(v) > 32767)) and v not in (Decimal("NaN"), float("inf"))
    ]
    rows = [
        (v, v if isinstance(v, Decimal | int) and v == v else 1, v if isinstance(v, datetime) else "")
        for v in kept
        if v == v
    ]
    rows = [row for row in rows if not (isinstance(row[0], date) and row[0].year == 1900)]
    assert cells_of(book_of(rows, fast=True)) == cells_of(book_of(rows, fast=False))


@pytest.mark.duty("F9")
def test_no_value_becomes_a_formula_or_breaks_the_workbook():
    content = book_of([(value, None, None) for value in VALUES], fast=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("S").to_python()
    assert [row[0] for row in read[1:5]] == ["plain", " spaced  out ", "a\nb", "tab\there"]
    assert read[5][0] == "<r>bold</r>" and read[6][0] == VALUES[5] and read[-1][0] == "Foot"
    assert all(cell[1] in "snbdi" for row in cells_of(content) for cell in row)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.text(),
            st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12),
        ),
        max_size=20,
    )
)
def test_any_text_and_any_amount_are_read_again_as_they_were(rows):
    def sound(text: str) -> str:
        return "".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF)

    rows = [(sound(text).replace("\r", ""), amount) for text, amount in rows]
    read = cells_of(book_of([(*row, None) for row in rows], fast=True))[1:-1]
    for (text, amount), line in zip(rows, read, strict=True):
        assert (line[0][0] or "") == text or any(ord(c) < 32 or ord(c) > 0xFFFD for c in text) or "_x" in text
        assert Decimal(str(line[1][0])).quantize(Decimal("0.01")) == amount


def test_the_library_is_not_led_to_take_a_text_for_markup():
    content = write_workbook([Sheet("S", [Plain("A")], [], notes=[("Filter", "<r><t>x</t></r>")])], by=None, title="t")
    about = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert ["Filter", "<r><t>x</t></r> "] in [row[:2] for row in about]
