"""What the contract's page says while one types."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice import money
from backoffice.money import ZERO, LineAmounts, amount_in_words, total_of
from backoffice.pages.fields import plain
from backoffice.pages.sheet import Answer, Line
from backoffice.people.models import Person
from backoffice.periods import add_months
from backoffice.refusals import Refused
from backoffice.register.models import Record
from backoffice.stock.lines import Goods
from backoffice.stock.models import Product
from contracts.clauses import BY_NAME, PLACE
from contracts.content import AgreedLine, AgreedPayment, Content
from contracts.models import Contract, ContractTemplate
from contracts.origins import beginning_of
from contracts.plans import read_plan
from contracts.services.amendments import KEY
from customers.models import Customer

COPIED = (
    "category",
    "template",
    "title",
    "term",
    "invoice_rule",
    "includes_tax",
    "is_binding",
    "ceiling",
    "territory",
    "clauses",
    "note",
)


def usual_price(product: Product, *, includes_tax: bool, buying: bool = False) -> Decimal:
    """What stands in the cell before anybody types: the list price, which carries tax; buying, the cost price, which does not."""
    if buying:
        return money.unit_price((product.cost_price or ZERO) * (1 + product.tax_rate if includes_tax else 1))
    return product.listed(includes_tax=includes_tax)


def beside_list(document: Any, *, buying: bool = False) -> list[Any]:
    """Lines with the usual price beside theirs, what is below the lowest one marked."""
    lines = list(document.lines.select_related("product__unit"))
    for line in lines:
        line.usual = usual_price(line.product, includes_tax=document.includes_tax, buying=buying)
        line.differs = line.unit_price != line.usual
        lowest = None if buying else line.product.lowest(includes_tax=document.includes_tax)
        line.is_low = lowest is not None and line.unit_price * (1 - line.discount) < lowest
    return lines


def goods_of(line: Line, *, includes_tax: bool, buying: bool = False) -> list[Goods]:
    """A typed line as the service takes it, one for each delivery; the usual price and the product's rate where nothing was typed."""
    values = line.values
    product = values.get("product")
    if product is None:
        return []
    usual = usual_price(product, includes_tax=includes_tax, buying=buying)
    price = values.get("unit_price") if line.is_by_hand("unit_price") else None
    rate = values.get("tax_rate") if line.is_by_hand("tax_rate") else None
    return [
        Goods(
            product=product, quantity=quantity, unit_price=usual if price is None else price,
            tax_rate=product.tax_rate if rate is None else rate, discount=values.get("discount") or ZERO, more={"due_on": due_on},
        )
        for quantity, due_on in deliveries(values)
    ]  # fmt: skip


def deliveries(values: dict[str, Any]) -> list[tuple[Decimal, date | None]]:
    """«12» deliveries beginning on a day are twelve months of equal parts; the last ones take what does not divide."""
    quantity, due_on, parts = values.get("quantity") or Decimal(0), values.get("due_on"), values.get("parts") or 1
    if parts == 1 or due_on is None or not quantity:
        return [(quantity, due_on)]
    step = Decimal(1).scaleb(-values["product"].unit.decimals)
    shares = (
        money.split(quantity, [1] * parts, step)
        if quantity % step == 0
        else money.split(quantity, [1] * parts, money.QUANTITY)
    )
    return [(share, add_months(due_on, place)) for place, share in enumerate(shares) if share]


def with_key(line: Line, goods: list[Goods]) -> list[Goods]:
    """The first of the goods changes the contract's line that the row stands for; the row's key says which."""
    pk = line.key.removeprefix("l")
    if goods and line.key.startswith("l") and pk.isascii() and pk.isdigit():
        first = goods[0]
        goods[0] = Goods(
            product=first.product, quantity=first.quantity, unit_price=first.unit_price, tax_rate=first.tax_rate,
            discount=first.discount, more={**first.more, KEY: int(pk)},
        )  # fmt: skip
    return goods


