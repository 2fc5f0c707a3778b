"""A forgotten password, a first password, a lost telephone: a link that works once, for a day, and never an administrator's choice."""

import datetime
import re
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import tokens
from django.test import Client

from backoffice.audit.models import Event
from backoffice.control.accounts import send_password_link
from backoffice.outbox.models import Message
from backoffice.people.models import Role
from backoffice.refusals import Refused
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
OLD, NEW = "a quiet pond at noon", "eleven geese cross it"


@pytest.fixture
def mei():
    return make_person(Role.ASSISTANT, username="mei", password=OLD)


@pytest.fixture
def link(mei, administrator):
    """The path of the link as the mail carries it."""
    with mock.patch("backoffice.outbox.services.wake"):
        send_password_link(mei, by=administrator)
    found = re.search(r'href="(http[^"]+/password/reset/key/[^"]+)"', Message.objects.get(person=mei).html)
    return found[1].removeprefix("http://127.0.0.1:8000")


def sign_in(password):
    client = Client()
    return client.post("/accounts/login/", {"login": "mei", "password": password}).status_code == 302


def choose(path, password=NEW):
    client = Client()
    form = client.get(path)
    if form.status_code != 302:
        return form
    assert path not in form.headers["Location"], "the key does not stay in the address"
    return client.post(form.headers["Location"], {"password1": password, "password2": password})


def test_the_link_lets_its_person_choose_a_password_once(mei, link):
    assert not sign_in(OLD), "the old one opens nothing from the moment of the link"
    assert choose(link).status_code == 302 and sign_in(NEW)
    assert b"password1" not in choose(link, OLD).content and not sign_in(OLD)


def test_a_weak_password_is_refused_behind_the_link_too(mei, link):
    assert choose(link, "password1234").status_code == 200 and not sign_in("password1234")
    assert choose(link).status_code == 302, "the link is still good after a refusal"


def test_after_a_day_the_link_opens_nothing(mei, link, settings, monkeypatch):
    now = tokens.PasswordResetTokenGenerator._now
    for hours, opens in ((23, True), (25, False)):
        later = lambda self, hours=hours: now(self) + datetime.timedelta(hours=hours)  # noqa: E731
        monkeypatch.setattr(tokens.PasswordResetTokenGenerator, "_now", later)
        assert (Client().get(link).status_code == 302) is opens


def test_a_second_link_makes_the_first_one_worthless(mei, link, administrator):
    with mock.patch("backoffice.outbox.services.wake"):
        send_password_link(mei, by=administrator)
    assert Client().get(link).status_code == 200 and Message.objects.filter(person=mei).count() == 2


def test_whoever_is_signed_in_with_the_old_password_is_out(mei, administrator):
    theirs = Client()
    theirs.force_login(mei)
    assert theirs.get("/find/").status_code == 200
    with mock.patch("backoffice.outbox.services.wake"):
        send_password_link(mei, by=administrator)
    assert theirs.get("/find/").status_code == 302


def test_the_second_factor_stays_unless_the_telephone_is_lost(mei, administrator):
    Authenticator.objects.create(user=mei, type="totp", data={"secret": "x"})
    with mock.patch("backoffice.outbox.services.wake"):
        send_password_link(mei, by=administrator)
        assert Authenticator.objects.filter(user=mei).exists()
        send_password_link(mei, by=administrator, lost_factor=True)
    assert not Authenticator.objects.filter(user=mei).exists()
    assert "telephone" in Event.objects.filter(step="send_password_link").latest("pk").note


def test_only_an_administrator_sends_it_and_only_to_somebody_who_may_sign_in(mei, gm, administrator):
    with pytest.raises(Refused, match="administrator"):
        send_password_link(mei, by=gm)
    mei.is_active = False
    mei.save()
    with pytest.raises(Refused, match="locked"):
        send_password_link(mei, by=administrator)
