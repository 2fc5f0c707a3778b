"""What is open: ordered, not shipped, and not in another shipment that is on its way through review (S1)."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from backoffice.money import LineAmounts, part_of_line
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.stock.models import Level, Warehouse
from orders.models import Order, OrderLine
from shipments.models import GONE, UNDERWAY, Shipment, ShipmentLine

QUANTITY = DecimalField(max_digits=18, decimal_places=3)
NOTHING = Value(Decimal("0.000"), QUANTITY)


def open_lines(
    *, visible_to: Person | None = None, order: Order | None = None, party: Party | None = None,
    warehouse: Warehouse | None = None, besides: Shipment | None = None, drafts: bool = True,
) -> QuerySet[OrderLine]:  # fmt: skip
    """Lines of approved orders with `left` > 0: quantity − shipped + returned − what other shipments hold (`held`).

    `besides` is a shipment whose own lines do not count as held; with `drafts` those of other drafts do.
    `on_hand` is what lies in the order's warehouse.
    """
    states = (*UNDERWAY, "draft") if drafts else UNDERWAY
    others = ShipmentLine.objects.filter(order_line=OuterRef("pk"), shipment__state__in=states)
    if besides is not None and besides.pk:
        others = others.exclude(shipment=besides)
    held = others.order_by().values("order_line").annotate(total=Sum("quantity")).values("total")
    level = Level.objects.filter(product=OuterRef("product"), warehouse=OuterRef("order__warehouse")).values("on_hand")
    rows = OrderLine.objects.shippable()
    if visible_to is not None:
        rows = rows.visible_to(visible_to)
    for name, value in (("order", order), ("order__party", party), ("order__warehouse", warehouse)):
        if value is not None:
            rows = rows.filter(**{name: value})
    return rows.annotate(
        held=Coalesce(Subquery(held, QUANTITY), NOTHING),
        left=F("quantity") - F("shipped") + F("returned") - F("held"),
        on_hand=Coalesce(Subquery(level, QUANTITY), NOTHING),
    ).filter(left__gt=0)


@dataclass(slots=True)
class OpenGroup:
    """Open lines that may leave together: one customer, one warehouse, one address."""

    party: Party
    warehouse: Warehouse
    address: str
    lines: list[Any] = field(default_factory=list)
    form: Any = None  # what is typed into it, on the page that shows it

    @property
    def wanted_by(self) -> datetime.date:
        """The first day on which something of it is wanted; what has no day waits longest."""
        days = [line.order.required_on for line in self.lines if line.order.required_on]
        return min(days, default=datetime.date.max)

    @property
    def orders(self) -> list[Order]:
        return list({line.order_id: line.order for line in self.lines}.values())


def open_groups(rows: QuerySet[OrderLine]) -> list[OpenGroup]:
    """Open lines by what may leave together, the most urgent first, each line with its `offer`."""

    def key(line: OrderLine) -> tuple[Any, ...]:
        return line.order.party_id, line.order.warehouse_id, line.order.delivery_address

    found = rows.select_related("order__party", "order__warehouse", "product__unit")
    lines = sorted(found, key=lambda line: (key(line), line.order.dated_on, line.order_id, line.position))
    groups = []
    for _key, some in groupby(lines, key):
        group: list[Any] = list(some)
        offers = offer(group)
        for line in group:
            line.offer = offers[line.pk]
        first = group[0].order
        groups.append(OpenGroup(first.party, first.warehouse, first.delivery_address, group))
    return sorted(groups, key=lambda group: group.wanted_by)


def offer(lines: Iterable[Any], *, besides: Shipment | None = None) -> dict[int, Decimal]:
    """How much of each open line to propose: what is left, as far as goods lie there that no other shipment has taken.

    Where nothing at all lies there everything left is proposed: the goods are expected, and dispatch asks again.
    """
    rows = list(lines)
    free = stock_free(rows, besides=besides)
    proposed: dict[int, Decimal] = {}
    for line in rows:
        place = (line.product_id, line.order.warehouse_id)
        can = line.left if place not in free else max(min(line.left, free[place]), Decimal(0))
        proposed[line.pk] = can
        if place in free:
            free[place] -= can
    return proposed if any(proposed.values()) else {line.pk: line.left for line in rows}


def stock_free(lines: Iterable[Any], *, besides: Shipment | None = None) -> dict[tuple[int, int], Decimal]:
    """(product, warehouse) → on hand less what other shipments under review have taken; stocked products only."""
    stocked = [line for line in lines if line.product.is_stocked]
    places = {(line.product_id, line.order.warehouse_id) for line in stocked}
    products = {product for product, _warehouse in places}
    free = dict.fromkeys(places, Decimal(0))
    for product, warehouse, on_hand in Level.objects.filter(product__in=products).values_list(
        "product", "warehouse", "on_hand"
    ):
        if (product, warehouse) in free:
            free[product, warehouse] += on_hand
    taken_rows = ShipmentLine.objects.filter(product__in=products, shipment__state__in=UNDERWAY)
    if besides is not None and besides.pk:
        taken_rows = taken_rows.exclude(shipment=besides)
    totals = taken_rows.order_by().values_list("product", "shipment__warehouse").annotate(Sum("quantity"))
    for product, warehouse, quantity in totals:
        if (product, warehouse) in free:
            free[product, warehouse] -= quantity
    return free


def underway(line_ids: Iterable[int], *, besides: Shipment | None = None) -> dict[int, Decimal]:
    """Order line → quantity in other shipments whose content is fixed and whose goods are still here."""
    rows = ShipmentLine.objects.filter(order_line__in=list(line_ids), shipment__state__in=UNDERWAY)
    if besides is not None and besides.pk:
        rows = rows.exclude(shipment=besides)
    return dict(rows.order_by().values_list("order_line").annotate(Sum("quantity")))


def taken(line_ids: Iterable[int], *, besides: Shipment | None = None) -> dict[int, tuple[Decimal, LineAmounts]]:
    """Order line → (quantity, amounts) that other fixed shipments have taken and that did not come back."""
    rows = ShipmentLine.objects.filter(order_line__in=list(line_ids), shipment__state__in=(*UNDERWAY, *GONE))
    if besides is not None and besides.pk:
        rows = rows.exclude(shipment=besides)
    found: dict[int, tuple[Decimal, LineAmounts]] = {}
    for row in rows:
        quantity, amounts = found.get(row.order_line_id, (Decimal(0), LineAmounts()))
        kept = part_of_line(row.amounts, row.quantity, 0, row.quantity - row.returned)
        found[row.order_line_id] = (quantity + row.quantity - row.returned, amounts + kept)
    return found


def part_of(line: OrderLine, quantity: Decimal, already: tuple[Decimal, LineAmounts] | None) -> LineAmounts:
    """What `quantity` of an order line comes to: its amount to date less what other parts have taken (rules.md §1).

    So the last part takes the remainder, and the parts sum to the line whichever of them was made or cancelled first.
    """
    before, amounts = already or (Decimal(0), LineAmounts())
    return part_of_line(line.amounts, line.quantity, 0, before + quantity) - amounts


def quantities_of(shipment: Shipment) -> Mapping[int, Decimal]:
    """Order line → quantity of a shipment."""
    return dict(shipment.lines.values_list("order_line_id", "quantity")) if shipment.pk else {}
