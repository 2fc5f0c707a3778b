"""Making shipments from open order lines, in part or whole, of one order or several (S1)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.database.copying import update_rows
from backoffice.documents.editing import editing
from backoffice.money import quantity as rounded
from backoffice.money import total_of
from backoffice.people.models import Person
from backoffice.refusals import Refused
from orders import lifecycle as order_lifecycle
from orders.models import Order, OrderLine
from shipments import lifecycle
from shipments.models import Shipment, ShipmentLine
from shipments.selectors.open_lines import offer, open_lines, part_of, taken

COPIED = ("party", "party_name", "warehouse", "delivery_address", "delivery_contact", "delivery_phone", "required_on")
HEADER = (
    "dated_on", "delivery_address", "delivery_contact", "delivery_phone", "required_on", "carrier_id", "tracking_number",
    "external_number", "note",
)  # fmt: skip
COPIED_OF_LINE = ("product_id", "name", "spec", "unit", "unit_price", "discount", "tax_rate")
CHANGED = ("position", "quantity", "name", "spec", "unit", "unit_price", "discount", "tax_rate", "net", "tax", "gross")


def ship_order(order: Order, *, by: Person) -> Shipment:
    """Make a draft of all that is open of an order and lies in the warehouse; what is not there yet stays open."""
    rows = list(open_lines(order=order, visible_to=by).select_related("order", "product").order_by("position"))
    if not rows:
        raise Refused(_("Nothing of this order is open for another shipment."), code="nothing_open")
    return make_shipment(offer(rows), by=by)


@transaction.atomic
def make_shipment(quantities: Mapping[int, Decimal], *, by: Person, **header: Any) -> Shipment:
    """Make a draft of these quantities, by order line; customer, address and dates come from the first order."""
    first = (
        OrderLine.objects.filter(pk__in=[pk for pk, quantity in quantities.items() if quantity])
        .select_related("order")
        .order_by("order__dated_on", "order_id", "position")
        .first()
    )
    if first is None:
        raise Refused(_("Say at least one quantity to ship."), code="nothing")
    copied = {name: getattr(first.order, name) for name in COPIED}
    shipment = Shipment(dated_on=timezone.localdate(), salesperson=first.order.salesperson, **copied)
    return save_shipment(shipment, quantities, by=by, **header)


def save_shipment(
    shipment: Shipment, quantities: Mapping[int, Decimal], *, by: Person, version: int | None = None, **header: Any
) -> Shipment:
    """Write a draft: its header fields (see HEADER), and for each order line how much goes along; zero leaves it out."""
    if not by.has_role(*lifecycle.OFFICE):
        raise Refused(_("Shipments are made by the sales office and the warehouse."), code="role")
    if unknown := set(header) - set(HEADER):
        raise TypeError(f"no header fields of a shipment: {', '.join(sorted(unknown))}")
    wanted = {int(pk): rounded(quantity) for pk, quantity in quantities.items() if quantity}
    with editing(shipment, by=by, version=version) as writing:
        lines = lock_lines(wanted)
        check_together(writing, lines, by=by)
        for name, value in header.items():
            setattr(writing, name, value)
        write_lines(writing, lines, wanted)
        dossiers = sorted({line.order.dossier_id for line in lines if line.order.dossier_id})
        writing.dossier_id = dossiers[0] if dossiers else None
    return writing


def lock_lines(ids: Iterable[int]) -> list[OrderLine]:
    """Order lines locked in the order of their keys, so that two shipments of the same lines wait and none dies."""
    rows = OrderLine.objects.filter(pk__in=list(ids)).select_related("order", "product").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def check_together(shipment: Shipment, lines: list[OrderLine], *, by: Person) -> None:
    """What leaves together is of one customer, lies in one warehouse, goes to one address, and is of approved orders."""
    if not lines:
        raise Refused(_("Say at least one quantity to ship."), code="nothing")
    orders = {line.order_id: line.order for line in lines}
    visible = set(Order.objects.visible_to(by).filter(pk__in=orders).values_list("pk", flat=True))
    if visible != set(orders):
        raise Order.DoesNotExist
    for order in orders.values():
        if order.party_id != shipment.party_id or order.warehouse_id != shipment.warehouse_id:
            raise Refused(_("Goods of one customer from one warehouse make a shipment."), code="together")
        check_order(order)
    if len({order.delivery_address for order in orders.values()}) > 1:
        raise Refused(_("These orders go to different addresses: make a shipment for each."), code="together")


def check_order(order: Order) -> None:
    if order.state != order_lifecycle.APPROVED.name:
        raise Refused(
            _("Order %(order)s is «%(state)s»: nothing of it can be shipped.")
            % {"order": order.number or order.pk, "state": order.get_state_display()},
            code="order_state",
        )


def write_lines(shipment: Shipment, lines: list[OrderLine], wanted: Mapping[int, Decimal]) -> None:
    """Write the lines with the amounts of their parts and put the sums into the header; refuse more than is open.

    A line that stays is changed and not made anew, so that the history tells what changed.
    """
    already = taken(wanted, besides=shipment)
    here = {row.order_line_id: row for row in shipment.lines.all()}
    rows, changed = [], []
    for position, line in enumerate(sorted(lines, key=lambda row: (row.order.dated_on, row.order_id, row.position)), 1):
        quantity, before = wanted[line.pk], already.get(line.pk, (Decimal(0),))[0]
        check_open(line, quantity, before)
        row = here.pop(line.pk, None) or ShipmentLine(shipment=shipment, order_line=line)
        said = [getattr(row, name) for name in CHANGED]
        row.position, row.quantity = position, quantity
        for name in COPIED_OF_LINE:
            setattr(row, name, getattr(line, name))
        row.set_amounts(part_of(line, quantity, already.get(line.pk)))
        rows.append(row)
        if row.pk and said != [getattr(row, name) for name in CHANGED]:
            changed.append(row)
    if here:
        shipment.lines.filter(pk__in=[row.pk for row in here.values()]).delete()
    ShipmentLine.objects.bulk_create([row for row in rows if row.pk is None])
    update_rows(changed, CHANGED)
    total = total_of(row.amounts for row in rows)
    shipment.net, shipment.tax, shipment.amount = total.net, total.tax, total.gross


def check_open(line: OrderLine, quantity: Decimal, before: Decimal) -> None:
    if quantity < 0:
        raise Refused(_("A quantity to ship is more than zero."), code="quantity", field=f"line_{line.pk}")
    open_now = line.quantity - before
    if quantity > open_now:
        raise Refused(
            _("Of «%(line)s» only %(open)s %(unit)s are open; %(wanted)s are wanted.")
            % {
                "line": line.name,
                "open": f"{open_now.normalize():f}",
                "unit": line.unit,
                "wanted": f"{quantity.normalize():f}",
            },
            code="more_than_open",
            field=f"line_{line.pk}",
        )
