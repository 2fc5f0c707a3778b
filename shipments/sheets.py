"""Excel in: past shipments, whole orders that left on a day, or product by product (X39)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field, Option, Reference
from orders import lifecycle as order_lifecycle
from orders.models import Order, OrderLine
from shipments.services.opening import Past, take_over_shipments

SHIPPABLE = (
    order_lifecycle.APPROVED.name,
    order_lifecycle.DONE.name,
    order_lifecycle.CLOSED.name,
    order_lifecycle.CANCELLED.name,
)


def carriers() -> Iterable[Option]:
    for party in Party.objects.filter(is_carrier=True).order_by("pk")[:500]:
        yield Option(party.code, f"{party} ({party.code})", (party.name, party.short_name))


@imports("shipments")
class Shipments(Sheet):
    """Past shipments 历史发货. Rows of one order and one day are one shipment; without products it was all that was open."""

    title = _("Past shipments")
    help = _(
        "Shipments of the time before: filed as delivered on their day and posted to the books. The stock is not moved."
    )
    order = 60
    is_opening = True
    key = ("order", "shipped_on", "number")
    by = (Role.ASSISTANT, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR)
    fields = (
        Field("order", _("Order"), ("Order No", "Order Number", "订单号", "订单编号"), required=True, max_length=100, example="10100"),
        Field("shipped_on", _("Shipped on"), ("Shipped Date", "Ship Date", "Dispatched", "发货日期", "发货时间"), kind="date", required=True),
        Field("number", _("Shipment number"), ("Shipment No", "Delivery Note", "发货单号", "送货单号"), max_length=60),
        Field("product", _("Product"), ("Product Code", "产品编码", "商品编码", "物料编码"), max_length=40,
              help=_("Empty: everything of the order that was still open.")),
        Field("quantity", _("Quantity"), ("Quantity Shipped", "Qty", "数量", "发货数量"), kind="quantity"),
        Field("customer", _("Customer"), ("Customer No", "Customer Code", "客户编码", "客户代码"), max_length=40),
        Field("delivered_on", _("Delivered on"), ("Delivered Date", "Delivery Date", "签收日期", "到货日期"), kind="date"),
        Field("carrier", _("Carrier"), ("Carrier Code", "物流公司", "承运商"), max_length=200, refers=Reference(carriers)),
        Field("tracking_number", _("Tracking number"), ("Tracking No", "Waybill", "运单号", "快递单号"), max_length=60),
        Field("note", _("Remarks"), ("Remark", "Comments", "备注"), max_length=2000),
        Field("is_invoiced", _("Invoice issued with the shipment"), ("Invoiced", "已开票", "随货开票"), kind="bool",
              help=_("Yes: an invoice over each shipment, dated on its day, is filed too.")),
    )  # fmt: skip

    def check(self, rows: Sequence[Row], run: Run) -> None:
        known = Known(rows)
        today = timezone.localdate()
        left: dict[int, Decimal] = {}
        for row in rows:
            order = known.order(row)
            if order is None:
                run.problem(row, "order", _("There is no order %(order)s, or more than one."), order=row["order"])
                continue
            self.check_header(row, order, run, today)
            if row.get("carrier") and known.carrier(row["carrier"]) is None:
                run.problem(row, "carrier", _("There is no carrier «%(carrier)s»."), carrier=row["carrier"])
            self.check_goods(row, known.lines[order.pk], left, run)

    def check_header(self, row: Row, order: Order, run: Run, today: datetime.date) -> None:
        if order.state not in SHIPPABLE:
            run.problem(
                row,
                "order",
                _("Order %(order)s is «%(state)s»: nothing of it was shipped."),
                order=order,
                state=order.get_state_display(),
            )
        if row.get("customer") and row["customer"] != order.party.code:
            run.problem(
                row,
                "customer",
                _("Order %(order)s is of customer %(customer)s."),
                order=order,
                customer=order.party.code,
            )
        if not order.dated_on <= row["shipped_on"] <= today:
            run.problem(
                row, "shipped_on", _("Shipped is after the order, of %(day)s, and not after today."), day=order.dated_on
            )
        if row.get("delivered_on") and row["delivered_on"] < row["shipped_on"]:
            run.problem(row, "delivered_on", _("Delivered is not before shipped."))

    def check_goods(self, row: Row, lines: Sequence[OrderLine], left: dict[int, Decimal], run: Run) -> None:
        """A product of the order, a quantity that is open after the rows above, and something at all."""
        for line in lines:
            left.setdefault(line.pk, line.quantity - line.shipped + line.returned)
        if not row.get("product"):
            if row.get("quantity"):
                run.problem(row, "product", _("A quantity needs its product."))
            elif not any(left[line.pk] > 0 for line in lines):
                run.problem(
                    row, "order", _("Everything of order %(order)s has been shipped already."), order=row["order"]
                )
            left.update({line.pk: Decimal(0) for line in lines})
            return
        mine = [line for line in lines if line.product.code == row["product"]]
        open_now = sum((left[line.pk] for line in mine), Decimal(0))
        wanted = row.get("quantity", open_now)
        if not mine:
            run.problem(
                row, "product", _("%(product)s is not in order %(order)s."), product=row["product"], order=row["order"]
            )
        elif wanted <= 0 or wanted > open_now:
            run.problem(
                row,
                "quantity",
                _("%(open)s of it are open, %(wanted)s were shipped."),
                open=f"{open_now:f}",
                wanted=f"{wanted:f}",
            )
        else:
            spread(mine, wanted, left)

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        known = Known(rows)
        left: dict[int, Decimal] = {}
        past = []
        for some in sorted(self.groups(rows), key=lambda group: group[0]["shipped_on"]):
            order = known.order(some[0])
            if order is None or run.opening is None:
                continue
            past.append(self.past(some, order, known, left))
            run.step(len(some))
        if run.opening is not None:
            made = take_over_shipments(past, opening=run.opening, by=run.by)
            run.made(len(made))
            if cancelled := sum(one.is_cancelled for one in past):
                run.remark(_("Shipments of cancelled orders, filed as cancelled and not posted"), cancelled)

    def past(self, some: list[Row], order: Order, known: "Known", left: dict[int, Decimal]) -> Past:
        lines, first = known.lines[order.pk], some[0]
        for line in lines:
            left.setdefault(line.pk, line.quantity - line.shipped + line.returned)
        quantities: dict[int, Decimal] = defaultdict(Decimal)
        for row in some:
            mine = [line for line in lines if not row.get("product") or line.product.code == row["product"]]
            for pk, quantity in spread(
                mine, row.get("quantity") or sum((left[line.pk] for line in mine), Decimal(0)), left
            ).items():
                quantities[pk] += quantity
        return Past(
            order, first["shipped_on"], lines, quantities, number=first.get("number", ""), delivered_on=first.get("delivered_on"),
            carrier=known.carrier(first.get("carrier", "")), tracking_number=first.get("tracking_number", ""),
            note=first.get("note", ""), is_invoiced=bool(first.get("is_invoiced")),
        )  # fmt: skip


def spread(lines: Iterable[OrderLine], wanted: Decimal, left: dict[int, Decimal]) -> dict[int, Decimal]:
    """Take a quantity from lines of one product in turn; what is taken is no longer left."""
    taken: dict[int, Decimal] = {}
    for line in lines:
        part = min(wanted, left[line.pk])
        if part > 0:
            taken[line.pk] = part
            left[line.pk] -= part
            wanted -= part
    return taken


class Known:
    """Orders, their lines and carriers that a sheet names, asked once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        names = {row["order"] for row in rows}
        self.orders: dict[str, list[Order]] = defaultdict(list)
        self.lines: dict[int, list[OrderLine]] = {}
        found = Order.objects.filter(Q(number__in=names) | Q(external_number__in=names))
        for order in found.select_related("party", "salesperson", "term"):
            self.lines[order.pk] = []
            for name in {order.number, order.external_number} & names:
                self.orders[name].append(order)
        for line in OrderLine.objects.filter(order__in=self.lines).select_related("product").order_by("position", "pk"):
            self.lines[line.order_id].append(line)
        self.carriers: dict[str, Any] = {}
        for party in Party.objects.filter(is_carrier=True):
            self.carriers |= dict.fromkeys(filter(None, (party.code, party.name, party.short_name)), party)

    def order(self, row: Row) -> Order | None:
        found = self.orders.get(row["order"], [])
        return found[0] if len(found) == 1 else None

    def carrier(self, name: str) -> Party | None:
        return self.carriers.get(name)
