"""The ways in: guessed passwords, names tried out, addresses that lead elsewhere, forged posts, the second factor."""

import base64
import hashlib
import hmac
import struct
import time

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from backoffice.people.middleware import NEEDS_TOTP
from backoffice.people.models import Role
from tests.access.addresses import address, views
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WITHOUT_TOKEN = {"told:opt-out": "no-mailings/<slug:key>/"}  # sent by mail programs; the secret in it is what counts
SIGN_IN, ACTIVATE = "/accounts/login/", "/accounts/2fa/totp/activate/"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "https:evil.example",
]


@pytest.fixture
def person():
    return make_person(Role.ASSISTANT, username="mei", password=PASSWORD)


def sign_in(client, *, name="mei", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": name, "password": password, **more})


def test_an_unknown_name_costs_as_much_work_as_a_known_one(person, client, monkeypatch):
    """Time is spent on the hash alone: as many of them are made for a name that nobody has."""
    made = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *given, **more: made.append(1) or encode(self, *given, **more))
    counts = []
    for name in ("mei", "nobody"):
        made.clear()
        sign_in(client, name=name, password="wrong")
        counts.append(len(made))
    assert counts[0] == counts[1] > 0


def test_who_is_locked_out_is_told_so_whether_the_name_exists_or_not(person):
    for name in ("mei", "nobody"):
        client = Client()
        answers = [sign_in(client, name=name, password="wrong").status_code for _ in range(9)]
        assert answers[:7] == [200] * 7 and answers[-1] in (403, 429), name


@pytest.mark.parametrize("to", ELSEWHERE)
def test_signing_in_and_out_leads_to_no_other_site(person, client, to):
    for answer in (sign_in(client, next=to), client.post("/accounts/logout/", {"next": to})):
        assert "evil" not in answer.headers.get("Location", "") and "javascript" not in answer.headers["Location"]


def test_the_page_one_wanted_comes_after_the_sign_in(person, client):
    wanted = client.get("/orders/?view=all").headers["Location"]
    assert wanted == "/accounts/login/?next=/orders/%3Fview%3Dall"
    assert sign_in(client, next="/orders/?view=all").headers["Location"] == "/orders/?view=all"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", ""])
def test_a_foreign_host_name_is_answered_by_nobody(client, host):
    assert client.get(SIGN_IN, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "login/code/confirm/"]
)
def test_the_packages_offer_no_way_in_that_is_not_ours(person, client, path):
    sign_in(client)
    for answer in (client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}", {"email": "x@example.com"})):
        assert answer.status_code == 404
    assert not mail.outbox


def test_a_post_without_its_token_changes_nothing_at_any_address():
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(make_person(*Role.values))
    assert list(exempt(get_resolver())) == list(WITHOUT_TOKEN.values())
    for name, (view, keys) in views():
        if hasattr(view, "post") and name not in WITHOUT_TOKEN:
            answer = forger.post(address(name, keys), {"act": "apply"})
            assert answer.status_code == 403 and b"Please send it again" in answer.content, name
    assert forger.post(SIGN_IN, {"login": "mei"}).status_code == 403


def exempt(resolver):
    """Addresses that take a post without a token, the packages' own included."""
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from exempt(entry)
        elif getattr(entry.callback, "csrf_exempt", False):
            yield str(entry.pattern)


@pytest.mark.parametrize("role", Role.values)
def test_who_reviews_or_moves_money_goes_nowhere_without_a_second_factor(client, settings, role):
    settings.REQUIRE_TOTP = True
    client.force_login(make_person(role))
    for answer in (client.get("/find/"), client.post("/me/", {}), client.get("/orders/?export=xlsx")):
        assert (answer.headers.get("Location") == ACTIVATE) == (role in NEEDS_TOTP)


def test_with_the_second_factor_one_is_in_and_its_code_counts_once(settings, monkeypatch):
    settings.REQUIRE_TOTP = True
    make_person(Role.FINANCE, username="mei", password=PASSWORD)
    client, moment = Client(), int(time.time()) // 30
    at(moment, monkeypatch)
    sign_in(client)
    assert "/accounts/reauthenticate/" in client.get(ACTIVATE).headers["Location"], "the password once more"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get(ACTIVATE).context["form"].secret
    assert client.post(ACTIVATE, {"code": "000000"}).status_code == 200
    assert client.post(ACTIVATE, {"code": code_of(secret, moment)}).status_code == 302
    assert client.get("/find/").status_code == 200
    at(moment + 1, monkeypatch)
    for expected in (302, 200):  # the same code a second time, from another browser, answered by another process
        cache.clear()
        other = Client()
        assert "/2fa/authenticate/" in sign_in(other).headers["Location"]
        assert other.get("/find/").status_code == 302, "the password alone opens nothing"
        answer = other.post("/accounts/2fa/authenticate/", {"code": code_of(secret, moment + 1)})
        assert answer.status_code == expected


def at(moment, monkeypatch):
    """The half minute it is for the program."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([moment]))


def code_of(secret, moment):
    """RFC 6238: what the authenticator shows in a half minute."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", moment), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
