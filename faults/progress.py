"""That work goes on afterwards: an order is written, handed in and approved, and gets its number."""

from decimal import Decimal

from backoffice.refusals import Refused
from backoffice.stock.models import Movement
from tests.making_shipments import dispatched_shipment, make_house

from .declare import Run


def an_order_goes_through(run: Run) -> None:
    """From the draft to goods that leave, by six people, with every number, posting and review on the way."""
    shipment = dispatched_shipment(make_house())
    if not shipment.number or not Movement.objects.filter(quantity__lt=Decimal(0)).exists():
        raise Refused("An order was written and its goods have not left.")
