"""Somebody's browser, without the pictures: opens pages, reads their forms as they stand, sends them as often as asked."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import Client

from backoffice.people.models import Person

HEADERS = {"HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "en"}


@dataclass
class Form:
    """A form of a page: where it goes, what stands in it."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Forms with their inputs, chosen options and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.open = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self.open)
        name = given.get("name") or ""
        if self.open is None or "disabled" in given:
            return
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            if given.get("type") not in ("file", "submit"):
                self.open.fields[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.open.fields):
            self.open.fields[self.select] = given.get("value") or ""
        elif tag == "textarea":
            self.area = name

    def handle_data(self, text):
        if self.area and self.open is not None:
            self.open.fields[self.area] = self.open.fields.get(self.area, "") + text.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


class Desk:
    """One person signed in; `twin()` is another window of the same browser."""

    def __init__(self, person: Person, client: Client | None = None) -> None:
        self.person, self.client = person, client or Client(**HEADERS)
        if client is None:
            self.client.force_login(person)

    def twin(self) -> "Desk":
        other = Client(**HEADERS)
        other.cookies.update(self.client.cookies)
        return Desk(self.person, other)

    def page(self, address: str) -> str:
        answer = self.client.get(address)
        return answer.content.decode() if answer.status_code == 200 else f"{answer.status_code}"

    def form(self, address: str, of: str = "") -> Form:
        """The posting form of a page that goes to `of` (or to the page itself) and carries a key, as the browser would send it."""
        reader = _Reader()
        reader.feed(self.page(address))
        wanted = of or address
        for form in reader.forms:
            goes_to = form.action or address
            if form.method == "post" and urlsplit(goes_to).path == urlsplit(wanted).path and "once" in form.fields:
                return Form(goes_to, "post", form.fields)
        raise LookupError(f"{address} has no form to {wanted}")

    def send(self, form: Form, **typed: str) -> str:
        """Where the answer leads, or its status."""
        answer = self.client.post(form.action, form.fields | typed)
        return answer.headers.get("Location") or str(answer.status_code)
