"""What shipments say to the steps of orders and cases."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from backoffice.documents.gate import after, guards
from backoffice.money import part_of_line
from backoffice.people.models import Person
from backoffice.refusals import Refused
from contracts.models import Contract
from contracts.performance import Figure, Part, tells_performance
from customers.cases.models import Case
from orders.models import Order
from shipments.models import GONE, UNDERWAY, Shipment, ShipmentLine


@guards("cancel_order", "close_order")
def nothing_is_under_way(order: Order, *, by: Person) -> None:
    """An order is not given up while its goods are being reviewed or wait to leave; drafts simply cannot be submitted any more."""
    waiting = Shipment.objects.filter(state__in=UNDERWAY, lines__order_line__order=order).first()
    if waiting is not None:
        raise Refused(
            _("Shipment %(shipment)s of it is on its way. Cancel that first.") % {"shipment": waiting}, code="under_way"
        )


@after("open_case")
def name_the_carrier(case: Case, *, by: Person) -> None:
    """A case about a shipment is one of who carried it, so that the figures by carrier are whole (C4)."""
    shipment = Shipment.objects.filter(pk=case.about_id, carrier__isnull=False).first()
    if shipment is not None and case.carrier_id is None:
        case.carrier = shipment.carrier
        case.save(update_fields=["carrier"])


@tells_performance
def shipped(contract: Contract, on: date) -> Iterator[Part]:
    """What left the house for a contract, and what of it came back (K3)."""
    rows = ShipmentLine.objects.filter(order_line__order__contract=contract, shipment__state__in=GONE)
    rows = rows.filter(shipment__dispatched_on__lte=on).select_related("shipment", "order_line")
    for line in rows.order_by("shipment__dispatched_on", "pk"):
        of = (line.order_line.contract_line_id, line.shipment_id, line.shipment.dispatched_on)
        number = line.shipment.number or ""
        yield Part(Figure.SHIPPED, *of, line.gross, line.quantity, number)
        if line.returned:
            worth = part_of_line(line.amounts, line.quantity, 0, line.returned).gross
            yield Part(Figure.RETURNED, *of, worth, line.returned, number)
