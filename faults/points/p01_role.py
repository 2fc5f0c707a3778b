"""The program's own database role turned against the books."""

from datetime import date
from random import Random

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from backoffice.documents.enforcement import documents
from backoffice.ledger.models import AccountingPeriod, Item
from backoffice.ledger.services import ask_to_close, close
from backoffice.numbering.models import Counter
from backoffice.people.models import Role
from embedded.postgres import OWNER
from invoices.services import allocate_payment
from tests.books.making import receive
from tests.making import PartyFactory
from tests.making_invoices import confirmed_payment, issued_invoice, submitted_application
from tests.making_shipments import approved_order, dispatched_shipment, make_house, reviewed_shipment
from tests.people_of_the_tests import make_person

from .. import attacks
from ..attacks import Attack
from ..declare import Outcome, Run, fault
from .p05_approving import submitted

CLOSED = date(2024, 1, 15)


def company() -> None:
    """Something in every book: goods gone, an invoice paid in part, a month closed, an order that waits for its reviewer."""
    house = make_house()
    for _turn in range(2):
        dispatched_shipment(house)
    invoice, payment = issued_invoice(house), confirmed_payment(house, 500)
    charge = Item.objects.charges().filter(record_id=invoice.pk).first()
    allocate_payment(payment, {charge.pk: 300}, on=timezone.localdate(), by=house.finance)
    reviewed_shipment(house)
    approved_order(house, 3)
    submitted(house)
    dispatched_shipment(house)
    submitted_application(house)
    with transaction.atomic():
        receive(PartyFactory(), "10", CLOSED, by=house.finance)
    month = ask_to_close(AccountingPeriod.objects.get(year=CLOSED.year, month=CLOSED.month), by=house.finance)
    close(month, by=make_person(Role.GM))


def all_attacks() -> list[Attack]:
    reviewer = make_person(Role.ASSISTANT)
    made = (
        attacks.on_books(), attacks.on_documents(), attacks.on_lines(), attacks.on_functions(), attacks.on_rights(OWNER), attacks.on_granted(),
        attacks.shadowed(reviewer, CLOSED.isoformat()),
    )  # fmt: skip
    return [attack for some in made for attack in some]


def tried(hand: psycopg.Connection, attack: Attack) -> str:
    """Nothing when the last statement was refused; else what was not."""
    *before, last = attack.script
    try:
        with hand.transaction():
            for statement in before:
                hand.execute(statement)
            done = hand.execute(last) if not last.endswith("FROM STDIN") else copied(hand, last)
    except psycopg.Error:
        return ""
    hand.execute("DISCARD ALL")  # temporary tables of one attack are not there in the next
    return f"{attack.aim}: {last} ({done.statusmessage if done else ''})"


def copied(hand: psycopg.Connection, statement: str) -> None:
    with hand.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("")


def fingerprints(run: Run) -> dict[str, str]:
    """What stands in every protected table and every document, as the owner sees it."""
    tables = {*attacks.protected(), *(model._meta.db_table for model in documents()), Counter._meta.db_table}
    found = {}
    with run.place.owner() as owner:
        for table in sorted(tables):
            row = owner.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" AS t"
            ).fetchone()
            found[table] = str(row)
    return found


@fault(
    1,
    "every statement of the runtime role against the books and against what is fixed is refused",
    short=400,
    full=100_000,
)
def runtime_role_attacks_the_books(run: Run) -> Outcome:
    company()
    aims = all_attacks()
    Random(run.seed).shuffle(aims)
    aims = aims[: run.times]
    connection.close()
    before = fingerprints(run)
    with psycopg.connect(run.place.env["DATABASE_URL"], autocommit=True) as hand:
        went_through = [words for attack in aims if (words := tried(hand, attack))]
    after = fingerprints(run)
    touched = [table for table in before if before[table] != after[table]]
    for words in went_through:
        print(f"    ! went through: {words}", flush=True)
    tables, words = len(attacks.protected()), f"; changed: {', '.join(touched)}" if touched else ""
    return Outcome(
        len(aims), len(went_through) + len(touched), f"{tables} books, {len(documents())} kinds of documents{words}"
    )
