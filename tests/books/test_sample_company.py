"""A real sample company's invoices and payments: open items and ageing on eight days, against figures computed elsewhere."""

from collections import defaultdict
from datetime import date
from decimal import Decimal as D

import pytest

from backoffice.ledger.selectors import ageing, balance, open_items
from backoffice.ledger.services import Posting, allocate_history, bulk_post, take_over
from backoffice.money import Due, amount
from backoffice.register.models import Dossier
from tests.books.making import commit_checks
from tests.making import PartyFactory
from tests.sample import answers, needs_sample, workbook_rows

pytestmark = [pytest.mark.django_db, pytest.mark.duty("I4", "I9"), needs_sample]
COLUMNS = ("not_due", "d1_30", "d31_60", "d61_90", "d91_plus")


@pytest.fixture
def company(finance):
    """Everything invoiced and paid, posted as an import would, then allocated first in, first out."""
    invoices, payments = answers("11_invoices.csv"), workbook_rows("payments.xlsx")
    codes = {row["customer_no"] for row in invoices} | {str(row["Customer No"]) for row in payments}
    parties = {code: PartyFactory(code=code) for code in codes}
    todo = []
    for row in invoices:
        gross, on, party = D(row["amount"]), date.fromisoformat(row["invoice_date"]), parties[row["customer_no"]]
        figures = {"net": gross, "tax": D(0), "gross": gross}
        given = {
            "on": on,
            "amounts": figures,
            "party": party,
            "dossier": Dossier.objects.create(party=party),
            "number": row["order_no"],
        }
        due = [Due(date.fromisoformat(row["due_date"]), gross)]
        todo += [Posting(event="goods_dispatched", **given), Posting(event="invoice_issued", dues=due, **given)]
    for row in payments:
        paid, party = amount(str(row["Amount"])), parties[str(row["Customer No"])]
        todo.append(
            Posting(
                event="money_confirmed",
                on=row["Payment Date"].date(),
                amounts={"amount": paid},
                party=party,
                number=row["Check No"],
            )
        )
    entries = bulk_post(todo, by=finance)
    take_over([entry for entry in entries if entry.event == "invoice_issued"], by=finance)
    allocate_history(by=finance)
    commit_checks()
    return parties


def test_open_items_are_the_answers_to_the_cent(company):
    expected = defaultdict(set)
    for row in answers("13_open_items_fifo.csv"):
        expected[row["as_of"]].add((row["order_no"], row["due_date"], D(row["open_amount"]), int(row["days_past_due"])))
    for as_of, rows in expected.items():
        found = open_items(on=date.fromisoformat(as_of))
        assert {
            (item.number, str(item.due_on), item.open, item.late) for item in found if item.kind == "charge"
        } == rows


def test_ageing_is_the_answers_to_the_cent(company):
    expected = defaultdict(dict)
    for row in answers("14_ageing_fifo.csv"):
        figures = [D(row[name]) for name in COLUMNS] + [-D(row["unapplied_credit"]), D(row["balance"])]
        if any(figures):
            expected[row["as_of"]][row["customer_no"]] = figures
    totals = {row["as_of"]: row for row in answers("15_ageing_total.csv")}
    assert len(totals) == 8
    for as_of, total in totals.items():
        on = date.fromisoformat(as_of)
        made = ageing(on=on, bounds=(30, 60, 90))
        assert {row.code: [*row.amounts, row.advances, row.total] for row in made.rows} == expected[as_of]
        assert made.totals.total == D(total["balance"]) == balance(("1122", "2203"), on=on)
