"""What shipments say to the steps of orders."""

from collections.abc import Collection

from django.db.models import Max
from django.utils.translation import gettext as _

from backoffice.documents.gate import guards
from backoffice.people.models import Person
from backoffice.refusals import Refused
from contracts.performance import Progress, tells_performance
from orders.models import Order
from shipments.models import UNDERWAY, Shipment, ShipmentLine


@guards("cancel_order", "close_order")
def nothing_is_under_way(order: Order, *, by: Person) -> None:
    """An order is not given up while its goods are being reviewed or wait to leave; drafts simply cannot be submitted any more."""
    waiting = Shipment.objects.filter(state__in=UNDERWAY, lines__order_line__order=order).first()
    if waiting is not None:
        raise Refused(
            _("Shipment %(shipment)s of it is on its way. Cancel that first.") % {"shipment": waiting}, code="under_way"
        )


@tells_performance
def last_dispatch(line_ids: Collection[int]) -> dict[int, Progress]:
    """The day something of each contract line last left (K3)."""
    rows = ShipmentLine.objects.filter(order_line__contract_line__in=line_ids, shipment__dispatched_on__isnull=False)
    days = rows.order_by().values_list("order_line__contract_line").annotate(on=Max("shipment__dispatched_on"))
    return {pk: Progress(shipped_on=day) for pk, day in days}
