"""What a cell holds, as people and Excel write it."""

import datetime
from decimal import Decimal

import pytest

from backoffice.sheets.fields import BadCell, Field, plain_header
from backoffice.sheets.reading import letters, read_tables
from tests.sheets.books import workbook

DAY = datetime.date(2026, 5, 1)


@pytest.mark.parametrize(("kind", "cell", "value"), [
    ("text", 10100.0, "10100"), ("text", 1.5, "1.5"), ("text", "  C 1 ", "C 1"), ("text", "'=1+1", "=1+1"), ("text", "00123", "00123"),
    ("text", "a\x00b", "a b"), ("text", True, "TRUE"), ("text", "两行\n地址", "两行\n地址"), ("text", 1e14, "100000000000000"),
    ("money", 35.29, Decimal("35.29")), ("money", 0.1 + 0.2, Decimal("0.30")), ("money", "1,234.50", Decimal("1234.50")),
    ("money", "１２３４．５", Decimal("1234.50")), ("money", "¥ 12", Decimal("12.00")), ("money", 7, Decimal("7.00")),
    ("price", 35.293871, Decimal("35.293871")), ("quantity", "12.5", Decimal("12.500")), ("int", 12.0, 12),
    ("rate", "13%", Decimal("0.13")), ("rate", 13, Decimal("0.13")), ("rate", 0.13, Decimal("0.13")), ("rate", "１３％", Decimal("0.13")),
    ("points", 2.5, Decimal("0.025")), ("points", "2.5%", Decimal("0.025")),
    ("date", DAY, DAY), ("date", datetime.datetime(2026, 5, 1, 13, 30), DAY), ("date", 46143.0, DAY), ("date", "2026-5-1", DAY),
    ("date", "2026/05/01", DAY), ("date", "2026.5.1", DAY), ("date", "20260501", DAY), ("date", "2026年5月1日", DAY), ("date", "2026-05-01 10:00", DAY),
    ("bool", "是", True), ("bool", "No", False), ("bool", True, True),
])  # fmt: skip
def test_a_cell_becomes_the_value_that_was_meant(kind, cell, value):
    assert Field("x", kind=kind).parse(cell) == value


@pytest.mark.parametrize(("kind", "cell"), [
    ("money", "twelve"), ("money", "NaN"), ("money", float("nan")), ("money", float("inf")), ("money", "1.234"), ("money", -1), ("money", True),
    ("money", DAY), ("money", 1e18), ("int", 1.5), ("date", "5/1/2026"), ("date", "01.05.2026"), ("date", "yesterday"), ("date", 0.5),
    ("date", "2026-02-30"), ("date", datetime.date(1200, 1, 1)), ("text", 12345678901234567890.0), ("text", "x" * 201), ("bool", "maybe"), ("quantity", "1e9999999"),
])  # fmt: skip
def test_a_cell_that_may_mean_two_things_or_nothing_is_refused(kind, cell):
    with pytest.raises(BadCell):
        Field("x", kind=kind).parse(cell)


def test_what_is_below_zero_is_taken_only_where_it_may_be():
    assert Field("x", kind="money", negative=True).parse("(12.50)") == Decimal("-12.50")


def test_headers_are_known_in_any_case_width_and_punctuation():
    assert plain_header("Customer No. *") == plain_header("ｃｕｓｔｏｍｅｒ　no") == "customerno"


def test_dates_of_a_workbook_that_counts_from_1904_are_right():
    table = read_tables("m.xlsx", workbook(("Day",), (DAY,), options={"date_1904": True}))[0]
    assert next(table.rows(0))[1][0] == DAY


def test_rows_end_after_twenty_empty_ones_and_gaps_keep_their_numbers():
    rows = [("Code",), ("A",), (), ("B",), *[()] * 20, ("late",)]
    assert [number for number, _cells in read_tables("g.xlsx", workbook(*rows))[0].rows(0)] == [2, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_and_with_the_signs_that_offices_use(encoding, sign):
    content = f"编码{sign}名称\r\nA{sign}“甲”公司\r\n".encode(encoding)
    table = read_tables("c.csv", content)[0]
    assert table.heading(0) == ["编码", "名称"] and next(table.rows(0)) == (2, ["A", "“甲”公司"])


def test_the_last_line_of_our_own_csv_export_is_no_row():
    table = read_tables("c.csv", "代码,名称\nA,甲\n# 1A2B · 客户\n".encode())[0]
    assert [number for number, _cells in table.rows(0)] == [2]


def test_columns_are_named_as_in_excel():
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_table_that_does_not_begin_in_the_first_corner_keeps_its_lines_and_columns():
    table = read_tables("t.xlsx", workbook((), (), ("", "", "Code"), ("", "", "A")))[0]
    assert table.heading(2) == ["", "", "Code"] and list(table.rows(2)) == [(4, ["", "", "A"])]
