"""A session: ends by itself, is listed and can be ended, and costs next to nothing to watch. (Its key: tests/people.)"""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.people.models import Role
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def person():
    return make_person(Role.ASSISTANT, username="mei", password=PASSWORD)


@pytest.fixture
def browser(client, person):
    sign_in(client)
    return client


def sign_in(client, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "mei", "password": password})


def let_pass(client, seconds, *, whole=False):
    """As if the last sign of life (or, whole, the sign-in) lay so long back."""
    session = client.session
    session["begun_at" if whole else "seen_at"] = int(time.time()) - seconds
    session.save()


def is_in(client):
    return client.get("/find/").status_code == 200


def test_a_planted_key_opens_nothing(client, person):
    client.cookies["sessionid"] = "a" * 32
    sign_in(client)
    assert client.session.session_key != "a" * 32 and is_in(client)


def test_half_an_hour_without_a_sign_of_life_ends_it(browser):
    assert is_in(browser)
    let_pass(browser, 29 * 60)
    assert is_in(browser)
    let_pass(browser, 31 * 60)
    assert not is_in(browser) and not is_in(browser)


def test_twelve_hours_after_the_sign_in_it_ends_however_busy(browser):
    is_in(browser)
    let_pass(browser, 12 * 3600 - 60, whole=True)
    assert is_in(browser)
    let_pass(browser, 12 * 3600 + 1, whole=True)
    assert not is_in(browser)


def test_the_packages_own_pages_end_with_it(browser):
    is_in(browser)
    let_pass(browser, 31 * 60)
    assert browser.get("/accounts/password/change/").status_code == 302


def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(browser):
    is_in(browser)
    let_pass(browser, 20 * 60)
    before = browser.session["seen_at"]
    browser.get("/find/", headers={"X-By-Itself": "1"})
    assert browser.session["seen_at"] == before
    is_in(browser)
    assert browser.session["seen_at"] > before


def test_sessions_are_listed_and_the_others_can_be_ended(browser):
    other = Client()
    sign_in(other)
    assert is_in(other) and UserSession.objects.filter(user__username="mei").count() == 2
    page = browser.get("/accounts/sessions/").content.decode()
    assert page.count("127.0.0.1") == 2
    browser.post("/accounts/sessions/")
    assert is_in(browser) and not is_in(other)


def test_somebody_who_may_no_longer_sign_in_is_out_at_once(browser, person):
    assert is_in(browser)
    person.is_active = False
    person.save()
    assert not is_in(browser)


def test_last_seen_is_written_once_a_minute_and_costs_nothing_in_between(browser):
    is_in(browser)
    let_pass(browser, 61)
    first = statements(browser)
    then = statements(browser)
    assert [sql for sql in first if sql.startswith("UPDATE")]
    assert not [sql for sql in then if not sql.startswith("SELECT")]
    assert sum("session" in sql.split("WHERE")[0] for sql in then) == 1, "one read: the session itself"


def statements(client):
    with CaptureQueriesContext(connection) as asked:
        is_in(client)
    return [one["sql"] for one in asked]
