"""The list in a real browser: until it has loaded, and what went over the wire; with nothing kept and with what is kept."""

import os
import shutil
import statistics
import time
from typing import Any

from django.db import connection
from playwright.sync_api import sync_playwright

from benchmarks.measuring import Reading, row
from benchmarks.web import Browser

LIST = "/orders/?view=all"
VISITS = 7


def visit(page: Any) -> tuple[float, float]:
    """Milliseconds until the page has loaded, and the kB that went over the wire for it."""
    wire: list[float] = []
    tap = page.context.new_cdp_session(page)
    tap.send("Network.enable")
    tap.on("Network.loadingFinished", lambda told: wire.append(told["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(os.environ["BENCH_URL"] + LIST, wait_until="load")
    took = (time.perf_counter() - began) * 1000
    tap.detach()
    return took, sum(wire) / 1000


def opened(browser: Any, cookies: list[Any], *, again: bool, bare: bool = False) -> tuple[float, float]:
    """Medians over some visits, each in a browser that has nothing kept; `again`: the second visit of each."""
    taken = []
    for _turn in range(VISITS):
        with browser.new_context(java_script_enabled=not bare, viewport={"width": 1440, "height": 900}) as context:
            context.add_cookies(cookies)
            page = context.new_page()
            if bare:
                page.route("**/static/**", lambda route: route.abort())
            first = visit(page)
            taken.append(visit(page) if again else first)
    return statistics.median(took for took, _kb in taken), statistics.median(kb for _took, kb in taken)


def in_a_browser(load: Any, *, again: bool, most: float) -> Reading:
    jar = Browser(load.person("gm")).jar
    cookies = [{"name": name, "value": value, "url": os.environ["BENCH_URL"]} for name, value in jar.items()]
    connection.close()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        took, kb = opened(browser, cookies, again=again)
        bare, _kb = opened(browser, cookies, again=again, bare=True)
        browser.close()
    return Reading(took, {"its HTML without styles and scripts": bare}, f"{kb:.0f} kB, at most {most:g} wanted")


@row("list in the browser, warm", goal=150, in_short=False)
def warm(load: Any) -> Reading:
    return in_a_browser(load, again=True, most=40)


@row("list in the browser, first visit", goal=400, in_short=False)
def first_visit(load: Any) -> Reading:
    return in_a_browser(load, again=False, most=350)
