"""Each selector answers with one statement what an obvious walk over all rows would (I4, I8)."""

import itertools
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal as D
from random import Random

import pytest

from backoffice.ledger.models import Allocation, EntryLine, Item
from backoffice.ledger.selectors import (
    account_ledger,
    age,
    ageing,
    ageing_labels,
    balance,
    open_items,
    party_balances,
    statement,
    trial_balance,
    trial_totals,
)
from backoffice.ledger.services import allocate_many, post, suggest, take_over, unallocate
from backoffice.money import Instalment, dues
from backoffice.periods import Month, Quarter, Year
from backoffice.register.models import Dossier
from tests.books.making import commit_checks, dispatch, invoice, measures, receive
from tests.making import PartyFactory
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I4", "I8", "F9")]
FIRST = date(2025, 11, 1)
BOOKS = ("1122", "2203")


@pytest.fixture
def business(finance):
    """Half a year of invoices, returns, money, allocations and their undoing, by chance but always the same."""
    chance = Random(20260310)
    owners = [make_person("salesperson"), make_person("salesperson")]
    parties = [PartyFactory(owner=owners[i % 2]) for i in range(5)]
    for number in range(60):
        party, on = chance.choice(parties), FIRST + timedelta(chance.randrange(180))
        whole = D(chance.randrange(100, 900_000)) / 100
        match chance.randrange(6):
            case 0:
                dispatch(party, whole, on, by=finance, dossier=Dossier.objects.create(party=party), person=party.owner)
            case 1 | 2:
                term = [Instalment(percent=D("0.3"), days=chance.randrange(20)), Instalment(days=chance.randrange(200))]
                invoice(
                    party, whole, on, by=finance, dues=dues(whole, on, term), number=f"IV-{number}", person=party.owner
                )
            case 3:
                entry = post("rebate_granted", on=on, amounts=measures(whole / 20), party=party, by=finance)
                allocate_many(suggest(entry.items.get()), by=finance)
            case _:
                money = receive(party, whole, on, by=finance, number=f"PY-{number}")
                made = allocate_many(suggest(money), by=finance)
                if made and chance.random() < 0.2:
                    unallocate(made[0], on=made[0].on + timedelta(chance.randrange(40)), by=finance)
    commit_checks()
    return parties


DAYS = [FIRST + timedelta(n) for n in (-1, 33, 75, 179, 400)]


def slow_open(on):
    """Every item that was there, less every allocation by then."""
    allocations = list(Allocation.objects.all())
    for item in Item.objects.select_related("party"):
        if item.dated_on <= on:
            done = sum((a.amount for a in allocations if item.pk in (a.charge_id, a.credit_id) and a.on <= on), D(0))
            if item.amount - done:
                yield item, (item.amount - done) * (1 if item.kind == "charge" else -1)


@pytest.mark.parametrize("on", DAYS)
def test_open_items_and_ageing_are_what_a_walk_over_all_rows_finds(business, on):
    slow = dict(slow_open(on))
    assert {item.id: item.open for item in open_items(on=on)} == {item.pk: figure for item, figure in slow.items()}
    cells: dict = defaultdict(D)
    for item, figure in slow.items():
        late = (on - item.due_on).days if item.due_on else 0
        column = (
            "advances"
            if item.kind == "credit"
            else next((i for i, b in enumerate((0, 30, 60, 90, 180, 365)) if late <= b), 6)
        )
        cells[item.party.code, column] += figure
    found = ageing(on=on)
    for row in found.rows:
        assert list(row.amounts) == [cells[row.code, i] for i in range(7)]
        assert row.advances == cells[row.code, "advances"]
        assert row.total == balance(BOOKS, on=on, party=row.key)
    assert found.totals.total == sum(cells.values()) == balance(BOOKS, on=on)
    assert ageing(on=on, by_owner=True).totals == found.totals


def test_statements_carry_their_closing_into_the_next_opening(business):
    for party in business:
        months = [statement(party, period=month) for month in Month.between(FIRST, FIRST + timedelta(200))]
        for before, after in itertools.pairwise(months):
            assert before.closing == after.opening
        for month, made in zip(Month.between(FIRST, FIRST + timedelta(200)), months, strict=True):
            assert made.closing == balance(BOOKS, on=month.last, party=party)
            assert not made.rows or made.rows[-1].running == made.closing


