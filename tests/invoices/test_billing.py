"""From shipped goods to the issued invoice: asked for, compared line by line, reviewed by two, posted."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from backoffice.ledger.selectors import ageing, balance
from backoffice.refusals import Refused
from backoffice.review.models import Review
from invoices.models import Invoice, InvoiceLine
from invoices.selectors import billable, compare, differences
from invoices.services import (
    cancel_invoice,
    issue_invoice,
    make_application,
    refuse_application,
    return_invoice,
    reverse_invoice,
    review_invoice,
    submit_invoice,
)
from shipments.models import ShipmentLine
from tests.making_invoices import (
    draft_application,
    draft_invoice,
    issued_invoice,
    reviewed_invoice,
    shipped_house,
    submitted_application,
    submitted_invoice,
)
from tests.making_shipments import make_house

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.mark.duty("I1")
def test_what_was_shipped_can_be_billed_once():
    house = shipped_house()
    application = draft_application(house)
    assert application.amount == D("1130.00") and application.lines.get().quantity == 10
    with pytest.raises(Refused, match="nothing to bill"):
        draft_application(house)


@pytest.mark.duty("I1")
def test_a_part_can_be_billed_and_the_rest_later_and_the_parts_sum_to_the_line():
    house = shipped_house(list_price=D("33.335"))
    row = billable(party=house.party, visible_to=house.assistant)[0]
    key = (row.order_line.pk, row.shipment_line.pk)
    parts = []
    for quantity in (3, 3, 4):
        made = make_application(house.party, by=house.assistant, on=timezone.localdate(), quantities={key: D(quantity)})
        parts.append(made.amount)
    assert sum(parts) == row.order_line.gross
    with pytest.raises(Refused):
        make_application(house.party, by=house.assistant, on=timezone.localdate(), quantities={key: D(1)})


@pytest.mark.duty("I1")
def test_the_application_lands_in_the_queue_of_finance_and_its_state_comes_back():
    house = shipped_house()
    application = submitted_application(house)
    assert application.number.startswith("BA-")
    assert application in type(application).objects.waiting_for(house.finance)
    refused = refuse_application(application, by=house.finance, note="wrong title")
    assert refused.state == "refused"
    assert billable(party=house.party, visible_to=house.assistant)[0].quantity == 10


@pytest.mark.duty("I2")
def test_an_invoice_says_what_the_order_says():
    invoice = draft_invoice(shipped_house())
    [row] = compare(invoice)
    assert row.differences == () and row.left == 10 and row.line.unit_price == row.line.order_line.unit_price


@pytest.mark.duty("I2")
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"unit_price": D("1.00")}, "unit price"),
        ({"quantity": D(11)}, "quantity"),
        ({"gross": D("1130.01"), "net": D("1000.01")}, "amount"),
    ],
)
def test_a_difference_is_named_and_blocks(change, word):
    house = shipped_house()
    invoice = draft_invoice(house)
    InvoiceLine.objects.filter(invoice=invoice).update(**change)
    assert word in differences(invoice)[0]
    with pytest.raises(Refused, match="does not agree"):
        submit_invoice(invoice, by=house.finance)


@pytest.mark.duty("I2")
def test_sql_cannot_bring_a_different_invoice_through_its_review():
    house = shipped_house()
    invoice = draft_invoice(house)
    InvoiceLine.objects.filter(invoice=invoice).update(unit_price=D(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(state="issued")


@pytest.mark.duty("I2", "S4")
def test_two_people_agree_and_neither_wrote_it():
    house = shipped_house()
    invoice = submitted_invoice(house)
    with pytest.raises(Refused, match="You wrote this"):
        review_invoice(invoice, by=house.finance)
    assert review_invoice(invoice, by=house.manager).state == "submitted"
    with pytest.raises(Refused, match="You have agreed"):
        review_invoice(invoice, by=house.manager)
    assert review_invoice(invoice, by=house.assistant).state == "reviewed"
    assert Review.objects.filter(record_id=invoice.pk).count() == 2


@pytest.mark.duty("I2")
def test_a_returned_invoice_starts_its_review_again():
    house = shipped_house()
    invoice = reviewed_invoice(house)
    return_invoice(invoice, by=house.manager, note="title")
    again = submit_invoice(Invoice.objects.get(pk=invoice.pk), by=house.finance)
    assert review_invoice(again, by=house.manager).state == "submitted"


@pytest.mark.duty("I2", "I8")
def test_issuing_counts_posts_and_sets_the_due_date():
    house = shipped_house()
    invoice = issued_invoice(house)
    assert invoice.number.startswith("IN-") and invoice.due_on == invoice.issued_on + datetime.timedelta(30)
    assert ShipmentLine.objects.get(shipment__party=house.party).invoiced == 10
    today = invoice.issued_on
    assert balance("1122.01", on=today, party=house.party) == D("1130.00")
    assert balance("1122.02", on=today, party=house.party) == 0
    assert balance("2221.01", on=today, party=house.party) == D("-130.00")
    assert Invoice.objects.get(pk=invoice.pk).application.state == "invoiced"


@pytest.mark.duty("I2")
def test_the_number_of_the_tax_invoice_is_wanted_and_once():
    house = shipped_house()
    invoice = reviewed_invoice(house)
    with pytest.raises(Refused, match="Enter the number"):
        issue_invoice(invoice, by=house.finance, tax_invoice_no=" ")
    issue_invoice(invoice, by=house.finance, tax_invoice_no="26440001")
    other = shipped_house()
    with pytest.raises(Refused, match="recorded already"):
        issue_invoice(reviewed_invoice(other), by=other.finance, tax_invoice_no="26440001")


@pytest.mark.duty("I4")
def test_a_red_letter_invoice_opens_the_goods_again_and_ages_nothing():
    house = shipped_house()
    invoice = issued_invoice(house)
    reversed_one = reverse_invoice(invoice, by=house.finance, note="wrong title")
    assert reversed_one.state == "reversed"
    assert billable(party=house.party, visible_to=house.assistant)[0].quantity == 10
    today = timezone.localdate()
    assert balance("1122.01", on=today, party=house.party) == 0
    assert balance("1122.02", on=today, party=house.party) == D("1130.00")
    assert ageing(on=today, party=house.party).totals.total == D("1130.00")


def test_a_discarded_draft_frees_what_it_asked_for():
    house = shipped_house()
    cancel_invoice(draft_invoice(house), by=house.finance, note="two invoices instead")
    assert billable(party=house.party, visible_to=house.assistant)[0].quantity == 10


def test_goods_that_left_are_billed_whatever_the_credit_says():
    house = make_house(limit=D("2000.00"))
    assert house.customer.credit_limit == 2000
    house = shipped_house(limit=D("1130.00"))
    assert issued_invoice(house).state == "issued"