def say(form: Any, lines: list[Line], *, buying: bool = False) -> Answer:
    head, answer = getattr(form, "cleaned_data", {}), Answer()
    includes_tax = head.get("includes_tax", True)
    said = (say_line(line, includes_tax=includes_tax, buying=buying) for line in lines)
    sums = [amounts for amounts in said if amounts is not None]
    total = total_of(sums)
    answer.totals = {"net": f"{total.net:,.2f}", "tax": f"{total.tax:,.2f}", "gross": f"{total.gross:,.2f}"}
    value = head.get("ceiling") or total.gross
    if value:
        answer.note(amount_in_words(value))
    say_plan(answer, head.get("payment_plan", ""), value)
    say_places(answer, head.get("clauses", ""))
    if head.get("party"):
        customer = Customer.objects.filter(party=head["party"]).select_related("party__owner").first()
        answer.fields = defaults_for(customer)
    if head.get("template"):
        say_template(answer, form, head["template"])
    if head.get("origin"):
        say_origin(answer, form, head["origin"])
    return answer


def say_line(line: Line, *, includes_tax: bool, buying: bool) -> LineAmounts | None:
    parts = goods_of(line, includes_tax=includes_tax, buying=buying)
    if not parts:
        return None
    goods, product = parts[0], parts[0].product
    amounts = total_of(part.amounts(includes_tax=includes_tax) for part in parts)
    line.say("name", f"{product.name} {product.spec}".strip())
    line.say("unit", product.unit.name)
    line.say("unit_price", plain(goods.unit_price))
    line.say("tax_rate", percent(goods.tax_rate) or "0%")
    line.say("gross", f"{amounts.gross:,.2f}" if goods.quantity else "")
    if len(parts) > 1:
        words = _("%(n)d lines of %(quantity)s, from %(first)s to %(last)s") % {
            "n": len(parts), "quantity": plain(goods.quantity), "first": parts[0].more["due_on"], "last": parts[-1].more["due_on"],
        }  # fmt: skip
        line.warn("parts", words)
    lowest = None if buying else product.lowest(includes_tax=includes_tax)
    if lowest is not None and goods.unit_price * (1 - goods.discount) < lowest:
        line.warn("unit_price", _("This is below the lowest price, %(price)s.") % {"price": plain(lowest)})
    return amounts


def say_plan(answer: Answer, typed: str, total: Decimal) -> None:
    """Each part of the payment plan in money, or what is wrong with it."""
    try:
        rows = read_plan(typed, total=total)
    except Refused as refusal:
        answer.note(str(refusal), "bad")
        return
    if rows:
        answer.note(" · ".join(f"{AgreedPayment.of(row).text}: {row.amount:,.2f}" for row in rows))


def say_places(answer: Answer, clauses: str) -> None:
    left = list(dict.fromkeys(match[0] for match in PLACE.finditer(clauses) if match[1].strip().lower() not in BY_NAME))
    if left:
        words = ngettext("%(n)d open place: %(places)s", "%(n)d open places: %(places)s", len(left))
        answer.note(words % {"n": len(left), "places": " ".join(left)}, "warn")


def say_template(answer: Answer, form: Any, template: ContractTemplate) -> None:
    """What a template that was just chosen brings; clauses written by hand are left."""
    if form.data.get("filled_for", "") == str(template.pk):
        return
    found = of_template(template, on=form.cleaned_data.get("starts_on"))
    typed = "\n".join(form.data.get("clauses", "").split("\r\n")).strip()
    if typed and typed not in {text.strip() for text in ContractTemplate.objects.values_list("clauses", flat=True)}:
        del found["clauses"]
        answer.note(_("The clauses written by hand stay. Empty them to take the template's."), "warn")
    answer.instead = found | {"filled_for": str(template.pk)}


def say_origin(answer: Answer, form: Any, origin: Record) -> None:
    """What the quotation that was just chosen brings beside its lines."""
    if form.data.get("filled_from", "") != str(origin.pk):
        answer.instead |= as_typed(beginning_of(origin).head) | {"filled_from": str(origin.pk)}


def as_typed(head: Mapping[str, Any]) -> dict[str, str]:
    """Values of a head as the boxes of the form hold them."""
    found: dict[str, str] = {}
    for name, value in head.items():
        if isinstance(value, bool):
            found[name] = "yes" if value else "no"
        else:
            found[name] = str(getattr(value, "pk", value if value is not None else ""))
    people = {f"{name}-text": str(value) for name, value in head.items() if isinstance(value, Person)}
    return found | people


def of_template(template: ContractTemplate, *, on: date | None) -> dict[str, str]:
    found = {
        "category": template.category, "title": template.title.replace("{年}", str(on.year) if on else ""), "clauses": template.clauses,
        "payment_plan": template.payment_plan, "invoice_rule": template.invoice_rule,
    }  # fmt: skip
    if template.term_id:
        found["term"] = str(template.term_id)
    if on:
        found["ends_on"] = last_day(on, template.months).isoformat()
    return found


