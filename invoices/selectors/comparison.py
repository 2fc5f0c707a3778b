"""Line by line against the order (I2): variety, unit price, quantity and amount agree, or the invoice goes nowhere."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.money import LineAmounts
from invoices.models import Invoice, InvoiceLine
from invoices.selectors.billing import parts_of


@dataclass(frozen=True, slots=True)
class Compared:
    """One invoice line beside its order line; `differences` name what does not agree, in words."""

    line: InvoiceLine
    left: Decimal
    expected: LineAmounts
    differences: tuple[str, ...]


def compare(invoice: Invoice) -> list[Compared]:
    """Every line of an invoice beside what was ordered and shipped. Once issued, quantities are no longer asked."""
    is_open = invoice.state in ("draft", "submitted", "reviewed")
    lines = invoice.lines.select_related(
        "product", "order_line__order", "order_line__product", "shipment_line__shipment"
    )
    return [compare_line(line, is_open=is_open) for line in lines.order_by("position", "pk")]


def compare_line(line: InvoiceLine, *, is_open: bool) -> Compared:
    source = line.shipment_line or line.order_line
    left = source.quantity - source.invoiced - (source.returned if line.shipment_line else 0)
    expected = parts_of(source, min(line.quantity, max(left, Decimal(0)))) if is_open else line.amounts
    found = [text for text in (variety(line), price(line), quantity(line, left) if is_open else "") if text]
    if is_open and not found and expected != line.amounts:
        found.append(
            _("amount: %(wanted)s by the order, %(here)s here") % {"wanted": expected.gross, "here": line.gross}
        )
    return Compared(line, left, expected, tuple(found))


def variety(line: InvoiceLine) -> str:
    if line.product_id == line.order_line.product_id:
        return ""
    return _("variety: %(ordered)s was ordered") % {"ordered": line.order_line.product}


def price(line: InvoiceLine) -> str:
    ordered = line.order_line
    if (line.unit_price, line.discount, line.tax_rate) == (ordered.unit_price, ordered.discount, ordered.tax_rate):
        return ""
    return _("unit price: %(ordered)s in the order") % {"ordered": f"{ordered.unit_price.normalize():f}"}


def quantity(line: InvoiceLine, left: Decimal) -> str:
    if line.quantity <= left:
        return ""
    return _("quantity: only %(left)s can still be invoiced") % {"left": f"{left.normalize():f}"}


def differences(invoice: Invoice) -> list[str]:
    """All differences of an invoice, each with its line's number; empty when it agrees with its orders."""
    return [f"{row.line.position}. {row.line.name}: {text}" for row in compare(invoice) for text in row.differences]
