"""The steps of a shipment: from the desk through two reviewers and the money gate out of the house."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.fingerprints import fingerprint
from backoffice.documents.gate import guards, performs
from backoffice.ledger.events import Event
from backoffice.ledger.services import Posting, bulk_post
from backoffice.money import LineAmounts, dues, total_of
from backoffice.numbering.services import next_number
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.review import services as review
from backoffice.stock import services as stock
from backoffice.stock.models import Movement
from customers.models import Customer
from orders.models import Order
from orders.services import count_shipped
from shipments import lifecycle
from shipments.models import Shipment, ShipmentLine
from shipments.selectors.money import money_gate, why_held
from shipments.services import telling
from shipments.services.making import check_order, check_together, lock_lines, write_lines
from shipments.services.tracking import set_tracking


@performs(lifecycle.SUBMIT)
def submit_shipment(shipment: Shipment, *, by: Person) -> None:
    """Fix what is to leave: quantities against what is open now, amounts as parts of the order lines. S1"""
    wanted = dict(shipment.lines.values_list("order_line_id", "quantity"))
    lines = lock_lines(wanted)
    check_together(shipment, lines, by=by)
    write_lines(shipment, lines, wanted)


@performs(lifecycle.REVIEW)
def review_shipment(shipment: Shipment, *, by: Person) -> None:
    """Number the shipment once everybody needed has agreed; finance is told where money is wanted first. S4"""
    if money_gate(shipment).by_finance:
        telling.waits_for_money(shipment, by=by)
    if not shipment.number:
        shipment.number = next_number("shipment", on=shipment.dated_on)


@performs(lifecycle.RETURN)
def return_shipment(shipment: Shipment, *, by: Person, note: str = "") -> None:
    """Back to its author with a reason; the agreements given do not count for what is submitted next. S4"""
    telling.returned(shipment, by=by, note=note)


@performs(lifecycle.CANCEL)
def cancel_shipment(shipment: Shipment, *, by: Person) -> None:
    """It does not leave; its quantities are open again. S1"""


@guards("dispatch_shipment")
def content_is_reviewed(shipment: Shipment, *, by: Person) -> None:
    """What leaves is what was agreed to, file by file and cent by cent. S4"""
    requirement = review.requirement_of(shipment, lifecycle.REVIEW.name)
    given = review.agreed(shipment, lifecycle.REVIEW.name, fingerprint(shipment))
    if requirement is None or len(given) < requirement.needed:
        raise Refused(
            _("The content is no longer what was reviewed. Have it returned and reviewed again."), code="review"
        )


@guards("dispatch_shipment")
def money_is_there(shipment: Shipment, *, by: Person) -> None:
    """No goods without their money, or a manager's release. S5"""
    if reason := why_held(shipment):
        raise Refused(reason, code="money")


def lock_deal(shipment: Shipment) -> None:
    """The orders and their customer, so that what was reviewed and the money that is there stay so until it has left.

    Locks in one order everywhere: shipment, orders, customer, order lines, stock levels.
    """
    orders = Order.objects.filter(pk__in=shipment.lines.values("order_line__order"))
    for order in orders.order_by("pk").select_for_update(of=("self",)):
        check_order(order)
    Customer.objects.select_for_update(of=("self",)).filter(party=shipment.party_id).first()


@performs(lifecycle.DISPATCH, locks=lock_deal)
def dispatch_shipment(
    shipment: Shipment, *, by: Person, dispatched_on: datetime.date | None = None, carrier: Party | None = None,
    tracking_number: str = "", freight: Decimal | None = None,
) -> None:  # fmt: skip
    """The goods leave: counters, stock, ledger, and the orders done that have all shipped. S1, S5, S6"""
    rows = list(shipment.lines.select_related("product", "order_line__order__term"))
    shipment.dispatched_on = day_of(rows, dispatched_on)
    set_tracking(shipment, carrier=carrier, tracking_number=tracking_number, freight=freight)
    count_shipped({row.order_line_id: row.quantity for row in rows})
    stock.move(
        [stock.Move(row.pk, row.product, shipment.warehouse, -row.quantity) for row in rows],
        reason=Movement.Reason.DISPATCH, on=shipment.dispatched_on, by=by, record_id=shipment.pk,
    )  # fmt: skip
    bulk_post(postings(shipment, rows), by=by)
    telling.dispatched(shipment, by=by)


def day_of(rows: Iterable[ShipmentLine], day: datetime.date | None) -> datetime.date:
    today = timezone.localdate()
    day = day or today
    if day > today:
        raise Refused(_("Goods that have left did so today or before."), code="future", field="dispatched_on")
    if any(day < row.order_line.order.dated_on for row in rows):
        raise Refused(_("This is before the date of the order."), code="too_early", field="dispatched_on")
    return day


def postings(shipment: Shipment, rows: Iterable[ShipmentLine]) -> list[Posting]:
    """One posting for each order, so that dossier and salesperson of the sale are its own (rules.md §7)."""
    orders: dict[int, Order] = {}
    amounts: dict[int, list[LineAmounts]] = defaultdict(list)
    for row in rows:
        order = row.order_line.order
        orders[order.pk] = order
        amounts[order.pk].append(row.amounts)
    return [posting_of(shipment, orders[key], total_of(amounts[key])) for key in sorted(orders)]


def posting_of(shipment: Shipment, order: Order, total: LineAmounts) -> Posting:
    assert shipment.dispatched_on is not None
    return Posting(
        event=Event.GOODS_DISPATCHED, on=shipment.dispatched_on,
        amounts={"net": total.net, "tax": total.tax, "gross": total.gross},
        party=shipment.party_id, person=order.salesperson_id, dossier=order.dossier_id, record=shipment.pk,
        number=shipment.number or "", memo=order.number or "",
        dues=dues(total.gross, shipment.dispatched_on, order.term.instalments()),
    )  # fmt: skip


@performs(lifecycle.DELIVER)
def deliver_shipment(
    shipment: Shipment, *, by: Person, delivered_on: datetime.date | None = None, received_by: str = ""
) -> None:
    """The customer has the goods; who took them, and when. S6"""
    assert shipment.dispatched_on is not None
    day = delivered_on or timezone.localdate()
    if not shipment.dispatched_on <= day <= timezone.localdate():
        raise Refused(_("Delivered is after it left and not after today."), code="delivered_on", field="delivered_on")
    shipment.delivered_on, shipment.received_by = day, received_by.strip()
    telling.delivered(shipment, by=by)
