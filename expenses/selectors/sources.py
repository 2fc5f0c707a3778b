"""What commission is computed on: orders, invoices, receipts, and whatever takes one of them back."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backoffice.ledger.models import Allocation, Entry
from backoffice.money import ZERO
from expenses.models import CommissionLine, CommissionPlan
from invoices.models import Invoice, InvoiceLine, Payment
from orders.models import Order, OrderLine

ONE = Decimal(1)
ISSUED = ("issued", "settled", "reversed")
CAME = ("confirmed", "allocated", "reversed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One line of a document to which something happened.

    `key` names the happening and is in one sheet only; `origin` is the key of what it takes back. `document_on` decides
    which plan and which rates hold. Of the line's figures the part `before`/`whole` … `after`/`whole` counts here:
    0 … 1 for an invoice issued, 1 … 0 for one reversed, and each receipt its stretch of the invoice's gross.
    """

    key: str
    happened_on: datetime.date
    document_on: datetime.date
    record: int | None
    party: int | None
    salesperson: int | None
    net: Decimal
    gross: Decimal
    product: int | None = None
    category: int | None = None
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    origin: str = ""
    before: Decimal = ZERO
    after: Decimal = ONE
    whole: Decimal = ONE

    def taken_back(self, key: str, on: datetime.date) -> "Source":
        return replace(self, key=key, origin=self.key, happened_on=on, before=ONE, after=ZERO)


def sources(basis: str, *, first: datetime.date, last: datetime.date) -> list[Source]:
    """Everything of a basis that happened from `first` to `last`, in the order in which it happened."""
    found = {
        CommissionPlan.Basis.ORDER: ordered,
        CommissionPlan.Basis.INVOICE: invoiced,
        CommissionPlan.Basis.RECEIVED: received,
        CommissionPlan.Basis.COLLECTED: collected,
    }[CommissionPlan.Basis(basis)](first, last)
    return sorted(found, key=lambda source: (source.happened_on, source.record or 0, source.key))


def ordered(first: datetime.date, last: datetime.date) -> Iterator[Source]:
    """Orders booked; and orders that a fixed sheet counted and that were cancelled since."""
    lines = OrderLine.objects.select_related("order", "product").order_by("pk")
    booked = Order.objects.booked().filter(dated_on__range=(first, last))
    for line in lines.filter(order__in=booked):
        yield of_order(line)
    counted = CommissionLine.objects.fixed().filter(key__startswith="booked:").values("record")
    for line in lines.filter(order__state="cancelled", order__in=counted):
        day = timezone.localdate(line.order.changed_at)
        if first <= day <= last:
            yield of_order(line).taken_back(f"cancelled:{line.order_id}", day)


def of_order(line: OrderLine) -> Source:
    order = line.order
    return Source(
        key=f"booked:{order.pk}", happened_on=order.dated_on, document_on=order.dated_on, record=order.pk, party=order.party_id,
        salesperson=order.salesperson_id, **goods(line, line.cost_price),
    )  # fmt: skip


def invoiced(first: datetime.date, last: datetime.date) -> Iterator[Source]:
    """Invoices issued, invoices reversed, and what was credited to customers."""
    yield from of_invoices(Invoice.objects.filter(state__in=ISSUED, issued_on__range=(first, last)))
    back = reversals("invoice_issued", first, last)
    for source in of_invoices(back):
        yield source.taken_back(f"reversed:{source.record}", back[source.record])
    yield from credited(first, last)


def of_invoices(invoices: Iterable[Any]) -> Iterator[Source]:
    rows = InvoiceLine.objects.filter(invoice__in=invoices).select_related("invoice", "product", "order_line")
    for line in rows.order_by("pk"):
        invoice = line.invoice
        yield Source(
            key=f"issued:{invoice.pk}", happened_on=invoice.issued_on, document_on=invoice.issued_on, record=invoice.pk, party=invoice.party_id,
            salesperson=invoice.salesperson_id, **goods(line, line.order_line.cost_price),
        )  # fmt: skip


