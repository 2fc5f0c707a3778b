"""What shipments say to the steps of orders."""

from django.utils.translation import gettext as _

from backoffice.documents.gate import guards
from backoffice.people.models import Person
from backoffice.refusals import Refused
from orders.models import Order
from shipments.models import UNDERWAY, Shipment


@guards("cancel_order", "close_order")
def nothing_is_under_way(order: Order, *, by: Person) -> None:
    """An order is not given up while its goods are being reviewed or wait to leave; drafts simply cannot be submitted any more."""
    waiting = Shipment.objects.filter(state__in=UNDERWAY, lines__order_line__order=order).first()
    if waiting is not None:
        raise Refused(
            _("Shipment %(shipment)s of it is on its way. Cancel that first.") % {"shipment": waiting}, code="under_way"
        )
