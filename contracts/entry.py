"""What the contract's page says while one types."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from backoffice import money
from backoffice.money import ZERO, amount_in_words, total_of
from backoffice.pages.fields import plain
from backoffice.pages.sheet import Answer, Line
from backoffice.people.models import Person
from backoffice.stock.lines import Goods
from contracts.models import Contract, ContractLine
from customers.models import Customer


def goods_of(line: Line, *, includes_tax: bool) -> Goods | None:
    """A typed line as the service takes it; the list price and the product's rate where nothing was typed."""
    values = line.values
    product = values.get("product")
    if product is None:
        return None
    listed = product.list_price if includes_tax else money.unit_price(product.list_price / (1 + product.tax_rate))
    price = values.get("unit_price") if line.is_by_hand("unit_price") else None
    rate = values.get("tax_rate") if line.is_by_hand("tax_rate") else None
    return Goods(
        product=product, quantity=values.get("quantity") or Decimal(0), unit_price=listed if price is None else price,
        tax_rate=product.tax_rate if rate is None else rate, discount=values.get("discount") or ZERO, more={"due_on": values.get("due_on")},
    )  # fmt: skip


def say(form: Any, lines: list[Line]) -> Answer:
    head, answer = getattr(form, "cleaned_data", {}), Answer()
    includes_tax = head.get("includes_tax", True)
    sums = []
    for line in lines:
        goods = goods_of(line, includes_tax=includes_tax)
        if goods is None:
            continue
        amounts = goods.amounts(includes_tax=includes_tax)
        sums.append(amounts)
        line.say("name", f"{goods.product.name} {goods.product.spec}".strip())
        line.say("unit", goods.product.unit.name)
        line.say("unit_price", plain(goods.unit_price))
        line.say("tax_rate", percent(goods.tax_rate) or "0%")
        line.say("gross", f"{amounts.gross:,.2f}" if goods.quantity else "")
        if (
            goods.product.lowest_price is not None
            and goods.unit_price * (1 - goods.discount) < goods.product.lowest_price
        ):
            line.warn(
                "unit_price",
                _("This is below the lowest price, %(price)s.") % {"price": plain(goods.product.lowest_price)},
            )
    total = total_of(sums)
    answer.totals = {"net": f"{total.net:,.2f}", "tax": f"{total.tax:,.2f}", "gross": f"{total.gross:,.2f}"}
    answer.note(amount_in_words(total.gross))
    if head.get("party"):
        answer.fields = defaults_for(
            Customer.objects.filter(party=head["party"]).select_related("party__owner").first()
        )
    return answer


def defaults_for(customer: Customer | None) -> dict[str, str]:
    if customer is None:
        return {}
    found = {"term": str(customer.term_id)}
    if customer.party.owner:
        found |= {"salesperson": str(customer.party.owner.pk), "salesperson-text": str(customer.party.owner)}
    return found


def percent(rate: Decimal | None) -> str:
    return f"{plain(rate * 100)}%" if rate else ""


def line_texts(lines: Iterable[ContractLine]) -> list[dict[str, str]]:
    """Saved lines as cells."""
    return [
        {
            "key": f"l{line.pk}", "typed": "product quantity unit_price tax_rate", "product": line.product.code, "quantity": plain(line.quantity),
            "unit_price": plain(line.unit_price), "discount": percent(line.discount), "tax_rate": percent(line.tax_rate) or "0%",
            "due_on": line.due_on.isoformat() if line.due_on else "",
        }
        for line in lines
    ]  # fmt: skip


def initial_of(contract: Contract, names: Iterable[str]) -> dict[str, Any]:
    found = {name: getattr(contract, name) for name in names}
    return found | {"includes_tax": "yes" if contract.includes_tax else "no"}


def start_of_new(person: Person, party: str, *, on: date) -> dict[str, Any]:
    """A new contract begins with today, a year, and the clauses of the newest one agreed on: the company's template (K1)."""
    newest = (
        Contract.objects.visible_to(person)
        .exclude(number=None)
        .exclude(clauses="")
        .order_by("-dated_on", "-pk")
        .first()
    )
    found = {
        "dated_on": on,
        "starts_on": on,
        "ends_on": on.replace(year=on.year + 1, day=min(on.day, 28)),
        "clauses": newest.clauses if newest else "",
    }
    customer = Customer.objects.visible_to(person).filter(pk=party).first() if party.isdigit() else None
    return found | (
        {"party": customer.party_id, "term": customer.term_id, "salesperson": customer.party.owner_id}
        if customer
        else {}
    )
