import io
import random
import zipfile

import pytest
from PIL import Image

from backoffice.files.screening import MOST_BYTES, clean_name, screen
from backoffice.refusals import Refused


def picture(kind="PNG", size=(40, 30), **given) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **given)
    return out.getvalue()


def package(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
WORKBOOK = package(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("扫描件.pdf", PDF),
        ("照片.JPG", picture("JPEG")),
        ("a.png", picture()),
        ("a.webp", picture("WEBP")),
        ("book.xlsx", WORKBOOK),
        ("发票.ofd", package(("OFD.xml", b"<ofd/>"))),
        ("list.csv", "客户,金额\n".encode("gb18030")),
    ],
)
def test_what_an_office_keeps_is_taken(name, content):
    assert screen(name, content).content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.html", b"<script>alert(1)</script>"),
        ("data.xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
        ("run.exe", b"MZ\x90\x00"),
        ("run.pdf.exe", PDF),
        ("noextension", PDF),
        (".htaccess", b"Options +Indexes"),
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("page.png", b"<svg onload='alert(1)'/>"),
        ("page.jpg", picture("PNG")),
        ("page.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("page.csv", b"<svg/onload=alert(1)>"),
        ("page.csv", b"a,b\0c"),
        ("book.xlsx", b"PK\x03\x04 broken"),
        ("book.xlsx", package(("OFD.xml", b""))),
        ("macros.xlsx", package(("xl/workbook.xml", b"<w/>"), ("xl/vbaProject.bin", b"x"))),
        ("bomb.xlsx", package(("xl/workbook.xml", b"0" * 20_000_000))),
        ("empty.pdf", b""),
        ("large.pdf", b"%PDF-" + b"0" * MOST_BYTES),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_could_harm_is_refused_in_words(name, content):
    with pytest.raises(Refused) as refused:
        screen(name, content)
    assert len(str(refused.value)) > 20


def test_a_picture_is_painted_anew_so_that_nothing_hides_in_it():
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    sent = picture("JPEG", exif=exif) + b"<script>hidden behind the picture</script>"
    kept = screen("photo.jpg", sent).content
    assert b"SECRET" not in kept and b"script" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_a_picture_that_would_unpack_to_too_much_is_refused():
    with pytest.raises(Refused):
        screen("bomb.png", picture(size=(8000, 8000)))


def test_mutated_files_are_taken_or_refused_but_never_break():
    seed = 20261121
    chance = random.Random(seed)
    for name, whole in [
        ("a.png", picture()),
        ("a.jpg", picture("JPEG")),
        ("a.xlsx", WORKBOOK),
        ("a.pdf", PDF),
        ("a.webp", picture("WEBP")),
    ] * 30:
        content = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            screen(name, bytes(content[: chance.randint(1, len(content))]))
        except Refused:
            continue
        except Exception as error:
            raise AssertionError(f"seed {seed}: {name}") from error


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\报告.xlsx", "报告.xlsx"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\r\nX: text.pdf", "aX_ text.pdf"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_keeps_only_what_is_a_name(given, kept):
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_extension():
    assert clean_name("长" * 400 + ".pdf").endswith(".pdf") and len(clean_name("长" * 400 + ".pdf")) <= 150
