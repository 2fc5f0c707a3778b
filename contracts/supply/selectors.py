"""What has been asked for already, and how supply stands for an order or a contract."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from backoffice.people.models import Person
from backoffice.stock.models import Level
from contracts.supply.lifecycle import CANCELLED, REFUSED
from contracts.supply.models import SupplyLine, SupplyRequest

NOTHING = (CANCELLED.name, REFUSED.name)


def asked_for(source: int, *, leave_out: int | None = None) -> dict[int, Decimal]:
    """Product → how much of it is asked for from this document already, what was refused or cancelled not counted.

    Of a request closed short only what came counts.
    """
    rows = SupplyLine.objects.filter(request__source=source).exclude(request__state__in=NOTHING)
    found: dict[int, Decimal] = {}
    for product, quantity, supplied, state in rows.exclude(request=leave_out).values_list(
        "product", "quantity", "supplied", "request__state"
    ):
        found[product] = found.get(product, Decimal(0)) + (supplied if state == "closed" else quantity)
    return found


def free_stock(products: Iterable[int]) -> dict[int, Decimal]:
    """Product → what lies there and is promised to nobody, all warehouses together."""
    rows = Level.objects.filter(product__in=list(products)).order_by().values("product")
    return {
        row["product"]: row["there"] - row["promised"]
        for row in rows.annotate(there=Sum("on_hand"), promised=Sum("reserved"))
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """The supply requests of one document, each with its lines, and what stands out on a day."""

    on: datetime.date
    requests: list[SupplyRequest] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        return any(line.is_late(self.on) for request in self.requests for line in request.lines.all())


def standing_of(source: int, *, person: Person, on: datetime.date) -> Standing:
    rows = SupplyRequest.objects.visible_to(person).filter(source=source).prefetch_related("lines")
    found = list(rows.order_by("-dated_on", "-pk"))
    for request in found:
        for line in request.lines.all():
            line.late = request.state not in NOTHING and line.is_late(on)
    return Standing(on, found)
