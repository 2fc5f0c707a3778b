"""The baselines of pages: the same statements, the same number of cells, one plain template, behind the same middleware."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import include, path

from backoffice.lists.columns import walk
from backoffice.lists.declared import List
from benchmarks.measuring import Work, recorded

TABLE = "<!doctype html><title>plain</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>\n{% endfor %}</table>"
PLAIN: dict[str, Callable[[], list[list[Any]]]] = {}


_template: Template | None = None


def plain(request: HttpRequest, name: str) -> HttpResponse:
    """What a trivial view would do with the rows."""
    global _template
    _template = _template or Template(TABLE)
    return HttpResponse(_template.render(Context({"rows": PLAIN[name]()})))


urlpatterns = [path("benchmarks/<path:name>", plain), path("", include("backoffice.urls"))]


def seen_by(person: Any, **headers: str) -> Client:
    """A browser signed in as this person."""
    client = Client(headers={"accept-language": "zh-hans", **headers})
    client.force_login(person)
    return client


def asked(client: Client, url: str) -> HttpResponse:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answers {answer.status_code}")
    return answer


def replay(statements: list[tuple[str, Any]]) -> list[list[Any]]:
    """Run statements again; their rows one after another."""
    rows: list[list[Any]] = []
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                rows += map(list, cursor.fetchall())
    return rows


def page(client: Client, url: str, *, grows: str = "") -> Work:
    """A page against its own reading statements with as many cells, and against those statements alone."""
    PLAIN["nothing"] = list
    asked(client, url)
    with recorded() as frame:
        asked(client, "/benchmarks/nothing")
    with recorded(lambda sql: sql.lstrip().startswith(("SELECT", "WITH"))) as said:
        answer = asked(client, url)
    always = {sql for sql, _params in frame}
    own = [(sql, params) for sql, params in said if sql not in always]
    cells = len(re.findall(rb"<t[dh]|<dd", answer.content))
    return _work(client, url, own, lambda: cut(replay(own), cells), grows)


def cut(rows: list[list[Any]], cells: int) -> list[list[Any]]:
    """No more cells than the page shows."""
    each = max(1, cells // max(1, len(rows)))
    return [row[:each] for row in rows]


def list_page(client: Client, url: str, declared: type[List], person: Any, *, grows: str = "") -> Work:
    """A list page against a plain view that asks the ORM for the same rows and prints the same cells."""
    query = url.partition("?")[2]

    def rows() -> list[list[Any]]:
        shown = declared(person, query)
        paths = [tuple(column.path.split("__")) for column in shown.shown]
        total = list((shown.glimpse if shown.is_many else shown.figures).values())
        return [*([walk(row, names) for names in paths] for row in shown.on_page()), total]

    with recorded() as own:
        rows()
    return _work(client, url, own, rows, grows)


def _work(
    client: Client, url: str, own: list[tuple[str, Any]], rows: Callable[[], list[list[Any]]], grows: str
) -> Work:
    name = re.sub(r"\W+", "-", url).strip("-") or "home"
    PLAIN[name] = rows
    return Work(
        ours=lambda: asked(client, url),
        baselines={"plain view": lambda: asked(client, f"/benchmarks/{name}"), "its SQL": lambda: replay(own)},
        grows=(lambda: asked(client, grows)) if grows else None,
    )
