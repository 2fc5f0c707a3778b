"""Over HTTP, in the processes of production: orders a second with four clients, and what the web processes hold in memory."""

import os
import statistics
import threading
import time
import uuid
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone

from benchmarks.measuring import Reading, row

CLIENTS, SECONDS = 4, 8


class Browser:
    """One signed-in client with a connection that stays open."""

    def __init__(self, person: Any) -> None:
        where = urlsplit(os.environ["BENCH_URL"])
        self.http = HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=30)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        request = HttpRequest()
        token = get_token(request)
        self.token = token
        self.jar = {
            settings.SESSION_COOKIE_NAME: session.session_key,
            settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"],
        }
        self.cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def ask(self, path: str, form: dict[str, Any] | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookies, "Accept-Language": "zh-hans"}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.http.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.http.getresponse()
        return answer.status, answer.read()


def order_form(load: Any) -> dict[str, Any]:
    customer = load.buyer
    typed: dict[str, Any] = {
        "party": customer.pk, "dated_on": timezone.localdate().isoformat(), "term": customer.term_id, "warehouse": load.warehouse.pk,
        "includes_tax": "yes", "lines-count": 5, "once": str(uuid.uuid4()), "then": "submit",
    }  # fmt: skip
    for index, product in enumerate(load.products[:5]):
        typed |= {f"lines-{index}-product": product.code, f"lines-{index}-quantity": "2", f"lines-{index}-key": f"n{index}",
                  f"lines-{index}-typed": "product quantity"}  # fmt: skip
    return typed


def together(browsers: list[Browser], act: Any, seconds: float) -> tuple[int, float, list[float]]:
    """Everybody does it again and again; how often it was done, in which time, and what each took in milliseconds."""
    taken: list[float] = []
    until = time.monotonic() + seconds

    def work(browser: Browser) -> None:
        while time.monotonic() < until:
            began = time.perf_counter()
            act(browser)
            taken.append((time.perf_counter() - began) * 1000)

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken), time.monotonic() - began, taken


@row("orders a second over HTTP, 4 clients", goal=60, unit="/s", more_is_better=True, in_short=False)
def orders_a_second(load: Any) -> Reading:
    browsers = [Browser(load.person("assistant")) for _ in range(CLIENTS)]
    form = order_form(load)
    connection.close()

    def order(browser: Browser) -> None:
        status, words = browser.ask("/orders/new/", {**form, "once": str(uuid.uuid4())})
        if status != 302:
            raise RuntimeError(f"an order was answered with {status}: {words[:300]!r}")

    def health(browser: Browser) -> None:
        browser.ask("/healthz")

    together(browsers, order, 1)
    done, seconds, taken = together(browsers, order, SECONDS)
    empty, short, _times = together(browsers, health, 2)
    remark = f"median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms" if taken else ""
    return Reading(done / seconds, {"requests that do nothing": empty / short}, remark)


def proportional_memory() -> float:
    """PSS of the web's processes in MB: shared pages are counted once."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/smaps_rollup"):
        try:
            if (
                b"backoffice.wsgi" in (status.parent / "cmdline").read_bytes()
                and environment(status.parent) == os.environ["BENCH_URL"]
            ):
                total += next(
                    int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("Pss:")
                )
        except (OSError, StopIteration):
            continue
    return total / 1024


def environment(process: Path) -> str:
    said = dict(part.partition(b"=")[::2] for part in (process / "environ").read_bytes().split(b"\0"))
    return said.get(b"BENCH_URL", b"").decode()


@row("memory of the web while lists are read", goal=220, unit="MB", in_short=False)
def memory(load: Any) -> Reading:
    at_rest = proportional_memory()
    browsers = [Browser(load.person("gm")) for _ in range(CLIENTS)]
    connection.close()
    reached = []
    for _minute in range(3):
        together(browsers, lambda browser: browser.ask("/orders/?view=all"), 4)
        reached.append(proportional_memory())
    return Reading(
        max(reached), {"before": at_rest}, "after each third: " + ", ".join(f"{value:.0f}" for value in reached)
    )