def goods(line: Any, cost_price: Decimal | None) -> dict[str, Any]:
    """What a line of goods says of itself; the cost is that of the order, else the product's."""
    cost = cost_price if cost_price is not None else (line.product.cost_price or ZERO)
    return {
        "product": line.product_id, "category": line.product.category_id, "quantity": line.quantity, "net": line.net, "gross": line.gross,
        "cost": cost * line.quantity,
    }  # fmt: skip


def reversals(event: str, first: datetime.date, last: datetime.date) -> dict[int, datetime.date]:
    """Document → the day on which its posting was reversed."""
    rows = Entry.objects.filter(reverses__event=event, posted_on__range=(first, last), record__isnull=False)
    return {record: day for record, day in rows.values_list("record_id", "posted_on") if record is not None}


def credited(first: datetime.date, last: datetime.date) -> Iterator[Source]:
    """Rebates and credit notes: less was sold than was invoiced."""
    entries = Entry.objects.filter(event="rebate_granted", posted_on__range=(first, last), reversed_by=None)
    for entry in entries.prefetch_related("lines__account"):
        lines = {line.account.code: line for line in entry.lines.all()}
        owed = lines.get("1122.01")
        if owed is not None:
            gross = owed.debit - owed.credit
            net = -sum((line.debit - line.credit for code, line in lines.items() if code.startswith("6001")), ZERO)
            yield Source(
                key=f"rebate:{entry.pk}", happened_on=entry.posted_on, document_on=entry.posted_on, record=entry.record_id, party=owed.party_id,
                salesperson=owed.person_id, net=net, gross=gross,
            )  # fmt: skip


def received(first: datetime.date, last: datetime.date) -> Iterator[Source]:
    """Each receipt set against an invoice earns its stretch of the invoice: the last one takes what rounding left."""
    paid = Allocation.objects.filter(
        charge__account__code="1122.01", charge__event="invoice_issued", credit__account__code="2203.01"
    )
    touched = paid.filter(on__range=(first, last)).values("charge__record")
    steps: dict[int, list[tuple[Allocation, Decimal, Decimal]]] = defaultdict(list)
    reached: dict[int, Decimal] = defaultdict(Decimal)
    for row in paid.filter(charge__record__in=touched).select_related("charge").order_by("on", "pk"):
        record = row.charge.record_id
        assert record is not None
        steps[record].append((row, reached[record], reached[record] + row.amount))
        reached[record] += row.amount
    whole = dict(Invoice.objects.filter(pk__in=steps, amount__gt=0).values_list("pk", "amount"))
    for source in of_invoices(whole):
        assert source.record is not None
        yield from paid_parts(replace(source, whole=whole[source.record]), steps[source.record], first, last)


def paid_parts(
    source: Source, steps: Iterable[tuple[Allocation, Decimal, Decimal]], first: datetime.date, last: datetime.date
) -> Iterator[Source]:
    for row, before, after in steps:
        if first <= row.on <= last:
            name, origin = ("paid", "") if row.amount > 0 else ("unpaid", f"paid:{row.reverses_id}")
            yield replace(source, key=f"{name}:{row.pk}", origin=origin, happened_on=row.on, before=before, after=after)


def collected(first: datetime.date, last: datetime.date) -> Iterator[Source]:
    """Money confirmed, whatever it pays; and money that was taken back."""
    for payment in Payment.objects.filter(state__in=CAME, confirmed_on__range=(first, last)):
        yield of_payment(payment)
    back = reversals("money_confirmed", first, last)
    for payment in Payment.objects.filter(pk__in=back):
        yield of_payment(payment).taken_back(f"unpaid:{payment.pk}", back[payment.pk])


def of_payment(payment: Payment) -> Source:
    assert payment.confirmed_on is not None
    return Source(
        key=f"money:{payment.pk}", happened_on=payment.confirmed_on, document_on=payment.confirmed_on, record=payment.pk,
        party=payment.party_id, salesperson=payment.salesperson_id, net=payment.amount, gross=payment.amount,
    )  # fmt: skip
