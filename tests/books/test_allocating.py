"""Which credit settles which charge, as of which day (I9): nothing is settled twice, nothing is lost, what is undone shows."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.ledger.models import Allocation, Item
from backoffice.ledger.selectors import ageing, balance, open_items, paid_for
from backoffice.ledger.services import allocate, allocate_history, allocate_many, post, suggest, take_over, unallocate
from backoffice.money import Due, Instalment, dues
from backoffice.refusals import Refused
from backoffice.register.models import Dossier
from tests.books.making import DAY, commit_checks, dispatch, invoice, receive
from tests.making import PartyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I9")]


def later(days: int) -> date:
    return DAY + timedelta(days)


def test_money_allocated_leaves_the_advances_for_the_invoice(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance)
    credit = receive(party, "40", later(1), by=finance)
    allocation = allocate(credit, charge, D("40"), on=later(2), by=finance)
    commit_checks()
    assert balance("2203.01", on=later(1), party=party) == -40
    assert balance("2203.01", on=later(2), party=party) == 0
    assert balance("1122.01", on=later(2), party=party) == 60
    assert allocation.entry.lines.count() == 2


def test_more_than_is_open_is_refused_in_words_and_by_the_table(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance)
    credit = receive(party, "300", DAY, by=finance)
    with pytest.raises(Refused, match="100"):
        allocate(credit, charge, D("100.01"), on=DAY, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(charge=charge, credit=credit, amount=D("100.01"), on=DAY, by=finance)


def test_the_money_of_one_customer_never_settles_anothers_invoice(finance):
    [charge] = invoice(PartyFactory(), "100", DAY, by=finance)
    credit = receive(PartyFactory(), "100", DAY, by=finance)
    with pytest.raises(Refused):
        allocate(credit, charge, D("1"), on=DAY, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(charge=charge, credit=credit, amount=1, on=DAY, by=finance)


def test_nothing_is_settled_before_both_exist(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", later(5), by=finance)
    credit = receive(party, "100", DAY, by=finance)
    with pytest.raises(Refused):
        allocate(credit, charge, D("1"), on=later(4), by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(charge=charge, credit=credit, amount=1, on=later(4), by=finance)


def test_undoing_is_a_row_of_its_own_and_past_days_stay_as_they_were(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance)
    credit = receive(party, "100", DAY, by=finance)
    allocation = allocate(credit, charge, D("100"), on=DAY, by=finance)
    unallocate(allocation, on=later(10), by=finance, note="the bank took it back")
    commit_checks()
    assert open_items(on=later(9), party=party) == []
    assert [item.open for item in open_items(on=later(10), party=party)] == [100, -100]
    with pytest.raises(Refused):
        unallocate(allocation, on=later(11), by=finance)


def test_worked_case_pa17_a_credit_note_and_a_large_payment(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance)
    figures = {"net": D("40"), "tax": D(0), "gross": D("40")}
    [note] = post("rebate_granted", on=DAY, amounts=figures, party=party, by=finance).items.all()
    allocate(note, charge, D("40"), on=DAY, by=finance)
    money = receive(party, "1000", DAY, by=finance)
    [match] = suggest(money)
    allocate_many([match], by=finance)
    money.refresh_from_db()
    assert (match.amount, money.open_amount) == (60, 940)


def test_worked_case_pa18_one_of_two_payments_is_taken_back(finance):
    party = PartyFactory()
    [charge] = invoice(party, "200", DAY, by=finance)
    made = [
        allocate(receive(party, paid, DAY, by=finance), charge, D(paid), on=DAY, by=finance) for paid in ("55", "35")
    ]
    charge.refresh_from_db()
    assert charge.open_amount == 110
    unallocate(made[0], on=DAY, by=finance)
    charge.refresh_from_db()
    assert charge.open_amount == 165


def test_worked_case_pa20_an_advance_stays_with_its_order(finance):
    party = PartyFactory()
    dossier, other = Dossier.objects.create(party=party), Dossier.objects.create(party=party)
    invoice(party, "70", later(-30), by=finance, dossier=other)
    advance = receive(party, "500", DAY, by=finance, dossier=dossier)
    assert (paid_for(dossier, on=DAY), paid_for(other, on=DAY)) == (500, 0)
    [charge] = invoice(party, "200", DAY, by=finance, dossier=dossier)
    match = suggest(advance)[0]
    assert (match.charge, match.amount) == (charge.pk, 200)
    allocate_many([match], by=finance)
    advance.refresh_from_db()
    assert (advance.open_amount, paid_for(dossier, on=DAY)) == (300, 500)


def test_worked_case_pa24_one_bank_line_for_two_invoices(finance):
    party = PartyFactory()
    first, second = (invoice(party, whole, later(i), by=finance)[0] for i, whole in enumerate(("100", "150")))
    money = receive(party, "180", later(2), by=finance)
    assert [(match.charge, match.amount) for match in suggest(money)] == [(first.pk, 100), (second.pk, 80)]
    allocate_many(suggest(money), by=finance)
    second.refresh_from_db()
    assert second.open_amount == 70


@pytest.mark.parametrize(
    ("whole", "shares", "paid", "left"),
    [("100", "0.3 0.5 0.2", "40", ["40.00", "20.00"]), ("200", "0.3 0.5 0.2", "40", ["20.00", "100.00", "40.00"])],
    ids=["AG2", "AG5"],
)
def test_a_payment_eats_the_instalments_oldest_due_first(finance, whole, shares, paid, left):
    party = PartyFactory()
    term = [Instalment(percent=D(share), days=30 * i) for i, share in enumerate(shares.split())]
    invoice(party, whole, DAY, by=finance, dues=dues(whole, DAY, term))
    allocate_many(suggest(receive(party, paid, DAY, by=finance)), by=finance)
    assert [str(item.open) for item in open_items(on=DAY, party=party)] == left


def test_worked_case_ag10_a_payment_of_tomorrow_is_not_there_today(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance, due_on=later(30))
    money = receive(party, "110", later(1), by=finance)
    allocate(money, charge, D("100"), on=later(1), by=finance)
    assert [item.open for item in open_items(on=DAY, party=party)] == [100]
    assert [item.open for item in open_items(on=later(1), party=party)] == [-10]


def test_worked_case_ag11_a_cent_that_is_missing_stays(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance)
    allocate(receive(party, "99.99", DAY, by=finance), charge, D("99.99"), on=DAY, by=finance)
    assert [item.open for item in open_items(on=DAY, party=party)] == [D("0.01")]


def test_dispatch_not_yet_invoiced_is_never_settled_by_money(finance):
    party = PartyFactory()
    dispatch(party, "100", later(-9), by=finance, dossier=Dossier.objects.create(party=party))
    money = receive(party, "100", DAY, by=finance)
    assert suggest(money) == []
    assert allocate_history(by=finance, parties=[party]) == []
    assert {item.account for item in open_items(on=DAY, party=party)} == {"1122.02", "2203.01"}


def test_a_part_of_a_dispatch_is_taken_over_by_a_part_invoice(finance):
    party = PartyFactory()
    dossier = Dossier.objects.create(party=party)
    dispatch(party, "100", DAY, by=finance, dossier=dossier)
    figures = {"gross": D("30"), "tax": D("3")}
    entry = post(
        "invoice_issued", on=DAY, amounts=figures, party=party, dossier=dossier, dues=[Due(DAY, D("30"))], by=finance
    )
    take_over([entry], by=finance)
    assert {(item.account, item.open) for item in open_items(on=DAY, party=party)} == {("1122.01", 30), ("1122.02", 70)}
    assert Item.objects.get(entry__event="goods_dispatched", party=party).open_amount == 70


moves = st.lists(st.tuples(st.booleans(), st.integers(0, 120), st.integers(1, 50_000)), min_size=1, max_size=16)


@given(moves, st.integers(-1, 125))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_history_as_of_any_day_is_first_in_first_out_of_what_was_there_by_then(finance, moves, days):
    """The figures of an import equal a plain FIFO of the payments up to the day against the invoices up to the day."""
    with transaction.atomic():
        party, on = PartyFactory(), later(days)
        for number, (is_charge, day, cents) in enumerate(moves):
            if is_charge:
                invoice(party, D(cents) / 100, later(day), by=finance, due_on=later(day + 30), number=f"{number:03}")
            else:
                receive(party, D(cents) / 100, later(day), by=finance, number=f"{number:03}")
        allocate_history(by=finance, parties=[party])
        commit_checks()
        expected, unapplied = fifo(moves, days)
        found = open_items(on=on, party=party)
        assert sorted((item.number, item.open) for item in found if item.kind == "charge") == expected
        assert -sum(item.open for item in found if item.kind == "credit") == unapplied
        assert ageing(on=on, party=party).totals.total == balance(("1122", "2203"), on=on, party=party)
        transaction.set_rollback(True)


def fifo(moves, until):
    charges = sorted(
        (day, f"{n:03}", D(c) / 100) for n, (is_charge, day, c) in enumerate(moves) if is_charge and day <= until
    )
    money = sum((D(c) / 100 for is_charge, day, c in moves if not is_charge and day <= until), D(0))
    rest = []
    for _day, number, whole in charges:
        paid = min(money, whole)
        money -= paid
        if whole > paid:
            rest.append((number, whole - paid))
    return sorted(rest), money
