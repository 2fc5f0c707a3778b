"""A contract's way, what is called off from it, and its performance list."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from backoffice.refusals import Refused
from contracts.models import Contract, ContractLine
from contracts.performance import performance
from contracts.services import approve_contract, close_contract, save_contract, sign_contract
from orders.models import Order
from orders.services import Wanted, approve_order, cancel_order, close_order, count_shipped, submit_order
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.making import TODAY
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


def call_off(contract: Contract, customer, quantity, *, approve=True) -> Order:
    product = contract.lines.first().product
    lines = [Wanted(product=product, quantity=Decimal(quantity))]
    order = submit_order(orders.draft_order(customer, lines=lines, contract=contract), by=orders.assistant_of(customer))
    return approve_order(order, by=orders.assistant_of(customer)) if approve else order


@pytest.mark.duty("K1")
def test_a_contract_is_reviewed_numbered_signed_and_started():
    contract = contracts.running_contract()
    assert contract.number == "HT-2026-000001" and contract.dossier.title == contract.title
    assert (contract.state, contract.signed_on, contract.amount) == ("running", TODAY, 2000)


@pytest.mark.duty("K1")
def test_without_the_scan_of_the_signed_copy_it_is_not_signed():
    contract = contracts.approved_contract()
    with pytest.raises(Refused, match="scan"):
        sign_contract(contract, by=contract.author)


@pytest.mark.duty("K1", "S4")
def test_a_large_contract_needs_two_people():
    customer = orders.make_customer()
    contract = contracts.submitted_contract(customer, lines=[contracts.goods(100_000, 2)])
    manager = contracts.manager_for(customer)
    assert approve_contract(contract, by=manager).state == "submitted"
    with pytest.raises(Refused):
        approve_contract(contract, by=manager)
    assert approve_contract(contract, by=contracts.manager_for(customer)).state == "approved"


@pytest.mark.duty("K1")
def test_what_was_reviewed_does_not_change():
    contract = contracts.submitted_contract()
    with pytest.raises(Refused, match="not changed any more"):
        save_contract(contract, by=contract.author, header={"title": "another"}, lines=[contracts.goods()])


@pytest.mark.duty("K3")
def test_pd18_orders_take_from_the_contract_and_never_more_than_is_left():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer)
    order = call_off(contract, customer, 5)
    line = order.lines.get()
    assert line.price_source == f"contract {contract}" and line.unit_price == 100
    assert (order.dossier_id, ContractLine.objects.get().rest) == (contract.dossier_id, 15)
    with pytest.raises(Refused, match="15 left"):
        call_off(contract, customer, 20, approve=False)
    with pytest.raises(Refused, match="still open"):
        close_contract(contract, by=contracts.manager_for(customer), note="enough")
    call_off(contract, customer, 15)
    assert ContractLine.objects.get().rest == 0


@pytest.mark.duty("K3")
def test_cancelling_and_closing_give_back_to_the_contract():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer)
    order = call_off(contract, customer, 8)
    cancel_order(order, by=order.author, note="x")
    assert ContractLine.objects.get().ordered == 0
    order = call_off(contract, customer, 8)
    count_shipped({order.lines.get().pk: Decimal(3)})
    close_order(order, by=orders.manager_of(customer), note="x")
    assert ContractLine.objects.get().ordered == 3


@pytest.mark.duty("K3")
def test_the_database_refuses_more_than_was_contracted():
    contracts.running_contract()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractLine.objects.update(ordered=21)


@pytest.mark.duty("K3")
def test_the_performance_list_shows_what_happened_and_what_is_late():
    customer = orders.make_customer()
    due = TODAY - datetime.timedelta(1)
    contract = contracts.running_contract(customer, lines=[contracts.goods(due_on=due), contracts.goods(50, 10)])
    call_off(contract, customer, 12)
    shown = performance(Contract.objects.get(pk=contract.pk), on=TODAY)
    first, second = shown.lines
    assert (first.ordered.quantity, first.to_order, first.to_ship) == (12, 8, 20)
    assert first.is_late and first.days_late == 1 and not second.is_late
    assert shown.is_late and shown.late == [first]
    before = performance(Contract.objects.get(pk=contract.pk), on=due)
    assert not before.is_late, "an obligation due on the very day is not late"


@pytest.mark.duty("K3")
def test_a_contract_of_which_everything_has_left_is_fulfilled():
    customer = orders.make_customer()
    contract = contracts.running_contract(customer)
    order = call_off(contract, customer, 20)
    count_shipped({order.lines.get().pk: Decimal(20)})
    assert Contract.objects.get(pk=contract.pk).state == "fulfilled"


def test_another_customers_order_cannot_use_it():
    contract = contracts.running_contract()
    with pytest.raises(Refused, match="another customer"):
        orders.draft_order(orders.make_customer(), contract=contract)


def test_pages_of_a_contract_open(client):
    customer = orders.make_customer()
    contract = contracts.running_contract(customer)
    call_off(contract, customer, 5)
    client.force_login(contracts.manager_for(customer))
    for path in ("", "performance/", "performance/excel/"):
        assert client.get(f"/contracts/{contract.pk}/{path}").status_code == 200
    assert client.get("/contracts/").status_code == 200 and client.get("/contracts/new/").status_code == 200
    client.force_login(make_person("salesperson"))
    assert client.get(f"/contracts/{contract.pk}/").status_code == 404
