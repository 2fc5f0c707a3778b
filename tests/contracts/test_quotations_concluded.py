"""What comes of a quotation of several versions, by several documents, and by several hands at once (O7)."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backoffice.database.checks import run_checks
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from contracts.models import Contract
from contracts.quotations import services
from contracts.quotations.models import Quotation
from contracts.services import approve_contract, sign_contract, submit_contract
from orders.models import Order
from orders.services import approve_order, cancel_order
from tests import making_contracts as contracts
from tests import making_orders as orders
from tests.making_quotations import enquiry, order_from, quoted, quoted_goods
from tests.people_of_the_tests import make_person
from tests.racing import at_once, pausing_after

pytestmark = [pytest.mark.django_db, pytest.mark.duty("O7")]


def again(quotation):
    return Quotation.objects.get(pk=quotation.pk)


def contract_of(quotation, customer, **more):
    return contracts.draft_contract(customer, origin=Record.objects.get(pk=quotation.pk), **more)


def signed(contract):
    scan = SimpleUploadedFile("contract.pdf", contracts.SCAN, "application/pdf")
    return sign_contract(contract, by=contract.author, scan=scan)


def approved(contract, customer):
    return approve_contract(submit_contract(contract, by=contract.author), by=contracts.manager_for(customer))


@pytest.mark.duty("O2")
def test_an_order_handed_in_from_a_version_that_was_replaced_since_is_not_bound_and_keeps_the_new_one_from_being_lost():
    customer = orders.make_customer()
    first = quoted(customer)
    order = order_from(first)
    second = quoted(customer, previous=first)
    with pytest.raises(Refused, match="is being made from it"):
        services.lose_quotation(second, by=second.author, lost_reason="price")
    with pytest.raises(Refused, match="Return the order"):
        approve_order(order, by=orders.assistant_of(customer))
    assert again(second).state == "quoted" and Order.objects.get(pk=order.pk).number is None


@pytest.mark.duty("K1")
def test_a_contract_drafted_from_a_version_that_was_replaced_since_wins_the_newest():
    customer = orders.make_customer()
    first = quoted(customer)
    contract = approved(contract_of(first, customer), customer)
    second = quoted(customer, previous=first)
    with pytest.raises(Refused, match="is being made from it"):
        services.lose_quotation(second, by=second.author, lost_reason="price")
    contract = signed(contract)
    assert (again(first).state, again(second).state, again(second).won_by_id) == ("replaced", "won", contract.pk)
    assert not list(run_checks(["quotations.won"]))


@pytest.mark.duty("K1")
def test_what_an_order_won_stays_in_its_dossier_and_goes_to_the_signed_contract_when_the_order_is_cancelled():
    customer = orders.make_customer()
    quotation = quoted(customer)
    contract = contract_of(quotation, customer)
    order = approve_order(order_from(quotation), by=orders.assistant_of(customer))
    contract = approved(contract, customer)
    assert again(quotation).dossier_id == order.dossier_id and not list(run_checks(["quotations.won"]))
    contract = signed(contract)
    assert again(quotation).won_by_id == order.pk
    cancel_order(order, by=order.author, note="by contract now")
    assert (again(quotation).won_by_id, again(quotation).dossier_id) == (contract.pk, contract.dossier_id)
    assert not list(run_checks(["quotations.won"]))


@pytest.mark.duty("K1")
def test_what_was_quoted_to_a_customer_begins_no_purchase_and_purchasing_does_not_find_its_prices(client):
    customer = orders.make_customer()
    quotation = quoted(customer)
    header = {"category": Contract.Category.PURCHASE}
    with pytest.raises(Refused, match="purchase contract"):
        contract_of(quotation, customer, by=make_person(Role.PURCHASING), **header)
    client.force_login(make_person(Role.PURCHASING))
    new = reverse("contracts:contract-new")
    assert client.get(new, {"origin": quotation.pk}).status_code == 404
    assert client.get(new, {"pull": "origin", "pk": quotation.pk}).status_code == 404
    for name in ("contract_origin", "open_quotation"):
        assert quotation.number not in client.get(f"/look-up/{name}/", {"party": customer.pk}).content.decode()
    assert "origin" not in client.get(new).context["form"].fields, "nor a field for them"
    client.force_login(orders.assistant_of(customer))
    assert "origin" in client.get(new).context["form"].fields


@pytest.mark.django_db(transaction=True)
def test_two_people_write_a_new_version_at_once_and_the_second_reads_why_not():
    customer = orders.make_customer()
    first, goods = quoted(customer), [quoted_goods(orders.product_at(100))]
    people = [orders.assistant_of(customer) for _ in range(2)]
    told = at_once(*(lambda p=p: enquiry(customer, previous=again(first), by=p, lines=goods).state for p in people))
    assert sorted(told) == ["Refused", "enquiry"]


@pytest.mark.duty("O2")
@pytest.mark.django_db(transaction=True)
def test_an_order_approved_while_the_winner_is_being_cancelled_wins_in_its_place():
    customer = orders.make_customer()
    quotation, people = quoted(customer), [orders.assistant_of(customer) for _ in range(2)]
    winner = approve_order(order_from(quotation), by=people[0])
    other, looked = order_from(quotation), threading.Event()

    def pause():
        looked.set()
        return 0.5

    with pausing_after("orders.handlers.signed_from", pause):
        at_once(
            lambda: cancel_order(winner, by=people[0], note="twice"),
            lambda: looked.wait(20) and approve_order(other, by=people[1]),
        )
    assert (again(quotation).state, again(quotation).won_by_id) == ("won", other.pk)
