"""Two at once. Each race has its negative control: the same run with the lock off must go wrong, else it proves nothing."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from time import sleep

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Sum

from backoffice.control.checks import run_checks
from backoffice.ledger.models import AccountingPeriod, Item
from backoffice.ledger.services import allocate, allocating, ask_to_close, close, writing
from tests.books.making import invoice, receive
from tests.making import PartyFactory
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("I9", "I8")]
DAY = date(2026, 1, 15)


@contextmanager
def meeting_after(monkeypatch, module, name, wait):
    """Both sides wait for each other after this function, if they can get that far."""
    barrier, original = Barrier(2), getattr(module, name)

    def met(*args, **kwargs):
        result = original(*args, **kwargs)
        try:
            barrier.wait(wait)
        except BrokenBarrierError:
            pass
        return result

    with monkeypatch.context() as patch:
        patch.setattr(module, name, met)
        yield


@contextmanager
def as_owner(before: str, after: str):
    def run(sql):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(sql)

    run(before)
    try:
        yield
    finally:
        run(after)


def race_for_one_invoice(finance):
    party = PartyFactory()
    with transaction.atomic():
        [charge] = invoice(party, "100", DAY, by=finance)
        credits = [receive(party, "100", DAY, by=finance) for _ in range(2)]
    said = at_once(*(lambda credit=credit: allocate(credit, charge, D(100), on=DAY, by=finance) for credit in credits))
    return said, charge.settled_by.aggregate(sum=Sum("amount"))["sum"]


def test_two_payments_never_settle_one_invoice_twice(finance, monkeypatch):
    for _ in range(5):
        with meeting_after(monkeypatch, allocating, "_check", 0.2):
            said, settled = race_for_one_invoice(finance)
        assert sorted(said) == ["Refused", "done"]
        assert settled == 100
    assert not list(run_checks(["ledger.allocations", "ledger.items", "ledger.balance"]))


def test_control_without_lock_the_table_itself_refuses(finance, monkeypatch):
    monkeypatch.setattr(allocating, "_lock", lambda rows: {row.pk: row for row in rows.select_related("account")})
    with meeting_after(monkeypatch, allocating, "_check", 2):
        said, settled = race_for_one_invoice(finance)
    assert sorted(said) == ["IntegrityError", "done"]
    assert settled == 100


def test_control_without_lock_and_column_both_payments_go_through(finance, monkeypatch):
    monkeypatch.setattr(allocating, "_lock", lambda rows: {row.pk: row for row in rows.select_related("account")})
    off, on = (f"ALTER TABLE ledger_allocation {word} TRIGGER bo_allocation_kept" for word in ("DISABLE", "ENABLE"))
    with as_owner(off, on), meeting_after(monkeypatch, allocating, "_check", 2):
        said, settled = race_for_one_invoice(finance)
    assert (said, settled) == (["done", "done"], 200)
    assert list(run_checks(["ledger.allocations"]))


def race_of_posting_and_closing(finance, gm, meet):
    party = PartyFactory()
    receive(party, "1", DAY, by=finance)
    period = ask_to_close(AccountingPeriod.objects.get(), by=finance)
    barrier = Barrier(2)

    def posting():
        with transaction.atomic():
            receive(party, "100", DAY, by=finance)
            barrier.wait(5)
            meet()

    def closing():
        barrier.wait(5)
        close(period, by=gm)

    return at_once(posting, closing)


def test_a_month_never_closes_over_a_posting_that_is_under_way(finance, gm):
    said = race_of_posting_and_closing(finance, gm, lambda: sleep(0.3))
    assert said == ["done", "done"]
    assert AccountingPeriod.objects.get().total_closed == 101
    assert not list(run_checks(["ledger.closed_months"]))
    assert at_once(lambda: receive(PartyFactory(), "5", DAY, by=finance)) == ["Refused"]


def test_control_without_the_share_lock_the_closed_total_is_not_the_ledgers(finance, gm, monkeypatch):
    rules = Path(apps.get_app_config("ledger").path, "sql", "10_books.sql").read_text(encoding="utf-8")
    monkeypatch.setattr(writing, "SHARED", writing.SHARED.replace(" FOR SHARE", ""))
    with as_owner(rules.replace(" FOR SHARE;", ";"), rules):
        said = race_of_posting_and_closing(finance, gm, lambda: sleep(0.3))
    assert said == ["done", "done"]
    assert AccountingPeriod.objects.get().total_closed == 1
    assert list(run_checks(["ledger.closed_months"]))


def test_allocations_that_cross_wait_instead_of_dying(finance):
    """A against 1 and B against 2, and the other way round: keys are locked in one order."""
    party = PartyFactory()
    with transaction.atomic():
        charges = [invoice(party, "100", DAY, by=finance)[0] for _ in range(2)]
        credits = [receive(party, "200", DAY, by=finance) for _ in range(2)]
    match = allocating.Match

    def settle(order):
        pairs = [match(credits[i].pk, charges[j].pk, D(10), DAY) for i, j in order]
        return lambda: allocating.allocate_many(pairs, by=finance)

    for _ in range(4):
        assert at_once(settle([(0, 0), (1, 1)]), settle([(1, 1), (0, 0)])) == ["done", "done"]
    assert Item.objects.charges().filter(account__code="1122.01").aggregate(sum=Sum("allocated"))["sum"] == 160
