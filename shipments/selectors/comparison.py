"""What a reviewer of a shipment compares: the order beside the shipment, line by line, with the goods on hand (S4)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.money import LineAmounts
from backoffice.stock.models import Level
from orders.models import Order, OrderLine
from shipments.models import Shipment, ShipmentLine
from shipments.selectors.open_lines import part_of, taken, underway


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One line of the header: what the order says, what the shipment says."""

    label: str
    ordered: str
    shipping: str

    @property
    def differs(self) -> bool:
        return self.ordered != self.shipping


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line: ordered, shipped before, in other shipments, now; what stays open; what lies there."""

    line: ShipmentLine
    ordered: OrderLine
    elsewhere: Decimal
    on_hand: Decimal | None
    expected: LineAmounts

    @property
    def before(self) -> Decimal:
        return self.ordered.shipped - self.ordered.returned

    @property
    def stays_open(self) -> Decimal:
        return self.ordered.quantity - self.before - self.elsewhere - self.line.quantity

    @property
    def is_too_much(self) -> bool:
        return self.stays_open < 0

    @property
    def is_part(self) -> bool:
        return self.line.quantity != self.ordered.quantity

    @property
    def is_short(self) -> bool:
        return self.on_hand is not None and self.on_hand < self.line.quantity

    @property
    def goods_differ(self) -> bool:
        mine = (self.line.product_id, self.line.name, self.line.spec, self.line.unit)
        return mine != (self.ordered.product_id, self.ordered.name, self.ordered.spec, self.ordered.unit)

    @property
    def price_differs(self) -> bool:
        return self.line.unit_price != self.ordered.unit_price or self.line.amounts != self.expected

    @property
    def differs(self) -> bool:
        return self.is_too_much or self.is_short or self.goods_differ or self.price_differs


@dataclass(frozen=True, slots=True)
class Comparison:
    shipment: Shipment
    orders: list[Order]
    head: list[HeadRow]
    rows: list[LineRow]

    @property
    def differences(self) -> int:
        return sum(row.differs for row in self.head) + sum(row.differs for row in self.rows)


def compared(shipment: Shipment) -> Comparison:
    """The shipment beside its orders; only what keeps goods from leaving right counts as a difference."""
    lines = list(shipment.lines.select_related("product", "order_line__order__party").order_by("position"))
    ids = [line.order_line_id for line in lines]
    elsewhere, already = underway(ids, besides=shipment), taken(ids, besides=shipment)
    levels = dict(
        Level.objects.filter(
            warehouse=shipment.warehouse_id, product__in=[line.product_id for line in lines]
        ).values_list("product", "on_hand")
    )
    rows = [
        LineRow(
            line, line.order_line, elsewhere.get(line.order_line_id, Decimal(0)),
            levels.get(line.product_id, Decimal(0)) if line.product.is_stocked else None,
            part_of(line.order_line, line.quantity, already.get(line.order_line_id)),
        )
        for line in lines
    ]  # fmt: skip
    orders = list({line.order_line.order_id: line.order_line.order for line in lines}.values())
    return Comparison(shipment, orders, head_rows(shipment, orders), rows)


def head_rows(shipment: Shipment, orders: list[Order]) -> list[HeadRow]:
    def told(name: str) -> str:
        return " / ".join(dict.fromkeys(str(getattr(order, name) or "") for order in orders))

    rows = [
        (_("Customer"), told("party"), str(shipment.party)),
        (_("Delivery address"), told("delivery_address"), shipment.delivery_address),
        (_("Contact person"), told("delivery_contact"), shipment.delivery_contact),
        (_("Telephone"), told("delivery_phone"), shipment.delivery_phone),
        (_("Wanted by"), told("required_on"), str(shipment.required_on or "")),
        (_("Warehouse"), told("warehouse"), str(shipment.warehouse)),
    ]
    return [HeadRow(*row) for row in rows]
