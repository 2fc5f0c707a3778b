"""Files that mean harm, or are broken: refused in words, quickly, before a parser sees them."""

import io
import random
import time
import zipfile

import pytest

from backoffice.refusals import Refused
from backoffice.sheets.reading import read_tables
from backoffice.sheets.safety import MOST_BYTES
from tests.sheets.books import with_part, workbook

GOOD = workbook(("Code", "Name"), ("A", "B"))
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def cell(place: str, row: int) -> str:
    return f'{HEAD}<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{place}"><v>1</v></c></row>{TAIL}'


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
    "a far row whose cells say no place": with_part(GOOD, SHEET, f'{HEAD}<row r="1048576"><c><v>1</v></c></row>{TAIL}'),
    "macros": with_part(GOOD, "xl/vbaProject.bin", b"x"),
    "links to other files": with_part(GOOD, "xl/externalLinks/externalLink1.xml", "<x/>"),
    "an outside target": with_part(GOOD, "xl/_rels/workbook.xml.rels", RELS),
    "embedded objects": with_part(GOOD, "xl/embeddings/oleObject1.bin", b"x"),
    "entities in a sheet": with_part(GOOD, SHEET, ENTITY + HEAD + TAIL),
    "entities in the workbook": with_part(GOOD, "xl/workbook.xml", ENTITY + "<workbook>&b;</workbook>"),
    "a tag without an end": with_part(GOOD, SHEET, HEAD + "<c " + "x" * (3 * 1024 * 1024)),
    "no XML at all": with_part(GOOD, "xl/workbook.xml", b"\xff\xfe\x00nonsense"),
}


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
        f'{HEAD}<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>{TAIL}',
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
        f'{HEAD}<row r="1"><c r="A1" t="str"><v>Code</v></c></row><row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row>{TAIL}',
    )
    assert read_tables("good.xlsx", content)[0].cell_error(2, 0)


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
