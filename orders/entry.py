"""What the entry page says while one types: the customer's standing, defaults, prices, stock (O1, O3, C11).

Prices come from the code that saves; everything here only asks.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.money import AMOUNT, LineAmounts, total_of
from backoffice.pages.fields import plain
from backoffice.pages.sheet import Answer, Line
from backoffice.parties.models import Party
from backoffice.stock.models import Level, Warehouse
from contracts.entry import as_typed
from contracts.models import Contract, ContractLine
from contracts.quotations.models import Quotation
from customers.credit import Credit, credit_of
from customers.licences.selectors import lacks
from customers.models import Address, Customer
from orders.models import Order
from orders.selectors.prices import Prices
from orders.services.saving import Priced, Wanted, copy_of, price_lines


def defaults_for(customer: Customer) -> dict[str, Any]:
    """What an order of this customer begins with: their address, term and salesperson, and what their last order had."""
    party = customer.party
    address = Address.objects.filter(party=party, use=Address.Use.DELIVERY).order_by("-is_default", "pk").first()
    last = Order.objects.filter(party=party).booked().order_by("-dated_on", "-pk").first()
    warehouse = last.warehouse if last else Warehouse.objects.filter(is_active=True).order_by("pk").first()
    return {
        "term": customer.term, "warehouse": warehouse, "salesperson": party.owner, "includes_tax": last.includes_tax if last else True,
        "delivery_address": address.text if address else party.address,
        "delivery_contact": (address.contact if address else "") or party.contact,
        "delivery_phone": (address.phone if address else "") or party.phone,
    }  # fmt: skip


def line_texts(lines: Iterable[Any]) -> list[dict[str, str]]:
    """Saved lines as cells; a price by hand stays what was typed, one of ours fills itself again."""
    rows = []
    for line in lines:
        own = line.price_source == "own" or line.price_reason
        typed = ["product", "quantity", "tax_rate", *(["unit_price"] if own else [])]
        rows.append({
            "key": f"l{line.pk}", "typed": " ".join(typed), "product": line.product.code, "quantity": plain(line.quantity),
            "unit_price": plain(line.unit_price), "discount": percent(line.discount), "tax_rate": percent(line.tax_rate),
            "price_reason": line.price_reason,
        })  # fmt: skip
    return rows


def percent(rate: Decimal | None) -> str:
    return f"{plain(rate * 100)}%" if rate else ""


def wanted_of(line: Line) -> Wanted | None:
    """The line as the service takes it; None while product or quantity is missing. What nobody typed is ours to fill."""
    values = line.values
    if not values.get("product"):
        return None
    by_hand = {name: values.get(name) if line.is_by_hand(name) else None for name in ("unit_price", "tax_rate")}
    return Wanted(
        product=values["product"], quantity=values.get("quantity") or Decimal(0), discount=values.get("discount"),
        price_reason=values.get("price_reason", ""), **by_hand,
    )  # fmt: skip


def say(form: Any, lines: list[Line], *, order: Order | None) -> Answer:
    """The whole answer to what stands in the form."""
    head = getattr(form, "cleaned_data", {})
    party, answer = head.get("party"), Answer()
    on = head.get("dated_on") or timezone.localdate()
    contract, quotation = head.get("contract"), head.get("quotation")
    agreed = contract or quotation
    includes_tax = agreed.includes_tax if agreed else head.get("includes_tax", True)
    pairs = [(line, wanted) for line in lines if (wanted := wanted_of(line)) is not None]
    priced = price_lines(
        [wanted for _line, wanted in pairs], party_id=party.pk if party else None, on=on, includes_tax=includes_tax,
        contract=contract, quotation=quotation, order_id=order.pk if order else None,
    )  # fmt: skip
    for (line, _wanted), one in zip(pairs, priced, strict=True):
        say_line(line, one)
    say_stock([(line, one) for (line, _w), one in zip(pairs, priced, strict=True)], head.get("warehouse"))
    if contract is not None:
        say_rest(answer, priced, contract)
    if quotation is not None:
        say_quoted(answer, priced, quotation)
    total = total_of(one.amounts for one in priced)
    answer.totals = {"net": f"{total.net:,.2f}", "tax": f"{total.tax:,.2f}", "gross": f"{total.gross:,.2f}"}
    if party is not None:
        say_customer(answer, party, total, posted_for=form.data.get("filled_for", ""), on=on)
        say_licences(answer, party, {wanted.product.category_id for _line, wanted in pairs} - {None})
    return answer


def say_line(line: Line, one: Priced) -> None:
    goods, product = one.goods, one.goods.product
    line.say("name", f"{product.name} {product.spec}".strip())
    line.say("unit", product.unit.name)
    line.say("unit_price", plain(one.goods.unit_price))
    line.say("tax_rate", percent(goods.tax_rate) or "0%")
    line.say("price_source", one.ours.words if one.source == "own" else source_label(one))
    if goods.quantity:
        line.say("gross", f"{one.amounts.gross:,.2f}")
    if one.needs_reason and not goods.more["price_reason"]:
        words = _("Ours is %(price)s (%(why)s). Another price needs a reason.") % {
            "price": plain(one.ours.unit_price),
            "why": one.ours.words,
        }
        if one.source != "own":
            words = _("This is below the lowest price. It needs a reason.")
        line.warn("unit_price", words)
        line.warn("price_reason", words)
    if goods.quantity and product.unit.decimals == 0 and goods.quantity != goods.quantity.to_integral_value():
        line.warn("quantity", _("%(unit)s come in whole numbers.") % {"unit": product.unit.name})


def source_label(one: Priced) -> str:
    return one.ours.words if one.source == one.ours.source else _("Price list")


def say_stock(pairs: list[tuple[Line, Priced]], warehouse: Warehouse | None) -> None:
    """What may still be promised of each product, in this warehouse or in all."""
    levels = Level.objects.filter(product__in={one.goods.product.pk for _line, one in pairs})
    if warehouse is not None:
        levels = levels.filter(warehouse=warehouse)
    there = {row["product"]: row["there"] - row["promised"] for row in levels.order_by().values("product").annotate(
        there=Sum("on_hand"), promised=Sum("reserved"))}  # fmt: skip
    for line, one in pairs:
        product = one.goods.product
        if not product.is_stocked:
            continue
        available = there.get(product.pk, Decimal(0))
        line.say("available", plain(available))
        if one.goods.quantity > available and not line.warnings.get("quantity"):
            line.warn(
                "quantity",
                _("Only %(there)s are free; the rest is awaited.") % {"there": plain(max(available, Decimal(0)))},
            )


def say_rest(answer: Answer, priced: list[Priced], contract: Contract) -> None:
    """What the order would leave of the contract, or asks too much of it."""
    wanted: dict[int, Decimal] = {}
    lines: dict[int, ContractLine] = {}
    for one in priced:
        line = one.goods.more["contract_line"]
        if line is None:
            answer.note(
                _("%(goods)s is not in contract %(contract)s.")
                % {"goods": one.goods.product.name, "contract": contract},
                "warn",
            )
            continue
        lines[line.pk] = line
        wanted[line.pk] = wanted.get(line.pk, Decimal(0)) + one.goods.quantity
    for pk, quantity in wanted.items():
        rest = lines[pk].rest
        if quantity > rest:
            answer.note(
                _("Of %(goods)s the contract has %(rest)s left.") % {"goods": lines[pk].name, "rest": plain(rest)},
                "bad" if lines[pk].is_binding else "warn",
            )
    total, left = total_of(one.amounts for one in priced).gross, contract.agreed - contract.called_off
    if contract.ceiling is not None and total > left:
        answer.note(_("The agreed total leaves %(left)s.") % {"left": f"{left:,.2f}"}, "bad")


def say_quoted(answer: Answer, priced: list[Priced], quotation: Quotation) -> None:
    """Until when it holds, and of which goods less is ordered than its price was quoted for."""
    answer.note(_("%(quotation)s holds until %(day)s.") % {"quotation": quotation, "day": quotation.valid_until})
    wanted: dict[int, Decimal] = {}
    for one in priced:
        wanted[one.goods.product.pk] = wanted.get(one.goods.product.pk, Decimal(0)) + one.goods.quantity
    least = {
        line.product_id: line for line in quotation.lines.filter(product__in=wanted).order_by("-quantity", "position")
    }
    for pk, line in least.items():
        if wanted[pk] < line.quantity:
            words = _("%(goods)s was quoted for %(quantity)s %(unit)s.")
            answer.note(words % {"goods": line.name, "quantity": plain(line.quantity), "unit": line.unit}, "warn")


def say_customer(answer: Answer, party: Party, total: LineAmounts, *, posted_for: str, on: date) -> None:
    customer = Customer.objects.select_related("party__owner", "term").filter(party=party).first()
    if customer is None:
        return
    if posted_for != str(party.pk):
        found = as_typed(defaults_for(customer)) | {"filled_for": str(party.pk)}
        if posted_for:
            answer.instead = found
        else:
            answer.fields = found
    say_credit(answer, credit_of(customer, on=on), total.gross)


def say_credit(answer: Answer, credit: Credit, adding: Decimal) -> None:
    """Balance, exposure with this order against the limit, and what is overdue (C11)."""
    after = credit.exposure + adding
    over = credit.over_by(adding)
    answer.words = {
        "balance": f"{credit.balance:,.2f}",
        "exposure": f"{after:,.2f}",
        "limit": _("no limit") if credit.limit is None else f"{credit.limit:,.2f}",
        "free": "—" if credit.limit is None else f"{(credit.limit - after).quantize(AMOUNT):,.2f}",
        "overdue": f"{credit.overdue:,.2f}",
    }
    answer.tones = {
        "exposure": "bad" if over else "",
        "free": "bad" if over else "",
        "overdue": "bad" if credit.overdue else "",
    }
    if words := credit.why_not(adding):
        answer.note(_("The order would be held: %(why)s") % {"why": words}, "bad")


def say_licences(answer: Answer, party: Party, categories: set[int]) -> None:
    """What the customer must hold for these goods and does not (C2)."""
    if found := lacks(party, categories=categories, on=timezone.localdate()):
        answer.note(_("The order would be held: %(why)s") % {"why": " ".join(map(str, found))}, "bad")


def prices_for_lookup(products: list[Any], party_id: int | None) -> Prices:
    return Prices(party_id, products, on=timezone.localdate())


# ── beginning from something ───────────────────────────────────────────────────────────────


def customer_given(typed: str, person: Any) -> Customer | None:
    if not typed.isdigit():
        return None
    return Customer.objects.visible_to(person).select_related("party__owner", "term").filter(pk=typed).first()


def start_header(source: Order | Contract | Quotation | Customer | None) -> dict[str, Any]:
    """The header of a new order made from another one, from a contract or a quotation, or for a customer."""
    if isinstance(source, Order):
        return as_initial(copy_of(source)[0])
    if isinstance(source, Contract | Quotation):
        customer = Customer.objects.select_related("party__owner", "term").get(pk=source.party_id)
        return as_initial(defaults_for(customer) | {
            "party": source.party, source.kind: source, "term": source.term, "includes_tax": source.includes_tax,
            "salesperson": source.salesperson or source.party.owner,
        })  # fmt: skip
    return as_initial(defaults_for(source) | {"party": source.party}) if source else {}


def as_initial(header: dict[str, Any]) -> dict[str, Any]:
    return header | {
        "includes_tax": "yes" if header.get("includes_tax", True) else "no",
        "filled_for": header["party"].pk,
    }


def start_lines(source: Order | Contract | Quotation | Customer | None) -> list[dict[str, str]]:
    """The lines of a new order: those of an earlier one at today's prices, what a contract has left, or what was quoted."""
    if isinstance(source, Order):
        rows = [(w.product.code, w.quantity, w.discount) for w in copy_of(source)[1]]
    elif isinstance(source, Contract):
        lines = source.lines.select_related("product").order_by("position")
        rows = [
            (line.product.code, line.quantity - line.ordered, line.discount)
            for line in lines
            if line.quantity > line.ordered
        ]
    elif isinstance(source, Quotation):
        lines = source.lines.select_related("product").order_by("position")
        rows = [(line.product.code, line.quantity, line.discount) for line in lines]
    else:
        return []
    return [
        {"product": code, "quantity": plain(quantity), "discount": percent(discount), "typed": "product quantity"}
        for code, quantity, discount in rows
    ]
