"""At which price, and why: the contract's or the quotation's, else the last agreed with this customer, else the list's (O3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from backoffice.money import ZERO
from backoffice.stock.models import Product
from contracts.models import Contract, ContractLine
from contracts.quotations.models import Quotation, QuotationLine
from orders.lifecycle import APPROVED, CLOSED, DONE
from orders.models import OrderLine, source_words

LAST_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Price:
    """`source` is contract, quotation, last or list, and the document it comes from; it is kept on the line as text.

    `most_off` is the discount that was quoted along: a larger one is another price. Without a quotation there is no such bound.
    """

    unit_price: Decimal
    tax_rate: Decimal
    source: str
    most_off: Decimal | None = None

    @property
    def words(self) -> str:
        return source_words(self.source)

    def is_met_by(self, unit_price: Decimal, discount: Decimal) -> bool:
        return unit_price == self.unit_price and (self.most_off is None or discount <= self.most_off)


class Prices:
    """The prices of many products for one customer on one day, asked for at once."""

    def __init__(self, party_id: int | None, products: Iterable[Product], *, on: date, includes_tax: bool = True,
                 contract: Contract | None = None, quotation: Quotation | None = None, leave_out: int | None = None) -> None:  # fmt: skip
        self.includes_tax, self.contract, self.quotation = includes_tax, contract, quotation
        wanted = {product.pk for product in products}
        self.quoted = self._of_quotation(wanted)
        self.agreed = self._of_contract(wanted)
        self.last = self._last(party_id, wanted, on, leave_out) if party_id else {}
        self.used: set[int] = set()

    def _of_contract(self, wanted: set[int]) -> dict[int, list[ContractLine]]:
        found: dict[int, list[ContractLine]] = {}
        if self.contract is not None:
            for line in self.contract.lines.filter(product__in=wanted).order_by("position"):
                found.setdefault(line.product_id, []).append(line)
        return found

    def _of_quotation(self, wanted: set[int]) -> dict[int, list[QuotationLine]]:
        found: dict[int, list[QuotationLine]] = {}
        if self.quotation is not None:
            for line in self.quotation.lines.filter(product__in=wanted).order_by("quantity", "position"):
                found.setdefault(line.product_id, []).append(line)
        return found

    def _last(self, party_id: int, wanted: set[int], on: date, leave_out: int | None) -> dict[int, OrderLine]:
        """The newest line of each product that this customer agreed to lately."""
        rows = OrderLine.objects.filter(
            order__party=party_id, product__in=wanted, order__includes_tax=self.includes_tax, order__dated_on__range=(on - LAST_FOR, on),
            order__state__in=[str(s) for s in (APPROVED, DONE, CLOSED)],
        ).exclude(order=leave_out)  # fmt: skip
        newest = rows.order_by("product_id", "-order__dated_on", "-pk").distinct("product_id").select_related("order")
        return {line.product_id: line for line in newest}

    def contract_line(self, product: Product) -> ContractLine | None:
        """The contract's next line of this product; a contract that names it twice gives its lines in turn."""
        lines = self.agreed.get(product.pk, [])
        line = next((each for each in lines if each.pk not in self.used), lines[-1] if lines else None)
        if line is not None:
            self.used.add(line.pk)
        return line

    def quoted_line(self, product: Product, quantity: Decimal) -> QuotationLine | None:
        """The quotation's line of this product; of several, by quantity, the largest that is reached, else the smallest."""
        lines = self.quoted.get(product.pk, [])
        reached = [line for line in lines if line.quantity <= quantity]
        return reached[-1] if reached else next(iter(lines), None)

    def listed(self, product: Product) -> Price:
        """The list carries tax; an order without tax takes it out."""
        return Price(product.listed(includes_tax=self.includes_tax), product.tax_rate, "list")

    def price(self, product: Product, agreed: ContractLine | QuotationLine | None = None) -> Price:
        """Our price, which fills the cell."""
        if isinstance(agreed, QuotationLine):
            return Price(agreed.unit_price, agreed.tax_rate, f"quotation {self.quotation}"[:100], agreed.discount)
        if agreed is not None:
            return Price(agreed.unit_price, agreed.tax_rate, f"contract {self.contract}"[:100])
        last = self.last.get(product.pk)
        if last is not None:
            return Price(last.unit_price, last.tax_rate, f"last {last.order.number} {last.order.dated_on}"[:100])
        return self.listed(product)

    def source_of(
        self, product: Product, unit_price: Decimal, agreed: ContractLine | QuotationLine | None = None, *, discount: Decimal = ZERO
    ) -> str:  # fmt: skip
        """Why a price is right, or «own» for one that nobody agreed to and that needs a reason."""
        known = [self.price(product, agreed)] if agreed else [self.price(product), self.listed(product)]
        return next((each.source for each in known if each.is_met_by(unit_price, discount)), "own")
