"""How far orders have come, and what a reviewer compares."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from contracts.models import ContractLine
from contracts.quotations.models import QuotationLine
from customers.credit import credit_of
from customers.models import Customer
from orders.models import Order, OrderLine
from orders.selectors.credit import needs_credit
from orders.selectors.prices import Prices


@dataclass(frozen=True, slots=True)
class Compared:
    """One line beside the price list, the last order of this customer and what was agreed in a contract or quoted."""

    line: OrderLine
    listed: Decimal
    last: OrderLine | None
    agreed: ContractLine | QuotationLine | None

    @property
    def expected(self) -> Decimal:
        if self.agreed is not None:
            return self.agreed.unit_price
        return self.last.unit_price if self.last else self.listed

    @property
    def differs(self) -> bool:
        return self.line.unit_price != self.expected

    @property
    def differs_from_list(self) -> bool:
        return self.line.unit_price != self.listed

    @property
    def differs_from_last(self) -> bool:
        return self.last is not None and self.line.unit_price != self.last.unit_price

    @property
    def tax_differs(self) -> bool:
        return self.line.tax_rate != self.line.product.tax_rate

    @property
    def is_unusual(self) -> bool:
        """Ten times, or a tenth of, what was ordered last: a slip of the finger."""
        return self.last is not None and not self.last.quantity / 10 < self.line.quantity < self.last.quantity * 10


def compared(order: Order) -> dict[str, Any]:
    """The order beside contract, price list, last order and credit (O2, O3)."""
    lines = list(order.lines.select_related("product__unit", "contract_line"))
    prices = Prices(
        order.party_id,
        [line.product for line in lines],
        on=order.dated_on,
        includes_tax=order.includes_tax,
        quotation=order.quotation,
        leave_out=order.pk,
    )
    customer = Customer.objects.select_related("party").filter(party=order.party_id).first()
    rows = [
        Compared(
            line,
            prices.listed(line.product).unit_price,
            prices.last.get(line.product_id),
            line.contract_line or prices.quoted_line(line.product, line.quantity),
        )
        for line in lines
    ]
    credit = credit_of(customer, on=timezone.localdate()) if customer else None
    return {
        "rows": rows, "has_discount": any(line.discount for line in lines), "credit": credit, "after": credit.exposure + order.amount if credit else None,
        "why_held": credit.why_not(order.amount) if credit and needs_credit(order) else "",
        "differences": sum(row.differs or row.is_unusual for row in rows), "releases": order.releases.select_related("by"),
    }  # fmt: skip
