"""Money: entered, confirmed by finance, set against what is owed, and taken back by counter-rows."""

from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.ledger.models import Allocation, Item
from backoffice.ledger.selectors import ageing, balance, party_balances
from backoffice.ledger.services.allocating import suggest
from backoffice.periods import Month
from backoffice.refusals import Refused
from invoices.models import Invoice, Payment
from invoices.selectors.receivables import ties
from invoices.services import (
    allocate_payment,
    confirm_payment,
    refuse_payment,
    reverse_invoice,
    reverse_payment,
    save_payment,
    submit_slip,
    undo_allocation,
)
from tests.making_invoices import confirmed_payment, entered_slip, issued_invoice, shipped_house, waiting_slip

pytestmark = pytest.mark.django_db
D = Decimal


def charge_of(invoice: Invoice) -> Item:
    return Item.objects.get(record_id=invoice.pk, account__code="1122.01", kind="charge")


def today():
    return timezone.localdate()


@pytest.mark.duty("O4")
def test_a_slip_waits_for_finance_and_is_then_the_customers_advance():
    house = shipped_house()
    slip = waiting_slip(house, 500, method="transfer", payer="示例客户")
    assert balance("2203.01", on=today(), party=house.party) == 0
    paid = confirm_payment(slip, by=house.finance)
    assert paid.number.startswith("PS-") and paid.state == "confirmed"
    assert balance("2203.01", on=today(), party=house.party) == D("-500.00")
    assert balance("1002", on=today()) == D("500.00")


@pytest.mark.duty("O4", "S4")
def test_who_entered_a_slip_does_not_confirm_it():
    house = shipped_house()
    slip = save_payment(Payment(party=house.party, amount=D(5), dated_on=today()), by=house.finance)
    slip = submit_slip(slip, by=house.finance)
    with pytest.raises(Refused, match="You wrote this"):
        confirm_payment(slip, by=house.finance)
    with pytest.raises(Refused, match="role"):
        confirm_payment(slip, by=house.assistant)


def test_an_amount_of_nothing_and_a_strange_order_are_refused():
    house = shipped_house()
    with pytest.raises(Refused, match="more than zero"):
        entered_slip(house, 0)


@pytest.mark.duty("I9")
def test_money_that_did_not_come_is_refused_with_a_reason():
    slip = waiting_slip(house := shipped_house(), 10)
    assert refuse_payment(slip, by=house.finance, note="not on the statement").state == "refused"


@pytest.mark.duty("I4", "I9")
def test_money_in_full_settles_the_invoice_and_uses_up_the_slip():
    house = shipped_house()
    invoice, paid = issued_invoice(house), confirmed_payment(house, "1130.00")
    [match] = suggest(Item.objects.get(record_id=paid.pk, kind="credit"))
    allocate_payment(paid, {match.charge: match.amount}, on=today(), by=house.finance)
    assert Invoice.objects.get(pk=invoice.pk).state == "settled"
    assert Payment.objects.get(pk=paid.pk).state == "allocated"
    assert ageing(on=today(), party=house.party).totals.total == 0


@pytest.mark.duty("I4")
def test_a_cent_short_leaves_a_cent_open():
    house = shipped_house()
    invoice, paid = issued_invoice(house), confirmed_payment(house, "1129.99")
    allocate_payment(paid, {charge_of(invoice).pk: D("1129.99")}, on=today(), by=house.finance)
    assert charge_of(invoice).open_amount == D("0.01") and Invoice.objects.get(pk=invoice.pk).state == "issued"


@pytest.mark.duty("I9")
def test_over_allocation_is_impossible_on_either_side():
    house = shipped_house()
    invoice, paid = issued_invoice(house), confirmed_payment(house, "2000.00")
    with pytest.raises(Refused, match=r"1,130\.00 is open"):
        allocate_payment(paid, {charge_of(invoice).pk: D("1130.01")}, on=today(), by=house.finance)
    small = confirmed_payment(house, "10.00")
    with pytest.raises(Refused, match="more than is left"):
        allocate_payment(small, {charge_of(invoice).pk: D("11.00")}, on=today(), by=house.finance)
    with pytest.raises(Refused, match="Only finance"):
        allocate_payment(paid, {charge_of(invoice).pk: D("1.00")}, on=today(), by=house.assistant)


@pytest.mark.duty("I9")
def test_an_undone_allocation_is_a_counter_row_with_its_reason():
    house = shipped_house()
    invoice, paid = issued_invoice(house), confirmed_payment(house, "1130.00")
    [made] = allocate_payment(paid, {charge_of(invoice).pk: D("1130.00")}, on=today(), by=house.finance)
    with pytest.raises(Refused, match="reason"):
        undo_allocation(made, on=today(), note=" ", by=house.finance)
    undo_allocation(made, on=today(), note="belongs to the other invoice", by=house.finance)
    assert Allocation.objects.count() >= 2 and charge_of(invoice).open_amount == D("1130.00")
    assert Invoice.objects.get(pk=invoice.pk).state == "issued" and Payment.objects.get(pk=paid.pk).state == "confirmed"


def test_a_bounced_cheque_opens_what_it_had_settled():
    house = shipped_house()
    invoice, paid = issued_invoice(house), confirmed_payment(house, "1500.00")
    allocate_payment(paid, {charge_of(invoice).pk: D("1130.00")}, on=today(), by=house.finance)
    reverse_payment(Payment.objects.get(pk=paid.pk), by=house.finance, note="cheque bounced")
    assert Invoice.objects.get(pk=invoice.pk).state == "issued"
    assert balance("2203.01", on=today(), party=house.party) == 0
    assert ageing(on=today(), party=house.party).totals.total == D("1130.00")


@pytest.mark.duty("I2", "I9")
def test_money_of_an_invoice_that_is_reversed_can_be_used_again():
    house = shipped_house()
    invoice, payment = issued_invoice(house), confirmed_payment(house, 600)
    allocate_payment(payment, {charge_of(invoice).pk: D(600)}, on=today(), by=house.finance)
    assert Payment.objects.get(pk=payment.pk).state == "allocated"
    reverse_invoice(invoice, by=house.finance, note="wrong title")
    assert Payment.objects.get(pk=payment.pk).state == "confirmed"
    assert Item.objects.credits().open().get(record_id=payment.pk).open_amount == 600
    assert not list(run_checks(["ledger.allocations", "ledger.items"]))


@pytest.mark.duty("I6", "I4")
def test_the_reconciliation_ties_to_the_ledger_to_the_cent():
    house = shipped_house(list_price=D("33.335"))
    invoice, paid = issued_invoice(house), confirmed_payment(house, "100.01")
    allocate_payment(paid, {charge_of(invoice).pk: D("77.77")}, on=today(), by=house.finance)
    period = Month.containing(today())
    rows = party_balances(period=period)
    found = ties(period=period, rows=rows, aged=ageing(on=period.last))
    assert [row.difference for row in found] == [0, 0, 0, 0] and found[2].here == invoice.amount - D("100.01")


def test_check_books_is_silent_after_all_of_it_and_names_what_is_wrong():
    house = shipped_house(list_price=D("33.335"))
    invoice, paid = issued_invoice(house), confirmed_payment(house, "100.01")
    allocate_payment(paid, {charge_of(invoice).pk: D("77.77")}, on=today(), by=house.finance)
    assert list(run_checks()) == []
    invoice.lines.get().order_line.order.lines.update(invoiced=3)
    assert any("invoices say 10" in str(found) for found in run_checks())