def test_the_list_of_balances_is_the_sum_of_the_statements(business):
    quarter = Quarter.containing(date(2026, 1, 15))
    rows = {row.party: row for row in party_balances(period=quarter)}
    for party in business:
        made = statement(party, period=quarter)
        row = rows[party.pk]
        assert (row.opening, row.charges, row.receipts, row.closing) == (
            made.opening,
            made.charges,
            made.receipts,
            made.closing,
        )
    assert sum(row.closing for row in rows.values()) == balance(BOOKS, on=quarter.last)


def test_money_moving_inside_the_receivable_is_no_line_of_a_statement(business):
    made = statement(business[0], period=Year.containing(date(2026, 1, 1)))
    assert {row.event for row in made.rows} <= {"goods_dispatched", "money_confirmed", "rebate_granted"}


def test_the_trial_balance_is_what_the_lines_sum_to_and_in_balance(business):
    period = Month.containing(date(2026, 1, 15))
    rows = {row.code: row for row in trial_balance(period=period)}
    for code, row in rows.items():
        mine = list(EntryLine.objects.filter(account__code__startswith=code))
        assert row.opening == sum(line.debit - line.credit for line in mine if line.posted_on < period.first)
        assert row.debit == sum(line.debit for line in mine if line.posted_on in period)
        assert row.closing == balance(code, on=period.last)
    total = trial_totals(rows.values())
    assert (total.opening, total.closing, total.debit) == (0, 0, total.credit)


def test_an_accounts_ledger_runs_from_opening_to_closing(business):
    period = Month.containing(date(2026, 2, 1))
    for accounts, party in (("1122", None), ("6001", None), (BOOKS, business[1])):
        made = account_ledger(accounts, period=period, party=party)
        assert made.opening == balance(accounts, on=period.first - timedelta(1), party=party)
        assert made.closing == balance(accounts, on=period.last, party=party)
        assert not made.lines or made.lines[-1].running == made.closing


def test_a_salesperson_sees_the_figures_of_their_own_customers_only(business):
    on, me = DAYS[-2], business[0].owner
    mine = {party.pk for party in business if party.owner == me}
    assert {row.key for row in ageing(on=on, visible_to=me).rows} <= mine
    assert {item.party for item in open_items(on=on, visible_to=me)} <= mine
    assert {row.party for row in party_balances(period=Year.containing(on), visible_to=me)} <= mine
    assert {line.party for line in account_ledger("1122", period=Year.containing(on), visible_to=me).lines} <= mine


@pytest.mark.parametrize(
    ("late", "column"),
    [
        (-1, 0),
        (0, 0),
        (1, 1),
        (30, 1),
        (31, 2),
        (60, 2),
        (61, 3),
        (90, 3),
        (91, 4),
        (180, 4),
        (181, 5),
        (365, 5),
        (366, 6),
    ],
)
def test_an_item_stands_in_the_column_of_its_days_past_due_closed_on_both_ends(finance, late, column):
    on, due_on = date(2026, 3, 10), date(2026, 3, 10) - timedelta(late)
    invoice(PartyFactory(), "10", date(2025, 1, 1), by=finance, due_on=due_on)
    [row] = ageing(on=on).rows
    assert row.amounts[column] == 10 == row.total
    assert age(due_on, on=on) == column


def test_the_bounds_are_a_setting(settings):
    settings.AGEING_BOUNDS = [30, 60]
    assert ageing_labels() == ["Not due", "1–30 days", "31–60 days", "over 60 days"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ageing(on=DAYS[3]),
        lambda: open_items(on=DAYS[3]),
        lambda: trial_balance(period=Month.containing(DAYS[3])),
    ],
)
def test_a_table_of_figures_is_one_statement(business, django_assert_num_queries, ask):
    with django_assert_num_queries(1):
        ask()


def test_an_invoice_before_the_dispatch_is_taken_over_when_the_goods_leave(finance):
    party = PartyFactory()
    dossier = Dossier.objects.create(party=party)
    take_over(
        [post("invoice_issued", on=FIRST, amounts=measures("113"), party=party, dossier=dossier, by=finance)],
        by=finance,
    )
    assert balance("1122", on=FIRST, party=party) == 0
    later = FIRST + timedelta(10)
    take_over([dispatch(party, "113", later, by=finance, dossier=dossier)], by=finance)
    assert [(item.account, item.open) for item in open_items(on=later, party=party)] == [("1122.01", 113)]
