"""A browser that follows every link of the program once: each kind of address, as the person who is signed in."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map((a) => a.href)"
KEYS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}"), "«key»"),
    (re.compile(r"\d{4}(-\w\d\d?|-\d\d)*(?=/)"), "«n»"),
    (re.compile(r"(?<=/)\d+(?=/|$)"), "«n»"),
)
# No page of ours: papers and workbooks, what signs out or is the packages' own.
PASSED_OVER = re.compile(
    r"/(logout|pdf|excel|files|static|delivery-note)/|\.(xlsx|pdf|csv|ics)$|/(pdf|excel)$|export=|format="
)


def kind_of(path: str) -> str:
    """`/orders/17/` and `/orders/18/` are one kind of page."""
    for key, word in KEYS:
        path = key.sub(word, path)
    return path


def links(page: Page, home: str) -> Iterator[str]:
    """The addresses of the program that this page leads to, without their host."""
    for address in page.evaluate(LINKS):
        if address.startswith(home + "/") and not PASSED_OVER.search(address):
            parts = urlsplit(address)
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def walk(page: Page, home: str, seen: set[str], begin: tuple[str, ...] = ("/",)) -> Iterator[str]:
    """Open each kind of page that is not `seen` yet, and say its address while the browser stands there."""
    waiting = list(begin)
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(urlsplit(path).path)
        if kind in seen:
            continue
        seen.add(kind)
        try:
            page.goto(home + path, wait_until="load")
        except Error as error:  # an address that answers with a file is no page
            if "Download is starting" in str(error):
                continue
            raise
        page.wait_for_load_state("networkidle")
        yield path
        waiting += links(page, home)
