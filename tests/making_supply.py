"""Supply requests in every state, each reached by the steps that people take."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backoffice.people.models import Person, Role
from backoffice.register.models import Record
from contracts.supply.models import SupplyRequest
from contracts.supply.services import (
    Promise,
    Wanted,
    answer_supply,
    cancel_supply,
    close_supply,
    receive_supply,
    refuse_supply,
    save_request,
    submit_supply,
)
from orders.models import Order
from tests.making_shipments import House, approved_order, make_house
from tests.people_of_the_tests import make_person


def in_a_week() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(7)


def buyer() -> Person:
    return make_person(Role.PURCHASING)


def draft_request(
    house: House | None = None, order: Order | None = None, quantity: Any = 10, **header: Any
) -> SupplyRequest:
    """What is open of the first line of an order of ten."""
    house = house or make_house()
    order = order or approved_order(house)
    lines = [Wanted(product=house.goods[0], quantity=Decimal(quantity), wanted_on=in_a_week())]
    start = {
        "source": Record.objects.get(pk=order.pk),
        "side": "purchasing",
        "dated_on": timezone.localdate(),
        "note": "",
    }
    return save_request(SupplyRequest(), by=house.assistant, header=start | header, lines=lines)


def asked_request(house: House | None = None, order: Order | None = None, quantity: Any = 10) -> SupplyRequest:
    draft = draft_request(house, order, quantity)
    return submit_supply(draft, by=draft.author)


def promised_request(house: House | None = None, *, days: int = 7, quantity: Any = 10) -> SupplyRequest:
    request = asked_request(house, quantity=quantity)
    on = timezone.localdate() + datetime.timedelta(days)
    promises = {line.pk: Promise(line.quantity, on) for line in request.lines.all()}
    return answer_supply(request, by=buyer(), promises=promises)


def part_request(house: House | None = None, come: Any = 4) -> SupplyRequest:
    request = promised_request(house)
    return receive_supply(request, by=buyer(), arrived={request.lines.get().pk: Decimal(come)})


def supplied_request(house: House | None = None) -> SupplyRequest:
    return part_request(house, come=10)


def refused_request(house: House | None = None) -> SupplyRequest:
    return refuse_supply(asked_request(house), by=buyer(), note="not made any more")


def closed_request(house: House | None = None) -> SupplyRequest:
    request = part_request(house)
    return close_supply(request, by=request.author, note="enough")


def cancelled_request(house: House | None = None) -> SupplyRequest:
    request = asked_request(house)
    return cancel_supply(request, by=request.author, note="customer waits no longer")


BY_STATE = {
    "draft": draft_request, "asked": asked_request, "promised": promised_request, "part": part_request, "supplied": supplied_request,
    "refused": refused_request, "closed": closed_request, "cancelled": cancelled_request,
}  # fmt: skip
