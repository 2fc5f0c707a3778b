"""Signing in: what a password may be, who is held off, and when a session ends."""

import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
GOOD, BETTER = "a quiet pond at noon", "eleven geese cross it"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(department):
    somebody = make_person("assistant", department=department, username="lin.mei", name="Lin Mei")
    somebody.set_password(GOOD)
    somebody.save()
    return somebody


def is_in(client: Client) -> bool:
    return LOGIN not in client.get("/").headers.get("Location", "")


def sign_in(client: Client, name: str, password: str):
    return client.post(LOGIN, {"login": name, "password": password})


@pytest.mark.parametrize(
    "password", ["short", "password1234", "lin.mei.2026", "backoffice-2026!", "YouGuang2026!!", "Finance-Manager-1"]
)
def test_a_password_is_long_unknown_and_none_of_our_words(person, settings, password):
    settings.COMPANY_NAME = "YouGuang"
    with pytest.raises(ValidationError):
        validate_password(password, user=person)


@pytest.mark.parametrize(
    "password", [GOOD, "只有我自己知道的一句很长的话", "backoffice is where the herons nest", "x" * 5 + "  " + "é" * 70]
)
def test_any_characters_and_any_length_will_do(person, password):
    validate_password(password, user=person)
    person.set_password(password)
    person.save()
    assert sign_in(Client(), "lin.mei", password[:-1]).status_code == 200
    assert sign_in(Client(), "lin.mei", password.swapcase()).status_code == (
        302 if password.swapcase() == password else 200
    )
    assert sign_in(Client(), "lin.mei", password).status_code == 302


def test_a_password_is_typed_hidden_and_may_be_pasted():
    page = Client().get(LOGIN).content.decode()
    assert 'type="password"' in page and 'autocomplete="current-password"' in page and "onpaste" not in page


def test_a_person_changes_the_password_with_the_old_one(person):
    client = Client()
    sign_in(client, "lin.mei", GOOD)
    address = reverse("account_change_password")
    assert client.get(address).content.decode().count('type="password"') == 3
    client.post(address, {"oldpassword": "wrong", "password1": BETTER, "password2": BETTER})
    person.refresh_from_db()
    assert person.check_password(GOOD)
    client.post(address, {"oldpassword": GOOD, "password1": BETTER, "password2": BETTER})
    person.refresh_from_db()
    assert person.check_password(BETTER)


def test_a_new_password_ends_the_other_sessions(person):
    here, elsewhere = Client(), Client()
    sign_in(here, "lin.mei", GOOD)
    sign_in(elsewhere, "lin.mei", GOOD)
    here.post(reverse("account_change_password"), {"oldpassword": GOOD, "password1": BETTER, "password2": BETTER})
    assert is_in(here) and not is_in(elsewhere)


def test_guessing_locks_the_pair_of_name_and_address(person):
    client = Client()
    for _ in range(8):
        answer = sign_in(client, "lin.mei", "wrong")
    assert answer.status_code in (403, 429)
    assert sign_in(client, "lin.mei", GOOD).status_code in (403, 429)
    assert (
        sign_in(Client(REMOTE_ADDR="192.0.2.7"), "lin.mei", GOOD).status_code == 302
    )  # nobody is locked out from afar


def test_a_wrong_name_and_a_wrong_password_are_told_the_same(person):
    known, unknown = (sign_in(Client(), name, "wrong").content.decode() for name in ("lin.mei", "nobody.here"))
    assert (
        known.replace("lin.mei", "…").split("<form")[1].split("csrf")[0]
        == unknown.replace("nobody.here", "…").split("<form")[1].split("csrf")[0]
    )
    assert 'role="alert"' in known and 'role="alert"' in unknown


def test_signing_in_gives_another_session_key(person):
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, "lin.mei", GOOD)
    assert client.session.session_key != before


def test_an_idle_session_ends(person, settings):
    client = Client()
    sign_in(client, "lin.mei", GOOD)
    assert is_in(client)
    session = client.session
    session["seen_at"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert not is_in(client)
    assert settings.SESSION_IDLE_SECONDS == 30 * 60 and settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert not settings.SESSION_SAVE_EVERY_REQUEST  # else the twelve hours would begin anew with each request


def test_a_session_that_ended_opens_nothing(person):
    client = Client()
    sign_in(client, "lin.mei", GOOD)
    stolen = Client()
    stolen.cookies["sessionid"] = client.session.session_key
    assert is_in(stolen)
    client.post("/accounts/logout/")
    assert not is_in(stolen)


def test_signing_out_clears_the_browser(person):
    client = Client()
    sign_in(client, "lin.mei", GOOD)
    assert '"storage"' in client.post("/accounts/logout/").headers["Clear-Site-Data"]
    assert "Clear-Site-Data" not in Client().get(LOGIN).headers
