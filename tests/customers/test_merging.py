"""Two customers become one: everything goes over, what cannot stays readable, two people answer for it, and the books tie."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.documents.fingerprints import fingerprint
from backoffice.ledger.models import Entry, Item
from backoffice.ledger.services import seal
from backoffice.parties.models import Party
from backoffice.refusals import Refused
from backoffice.register.models import Record
from customers.changes import apply_customer_change
from customers.credit import credit_of
from customers.merging import merge_customers
from customers.models import Contact, Customer, Note
from customers.services import save_contact, write_note
from customers.tables import CustomerList
from customers.timeline import timeline_of
from invoices.services import allocate_payment, reverse_invoice
from invoices.services.payments import reverse_payment
from orders.models import Order
from orders.services import approve_order
from tests.making_customers import TAX_NO, done_merge, draft_merge, make_customer, submitted_change, submitted_merge
from tests.making_invoices import confirmed_payment, issued_invoice, shipped_house
from tests.making_orders import submitted_order
from tests.making_shipments import approved_order, dispatched_shipment, reviewed_shipment
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("C1")]
TODAY = timezone.localdate


@pytest.fixture
def house():
    return shipped_house()


@pytest.fixture
def other(house):
    """The same company a second time, without any trade."""
    return make_customer(
        house.salesperson, name="示例贸易（杭州）有限公司", phone="0571-7777777", tags="老客户", tax_no=""
    )


def merged(house, other, **picks):
    """The house's customer goes into the other one."""
    return done_merge(other, house.customer, by=house.assistant, agreed_by=house.finance, **picks)


def items_of(document):
    return Item.objects.open().filter(record_id=document.pk)


def test_documents_notes_contacts_and_what_is_open_go_over(house, other):
    invoice, payment = issued_invoice(house), confirmed_payment(house, 300)
    charge = items_of(invoice).get()
    allocate_payment(payment, {charge.pk: Decimal(200)}, on=TODAY(), by=house.finance)
    write_note(house.party, by=house.assistant, text="wants more")
    contact = save_contact(Contact(party=house.party, name="王芳"), by=house.assistant)
    stood = credit_of(house.customer, on=TODAY())
    merge = merged(house, other)
    assert merge.number.startswith("CM-") and merge.state == "merged"
    assert not Record.objects.filter(party=house.party).exists()
    assert {"order", "shipment", "invoice", "payment"} <= set(
        Record.objects.filter(party=other.pk).values_list("kind", flat=True)
    )
    contact.refresh_from_db()
    assert contact.party_id == other.pk and Note.objects.get().party_id == other.pk
    stands, left = credit_of(other, on=TODAY()), credit_of(house.customer, on=TODAY())
    assert (stands.receivable, stands.advances, stands.overdue) == (stood.receivable, stood.advances, stood.overdue)
    assert (left.balance, left.exposure) == (0, 0)
    (carried,) = items_of(invoice)
    assert (carried.party_id, carried.open_amount, carried.due_on, carried.event) == (
        other.pk,
        charge.amount - 200,
        charge.due_on,
        charge.event,
    )
    seal(everything=True)
    assert list(run_checks()) == []


def test_trade_goes_on_with_the_one_that_is_left(house, other):
    invoice, payment = issued_invoice(house), confirmed_payment(house, 500)
    reviewed = reviewed_shipment(house, approved_order(house))
    merged(house, other)
    payment.refresh_from_db()
    allocate_payment(payment, {items_of(invoice).get().pk: Decimal(500)}, on=TODAY(), by=house.finance)
    assert fingerprint(type(reviewed).objects.get(pk=reviewed.pk)) == reviewed.fingerprint
    house.customer = Customer.objects.get(pk=other.pk)
    dispatched_shipment(house, approved_order(house))
    issued_invoice(house)
    invoice.refresh_from_db()
    reverse_invoice(invoice, by=house.finance, note="wrong title")
    payment.refresh_from_db()
    reverse_payment(payment, by=house.finance, note="the bank called it back")
    assert not Item.objects.open().filter(party=invoice.party.former()[0]).exists()
    assert list(run_checks()) == []


