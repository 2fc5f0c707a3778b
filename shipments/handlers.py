"""What shipments say to the steps of orders and cases."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.gate import after, guards
from backoffice.money import LineAmounts, part_of_line
from backoffice.people.models import Person
from backoffice.refusals import Refused
from contracts.models import Contract
from contracts.performance import Figure, Part, tells_performance
from customers.cases.models import Case
from customers.licences.selectors import lacks
from orders.models import Order
from orders.selectors.licences import released
from shipments.models import GONE, UNDERWAY, Shipment, ShipmentLine
from shipments.selectors.papers import papers_missing


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


@guards("dispatch_shipment")
def licences_are_valid(shipment: Shipment, *, by: Person) -> None:
    """A licence that lapsed after the order was approved keeps the goods here too, unless a manager had let the order pass without it (C2)."""
    lines = shipment.lines.filter(product__category__isnull=False).order_by()
    found = lacks(shipment.party, categories=lines.values_list("product__category", flat=True), on=timezone.localdate())
    if not found:
        return
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment).distinct()
    let_pass = set.intersection(*(released(order) for order in orders))
    if missing := [str(lack) for lack in found if lack.kind.pk not in let_pass]:
        raise Refused(
            _("%(lacks)s Have the new one verified before the goods leave.") % {"lacks": " ".join(missing)},
            code="licence",
        )


@guards("dispatch_shipment")
def papers_go_along(shipment: Shipment, *, by: Person) -> None:
    """Nothing leaves while a paper is missing that has to go along with it, but for a manager's release (K6)."""
    if missing := [str(one) for one in papers_missing(shipment, on=timezone.localdate())]:
        raise Refused(
            _("Still missing to go along: %(papers)s. Make them, or ask a manager to release the goods without.")
            % {"papers": "; ".join(missing)},
            code="papers",
        )


@tells_performance
def shipped(contract: Contract, on: date) -> Iterator[Part]:
    """What left the house for a contract, and what of it came back (K3)."""
    rows = ShipmentLine.objects.filter(order_line__order__contract=contract, shipment__state__in=GONE)
    told = rows.filter(shipment__dispatched_on__lte=on).order_by("shipment__dispatched_on", "pk")
    for *of, number, quantity, returned, net, tax, gross in told.values_list(
        "order_line__contract_line", "shipment", "shipment__dispatched_on", "shipment__number", "quantity", "returned", "net", "tax", "gross"
    ):  # fmt: skip
        yield Part(Figure.SHIPPED, *of, gross, quantity, number or "")
        if returned:
            worth = part_of_line(LineAmounts(net, tax, gross), quantity, 0, returned).gross
            yield Part(Figure.RETURNED, *of, worth, returned, number or "")
