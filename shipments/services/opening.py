"""Past shipments of a company that goes live: delivered as they were, on their dates, in the books, without moving stock (X39)."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from backoffice.audit import acting
from backoffice.database.copying import copy_objects
from backoffice.ledger.services import bulk_post
from backoffice.money import ZERO, LineAmounts, total_of
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Opening
from backoffice.stock import services as stock
from orders import lifecycle as order_lifecycle
from orders.models import Order, OrderLine
from shipments import lifecycle
from shipments.models import Shipment, ShipmentLine
from shipments.selectors.open_lines import part_of
from shipments.services.making import COPIED_OF_LINE
from shipments.services.steps import posting_of

Opened = Callable[..., None]
AFTER_OPENING: list[Opened] = []


def after_opening_shipments(function: Opened) -> Opened:
    """Register what a higher app does with past shipments whose invoice was issued with them: `(shipments, *, opening, by)`.

    Called once for each import, in its transaction, with delivered shipments that carry their lines' amounts.
    """
    AFTER_OPENING.append(function)
    return function


@dataclass(slots=True)
class Past:
    """One past shipment of one order. No quantities: everything that is open of the order. `quantities` by order line."""

    order: Order
    on: datetime.date
    lines: Sequence[OrderLine]
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    number: str = ""
    delivered_on: datetime.date | None = None
    carrier: Party | None = None
    tracking_number: str = ""
    note: str = ""
    is_invoiced: bool = False

    @property
    def is_cancelled(self) -> bool:
        return self.order.state == order_lifecycle.CANCELLED.name


@transaction.atomic
def take_over_shipments(past: Sequence[Past], *, opening: Opening, by: Person) -> list[Shipment]:
    """File past shipments, count and post them, finish their orders; what was shipped of a cancelled order is filed as cancelled."""
    made = _Writing(past, opening, by)
    shipments = copy_objects(Shipment, made.shipments)
    copy_objects(ShipmentLine, made.lines())
    alive = [(shipment, one) for shipment, one in zip(shipments, past, strict=True) if not one.is_cancelled]
    count(alive, by=by)
    bulk_post([posting_of(s, one.order, LineAmounts(s.net, s.tax, s.amount)) for s, one in alive], by=by)
    invoiced = [shipment for shipment, one in alive if one.is_invoiced]
    for tell in AFTER_OPENING if invoiced else ():
        tell(invoiced, opening=opening, by=by)
    return shipments


class _Writing:
    """Shipments and lines of a take-over, computed in the order of their dates so that the last part takes the remainder."""

    def __init__(self, past: Sequence[Past], opening: Opening, by: Person) -> None:
        self.opening, self.by = opening, by
        self.numbers = set(Shipment.objects.exclude(number=None).values_list("number", flat=True))
        self.turns: Counter[int] = Counter()
        self.taken: dict[int, tuple[Decimal, LineAmounts]] = defaultdict(lambda: (Decimal(0), LineAmounts()))
        self.rows: dict[int, list[ShipmentLine]] = {}
        by_day = sorted(range(len(past)), key=lambda i: (past[i].on, i))
        for i in by_day:
            self.rows[i] = self.lines_of(past[i])
        self.shipments = [self.shipment(one, self.rows[i]) for i, one in enumerate(past)]

    def lines_of(self, one: Past) -> list[ShipmentLine]:
        rows: list[ShipmentLine] = []
        for line in one.lines:
            before, _amounts = self.taken[line.pk]
            quantity = (
                one.quantities.get(line.pk, ZERO)
                if one.quantities
                else line.quantity - line.shipped + line.returned - before
            )
            if quantity <= 0:
                continue
            amounts = part_of(line, quantity, (line.shipped + before, self.amounts_before(line)))
            self.taken[line.pk] = (before + quantity, self.taken[line.pk][1] + amounts)
            copied = {name: getattr(line, name) for name in COPIED_OF_LINE}
            row = ShipmentLine(order_line=line, position=len(rows) + 1, quantity=quantity, **copied)
            row.set_amounts(amounts)
            rows.append(row)
        return rows

    def amounts_before(self, line: OrderLine) -> LineAmounts:
        """What earlier shipments took, in the database or in this very take-over."""
        here = self.taken[line.pk][1]
        if not line.shipped:
            return here
        return here + total_of(
            row.amounts for row in ShipmentLine.objects.filter(order_line=line, shipment__dispatched_on__isnull=False)
        )

    def shipment(self, one: Past, rows: Sequence[ShipmentLine]) -> Shipment:
        order, total = one.order, total_of(row.amounts for row in rows)
        state = lifecycle.CANCELLED if one.is_cancelled else lifecycle.DELIVERED
        return Shipment(
            state=state.name, number=self.number(one), external_number=one.number, opening=self.opening, author=self.by,
            party=order.party, party_name=order.party_name or order.party.name, salesperson=order.salesperson,
            dossier_id=order.dossier_id, warehouse_id=order.warehouse_id, dated_on=one.on, dispatched_on=one.on,
            delivered_on=one.delivered_on or one.on, required_on=order.required_on, delivery_address=order.delivery_address,
            delivery_contact=order.delivery_contact, delivery_phone=order.delivery_phone, carrier=one.carrier,
            tracking_number=one.tracking_number, note=one.note, currency=order.currency, net=total.net, tax=total.tax,
            amount=total.gross,
        )  # fmt: skip

    def number(self, one: Past) -> str:
        """Their own number, else the order's with the turn of the shipment behind it; never one that is taken."""
        order = one.order.external_number or one.order.number or str(one.order.pk)
        number = one.number
        while not number or number in self.numbers:
            self.turns[one.order.pk] += 1
            number = f"{order}-{self.turns[one.order.pk]}"
        self.numbers.add(number)
        return number

    def lines(self) -> list[ShipmentLine]:
        made = []
        for i, shipment in enumerate(self.shipments):
            for row in self.rows[i]:
                row.shipment = shipment
                made.append(row)
        return made


COUNT = """
UPDATE orders_orderline l SET shipped = l.shipped + s.quantity
  FROM (SELECT order_line_id, sum(quantity) AS quantity FROM shipments_shipmentline WHERE shipment_id = ANY(%s) GROUP BY 1) AS s
 WHERE l.id = s.order_line_id RETURNING l.id, s.quantity
"""


def count(alive: Sequence[tuple[Shipment, Past]], *, by: Person) -> None:
    """Counters and reservations of the order lines, in one statement; orders of which nothing is open any more are done."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [[shipment.pk for shipment, _one in alive]])
        quantities: dict[int, Decimal] = dict(cursor.fetchall())
    stock.release(quantities, quantities)
    orders = Order.objects.filter(
        pk__in={one.order.pk for _shipment, one in alive}, state=order_lifecycle.APPROVED.name
    )
    waiting = OrderLine.objects.open().filter(order__in=orders).values("order_id")
    with acting(by, step=order_lifecycle.FINISH.name):
        done = orders.exclude(pk__in=waiting)
        done.update(state=order_lifecycle.DONE.name, version=F("version") + 1, changed_at=timezone.now())
