"""Supply asked for by orders and contracts: what, by when, what was promised, what has come; and what the order shows of it (K8)."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backoffice.documents.gate import GATES
from backoffice.outbox.models import Notification
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.register.models import Record
from contracts.supply.lifecycle import SUPPLY_REQUEST
from contracts.supply.models import SupplyLine, SupplyRequest
from contracts.supply.panels import expected, late, shown_for, to_answer
from contracts.supply.services import (
    Promise,
    answer_supply,
    ask_back_supply,
    cancel_supply,
    receive_supply,
    refuse_supply,
    save_request,
    submit_supply,
)
from orders.services import cancel_order
from tests import making_contracts as contracts
from tests import making_supply as supply
from tests.making import ProductFactory
from tests.making_orders import draft_order
from tests.making_shipments import approved_order, dispatched_shipment, make_house
from tests.people_of_the_tests import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.duty("K8")]
D = Decimal


def test_an_order_asks_for_what_is_open_of_it_and_purchasing_is_told():
    house, buyer = make_house(), supply.buyer()
    order = approved_order(house)
    request = supply.asked_request(house, order)
    assert (request.state, request.party, request.dossier_id) == ("asked", house.party, order.dossier_id)
    assert request.number.startswith("SR-")
    [notice] = Notification.objects.filter(person=buyer)
    assert request.number in notice.text and notice.topic == "supply_asked"
    assert [row.title for row in to_answer(buyer, timezone.localdate())] == [f"{request} · {house.party}"]


def test_what_is_asked_of_production_is_told_to_the_warehouse_which_answers_it():
    house, buyer, today = make_house(), supply.buyer(), timezone.localdate()
    made = submit_supply(supply.draft_request(house, side="production"), by=house.assistant)
    bought = supply.asked_request(house)
    told = Notification.objects.filter(topic="supply_asked")
    keepers = {house.warehouse.pk, house.second.pk}
    assert {notice.person_id for notice in told.filter(record=made.pk)} == keepers
    assert {notice.person_id for notice in told.filter(record=bought.pk)} == {buyer.pk}
    assert [row.url for row in to_answer(house.warehouse, today)] == [made.get_absolute_url()]
    assert len(to_answer(buyer, today)) == 2, "purchasing buys what cannot be made"
    line = made.lines.get()
    promises = {line.pk: Promise(line.quantity, line.wanted_on)}
    assert answer_supply(made, by=house.warehouse, promises=promises).state == "promised"
    for answer in (ask_back_supply, refuse_supply):
        with pytest.raises(Refused, match="asked of purchasing"):
            answer(bought, by=house.warehouse, note="x")
    cancel_supply(made, by=house.assistant, note="x")
    assert {notice.person_id for notice in Notification.objects.filter(topic="supply_given_up")} == keepers


def test_a_signed_contract_begins_a_request_from_its_page(client):
    contract = contracts.signed_contract()
    client.force_login(contract.author)
    assert f"/contracts/supply/new/?source={contract.pk}" in client.get(contract.get_absolute_url()).content.decode()


def test_no_more_is_asked_for_than_is_open_and_not_asked_for_yet():
    house = make_house()
    order = approved_order(house)
    dispatched_shipment(house, order, 4)
    with pytest.raises(Refused, match="6 are open"):
        supply.draft_request(house, order, 7)
    supply.asked_request(house, order, 5)
    with pytest.raises(Refused, match="1 are open"):
        supply.draft_request(house, order, 2)
    supply.asked_request(house, order, 1)


def test_only_goods_of_the_order_are_asked_for_and_only_while_it_is_approved():
    house = make_house()
    request = supply.draft_request(house)
    foreign = supply.Wanted(product=ProductFactory(), quantity=D(1), wanted_on=supply.in_a_week())
    with pytest.raises(Refused, match="0 are open"):
        save_request(request, by=house.assistant, header={}, lines=[foreign])
    draft = draft_order(house.customer)
    with pytest.raises(Refused, match="no supply"):
        supply.draft_request(house, draft)
    order = approved_order(house)
    waiting = supply.draft_request(house, order)
    cancel_order(order, by=house.assistant, note="x")
    with pytest.raises(Refused, match="no supply"):
        submit_supply(waiting, by=house.assistant)


def test_a_running_contract_asks_for_what_was_not_ordered_from_it():
    house = make_house()
    contract = contracts.running_contract(house.customer, lines=[contracts.goods(100, 20)])
    line = contract.lines.get()
    wanted = supply.Wanted(product=line.product, quantity=D(20), wanted_on=supply.in_a_week())
    header = {
        "source": Record.objects.get(pk=contract.pk),
        "side": "production",
        "dated_on": timezone.localdate(),
        "note": "",
    }
    request = save_request(SupplyRequest(), by=house.assistant, header=header, lines=[wanted])
    assert submit_supply(request, by=house.assistant).dossier_id == contract.dossier_id


def test_a_later_promise_is_told_to_whoever_asked_and_stands_on_the_order():
    house = make_house()
    request = supply.promised_request(house, days=12)
    assert request.state == "promised"
    assert Notification.objects.filter(person=house.assistant, topic="supply_late").count() == 1
    assert SupplyRequest.objects.too_late().get() == request
    [shown] = shown_for(request.source_id, house.assistant)["standing"].requests
    [line] = shown.lines.all()
    assert (line.days_after, line.missing, line.late) == (5, 10, False)
    assert [row.tone for row in late(house.assistant, timezone.localdate())] == ["bad"]


def test_a_promise_in_time_is_told_as_such_and_can_be_made_again():
    request = supply.promised_request()
    assert (
        Notification.objects.filter(topic="supply_promised").exists() and not SupplyRequest.objects.too_late().exists()
    )
    line = request.lines.get()
    again = answer_supply(request, by=supply.buyer(), promises={line.pk: Promise(D(6), line.wanted_on)})
    assert again.state == "promised" and SupplyRequest.objects.too_late().exists()
    with pytest.raises(Refused, match="between 0 and 10"):
        answer_supply(request, by=supply.buyer(), promises={line.pk: Promise(D(11), line.wanted_on)})
    with pytest.raises(Refused, match="Nothing is promised"):
        answer_supply(request, by=supply.buyer(), promises={line.pk: None})


def test_goods_come_in_parts_until_all_is_there():
    house = make_house()
    request = supply.part_request(house)
    line = request.lines.get()
    assert (request.state, line.missing, line.supplied_on) == ("part", 6, timezone.localdate())
    with pytest.raises(Refused, match="6 are still to come"):
        receive_supply(request, by=house.warehouse, arrived={line.pk: D(7)})
    request = receive_supply(request, by=house.warehouse, arrived={line.pk: D(6)})
    assert request.state == "supplied"
    assert Notification.objects.filter(person=house.assistant, topic="supply_supplied").count() == 2


def test_what_is_promised_for_today_waits_for_warehouse_and_purchasing():
    request, today = supply.promised_request(days=0), timezone.localdate()
    assert [row.url for row in expected(supply.buyer(), today)] == [request.get_absolute_url()]
    assert SupplyRequest.objects.late(today + datetime.timedelta(1)).get() == request
    assert not SupplyRequest.objects.late(today).exists(), "what is promised for the very day is not late"


def test_what_was_refused_or_given_up_can_be_asked_for_again():
    house = make_house()
    order = approved_order(house)
    request = supply.asked_request(house, order)
    ask_back_supply(request, by=supply.buyer(), note="which colour?")
    assert SupplyRequest.objects.get().state == "draft"
    cancel_supply(request, by=house.assistant, note="x")
    supply.asked_request(house, order)
    closed = supply.closed_request(house)
    assert closed.state == "closed" and supply.draft_request(house, quantity=6)


def test_what_has_partly_come_is_closed_short_not_cancelled():
    request = supply.part_request()
    with pytest.raises(Refused):
        cancel_supply(request, by=request.author, note="x")


@pytest.mark.parametrize("state", supply.BY_STATE)
def test_every_step_from_a_state_it_does_not_know_is_refused(state):
    request = supply.BY_STATE[state]()
    gm = make_person(*Role)
    for step in SUPPLY_REQUEST.steps:
        if state not in [str(source) for source in step.sources]:
            more = {"answer_supply": {"promises": {}}, "receive_supply": {"arrived": {}}}.get(step.name, {})
            with pytest.raises(Refused), transaction.atomic():
                GATES[step.name](request, by=gm, note="x", **more)
    assert SupplyRequest.objects.get(pk=request.pk).state == state


def test_the_database_refuses_more_than_was_asked_for():
    supply.part_request()
    for column in ("supplied", "promised"):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupplyLine.objects.update(**{column: 11})


def test_purchasing_sees_every_request_but_no_draft_and_others_only_their_customers():
    house = make_house()
    asked, draft = supply.asked_request(house), supply.draft_request(house)
    assert set(SupplyRequest.objects.visible_to(supply.buyer())) == {asked}
    assert set(SupplyRequest.objects.visible_to(house.assistant)) == {asked, draft}
    assert not SupplyRequest.objects.visible_to(make_person(Role.ASSISTANT)).exists()


def test_the_pages_open_for_those_who_may(client):
    house, buyer = make_house(), supply.buyer()
    request = supply.asked_request(house)
    client.force_login(house.assistant)
    for path in ("", "new/", f"new/?source={approved_order(house).pk}", f"{request.pk}/"):
        assert client.get(f"/contracts/supply/{path}").status_code == 200, path
    assert request.number in client.get(f"/orders/{request.source_id}/").content.decode()
    client.force_login(buyer)
    for path in (
        "/contracts/supply/",
        f"/contracts/supply/{request.pk}/",
        f"/documents/{request.pk}/answer_supply/",
        "/reports/today/",
    ):
        assert client.get(path).status_code == 200, path
    assert client.get("/contracts/supply/new/").status_code == 403


def test_answer_and_arrival_are_typed_on_the_step_pages(client):
    house, buyer = make_house(), supply.buyer()
    request = supply.asked_request(house)
    line = request.lines.get()
    client.force_login(buyer)
    page = f"/documents/{request.pk}/answer_supply/"
    answer = client.post(page, {f"quantity_{line.pk}": "10", f"on_{line.pk}": ""})
    assert answer.status_code == 422 and "When will it be there?" in answer.content.decode()
    assert client.post(page, {f"quantity_{line.pk}": "10", f"on_{line.pk}": "+5"}).status_code == 302
    client.force_login(house.warehouse)
    page = f"/documents/{request.pk}/receive_supply/"
    assert client.post(page, {"on": "", f"quantity_{line.pk}": "3"}).status_code == 302
    assert SupplyRequest.objects.get().state == "part" and request.lines.get().supplied == 3


def test_a_tab_with_nothing_in_it_says_so(client):
    contract = contracts.running_contract()
    client.force_login(contract.author)
    assert "Nothing yet." in client.get(f"/panels/supply_of_contract/{contract.pk}/").content.decode()