def last_day(starts_on: date, months: int) -> date:
    """So many months, the first day counted."""
    return date.fromordinal(add_months(starts_on, months).toordinal() - 1)


def defaults_for(customer: Customer | None) -> dict[str, str]:
    if customer is None:
        return {}
    found = {"term": str(customer.term_id)}
    if customer.party.owner:
        found |= {"salesperson": str(customer.party.owner.pk), "salesperson-text": str(customer.party.owner)}
    return found


def percent(rate: Decimal | None) -> str:
    return f"{plain(rate * 100)}%" if rate else ""


# ── what a form begins with ────────────────────────────────────────────────────────────────


def line_texts(lines: Iterable[Any]) -> list[dict[str, str]]:
    """Saved lines of a contract, or of what becomes one, as cells."""
    return content_texts(AgreedLine.of(line) for line in lines)


def content_texts(lines: Iterable[AgreedLine]) -> list[dict[str, str]]:
    return [
        {
            "key": f"l{line.key}" if line.key else f"a{place}", "typed": "product quantity unit_price tax_rate", "product": line.code,
            "quantity": plain(line.quantity), "unit_price": plain(line.unit_price), "discount": percent(line.discount),
            "tax_rate": percent(line.tax_rate) or "0%", "due_on": line.due_on.isoformat() if line.due_on else "",
        }
        for place, line in enumerate(lines)
    ]  # fmt: skip


def rest_texts(contract: Contract) -> list[dict[str, str]]:
    """The lines of an earlier contract, as new ones without days."""
    return new_texts(contract.lines.select_related("product"), "due_on")


def new_texts(lines: Iterable[Any], *without: str) -> list[dict[str, str]]:
    """Lines of another document as new ones."""
    return [{name: text for name, text in row.items() if name not in ("key", *without)} for row in line_texts(lines)]


def initial_of(contract: Contract, names: Iterable[str]) -> dict[str, Any]:
    found = {name: getattr(contract, name) for name in names}
    plan = "\n".join(AgreedPayment.of(row).text for row in contract.payments.all())
    return found | yes_no(contract) | {
        "payment_plan": plan, "filled_for": contract.template_id or "", "filled_from": contract.origin_id or "",
    }  # fmt: skip


def yes_no(said: Contract | Content) -> dict[str, str]:
    return {name: "yes" if getattr(said, name) else "no" for name in ("includes_tax", "is_binding")}


def initial_of_content(content: Content, names: Iterable[str]) -> dict[str, Any]:
    """The head of an amendment as it was proposed."""
    found = {name: getattr(content, name) for name in names if name != "term"}
    return found | yes_no(content) | {"payment_plan": content.plan_text}


def start_of_new(person: Person, party: str, template: ContractTemplate | None, *, on: date) -> dict[str, Any]:
    """A new contract begins with today and the template, if there is one (K1)."""
    found: dict[str, Any] = {"dated_on": on, "starts_on": on, "ends_on": last_day(on, 12)}
    if template is not None:
        found |= of_template(template, on=on) | {"template": template.pk, "filled_for": template.pk}
    customer = Customer.objects.visible_to(person).filter(pk=party).first() if party.isdigit() else None
    return found | (
        {"party": customer.party_id, "term": customer.term_id, "salesperson": customer.party.owner_id}
        if customer
        else {}
    )


def start_from(origin: Record) -> dict[str, Any]:
    """What a contract drafted from another document begins with, over what every new one does."""
    return as_typed(beginning_of(origin).head) | {
        "party": origin.party_id, "origin": origin.pk, "filled_from": origin.pk,
    }  # fmt: skip


def start_of_renewal(contract: Contract, *, on: date) -> dict[str, Any]:
    """The next one after a contract that runs out: the same terms, from the day after it, for as long."""
    starts_on = date.fromordinal(contract.ends_on.toordinal() + 1) if contract.ends_on else on
    months = max(1, round((contract.ends_on - contract.starts_on).days / 30.4)) if contract.ends_on else 12
    found = initial_of(contract, ("party", "salesperson", *COPIED))
    return found | {"dated_on": on, "starts_on": starts_on, "ends_on": last_day(starts_on, months)}
