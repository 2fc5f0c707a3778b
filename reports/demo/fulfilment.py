"""What the demonstration company asks of its suppliers, and the contract statistics it was mailed."""

import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from backoffice.periods import Month, Quarter
from backoffice.register.models import Record
from contracts.supply import services as supplying
from contracts.supply.models import SupplyRequest
from contracts.supply.sources import source_of
from orders.models import Order
from reports.demo.company import Company
from reports.services.contracts import issue_statistics

REQUESTS = 7


def make_supply(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Requests for the newest approved orders, each a step further than the one before."""
    buyer = company.people["purchasing"]
    orders = Order.objects.in_state("approved").exclude(number=None).order_by("-dated_on", "-pk")[:REQUESTS]
    for place, order in enumerate(orders):
        if request := draft_request(company, order, rng, today=today):
            walk_request(request, company, buyer, rng, place, today=today)


def draft_request(company: Company, order: Order, rng: Random, *, today: datetime.date) -> SupplyRequest | None:
    record = Record.objects.get(pk=order.pk)
    found = source_of(record)
    if found is None or not found.needs:
        return None
    lines = [
        supplying.Wanted(
            product=need.product,
            quantity=need.quantity,
            wanted_on=max(need.wanted_on or today, today + datetime.timedelta(2)),
        )
        for need in found.needs[:3]
    ]
    side = rng.choice(SupplyRequest.Side.values)
    header = {"source": record, "side": side, "dated_on": today, "note": ""}
    return supplying.save_request(SupplyRequest(), by=order.author, header=header, lines=lines)


def walk_request(
    request: SupplyRequest, company: Company, buyer, rng: Random, place: int, *, today: datetime.date
) -> None:
    """The newest stays a draft, two wait for an answer, the others are promised, in part there, or supplied."""
    if place == 0:
        return
    request = supplying.submit_supply(request, by=request.author)
    if place < 3:
        return
    late = 6 if place == 3 else 0
    promises = {
        line.pk: supplying.Promise(line.quantity, line.wanted_on + datetime.timedelta(late - rng.randrange(2)))
        for line in request.lines.all()
    }
    request = supplying.answer_supply(request, by=buyer, promises=promises)
    if place < 5:
        return
    share = Decimal("0.5") if place == 5 else Decimal(1)
    arrived = {line.pk: max(Decimal(1), (line.quantity * share).quantize(Decimal(1))) for line in request.lines.all()}
    supplying.receive_supply(request, by=company.people["warehouse"], arrived=arrived, on=today)


def issue_contract_statistics(*, today: datetime.date) -> None:
    """Last month and last quarter, as they were mailed on the 1st."""
    for period in (Quarter.containing(today).previous(), Month.containing(today).previous()):
        issue_statistics(period, at=timezone.now())
