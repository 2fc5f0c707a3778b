import http.server
import threading
from datetime import timedelta

import pikepdf
import pytest

from backoffice.files import pdf
from backoffice.refusals import Refused

PAGE = "<html><head><meta charset=utf-8><style>body{font-family:'Noto Sans SC'}</style>%s</head><body>%s</body></html>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def everything_in(content: bytes, tmp_path) -> bytes:
    """All streams and attachments of a PDF, unpacked."""
    path = tmp_path / "made.pdf"
    path.write_bytes(content)
    with pikepdf.open(path) as document:
        parts = [bytes(one.read_bytes()) for one in document.objects if isinstance(one, pikepdf.Stream)]
    return b"\n".join(parts)


def test_a_page_with_chinese_becomes_a_pdf_with_our_font():
    made = pdf.print_html(PAGE % ("", "<h1>销售合同</h1>"))
    assert (made.startswith(b"%PDF-") and b"NotoSansSC" in made.replace(b"-", b"").replace(b" ", b"")) or len(
        made
    ) > 3000


@pytest.mark.parametrize(
    "attack",
    [
        ("<link rel=attachment href='file:///etc/passwd'>", ""),
        ("<link rel=stylesheet href='file:///etc/passwd'>", ""),
        ("", "<img src='file:///etc/passwd'>"),
        ("<link rel=attachment href='asset://press/static/../../../../etc/passwd'>", ""),
        ("<link rel=attachment href='asset://press/static/%2e%2e/%2e%2e/manage.py'>", ""),
        ("<link rel=attachment href='/static/../manage.py'>", ""),
        ("<link rel=attachment href='/static/css/../../backoffice/settings.py'>", ""),
        ("<style>@import url(file:///etc/passwd)</style>", ""),
        ("", "<a rel=attachment href='file:///etc/passwd'>x</a>"),
        (
            "",
            "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>\">",
        ),
        ("<link rel=attachment href='data:text/plain,root:x:0:0'>", ""),
    ],
)
def test_no_way_leads_to_a_file_that_is_none_of_ours(attack, tmp_path):
    made = pdf.print_html(PAGE % (attack[0], f"<p>ok</p>{attack[1]}"))
    inside = everything_in(made, tmp_path)
    for secret in (b"root:x:0", b"DJANGO_SETTINGS", b"SECRET_KEY"):
        assert secret not in made and secret not in inside


def test_the_press_asks_nobody_on_the_network():
    asked = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    pdf.print_html(PAGE % (f"<link rel=stylesheet href='{here}/a.css'>", f"<img src='{here}/b.png'>"))
    server.shutdown()
    server.server_close()
    assert asked == []


def test_our_own_styles_are_found_by_their_ordinary_address():
    card = "<div class=card>x</div>"
    sheets = "".join(f"<link rel=stylesheet href='/static/css/{name}.css'>" for name in ("tokens", "parts"))
    assert pdf.print_html(PAGE % ("", card)) != pdf.print_html(PAGE % (sheets, card))


def test_the_same_content_is_printed_once(monkeypatch):
    html = PAGE % ("", "<p>once</p>")
    first = pdf.print_html(html)
    monkeypatch.setattr(pdf._press, "print", lambda _html: pytest.fail("printed twice"))
    assert pdf.print_html(html) == first


def test_a_document_that_is_too_long_is_offered_as_excel():
    with pytest.raises(Refused, match="Excel"):
        pdf.print_html(PAGE % ("", "<table>" + "<tr><td>x</td></tr>" * 700 + "</table>"))


def test_a_document_that_runs_wild_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 3)
    monkeypatch.setattr(pdf, "_press", pdf._Press())
    deep = "<div style='display:inline-block;float:left'>" * 250 + "x" + "</div>" * 250
    with pytest.raises(Refused):
        pdf.print_html(PAGE % ("", (deep + "<p>文</p>") * 800))


def test_after_a_document_that_failed_the_next_is_printed():
    press = pdf._Press()
    assert press.print(PAGE % ("", "before")).startswith(b"%PDF-")
    standing = press._process
    assert press.print(PAGE % ("", "again")).startswith(b"%PDF-") and press._process is standing
    standing.kill()
    standing.wait()
    assert press.print(PAGE % ("", "after")).startswith(b"%PDF-") and press._process is not standing
    press._process.kill()


def test_without_pango_there_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(pdf, "_press", pdf._Press())
    monkeypatch.setattr(pdf, "PRESS", pdf.PRESS.with_name("nowhere.py"))
    real = pdf.subprocess.Popen
    monkeypatch.setattr(pdf, "_fingerprint", lambda _html: "x")
    monkeypatch.setattr(pdf.subprocess, "Popen", lambda _command, **given: real(["/bin/sh", "-c", "exit 3"], **given))
    with pytest.raises(Refused, match="libpango"):
        pdf.print_html(PAGE % ("", "x"))


def test_the_press_knows_no_secret(monkeypatch):
    seen = {}
    real = pdf.subprocess.Popen

    def note(command, **given):
        seen.update(given["env"])
        return real(command, **given)

    monkeypatch.setattr(pdf.subprocess, "Popen", note)
    monkeypatch.setattr(pdf, "_press", pdf._Press())
    pdf.print_html(PAGE % ("", "<p>secrets</p>"))
    assert seen and not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} & set(seen)


def test_what_was_printed_long_ago_goes_and_is_printed_anew():
    html = PAGE % ("", "<p>old</p>")
    pdf.print_html(html)
    assert pdf.remove_old_prints() == 0
    assert pdf.remove_old_prints(timedelta(seconds=-5)) == 1
    assert pdf.print_html(html).startswith(b"%PDF-")
