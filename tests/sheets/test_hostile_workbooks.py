"""Files that mean harm, or are broken: refused in words, quickly, before a parser sees them."""

import random
import time

import pytest

from backoffice.refusals import Refused
from backoffice.sheets.reading import read_tables
from tests.sheets.books import with_part, workbook
from tests.sheets.hostile import GOOD, HEAD_XML, HOSTILE, SHEET, TAIL, mutated


@pytest.mark.duty("F9")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_workbook_is_refused_in_words_and_quickly(name):
    begin = time.perf_counter()
    with pytest.raises(Refused) as refusal:
        read_tables("bad.xlsx", HOSTILE[name])
    assert "bad.xlsx" in str(refusal.value)
    assert time.perf_counter() - begin < 3


def test_cells_that_only_carry_a_format_far_away_do_no_harm():
    content = with_part(
        GOOD,
        SHEET,
        f'{HEAD_XML}<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>{TAIL}',
    )
    assert read_tables("good.xlsx", content)[0].top[0][0] == 7


@pytest.mark.parametrize("name", ["x.xls", "x.xlsm", "x.ods", "x", "x.xlsx.exe", "x.html"])
def test_other_kinds_of_files_are_not_taken(name):
    with pytest.raises(Refused):
        read_tables(name, GOOD)


@pytest.mark.parametrize("content", [b"\xff\xfe\xfa", b'a,b\n"unclosed', b"a\0b,c", ("x," * 80 + "\n").encode()])
def test_a_csv_that_is_none_is_refused_in_words(content):
    with pytest.raises(Refused):
        read_tables("bad.csv", content)


def test_a_cell_that_shows_an_excel_error_is_known():
    content = with_part(
        GOOD,
        SHEET,
        f'{HEAD_XML}<row r="1"><c r="A1" t="str"><v>Code</v></c></row><row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row>{TAIL}',
    )
    assert read_tables("good.xlsx", content)[0].cell_error(2, 0)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(6))
def test_no_mutation_of_a_workbook_ends_in_a_traceback(seed):
    chance = random.Random(seed)
    content = workbook(("Code", "Name", "Qty"), *[(f"C{n}", f"名{n}", n * 1.5) for n in range(30)])
    for number in range(100):
        try:
            for table in read_tables("m.xlsx", mutated(content, chance)):
                for _row in table.rows(0):
                    pass
        except Refused:
            continue
        except BaseException as error:
            raise AssertionError(f"seed {seed}, mutation {number}") from error