def test_a_paper_that_waits_for_review_is_still_what_was_submitted(house, other):
    order = submitted_order(house.customer, by=house.assistant)
    merged(house, other)
    assert approve_order(order, by=house.manager).state == "approved"
    assert Order.objects.get(pk=order.pk).party_id == other.pk


def test_fields_are_picked_credit_and_billing_data_too(house, other):
    picks = {"party_phone": "kept", "party_tax_no": "taken", "customer_credit_limit": "taken", "customer_tags": "both"}
    Customer.objects.filter(pk=house.customer.pk).update(tags="连锁")
    merged(house, other, **picks)
    other.refresh_from_db()
    assert (other.credit_limit, other.tags, other.party.tax_no) == (Decimal("500000.00"), "老客户, 连锁", TAX_NO)
    assert other.party.phone == "0571-7777777"
    assert list(run_checks(["customers.agreed", "customers.merged"])) == []


def test_nobody_merges_alone(house, other):
    merge = submitted_merge(other, house.customer, by=house.manager)
    with pytest.raises(Refused, match="You wrote this"):
        merge_customers(merge, by=house.manager)
    for sql in (
        f"UPDATE parties_party SET merged_into_id = {other.pk}, is_active = false WHERE id = {house.party.pk}",
        f"UPDATE orders_order SET party_id = {other.pk} WHERE party_id = {house.party.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_both_have_is_listed_and_kept_twice(house, other):
    for party in (house.party, other.party):
        save_contact(Contact(party=party, name="张经理", is_main=True), by=house.assistant)
    merge = merged(house, other)
    assert ["customers.contact", "张经理"] in [list(row) for row in merge.collisions]
    assert [row.is_main for row in other.party.contacts.filter(name="张经理")] == [True, False]


def test_who_looks_for_the_old_one_finds_the_new_one(client, house, other):
    merged(house, other)
    old = Party.objects.get(pk=house.party.pk)
    assert old.heir().pk == other.pk and old.get_absolute_url() == f"/customers/{other.pk}/"
    assert [row.pk for row in CustomerList(house.assistant, f"q={old.code}").ordered] == [other.pk]
    assert Party.objects.all().by_code([old.code])[old.code].pk == other.pk
    client.force_login(house.assistant, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/customers/{old.pk}/")["Location"] == f"/customers/{other.pk}/"
    assert old.code in client.get(f"/customers/{other.pk}/").content.decode()


def test_the_timeline_tells_what_happened_to_both(house, other):
    before = {entry.what for entry in timeline_of(house.party, person=house.assistant).entries}
    merged(house, other)
    party = Party.objects.get(pk=other.pk)
    assert before <= {entry.what for entry in timeline_of(party, person=house.assistant).entries}


def test_a_merged_customer_takes_no_new_documents(house, other):
    merged(house, other)
    with pytest.raises(IntegrityError, match="was merged into"), transaction.atomic():
        submitted_order(house.customer, by=house.assistant)


def test_what_stands_in_the_way_is_said(house, other):
    change = submitted_change(house.customer, by=house.assistant)
    with pytest.raises(Refused, match="decide it first"):
        draft_merge(other, house.customer, by=house.assistant)
    apply_customer_change(change, by=house.finance)
    stranger = make_customer(make_person("salesperson"))
    with pytest.raises(Refused, match="two different"):
        draft_merge(stranger, house.customer, by=house.assistant)
    submitted_merge(other, house.customer, by=house.assistant)
    with pytest.raises(Refused, match="being merged"):
        draft_merge(other, house.customer, by=house.assistant)


def test_a_merged_one_may_be_merged_on(house, other):
    invoice = issued_invoice(house)
    merged(house, other)
    third = make_customer(house.salesperson)
    done_merge(third, Customer.objects.get(pk=other.pk), by=house.assistant, agreed_by=house.finance)
    assert Party.objects.get(pk=house.party.pk).heir().pk == third.pk
    assert [party.pk for party in Party.objects.get(pk=third.pk).former()] == [other.pk, house.party.pk]
    invoice.refresh_from_db()
    reverse_invoice(invoice, by=house.finance, note="wrong title")
    assert not Item.objects.open().filter(record_id=invoice.pk).exists()
    assert Entry.objects.filter(event="party_merged").count() >= 2
    assert list(run_checks()) == []
