"""Looking at a workbook before any parser does: a 4.7 KB file with one cell in the last corner costs 40 s otherwise."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import defusedxml.ElementTree as xml
from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _

from backoffice.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_MEMBERS = 200
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 100
MOST_ROWS = 120_000
MOST_COLUMNS = 60
SPARE_ROWS = 1000  # for headings, notes and empty lines beside the rows that count
CHUNK = 1 << 20
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)
FORBIDDEN = re.compile(r"vbaproject|externallinks?/|embeddings/|activex|macrosheets", re.IGNORECASE)
# a row's or a cell's opening; a cell that closes at once holds nothing
MARK = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")
PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)""")
CELL = re.compile(rb"([A-Za-z]{0,3})(\d{1,7})")
TEXTS = re.compile(rb"<(?:\w+:)?sst\b([^>]*)")  # says how many texts follow; a parser makes room for as many as it says
COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\s*(\d+)""")


def check_workbook(content: bytes, name: str) -> list[tuple[int, str]]:
    """Refuse what is no plain workbook of a sane size. Answers (sheet number, cell) of cells that show an Excel error."""
    if len(content) > MOST_BYTES:
        raise Refused(_("«%(name)s» is larger than %(most)d MB.") % {"name": name, "most": MOST_BYTES // 1024**2})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look_inside(archive, name)
    except BROKEN as error:
        raise unsound(name) from error


def unsound(name: str) -> Refused:
    return Refused(
        _("«%(name)s» is not a sound Excel file. Open it in Excel and save it as .xlsx again.") % {"name": name}
    )


def _look_inside(archive: zipfile.ZipFile, name: str) -> list[tuple[int, str]]:
    members = archive.infolist()
    names = {member.filename.replace("\\", "/").casefold() for member in members}
    if "xl/workbook.xml" not in names:
        raise unsound(name)
    if any(FORBIDDEN.search(member) for member in names):
        raise Refused(
            _("«%(name)s» holds macros, links to other files or embedded objects; such files are not taken.")
            % {"name": name}
        )
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or (unpacked > packed * MOST_RATIO and unpacked > CHUNK):
        raise Refused(_("«%(name)s» unpacks to more than a workbook needs and is not taken.") % {"name": name})
    errors: list[tuple[int, str]] = []
    sheets = sorted(
        (m for m in members if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", m.filename.casefold())), key=_number
    )
    for number, member in enumerate(sheets):
        errors += [(number, cell) for cell in _bounds(archive, member, name)]
    for member in members:
        if member not in sheets:  # whatever it is called, the workbook may say that it is a sheet
            for _cell in _bounds(archive, member, name):
                pass
        if member.filename.casefold().endswith((".rels", "workbook.xml", "[content_types].xml")):
            _sound_xml(archive, member, name)
    return errors


def _number(member: zipfile.ZipInfo) -> int:
    return int(re.sub(r"\D", "", member.filename))


def _sound_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """The small parts that say what the others are: no entities, no outside targets."""
    try:
        tree = xml.fromstring(_limited(archive, member), forbid_dtd=True)
    except (xml.ParseError, DefusedXmlException, LookupError) as error:
        raise unsound(name) from error
    for part in tree.iter():
        if part.get("TargetMode") == "External" and not str(part.get("Type", "")).endswith("/hyperlink"):
            raise Refused(
                _("«%(name)s» holds macros, links to other files or embedded objects; such files are not taken.")
                % {"name": name}
            )


def _limited(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        content = stream.read(4 * CHUNK)
        if stream.read(1):
            raise ValueError("a part is larger than it may be")
        return content


def _bounds(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[str]:
    """Go through a sheet's cells without building them: none beyond the limits, and which ones show an error."""
    row = read = 0
    for chunk in _pieces(archive, member):
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
            raise unsound(name)
        read += len(chunk)
        for said in TEXTS.findall(chunk):
            if any(int(number) > member.file_size for number in COUNT.findall(said)):
                raise unsound(name)
        for match in MARK.finditer(chunk):
            what, attributes = match.groups()
            place = PLACE.search(attributes)
            cell = CELL.fullmatch(place[1]) if place else None
            if (place and not cell) or attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
                raise unsound(name)  # a place that is none, or a tag that does not end where it seems to
            if what == b"row":
                row = int(cell[2]) if cell else row + 1
            elif not attributes.endswith(b"/"):
                column, row = (cell[1].decode().upper(), int(cell[2])) if cell and cell[1] else ("", row)
                if row > MOST_ROWS + SPARE_ROWS or (column and _column(column) > MOST_COLUMNS):
                    raise Refused(_beyond(name, f"{column}{row}"))
                if b't="e"' in attributes and column:
                    yield f"{column}{row}"


def _beyond(name: str, cell: str) -> str:
    return _("«%(name)s»: cell %(cell)s lies beyond %(rows)d rows or %(columns)d columns. Delete what stands there, or split the file.") % {
        "name": name, "cell": cell, "rows": MOST_ROWS, "columns": MOST_COLUMNS}  # fmt: skip


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member in pieces that end at the end of a tag; never more than it said it would be."""
    left, rest = min(member.file_size, MOST_UNPACKED), b""
    with archive.open(member) as stream:
        while piece := stream.read(CHUNK):
            left -= len(piece)
            if left < 0:
                raise ValueError("a part is larger than it says")
            cut = (rest + piece).rfind(b">") + 1
            whole, rest = (rest + piece)[:cut], (rest + piece)[cut:]
            if len(rest) > CHUNK:
                raise ValueError("a tag without an end")
            yield whole


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
