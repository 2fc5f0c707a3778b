"""`check_books` is silent on what the program wrote, and names whatever somebody changed behind its back (I8)."""

from datetime import date
from time import monotonic, sleep

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from backoffice.control.checks import run_checks
from backoffice.ledger.models import AccountingPeriod, Entry, Seal
from backoffice.ledger.services import ask_to_close, chain_head, close, reverse, seal, suggest
from backoffice.ledger.services.allocating import allocate_many
from tests.books.making import invoice, receive
from tests.making import PartyFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("I8"), pytest.mark.alone]
DAY = date(2026, 1, 15)


def sealed() -> int:
    """Seal; what runs elsewhere on the same server only delays it."""
    done, until = 0, monotonic() + 30
    while Seal.objects.count() < Entry.objects.count() and monotonic() < until:
        done += seal()
        sleep(0.05)
    return done


@pytest.fixture
def books(finance, gm):
    with transaction.atomic():
        party = PartyFactory()
        invoice(party, "100", DAY, by=finance)
        money = receive(party, "60", DAY, by=finance)
        allocate_many(suggest(money), by=finance)
        reverse(receive(party, "9", DAY, by=finance).entry, on=DAY, by=finance)
    sealed()
    close(ask_to_close(AccountingPeriod.objects.get(), by=finance), by=gm)
    return party


def behind_its_back(*statements: str) -> None:
    """As somebody with the owner's password would, triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        tables = ("entry", "entryline", "item", "allocation", "seal")
        for table in tables:
            cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE ledger_{table} ENABLE TRIGGER USER")


def found() -> set[str]:
    return {finding.check for finding in run_checks() if finding.check.startswith("ledger.")}


def test_the_check_is_silent_on_what_the_program_wrote(books, capsys):
    call_command("check_books")
    assert capsys.readouterr().out == ""


LINE = "(SELECT min(l.id) FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id WHERE a.code = '{}')"


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (
            f"UPDATE ledger_entryline SET debit = debit + 1 WHERE id = {LINE.format('1002')}",
            {"balance", "closed_months", "chain"},
        ),
        (f"UPDATE ledger_entryline SET party_id = NULL WHERE id = {LINE.format('1122.01')}", {"items", "chain"}),
        ("UPDATE ledger_item SET amount = amount + 1", {"items"}),
        ("UPDATE ledger_item SET allocated = allocated - 1 WHERE allocated > 1", {"allocations"}),
        ("DELETE FROM ledger_allocation WHERE entry_id IS NULL", {"allocations"}),
        ("UPDATE ledger_entry SET memo = 'nothing to see' WHERE id = (SELECT max(id) FROM ledger_entry)", {"chain"}),
        ("DELETE FROM ledger_seal WHERE position = 2", {"chain"}),
    ],
)
def test_what_is_changed_behind_its_back_is_found(books, change, checks):
    behind_its_back(change)
    assert found() == {f"ledger.{name}" for name in checks}


def test_the_command_says_each_finding_and_fails(books, capsys):
    behind_its_back("UPDATE ledger_item SET allocated = allocated - 1 WHERE allocated > 1")
    with pytest.raises(SystemExit) as exit_:
        call_command("check_books", "ledger.allocations")
    assert exit_.value.code == 1
    assert all(line.startswith("ledger.allocations: item ") for line in capsys.readouterr().out.splitlines())


def test_sealing_goes_on_where_it_stopped_and_twice_is_once(books, finance):
    count, head = Entry.objects.count(), chain_head()
    assert head[0] == count and seal() == 0
    receive(books, "1", date(2026, 2, 1), by=finance)
    assert sealed() == 1
    assert chain_head()[0] == count + 1
    assert chain_head()[1] != head[1]


def test_what_is_not_committed_yet_is_sealed_after_it_is(finance):
    with transaction.atomic():
        receive(PartyFactory(), "1", DAY, by=finance)
        assert seal() == 0
    assert sealed() == 1


def test_after_a_restore_with_lower_transaction_numbers_nothing_is_left_out(books, finance):
    behind_its_back("UPDATE ledger_seal SET horizon = horizon + 1000000")
    receive(books, "1", date(2026, 2, 1), by=finance)
    assert sealed() == 1
    assert Seal.objects.count() == Entry.objects.count()
