"""People over HTTP: a session each, one connection, forms that carry what the page gave them."""

import http.client
import importlib
import re
import uuid
from dataclasses import dataclass
from html.parser import HTMLParser
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from backoffice.people.models import Person

TOKEN = "f" * 32  # the form's token and the cookie's are the same: that is all the middleware asks


class Away(Exception):
    """The server did not answer, or not to the end."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    text: str
    seconds: float

    @property
    def pk(self) -> int:
        """The document that the answer leads to."""
        return int(next(part for part in reversed(self.location.split("/")) if part.isdigit()))


def words_of(answer: "Answer") -> str:
    """What the page says is wrong, without its markup."""
    found = re.findall(r'class="[^"]*(?:error|refus|tone-bad)[^"]*"[^>]*>(.*?)</', answer.text, re.S)
    return " · ".join(" ".join(re.sub("<[^>]*>", " ", part).split()) for part in found)[:300]


UNASKED = ("checkbox", "radio", "submit", "file")  # not sent as they stand


class Forms(HTMLParser):
    """The forms of a page, each with what its fields hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = [{}]
        self.select = ""
        self.feed(text)

    def carrying(self, name: str) -> dict[str, str]:
        """The last form that has such a field."""
        return next((form for form in reversed(self.forms) if name in form), {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.forms[-1]):
            self.forms[-1][self.select] = given.get("value", "")
        elif (
            tag in ("input", "textarea")
            and given.get("name")
            and (given.get("type") not in UNASKED or "checked" in given)
        ):
            self.forms[-1][given["name"]] = given.get("value", "")


class Browser:
    """One person at the program; signed in beforehand, since signing in has its own tests."""

    def __init__(self, port: int, person: Person) -> None:
        self.port, self.person = port, person
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **asked: Any) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(asked)}" if asked else path)

    def post(self, path: str, **typed: Any) -> Answer:
        """Send a form, followed nowhere."""
        return self._ask("POST", path, urlencode({**typed, "csrfmiddlewaretoken": TOKEN}))

    def draft(self, path: str, **typed: Any) -> Answer:
        """Have a sheet computed while it is typed."""
        return self._ask("POST", path, urlencode({**typed, "csrfmiddlewaretoken": TOKEN}), {"HX-Draft": "compute"})

    def step(self, pk: int, name: str, **typed: Any) -> Answer:
        """Open the step's page, look at it, send it as it was seen."""
        return self._after_looking(f"/documents/{pk}/{name}/", typed)

    def review(self, pk: int, name: str) -> Answer:
        return self._after_looking(f"/documents/{pk}/review/", {"step": name})

    def _after_looking(self, path: str, typed: dict[str, Any]) -> Answer:
        seen = Forms(self.get(path).text).carrying("once")
        return self.post(path, **{**seen, **typed})

    def _ask(self, method: str, path: str, body: str | None = None, more: dict[str, str] | None = None) -> Answer:
        headers = {**(more or {}), "Cookie": self.cookie, "Host": f"127.0.0.1:{self.port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = perf_counter()
        try:
            answer, text = self._once(method, path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self._hang_up()
            raise Away(str(error)) from error
        return Answer(answer.status, answer.headers.get("Location", ""), text, perf_counter() - began)

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[Any, str]:
        """A form goes over a connection of its own, for it is sent once; a page over the old one, while the server keeps it."""
        for is_fresh in (False, True) if self.connection and body is None else (True,):
            if is_fresh:
                self._hang_up()
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            assert self.connection is not None
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer, answer.read().decode(errors="replace")
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                if is_fresh:
                    raise
        raise AssertionError

    def _hang_up(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def session_of(person: Person) -> str:
    """A session as the sign-in leaves it; its key."""
    session = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def order_form(customer: Any, products: list[Any], warehouse: Any, **more: Any) -> dict[str, Any]:
    """An order as it is typed: the customer, and for each product a line of 1, 2, 3 … pieces."""
    head = {
        "party": customer.party_id, "dated_on": timezone.localdate(), "term": customer.term_id, "includes_tax": "yes",
        "warehouse": warehouse.pk,
        "once": uuid.uuid4(),
    }  # fmt: skip
    lines: dict[str, Any] = {"lines-count": len(products)}
    for number, product in enumerate(products):
        lines |= {f"lines-{number}-key": f"n{number}", f"lines-{number}-product": product.code}
        lines |= {f"lines-{number}-quantity": number + 1}
    return {**head, **lines, **more}
