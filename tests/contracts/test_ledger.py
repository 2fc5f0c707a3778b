"""The ledger of contracts: call-offs against an agreed total, ends and obligations warned of, closing with a rest (K2)."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.outbox.models import Notification
from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.refusals import Refused
from contracts.models import Contract
from contracts.panels import planned_payments
from contracts.selectors import payments_due
from contracts.services import close_contract, move_in_archive, save_contract
from contracts.services.telling import warn_of_ends, warn_of_obligations
from contracts.tables import ContractList
from orders.models import Order
from orders.services import Wanted, approve_order, cancel_order, close_order, count_shipped, submit_order
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.contracts.test_contracts import call_off
from tests.making import TODAY, PartyFactory
from tests.making_invoices import confirmed_payment, shipped_house
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


def value(contract):
    return Contract.objects.get(pk=contract.pk).called_off


@pytest.mark.duty("K2")
def test_call_offs_add_up_and_never_pass_the_agreed_total():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer, category="framework", is_binding=False, ceiling=Decimal(1500))
    first = call_off(contract, customer, 8)
    assert value(contract) == 800
    waiting = call_off(contract, customer, 8, approve=False)
    with pytest.raises(Refused, match=r"agreed total .* 1,500\.00"):
        approve_order(waiting, by=orders.assistant_of(customer))
    cancel_order(first, by=first.author, note="x")
    assert value(contract) == 0
    assert approve_order(Order.objects.get(pk=waiting.pk), by=orders.assistant_of(customer)).state == "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(called_off=1501)


@pytest.mark.duty("K2")
def test_an_order_closed_short_calls_off_only_what_was_sent():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer)
    order = call_off(contract, customer, 10)
    count_shipped({order.lines.get().pk: Decimal(3)})
    close_order(order, by=orders.manager_of(customer), note="x")
    assert value(contract) == 300


@pytest.mark.duty("K2")
def test_quantities_that_do_not_bind_may_be_passed_and_do_not_end_the_contract():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer, category="framework", is_binding=False)
    order = call_off(contract, customer, 25)
    count_shipped({order.lines.get().pk: Decimal(25)})
    contract = Contract.objects.get(pk=contract.pk)
    assert (contract.state, contract.lines.get().ordered, contract.lines.get().rest) == ("running", 25, 0)


@pytest.mark.duty("K2")
def test_closing_with_a_rest_asks_for_a_reason_and_without_one_does_not():
    customer = orders.make_customer()
    contract, manager = contracts.running_contract(customer), contracts.manager_for(customer)
    with pytest.raises(Refused, match="20 件 .* are left"):
        close_contract(contract, by=manager)
    assert close_contract(contract, by=manager, note="customer moved").state == "closed"
    done = contracts.running_contract(customer)
    order = call_off(done, customer, 20)
    count_shipped({order.lines.get().pk: Decimal(20)})
    assert close_contract(Contract.objects.get(pk=done.pk), by=manager).state == "closed"


@pytest.mark.duty("K2")
def test_the_end_is_warned_of_60_30_and_7_days_before():
    contract = contracts.running_contract(ends_on=TODAY + datetime.timedelta(365))
    told = [days for days in range(100) if warn_of_ends(on=contract.ends_on - datetime.timedelta(days))]
    assert told == [7, 30, 60]
    assert Notification.objects.filter(topic="contract_runs_out", person=contract.salesperson).count() == 3


@pytest.mark.duty("K2")
def test_whose_customer_it_has_become_is_warned():
    contract = contracts.running_contract(ends_on=TODAY + datetime.timedelta(365))
    successor = make_person(Role.SALESPERSON)
    Party.objects.filter(pk=contract.party_id).update(owner=successor)
    warn_of_ends(on=contract.ends_on - datetime.timedelta(7))
    told = Notification.objects.filter(topic="contract_runs_out").values_list("person", flat=True)
    assert set(told) == {successor.pk, contract.author_id}


@pytest.mark.duty("K2")
def test_deliveries_and_payments_are_warned_of_a_week_before_and_once_more_when_missed():
    due, customer = TODAY + datetime.timedelta(30), orders.make_customer()
    draft = contracts.draft_contract(customer, lines=[contracts.goods(due_on=due)])
    save_contract(
        draft, by=draft.author, header={}, lines=[contracts.goods(due_on=due)], payment_plan=f"50% {due}\n余款 发货前"
    )
    contract = contracts.to_running(draft, customer)
    told = {days: n for days in range(-3, 12) if (n := warn_of_obligations(on=due - datetime.timedelta(days)))}
    assert told == {7: 2, -1: 2}
    assistant = orders.assistant_of(customer)
    assert [row.amount for row in planned_payments(assistant, due + datetime.timedelta(1))] == [1000]
    assert not planned_payments(orders.assistant_of(orders.make_customer()), due)
    order = call_off(contract, customer, 20)
    count_shipped({order.lines.get().pk: Decimal(20)})
    assert warn_of_obligations(on=due - datetime.timedelta(7)) == 0, "fulfilled contracts oblige to nothing"


@pytest.mark.duty("K2")
def test_what_suppliers_owe_us_and_we_owe_them_is_told_to_purchasing_and_to_nobody_of_sales():
    due, seller = TODAY + datetime.timedelta(30), make_person("salesperson")
    buyer, colleague = make_person("purchasing"), make_person("purchasing")
    supplier = PartyFactory(is_customer=True, is_supplier=True, owner=seller)
    lines, plan = [contracts.goods(due_on=due)], f"50% {due}\n余款 验收后30天"
    contract = contracts.signed_purchase(supplier, by=buyer, lines=lines, plan=plan)
    told = {days: n for days in range(-3, 12) if (n := warn_of_obligations(on=due - datetime.timedelta(days)))}
    assert told == {7: 2}, "nobody counts what came or was paid, so nothing is called missed"
    notices = Notification.objects.filter(topic="contract_obligation", record=contract.pk)
    assert sorted(notices.values_list("person", flat=True)) == [buyer.pk, buyer.pk, colleague.pk, colleague.pk]
    assert {notice.text.split(", ")[-1] for notice in notices} == {"2,000.00", "1,000.00"}
    ends = contract.ends_on - datetime.timedelta(30)
    assert warn_of_ends(on=ends) == 1 and not Notification.objects.filter(person=seller).exists()


@pytest.mark.duty("K2", "F9")
def test_the_ledger_shows_kinds_values_copies_and_what_is_left_to_whom_it_concerns():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer, category="framework", ceiling=Decimal(9000))
    contracts.draft_contract(customer)
    manager = contracts.manager_for(customer)
    shown = ContractList(manager, "category=framework&copy=1&value=8000..")
    row = shown.on_page()[0]
    assert (row.pk, row.value, row.left, row.has_copy) == (contract.pk, 9000, 9000, True) and shown.count == 1
    assert ContractList(orders.manager_of(orders.make_customer()), "").count == 0


@pytest.mark.duty("K2")
def test_what_was_paid_is_not_asked_for_again():
    house = shipped_house()
    contract = contracts.draft_contract(house.customer, by=house.assistant)
    plan = f"50% 合同签订后10天内\n50% {TODAY + datetime.timedelta(20)}"
    contract = save_contract(contract, by=house.assistant, header={}, lines=[contracts.goods()], payment_plan=plan)
    contract = contracts.to_running(contract, house.customer)
    day = TODAY + datetime.timedelta(10)
    asked = {"since": TODAY, "until": TODAY + datetime.timedelta(30), "on": day}
    rows = Contract.objects.filter(pk=contract.pk)
    assert [(each.due_on, each.amount) for each in payments_due(rows, **asked)] == [
        (day, 1000),
        (day + datetime.timedelta(10), 1000),
    ]
    order = call_off(contract, house.customer, 5)
    confirmed_payment(house, 1200, order=order, dated_on=TODAY)
    assert [each.amount for each in payments_due(rows, **asked | {"on": timezone.localdate()})] == [800]


@pytest.mark.duty("K2")
def test_an_order_without_a_contract_line_counts_against_the_total_too():
    customer = orders.make_customer()
    contract = contracts.running_contract(
        customer, category="framework", lines=[contracts.goods()], ceiling=Decimal(5000)
    )
    other = orders.product_at(70)
    lines = [Wanted(product=other, quantity=Decimal(10), price_reason="spare part")]
    order = submit_order(orders.draft_order(customer, lines=lines, contract=contract), by=orders.assistant_of(customer))
    approve_order(order, by=orders.assistant_of(customer))
    assert value(contract) == 700


@pytest.mark.duty("K2")
def test_the_paper_moves_in_the_archive_and_the_history_says_who_moved_it(client):
    customer = orders.make_customer()
    contract, desk = contracts.running_contract(customer), orders.assistant_of(customer)
    client.force_login(desk)
    address = reverse("contracts:archive-place", args=[contract.pk])
    assert address in client.get(contract.get_absolute_url()).content.decode()
    assert 'value="A-12"' in client.get(address).content.decode()
    assert client.post(address, {"archive_place": ""}).status_code == 422
    assert client.post(address, {"archive_place": "B-7", "version": contract.version - 1}).status_code == 409
    assert client.post(address, {"archive_place": "B-7", "version": contract.version}).status_code == 302
    contract.refresh_from_db()
    assert (contract.archive_place, contract.state) == ("B-7", "running")
    moved = Event.objects.filter(record_id=contract.pk, step="move_in_archive").get()
    assert moved.person == desk and moved.at
    closed = close_contract(contract, by=contracts.manager_for(customer), note="x")
    assert move_in_archive(closed, by=desk, archive_place="cellar").archive_place == "cellar"


@pytest.mark.duty("K2")
def test_nothing_lies_in_the_archive_before_it_is_signed_and_only_the_office_moves_it(client):
    draft = contracts.draft_contract()
    with pytest.raises(Refused, match="before it is signed"):
        move_in_archive(draft, by=draft.author, archive_place="B-7")
    with pytest.raises(Refused, match="office keeps"):
        move_in_archive(contracts.signed_contract(), by=make_person("finance"), archive_place="B-7")
    client.force_login(draft.author)
    assert (
        reverse("contracts:archive-place", args=[draft.pk]) not in client.get(draft.get_absolute_url()).content.decode()
    )
