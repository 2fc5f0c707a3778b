"""A month is closed by two people, and then nothing is posted into it (I8, X29)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from backoffice.ledger.models import AccountingPeriod, Entry
from backoffice.ledger.services import ask_to_close, ask_to_reopen, close, refuse_request, reopen
from backoffice.refusals import Refused
from tests.books.making import commit_checks, receive
from tests.making import PartyFactory
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I8")]
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 1)


@pytest.fixture
def january(finance):
    receive(PartyFactory(), "100", JANUARY, by=finance)
    commit_checks()
    return AccountingPeriod.objects.get(year=2026, month=1)


@pytest.fixture
def closed(january, finance, gm):
    return close(ask_to_close(january, by=finance), by=gm)


def test_whoever_asks_for_the_closing_cannot_close(january, finance):
    with pytest.raises(Refused, match="second person"):
        close(ask_to_close(january, by=finance), by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountingPeriod.objects.filter(pk=january.pk).update(state="closed", requested_by=finance, decided_by=finance)


def test_a_closed_month_keeps_its_figures(closed):
    assert (closed.state, closed.entries_closed, closed.total_closed) == ("closed", 1, 100)
    assert len(closed.fingerprint) == 64


def test_nothing_is_posted_into_a_closed_month(closed, finance):
    with pytest.raises(Refused, match="2026-01"):
        receive(PartyFactory(), "5", JANUARY, by=finance)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Entry.objects.create(posted_on=JANUARY, period=closed, event="journal", amount=5, posted_by=finance)
    february = AccountingPeriod.objects.create(year=2026, month=2)
    with pytest.raises(IntegrityError, match="does not belong"), transaction.atomic():
        Entry.objects.create(posted_on=JANUARY, period=february, event="journal", amount=5, posted_by=finance)


def test_one_posts_until_the_second_person_has_agreed(january, finance, gm):
    ask_to_close(january, by=finance)
    receive(PartyFactory(), "5", JANUARY, by=finance)
    assert close(january, by=gm).total_closed == 105


def test_months_close_in_their_order(closed, finance, gm):
    for month in (2, 3):
        receive(PartyFactory(), "5", date(2026, month, 1), by=finance)
    march = AccountingPeriod.objects.get(month=3)
    with pytest.raises(Refused, match="earlier"):
        close(ask_to_close(march, by=finance), by=gm)


def test_a_month_without_entries_is_not_begun_behind_a_closed_one(closed, finance):
    with pytest.raises(Refused, match="2026-01"):
        receive(PartyFactory(), "5", date(2025, 12, 31), by=finance)
    with pytest.raises(IntegrityError, match="period_in_order|are closed"), transaction.atomic():
        AccountingPeriod.objects.create(year=2025, month=11)


def test_a_closed_month_is_opened_again_by_two_people_with_a_reason(closed, finance, gm):
    with pytest.raises(Refused, match="reason"):
        ask_to_reopen(closed, by=finance, note=" ")
    asked = ask_to_reopen(closed, by=gm, note="an invoice was forgotten")
    with pytest.raises(Refused):
        receive(PartyFactory(), "5", JANUARY, by=finance)
    with pytest.raises(Refused, match="second person"):
        reopen(asked, by=gm)
    assert reopen(asked, by=finance).state == "open"
    receive(PartyFactory(), "5", JANUARY, by=finance)


def test_a_request_can_be_refused_and_leaves_the_month_as_it_was(closed, january, finance, gm):
    assert refuse_request(ask_to_reopen(closed, by=gm, note="perhaps"), by=finance).state == "closed"
    receive(PartyFactory(), "5", FEBRUARY, by=finance)
    february = AccountingPeriod.objects.get(month=2)
    assert refuse_request(ask_to_close(february, by=finance), by=gm).state == "open"


@pytest.mark.parametrize("role", ["assistant", "salesperson", "manager", "warehouse", "administrator"])
def test_only_finance_and_the_general_manager_close(january, role):
    with pytest.raises(Refused):
        ask_to_close(january, by=make_person(role))
