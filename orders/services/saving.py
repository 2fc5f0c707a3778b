"""Writing a draft: header and lines in one call, priced by the code that the page asks while one types."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.money import ZERO, LineAmounts, total_of
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.stock.lines import Goods, write_lines
from backoffice.stock.models import Product
from contracts.lifecycle import RUNNING
from contracts.models import Contract
from contracts.quotations.models import Quotation
from orders.models import Order, needs_reason
from orders.selectors.prices import Price, Prices

HEADER = (
    "party", "contract", "quotation", "external_number", "dated_on", "required_on", "salesperson", "warehouse", "term", "includes_tax",
    "delivery_address", "delivery_contact", "delivery_phone", "note",
)  # fmt: skip
NOT_COPIED = ("external_number", "dated_on", "required_on", "note", "contract", "quotation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A line as typed. Without a price or a rate it gets ours."""

    product: Product
    quantity: Decimal
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    tax_rate: Decimal | None = None
    price_reason: str = ""


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with its price, where that comes from, ours beside it, what it comes to, and the lowest price there may be."""

    goods: Goods
    ours: Price
    source: str
    amounts: LineAmounts
    lowest: Decimal | None

    @property
    def needs_reason(self) -> bool:
        return needs_reason(self.source, self.goods.unit_price, self.goods.discount, self.lowest)


def price_lines(
    lines: Iterable[Wanted], *, party_id: int | None, on: date, includes_tax: bool = True, contract: Contract | None = None,
    quotation: Quotation | None = None, order_id: int | None = None,
) -> list[Priced]:  # fmt: skip
    """What the lines cost, for the page while one types and for saving alike (O3)."""
    wanted = list(lines)
    prices = Prices(
        party_id,
        [line.product for line in wanted],
        on=on,
        includes_tax=includes_tax,
        contract=contract,
        quotation=quotation,
        leave_out=order_id,
    )
    found = []
    for line in wanted:
        contract_line = prices.contract_line(line.product)
        agreed = contract_line or prices.quoted_line(line.product, line.quantity)
        ours = prices.price(line.product, agreed)
        unit_price = ours.unit_price if line.unit_price is None else line.unit_price
        source = prices.source_of(line.product, unit_price, agreed, discount=line.discount or ZERO)
        goods = Goods(
            product=line.product, quantity=line.quantity, unit_price=unit_price, discount=line.discount or ZERO,
            tax_rate=ours.tax_rate if line.tax_rate is None else line.tax_rate,
            more={
                "contract_line": contract_line, "price_source": source, "price_reason": line.price_reason[:200],
                "cost_price": line.product.cost_price,
            },
        )  # fmt: skip
        lowest = line.product.lowest(includes_tax=includes_tax)
        found.append(Priced(goods, ours, source, goods.amounts(includes_tax=includes_tax), lowest))
    return found


def save_order(
    order: Order, *, by: Person, header: Mapping[str, Any], lines: Sequence[Wanted], version: int | None = None
) -> Order:
    """Write a new or an editable order, header and lines together (O1). `header` holds names of HEADER; others are refused."""
    if unknown := set(header) - set(HEADER):
        raise ValueError(f"not part of an order's header: {sorted(unknown)}")
    for name, value in header.items():
        setattr(order, name, value)
    check_header(order)
    typed = {name: getattr(order, name) for name in HEADER}
    priced: list[Priced] = []

    def fill(draft: Order) -> None:
        for name, value in typed.items():
            setattr(draft, name, value)
        copy_from_master(draft)
        priced[:] = price_lines(
            lines,
            party_id=draft.party_id,
            on=draft.dated_on,
            includes_tax=draft.includes_tax,
            contract=draft.contract,
            quotation=draft.quotation,
            order_id=draft.pk,
        )
        total = total_of(line.amounts for line in priced)
        draft.net, draft.tax, draft.amount = total.net, total.tax, total.gross

    with editing(order, by=by, version=version, fill=fill) as draft:
        write_lines(draft, [line.goods for line in priced], includes_tax=draft.includes_tax)
    return draft


def check_header(order: Order) -> None:
    if not order.party.is_customer or not order.party.is_active:
        raise Refused(_("%(party)s is no active customer.") % {"party": order.party}, field="party")
    contract = order.contract
    if contract is not None and (contract.party_id != order.party_id or contract.is_purchase):
        raise Refused(_("Contract %(contract)s is another customer's.") % {"contract": contract}, field="contract")
    if contract is not None and contract.get_state() != RUNNING:
        raise Refused(
            _("Contract %(contract)s is «%(state)s»; orders are called off from one that runs.")
            % {"contract": contract, "state": contract.get_state_display()},
            field="contract",
        )

    if order.quotation is not None:
        check_quotation(order, order.quotation)


def check_quotation(order: Order, quotation: Quotation) -> None:
    """Of the same customer, holding until the order is approved, and not beside a contract: there is one agreed price."""
    where = {"quotation": quotation, "day": quotation.valid_until}
    if quotation.party_id != order.party_id:
        raise Refused(_("Quotation %(quotation)s is another customer's.") % where, field="quotation")
    if order.contract is not None:
        raise Refused(_("An order comes from a contract or from a quotation, not from both."), field="quotation")
    if order.number is None and not quotation.holds_on(timezone.localdate()):
        raise Refused(
            _("Quotation %(quotation)s, valid until %(day)s, does not hold any more. Quote anew first.") % where, field="quotation"
        )  # fmt: skip


def copy_from_master(order: Order) -> None:
    """What the paper says of customer and term is copied, so that a later change of master data changes no order."""
    order.party_name = order.party.name
    order.salesperson = order.salesperson or order.party.owner
    order.term_kind = order.term.kind
    order.deposit_rate = order.term.deposit_rate
    order.rest_before_dispatch = order.term.rest_before_dispatch
    agreed = order.contract or order.quotation
    if agreed is not None:
        order.includes_tax = agreed.includes_tax


def copy_of(order: Order) -> tuple[dict[str, Any], list[Wanted]]:
    """Header and lines for a new order like this one: never numbers, dates, reviews or prices (those are today's)."""
    header = {name: getattr(order, name) for name in HEADER if name not in NOT_COPIED}
    lines = order.lines.filter(product__is_active=True).select_related("product__unit")
    return header, [Wanted(product=line.product, quantity=line.quantity, discount=line.discount) for line in lines]
