"""Rows leave as Excel, CSV and PDF: the page's query and columns, nothing lost, nothing that runs, each written down."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from python_calamine import CalamineWorkbook

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.lists.exports import export, harmless
from backoffice.lists.models import Export
from backoffice.lists.workbook import Plain, Sheet, write_workbook
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.stock.models import Product
from tests.making import ProductFactory
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


class Products(List):
    name = "products-of-the-test"
    title = "Products"
    model = Product
    columns = (
        c.Text("code"),
        c.Text("name"),
        c.Money("list_price", total=True),
        c.Percent("tax_rate"),
        c.Bool("is_active"),
        c.Money("cost_price", roles=(Role.MANAGER,)),
    )
    filters = (f.AmountRange("list_price"), f.Contains("name"))
    default_order = "code"


@pytest.fixture
def boss():
    return make_person(Role.GM)


def read(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.duty("F9")
def test_excel_holds_every_row_of_the_filter_and_says_what_it_is(boss):
    for number in range(130):
        ProductFactory(code=f"P{number:03}", list_price=Decimal("1.10"))
    ProductFactory(code="X", list_price=Decimal("900"))
    shown = Products(boss, "list_price=..500&n=25")
    log, file = export(shown, "xlsx")
    about, rows = read(file.read())
    assert len(rows) == 1 + 130 + 1 and rows[1][:3] == ["P000", Product.objects.get(code="P000").name, 1.1]
    assert rows[-1][2] == pytest.approx(143.0) and log.rows == 130 == shown.count
    said = {str(line[0]): line[1] for line in about if len(line) > 1}
    assert str(boss) in said.values() and log.watermark in said.values() and 130.0 in said.values()
    assert any("500" in str(value) for value in said.values())
    assert all("cost" not in str(text).lower() for text in rows[0])


@pytest.mark.duty("F9")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "＝1", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_stays_text(boss, text):
    ProductFactory(code="A", name=text)
    content = export(Products(boss), "xlsx")[1].read()
    assert read(content)[1][1][1] == text
    lines = list(csv.reader(io.StringIO(export(Products(boss), "csv")[1].read().decode("utf-8-sig"))))
    assert lines[1][1] == "'" + text.replace("\t", "\t'")
    assert lines[1][2] == "113.00" or lines[1][2].startswith("113")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;=1", "a;'=1"),
        ("a, -1", "a,' -1"),
        (" =1", "' =1"),
        ("a\n@x", "a\n'@x"),
        ("\t=1", "'\t'=1"),
        ("A-1;B", "A-1;B"),
        ("x=1", "x=1"),
        (-5, -5),
    ],
)
def test_a_text_is_no_formula_behind_the_field_sign_of_another_country_either(text, written):
    assert harmless(text) == written


@pytest.mark.duty("F9")
def test_each_export_is_logged_and_the_log_cannot_be_changed(boss):
    ProductFactory(name="手套")
    log, file = export(Products(boss, "name=手"), "csv")
    assert log.watermark in file.read().decode("utf-8-sig").splitlines()[-1]
    kept = Export.objects.get()
    assert (kept.person, kept.list_name, kept.format, kept.rows) == (boss, "products-of-the-test", "csv", 1)
    assert kept.query and "手" in kept.words
    for act in (lambda: Export.objects.update(rows=0), lambda: Export.objects.all()._raw_delete(using="default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_pdf_is_for_short_lists_only(boss, monkeypatch):
    ProductFactory(code="A")
    log, file = export(Products(boss), "pdf")
    assert file.read(5) == b"%PDF-" and log.rows == 1
    monkeypatch.setattr("backoffice.lists.exports.PDF_ROWS", 0)
    with pytest.raises(Refused):
        export(Products(boss), "pdf")
    assert Export.objects.count() == 1


def test_the_writer_of_reports_keeps_types_totals_and_several_sheets_apart(boss):
    columns = [Plain("Who"), Plain("Amount", "money"), Plain("Share", "percent")]
    rows = [["甲", Decimal("12.30"), Decimal("0.25")], ["乙", Decimal("-2.30"), None]]
    content = write_workbook(
        [Sheet("A/B", columns, rows, {1: Decimal("10.00")}, [("Period", "2026-05")]), Sheet("A/B", columns, [])],
        by=boss,
        title="Report",
    )
    about, first, second = read(content)
    assert about[0][0] == "Report" and ["Period", "2026-05"] in [line[:2] for line in about]
    assert first[1] == ["甲", 12.3, 0.25] and first[3][1] == 10.0
    assert second == [["Who", "Amount", "Share"]]


def test_a_number_longer_than_excel_can_hold_stays_whole(boss):
    content = write_workbook([Sheet("A", [Plain("N", "number")], [[12345678901234567890]])], by=boss)
    assert read(content)[1][1][0] == "12345678901234567890"
