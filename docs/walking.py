"""A browser that follows every link of the program once: each kind of address, as the person who is signed in."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map((a) => a.href)"
# No page: what signs out, papers, workbooks and files, and parts that a page asks for itself.
FETCHES = "[hx-trigger], [data-echarts]"  # what asks for a part of itself after the page has come
PASSED_OVER = re.compile(r"/(logout|files|static|excel|pdf|timeline)/|\.(xlsx|pdf|csv|ics)(\?|$)|[?&](export|format)=")


def kind_of(path: str) -> str:
    """The name of the address: `/orders/17/` and `/orders/18/` are one kind of page, each step is one of its own."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return path
    return " ".join([found.view_name, *([found.kwargs["step"]] if "step" in found.kwargs else [])])


def links(page: Page, home: str) -> Iterator[str]:
    """The addresses of the program that this page leads to, without their host."""
    for address in page.evaluate(LINKS):
        if address.startswith(home + "/") and not PASSED_OVER.search(address):
            parts = urlsplit(address)
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def walk(page: Page, home: str, seen: set[str], begin: tuple[str, ...] = ("/",)) -> Iterator[str]:
    """Open each kind of page that is not `seen` yet, and say its address while the browser stands there."""
    waiting, again = list(begin), {kind_of(path) for path in begin}
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in seen and kind not in again:
            continue
        seen.add(kind)
        again.discard(kind)
        try:
            page.goto(home + path, wait_until="load")
        except Error as error:  # an address that answers with a file is no page
            if "Download is starting" in str(error):
                continue
            raise
        if page.locator(FETCHES).count():
            page.wait_for_load_state("networkidle")
        yield path
        waiting += links(page, home)
