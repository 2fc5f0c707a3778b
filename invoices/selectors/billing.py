"""What may be billed: goods that left and are not invoiced yet, or ordered goods where the contract says invoice first (I1)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from backoffice.money import LineAmounts, part_of_line
from backoffice.parties.models import Party
from backoffice.people.models import Person
from contracts.models import Contract
from invoices.lifecycle import DRAFT, REVIEWED, SUBMITTED
from invoices.models import ApplicationLine, InvoiceLine
from orders.lifecycle import APPROVED, DONE
from orders.models import OrderLine
from shipments.lifecycle import DELIVERED, DISPATCHED
from shipments.models import ShipmentLine


@dataclass(frozen=True, slots=True)
class Billable:
    """A line that may be billed: `quantity` is what is left, `amounts` what that comes to."""

    order_line: OrderLine
    shipment_line: ShipmentLine | None
    dated_on: date
    quantity: Decimal
    amounts: LineAmounts


def billable(*, party: Party, visible_to: Person, order_id: int | None = None) -> list[Billable]:
    """Everything of one customer that can be billed now, oldest first, less what other applications already ask for."""
    found = [*shipped(party, visible_to, order_id), *ordered_first(party, visible_to, order_id)]
    return sorted(found, key=lambda row: (row.dated_on, row.order_line.order_id, row.order_line.position))


def shipped(party: Party, person: Person, order_id: int | None) -> Iterable[Billable]:
    rows = ShipmentLine.objects.filter(
        shipment__party=party, shipment__party__in=Party.objects.visible_to(person) if not person.sees_everything else [party],
        shipment__state__in=[DISPATCHED.name, DELIVERED.name], quantity__gt=F("invoiced") + F("returned"),
    ).exclude(order_line__order__contract__invoice_rule=Contract.InvoiceRule.ORDERED)  # fmt: skip
    if order_id:
        rows = rows.filter(order_line__order=order_id)
    lines = list(rows.select_related("shipment", "product__unit", "order_line__order__contract"))
    pending = pending_quantities(shipment_lines=[line.pk for line in lines])
    for line in lines:
        left = line.quantity - line.invoiced - line.returned - pending["shipment_line", line.pk]
        if left > 0:
            yield Billable(
                line.order_line,
                line,
                line.shipment.dispatched_on,
                left,
                parts_of(line, left, pending["shipment_line", line.pk]),
            )


def ordered_first(party: Party, person: Person, order_id: int | None) -> Iterable[Billable]:
    rows = OrderLine.objects.filter(
        order__party=party, order__party__in=Party.objects.visible_to(person) if not person.sees_everything else [party],
        order__state__in=[APPROVED.name, DONE.name], order__contract__invoice_rule=Contract.InvoiceRule.ORDERED,
        quantity__gt=F("invoiced"),
    )  # fmt: skip
    if order_id:
        rows = rows.filter(order=order_id)
    lines = list(rows.select_related("order__contract", "product__unit"))
    pending = pending_quantities(order_lines=[line.pk for line in lines])
    for line in lines:
        left = line.quantity - line.invoiced - pending["order_line", line.pk]
        if left > 0:
            yield Billable(line, None, line.order.dated_on, left, parts_of(line, left, pending["order_line", line.pk]))


def parts_of(line: ShipmentLine | OrderLine, quantity: Decimal, ahead: Decimal = Decimal(0)) -> LineAmounts:
    """What a quantity comes to: amount to date − amount already taken, so that the parts sum to the line."""
    return part_of_line(line.amounts, line.quantity, line.invoiced + ahead, quantity)


def pending_quantities(
    *, shipment_lines: Iterable[int] = (), order_lines: Iterable[int] = ()
) -> dict[tuple[str, int], Decimal]:
    """What applications not yet billed and invoices not yet issued already ask for, by line."""
    found: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    states = [DRAFT.name, SUBMITTED.name, REVIEWED.name]
    for key, ids in (("shipment_line", list(shipment_lines)), ("order_line", list(order_lines))):
        if not ids:
            continue
        only = {f"{key}__in": ids} | ({"shipment_line": None} if key == "order_line" else {})
        asked = ApplicationLine.objects.filter(application__state__in=states, **only)
        drafted = InvoiceLine.objects.filter(invoice__state__in=states, **only)
        for rows in (asked, drafted):
            for pk, total in rows.values_list(key).annotate(total=Sum("quantity")).order_by():
                found[key, pk] += total
    return found
