"""Counters of the order's lines, moved by shipments and invoices through these functions only (rules.md §5).

Each locks the lines in the order of their ids, says in words what does not fit (CHECKs hold it in any case), and is part of
the caller's transaction.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.database.copying import update_rows
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.stock import services as stock
from contracts.models import ContractLine
from orders.lifecycle import APPROVED
from orders.models import Order, OrderLine
from orders.services.steps import finish_order

Quantities = Mapping[int, Decimal]


def count_shipped(quantities: Quantities) -> list[Order]:
    """So much of each order line leaves: counted, taken off the reservation; an order of which all has gone is done.

    Answers the orders it finished. Only approved orders ship, and never more than is open.
    """
    with transaction.atomic():
        lines = locked(quantities)
        for line in lines:
            wanted = quantities[line.pk]
            if line.order.get_state() != APPROVED:
                raise Refused(
                    _("Order %(order)s is «%(state)s»; only approved orders are shipped.")
                    % {"order": line.order, "state": line.order.get_state_display()},
                    code="state",
                )
            if wanted > line.open_quantity:
                raise Refused(too_much(line, line.open_quantity, wanted), code="quantity")
            line.shipped += wanted
        update_rows(lines, ["shipped"])
        count_delivered(lines, quantities)
        stock.release(quantities, dict(quantities))
        return [finish_order(order, by=Person.objects.system()) for order in all_shipped(lines)]


def count_returned(quantities: Quantities) -> None:
    """So much came back. The line is open again (the goods may be sent once more); nothing is reserved for it by itself."""
    with transaction.atomic():
        lines = locked(quantities)
        for line in lines:
            if quantities[line.pk] > line.shipped - line.returned:
                raise Refused(too_much(line, line.shipped - line.returned, quantities[line.pk]), code="quantity")
            line.returned += quantities[line.pk]
        update_rows(lines, ["returned"])
        count_delivered(lines, {pk: -quantity for pk, quantity in quantities.items()})


def count_invoiced(quantities: Quantities) -> None:
    """So much has been invoiced; negative when an invoice is reversed."""
    with transaction.atomic():
        lines = locked(quantities)
        for line in lines:
            if line.invoiced + quantities[line.pk] > line.quantity:
                raise Refused(too_much(line, line.quantity - line.invoiced, quantities[line.pk]), code="quantity")
            line.invoiced += quantities[line.pk]
        update_rows(lines, ["invoiced"])


def count_delivered(lines: list[OrderLine], quantities: Quantities) -> None:
    """The same on the contract's lines, in the order of their ids; negative for what comes back (K3)."""
    moved: dict[int, Decimal] = {}
    for line in lines:
        if line.contract_line_id:
            moved[line.contract_line_id] = moved.get(line.contract_line_id, Decimal(0)) + quantities[line.pk]
    if moved:
        agreed = list(ContractLine.objects.filter(pk__in=moved).order_by("pk").select_for_update(of=("self",)))
        for row in agreed:
            row.delivered += moved[row.pk]
        update_rows(agreed, ["delivered"])


def locked(quantities: Quantities) -> list[OrderLine]:
    """Orders first, then their lines, as every step does: so nobody waits in a circle."""
    orders = Order.objects.filter(lines__in=list(quantities)).values("pk")
    list(Order.objects.filter(pk__in=orders).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    rows = OrderLine.objects.filter(pk__in=list(quantities)).order_by("pk").select_related("order")
    return list(rows.select_for_update(of=("self",)))


def all_shipped(lines: list[OrderLine]) -> list[Order]:
    """Of the orders these lines belong to, those of which nothing is open any more."""
    orders = {line.order_id: line.order for line in lines}
    waiting = OrderLine.objects.filter(order__in=orders).open().values_list("order_id", flat=True)
    return [orders[pk] for pk in sorted(set(orders) - set(waiting))]


def too_much(line: OrderLine, there: Decimal, wanted: Decimal) -> str:
    return _("%(goods)s, line %(line)d of %(order)s: %(there)s at most, %(wanted)s are wanted.") % {
        "goods": line.name, "line": line.position, "order": line.order, "there": f"{there.normalize():f}", "wanted": f"{wanted.normalize():f}",
    }  # fmt: skip
