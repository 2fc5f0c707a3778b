"""Documents on paper whose texts and pictures try to reach files and the network, or to run wild."""

import http.server
import resource
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.urls import reverse

from backoffice.files import pdf
from backoffice.refusals import Refused
from tests.files.test_pdf import PAGE, everything_in
from tests.making_orders import draft_order, make_customer

from ..declare import Outcome, Run, fault
from ..desk import Desk

SECRET = b"canary-7f3a9c"
SECONDS, MEGABYTES = pdf.SECONDS + 10, pdf.MEGABYTES + 200


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that writes down whoever asks it for anything."""
    asked: list[str] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def reaching(target: str) -> list[str]:
    """Ways in which HTML and CSS ask for something that lies elsewhere."""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{target}'/></svg>"
    return [
        f"<img src='{target}'>", f"<link rel=stylesheet href='{target}'>", f"<link rel=attachment href='{target}'>", f"<style>@import url({target})</style>",
        f"<a rel=attachment href='{target}'>x</a>", f"<object data='{target}'></object>", f"<embed src='{target}'>", f"<iframe src='{target}'></iframe>",
        f"<p style='background:url({target})'>x</p>", f"<style>@font-face{{font-family:z;src:url({target})}} p{{font-family:z}}</style><p>x</p>",
        f"<style>li{{list-style-image:url({target})}} p::before{{content:url({target})}}</style><p>x</p><li>x", f"<base href='{target}'><img src='x.png'>",
        f"<img srcset='{target} 2x'>", f"<svg><image href='{target}'/><use href='{target}#a'/></svg>", f"<img src=\"data:image/svg+xml,{svg}\">",
        f"<meta http-equiv=refresh content='0;url={target}'>", f"<input type=image src='{target}'>", f"<link rel=icon href='{target}'>",
    ]  # fmt: skip


def picture(width: int, height: int) -> str:
    """A PNG of a few kilobytes that unpacks to a wall."""

    def part(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(width + 1)) for _row in range(height)) + packer.flush()
    made = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")
    return b64encode(made).decode()


def wild() -> dict[str, str]:
    """What costs time or memory."""
    return {
        "a table of 20,000 rows": "<table>" + "<tr><td>x</td><td>1.00</td></tr>" * 20_000 + "</table>",
        "a table of 540 rows of 60 cells": "<table>" + ("<tr>" + "<td>文字</td>" * 60 + "</tr>") * 540 + "</table>",
        "a cell over a million columns": "<table><tr><td colspan=1000000 rowspan=60000>x</td></tr></table>",
        "3,000 blocks in each other": "<div style='float:left;display:inline-block'>" * 3000 + "x",
        "a word of two million letters": f"<p>{'字' * 2_000_000}</p>",
        "a picture of 30,000 × 30,000": f"<img src='data:image/png;base64,{picture(30_000, 30_000)}'>",
    }


def is_held(html: str) -> tuple[bool, float]:
    """Printed or refused in words, within the limits."""
    began = time.monotonic()
    try:
        pdf.print_html(PAGE % ("", html))
    except Refused:
        pass
    seconds = time.monotonic() - began
    return seconds < SECONDS and resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < MEGABYTES, seconds


@fault(
    12,
    "no file and no address is reached from paper; what runs wild ends within its limits, in words",
    short=10,
    full=100,
    budget=60,
)
def paper_that_reaches_out_or_runs_wild(run: Run) -> Outcome:
    canary = run.place.folder / "canary.txt"
    canary.write_bytes(SECRET)
    with listening() as (server, asked):
        targets = [
            f"file://{canary}",
            f"{server}/a.png",
            "file:///etc/passwd",
            f"asset://press/static/../../../..{canary}",
        ]
        ways = [way for target in targets for way in reaching(target)]
        alone = reaching(targets[0])  # each by itself for a file, all together for the rest
        sample = [*(alone if run.times > 10 else []), *("".join(reaching(target)) for target in targets[1:])]
        leaked = [way for way in sample if leaks(way, run.place.folder)]
        leaked += typed_into_fields(ways, run.place.folder)
    slow, longest = [], 0.0
    for name, html in list(wild().items())[: 2 if run.times <= 10 else None]:
        held, seconds = is_held(html)
        longest = max(longest, seconds)
        slow += [] if held else [f"{name} ({seconds:.0f} s)"]
    bad = len(leaked) + len(asked) + len(slow)
    words = f"{len(ways)} ways to files and the network, {len(asked)} asked; what is huge ended after {longest:.1f} s at most"
    return Outcome(len(sample) + len(wild()), bad, words + "".join(f"; {one}" for one in (*leaked, *slow)))


def leaks(html: str, folder: Path) -> bool:
    """As if a template had forgotten to escape: the press itself has to hold."""
    try:
        made = pdf.print_html(PAGE % ("", html))
    except Refused:
        return False
    inside = made + everything_in(made, folder)
    return SECRET in inside or b"root:x:0" in inside


def typed_into_fields(ways: list[str], folder: Path) -> list[str]:
    """The same in every text of an order, printed by its page: it is text."""
    customer = make_customer(name=ways[0][:100], address="".join(ways[:6])[:200])
    order = draft_order(customer, note="".join(ways), delivery_address=ways[1][:200], delivery_contact=ways[4][:40])
    answer = Desk(order.author).client.get(reverse("orders:order-pdf", args=[order.pk]))
    made = b"".join(answer.streaming_content) if answer.streaming else answer.content
    inside = made + (everything_in(made, folder) if made.startswith(b"%PDF-") else b"")
    return (
        ["an order's fields"] if not made.startswith(b"%PDF-") or SECRET in inside or b"/JavaScript" in inside else []
    )
