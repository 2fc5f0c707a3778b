"""Who may do what: every address × method × role × own, another's and missing. An address without a row fails.

`matrix.csv` says of each address the roles that may open it; whether it takes a post; and where it has a key, the roles
that find one's own house's paper behind it («own») and those that find a stranger's («others»). What is refused is
refused alike by page, fragment, file and post, and has not touched a row of the database.
"""

import csv
import logging
import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.urls import resolve

from backoffice.people.models import Role
from tests.access.addresses import MATRIX, address, path_of, views
from tests.access.conftest import undone

pytestmark = pytest.mark.duty("F9")
VIEWS = dict(views())
METHODS = ("get", "head", "post")
OPENED = {200, 302, 400, 422}  # shown, sent on, or shown again with what is wrong
REFUSED = {403, 404}
NOT_NOW = {403, 404, 409}  # the right person, but not this act, not with these words, not in this state
LEADS = re.compile(r'<(?:a|tr|li|div|button)\b[^>]*?\s(?:href|data-href|hx-get)="(/[^"#]*)')
TYPED = {"note": "x", "act": "apply", "agree": "1", "ids": "1"}


class Row:
    """One line of the matrix."""

    def __init__(self, given):
        self.name, self.takes_post = given["address"], given["post"] == "yes"
        self.roles, self.own, self.others = (set(given[column].split()) for column in ("roles", "own", "others"))

    def may(self, role):
        return bool(self.roles & {role, "everyone"})

    def finds(self, role, whose):
        """Whether the address opens for the role with this key; without a key there is nothing to find."""
        if whose == "none":
            return self.may(role)
        return self.may(role) and role in {"own": self.own, "anothers": self.others, "missing": set()}[whose]


with MATRIX.open(encoding="utf-8") as _file:
    ROWS = {row["address"]: Row(row) for row in csv.DictReader(_file)}


@pytest.fixture(autouse=True)
def without_a_log():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_has_its_row_and_says_the_same():
    found = {name: {str(getattr(role, "value", role)) for role in view.roles} for name, (view, _keys) in views()}
    assert found == {name: row.roles for name, row in ROWS.items()}
    assert {name for name, (view, _keys) in views() if hasattr(view, "post")} == {
        name for name, row in ROWS.items() if row.takes_post
    }


def test_no_address_knows_other_methods_and_a_head_is_a_get():
    for name, (view, _keys) in views():
        assert set(view.http_method_names) <= set(METHODS) and not hasattr(view, "head"), name


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(asked, caller, method):
    caller.force_login(asked.people["gm"])
    before = touched()
    for name, row in ROWS.items():
        if row.may("gm"):
            answer = getattr(caller, method)(address(name, VIEWS[name][1]))
            assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) <= {"GET", "HEAD", "POST"}, (
                name
            )
    assert touched() == before


@pytest.mark.parametrize("role", Role.values)
def test_pages_files_and_fragments_open_as_the_row_says(asked, caller, role):
    caller.force_login(asked.people[role])
    wrong, led = [], {}
    for row, whose, path in paths(asked, role):
        page, fragment = caller.get(path), caller.get(path, headers={"HX-Request": "true"})
        for answer, what in ((page, "page"), (fragment, "fragment")):
            only_posted = answer.status_code == 405 and row.takes_post
            good = OPENED if row.finds(role, whose) else REFUSED
            if answer.status_code not in good and not only_posted:
                wrong.append((row.name, whose, what, answer.status_code))
        led |= {name: (row.name, to) for name, to in led_to(page)}
    assert not wrong
    closed = {name: led[name] for name in led if caller.get(led[name][1]).status_code not in OPENED}
    assert not closed


@pytest.mark.parametrize("role", Role.values)
def test_a_post_does_what_the_row_says_and_a_refused_one_touches_nothing(asked, caller, role):
    caller.force_login(asked.people[role])
    caller.get("/find/")  # «last seen» is written now, not by the first post
    wrong, before = [], touched()
    for row, whose, path in paths(asked, role):
        with undone():
            status = caller.post(path, TYPED).status_code
            after = touched()
        allowed = row.takes_post and row.finds(role, whose)
        good = OPENED | NOT_NOW if allowed else REFUSED if row.takes_post else REFUSED | {405}
        if status not in good or (not allowed and after != before):
            wrong.append((row.name, whose, status, "changed something" if after != before else ""))
        before = after
    assert not wrong


def test_nobody_does_anything_without_signing_in(asked, caller):
    before = touched()
    for name, (_view, keys) in views():
        own = path_of(name, asked.own["gm"][name]) if keys else address(name, keys)
        if not own.startswith(("/public/", "/healthz", "/readyz")):
            for answer in (caller.get(own), caller.head(own), caller.post(own, TYPED)):
                assert answer.status_code == 302, (name, answer.status_code)
                assert answer.headers["Location"].startswith("/accounts/login/"), name
            fragment = caller.get(own, headers={"HX-Request": "true"})
            assert fragment.status_code == 401 and not fragment.content, name
    assert touched() == before


def test_a_list_shows_only_rows_that_open(asked, caller):
    for role in ("assistant", "salesperson"):
        caller.force_login(asked.people[role])
        for name in (
            "contracts:contract",
            "orders:order",
            "shipments:shipment",
            "invoices:invoice",
            "customers:customer",
        ):
            page = caller.get(path_of(f"{name.split(':')[0]}:list", {}) + "?view=all").content.decode()
            assert f'"{path_of(name, asked.own[role][name])}"' in page, (role, name)
            assert f'"{path_of(name, asked.anothers[name])}"' not in page, (role, name)


def led_to(answer):
    """(name, address) of what a page's links and fragments ask for; the packages' own pages are no row of the matrix."""
    if answer.streaming or answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return
    for to in {unescape(found) for found in LEADS.findall(answer.content.decode())}:
        name = resolve(urlsplit(to).path).view_name
        if name in ROWS:
            yield name, to


def paths(world, role):
    """(row, whose key, address) of everything there is to ask."""
    for name, (_view, keys) in VIEWS.items():
        if not keys:
            yield ROWS[name], "none", address(name, keys)
            continue
        yield ROWS[name], "own", path_of(name, world.own[role][name])
        if ROWS[name].may(role):  # else the key is never looked at
            yield ROWS[name], "anothers", path_of(name, world.anothers[name])
            yield ROWS[name], "missing", address(name, keys)


def touched():
    """How many rows were written since the transaction began, taken back or not; sessions are no business."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
            WHERE relname NOT IN ('django_session', 'usersessions_usersession') AND relname NOT LIKE 'axes_%%'
        """)
        return cursor.fetchone()[0]
