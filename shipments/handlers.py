"""What shipments say to the steps of orders and cases."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.gate import after, guards
from backoffice.money import part_of_line
from backoffice.people.models import Person
from backoffice.refusals import Refused
from contracts.models import Contract
from contracts.papers.selectors import Going, Leaving, tells_goods, wanted_of
from contracts.performance import Figure, Part, tells_performance
from customers.cases.models import Case
from customers.licences.selectors import lacks
from orders.models import Order
from orders.selectors.licences import released
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


@tells_goods("shipment")
def goods_of_shipments(ids: Collection[int]) -> Iterable[Leaving]:
    """What leaves with each shipment, by which contract and order (K6)."""
    lines = ShipmentLine.objects.filter(shipment__in=ids).select_related("shipment", "product", "order_line__order")
    found: dict[int, Leaving] = {}
    for line in lines.order_by("shipment", "position"):
        order = line.order_line.order
        leaving = found.setdefault(line.shipment_id, Leaving(line.shipment_id, line.shipment.party_id, []))
        leaving.goods.append(
            Going(
                line.product_id, line.product.code, line.name, line.spec, line.unit, line.quantity,
                line.product.category_id, order.contract_id, order.pk,
            )
        )  # fmt: skip
    return found.values()


@guards("dispatch_shipment")
def papers_go_along(shipment: Shipment, *, by: Person) -> None:
    """Nothing leaves while a paper is missing that has to go along with it (K6)."""
    for wanted in wanted_of(goods_of_shipments([shipment.pk]), on=timezone.localdate()).values():
        if missing := [str(one) for one in wanted if one.is_missing]:
            raise Refused(_("Still missing to go along: %(papers)s.") % {"papers": "; ".join(missing)}, code="papers")


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
