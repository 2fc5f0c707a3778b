from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from backoffice.outbox import notices, selectors
from backoffice.outbox.models import MailWish, Message, Notification, Preference
from backoffice.outbox.topics import TOPICS, topic
from backoffice.people.models import Role
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def coffee():
    yield topic("coffee", "Coffee", "Coffee is ready, says %(by)s (%(cups)s cups)", mail=MailWish.NEVER)
    del TOPICS["coffee"]


@pytest.mark.duty("O2")
def test_a_role_is_told_each_person_once_and_not_the_one_who_acted(coffee, finance):
    other = make_person(Role.FINANCE, Role.GM)
    assert notices.notify([Role.FINANCE, Role.GM, other], coffee, by=finance, cups=2) == 1
    notice = Notification.objects.get()
    assert notice.person == other and notice.text == f"Coffee is ready, says {finance} (2 cups)"


def test_who_has_left_is_not_told(coffee, finance):
    finance.is_active = False
    finance.save()
    assert notices.notify(Role.FINANCE, "coffee", cups=1) == 0


def test_the_bell_counts_what_is_unread(coffee, finance, gm):
    notices.notify([finance, gm], "coffee", cups=1)
    notices.notify(finance, "coffee", cups=2)
    assert selectors.bell(finance).unread == 2 and selectors.bell(gm).unread == 1
    assert notices.mark_read(finance) == 2
    assert selectors.bell(finance).unread == 0 and selectors.bell(gm).unread == 1


def test_a_copy_goes_by_mail_to_whoever_wishes_it(coffee, finance, gm):
    Preference.objects.create(person=gm, topic="coffee", mail=MailWish.AT_ONCE)
    notices.notify([finance, gm], "coffee", cups=1)
    assert [mail.person for mail in Message.objects.all()] == [gm]


def test_a_digest_is_one_mail_a_day_of_what_is_still_unread(coffee, gm):
    Preference.objects.create(person=gm, topic="coffee", mail=MailWish.DAILY)
    for cups in range(3):
        notices.notify(gm, "coffee", cups=cups)
    notices.mark_read(gm, only=[Notification.objects.first().pk])
    later = timezone.now() + timedelta(minutes=1)
    assert notices.mail_digests(later) == 1
    assert notices.mail_digests(later) == 0
    assert Message.objects.get().html.count("Coffee is ready") == 2


def test_a_number_given_in_this_very_step_is_told(coffee, gm):
    """The document's row is written when its step is through; the number stands on what is in hand."""
    coffee = topic("coffee", "Coffee", "%(number)s of %(party)s")
    issued = SimpleNamespace(pk=None, number="IV-2026-000001", party="杭州医药")
    notices.notify(gm, coffee, issued)
    assert Notification.objects.get().text == "IV-2026-000001 of 杭州医药"
