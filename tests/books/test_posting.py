"""Every event posts a balanced entry by the rules; entries never change (I8)."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from backoffice.ledger.models import Account, Entry, EntryLine, Item, PostingRule
from backoffice.ledger.services import Line, Posting, allocate, bulk_post, post, reverse
from backoffice.money import Due
from backoffice.refusals import Refused
from tests.books.making import DAY, commit_checks, dispatch, invoice, measures, receive
from tests.making import PartyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I8")]


def lines_of(entry):
    rows = entry.lines.order_by("position").values_list("account__code", "debit", "credit")
    return [(code, str(debit - credit)) for code, debit, credit in rows]


def test_dispatched_goods_are_receivable_not_yet_invoiced(finance):
    entry = dispatch(PartyFactory(), "100.00", DAY, by=finance)
    commit_checks()
    assert lines_of(entry) == [("1122.02", "100.00"), ("6001", "-88.50"), ("2221.04", "-11.50")]


def test_an_invoice_moves_the_receivable_and_the_tax(finance):
    [charge] = invoice(PartyFactory(), "100.00", DAY, by=finance, number="IV-1")
    assert lines_of(charge.entry) == [
        ("1122.01", "100.00"),
        ("2221.04", "11.50"),
        ("1122.02", "-100.00"),
        ("2221.01", "-11.50"),
    ]
    assert not Item.objects.open().filter(account__code="1122.02").exists()


def test_a_return_posts_the_same_accounts_reversed(finance):
    entry = dispatch(PartyFactory(), "-100.00", DAY, by=finance)
    commit_checks()
    assert lines_of(entry) == [("1122.02", "-100.00"), ("6001", "88.50"), ("2221.04", "11.50")]
    assert entry.items.get().kind == "credit"


def test_a_claim_goes_to_the_accounts_of_its_kinds(finance):
    amounts = {"expense:6601.02": D("80"), "expense:6601.04": D("20"), "owed": D("70"), "petty": D("30")}
    entry = post("claim_approved", on=DAY, amounts=amounts, person=finance, by=finance)
    commit_checks()
    assert lines_of(entry) == [("6601.02", "80.00"), ("6601.04", "20.00"), ("2241", "-70.00"), ("1221", "-30.00")]


def test_an_event_of_nothing_but_zeros_posts_nothing(finance):
    assert post("money_confirmed", on=DAY, amounts={"amount": D(0)}, party=PartyFactory(), by=finance) is None


def test_every_event_of_the_rules_posts_in_balance(finance):
    party, figures = (
        PartyFactory(),
        measures("113") | {"amount": D("5"), "expense": D("9"), "owed": D("7"), "petty": D("2")},
    )
    for event in PostingRule.objects.values_list("event", flat=True).distinct():
        of_rule = set(PostingRule.objects.filter(event=event).values_list("measure", flat=True))
        post(
            event,
            on=DAY,
            amounts={k: v for k, v in figures.items() if k in of_rule},
            party=party,
            person=finance,
            by=finance,
        )
    commit_checks()


def test_a_measure_no_rule_takes_is_a_mistake_of_the_caller(finance):
    with pytest.raises(ValueError, match="no rule"):
        post("money_confirmed", on=DAY, amounts={"amuont": D(1)}, party=PartyFactory(), by=finance)


def test_an_entry_by_hand_that_does_not_balance_is_refused_in_words(finance):
    with pytest.raises(Refused):
        post("journal", on=DAY, lines=[Line("1002", D("5")), Line("6603", D("-4"))], by=finance)


def test_many_events_post_at_once_in_the_order_given(finance):
    party = PartyFactory()
    entries = bulk_post(
        [Posting(event="money_confirmed", on=DAY, amounts={"amount": D(n)}, party=party) for n in (3, 0, 5)], by=finance
    )
    assert [entry and entry.lines.first().debit for entry in entries] == [D(3), None, D(5)]


def test_instalments_become_items_of_their_own(finance):
    dues = [Due(DAY, D("30")), Due(DAY.replace(month=4), D("70"))]
    items = invoice(PartyFactory(), "100", DAY, by=finance, dues=dues)
    assert [(item.due_on, item.amount) for item in items] == [(due.on, due.amount) for due in dues]


def test_a_reversal_is_an_entry_of_its_own_and_leaves_nothing_open(finance):
    party = PartyFactory()
    [charge] = invoice(party, "100", DAY, by=finance)
    money = receive(party, "60", DAY, by=finance)
    allocate(money, charge, D("60"), on=DAY, by=finance)
    opposite = reverse(charge.entry, on=DAY, by=finance, memo="wrong title")
    commit_checks()
    assert lines_of(opposite) == [(code, str(-D(figure))) for code, figure in lines_of(charge.entry)]
    charge.refresh_from_db()
    money.refresh_from_db()
    assert (charge.open_amount, money.open_amount) == (0, 60)
    with pytest.raises(Refused):
        reverse(charge.entry, on=DAY, by=finance)


def write_behind_the_services(finance, *lines):
    period = receive(PartyFactory(), "5", DAY, by=finance).entry.period
    entry = Entry.objects.create(posted_on=DAY, period=period, event="journal", amount=5, posted_by=finance)
    for position, (code, side) in enumerate(lines, start=1):
        account = Account.objects.get(code=code)
        EntryLine.objects.create(entry=entry, position=position, posted_on=DAY, account=account, **{side: 5})
    commit_checks()


def test_postgresql_refuses_an_entry_out_of_balance(finance):
    with pytest.raises(IntegrityError, match="not in balance"), transaction.atomic():
        write_behind_the_services(finance, ("1002", "debit"))


def test_postgresql_refuses_an_entry_without_lines(finance):
    with pytest.raises(IntegrityError, match="not in balance"), transaction.atomic():
        write_behind_the_services(finance)


def test_postgresql_refuses_a_line_of_a_customer_account_without_customer(finance):
    with pytest.raises(IntegrityError, match="names nobody"), transaction.atomic():
        write_behind_the_services(finance, ("1122.01", "debit"), ("6001", "credit"))


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_entryline", "ledger_allocation", "ledger_seal"])
def test_the_programs_own_role_cannot_change_the_books(finance, table):
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                statement.replace("SET id = id", "SET position = position") if table == "ledger_seal" else statement
            )


def test_nobody_moves_an_item_but_allocations(finance):
    item = receive(PartyFactory(), "5", DAY, by=finance)
    for change in ({"allocated": 5}, {"amount": 50}, {"due_on": DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=item.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).delete()
