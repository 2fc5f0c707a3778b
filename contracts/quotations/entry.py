"""What the page of a quotation says while one types, and what a new one begins with (O7).

Prices come from the code that prices contracts; only what may be quoted without asking is said here.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.money import amount_in_words, total_of
from backoffice.pages.sheet import Answer, Line
from backoffice.people.models import Person
from backoffice.stock.lines import Goods
from contracts.entry import defaults_for, goods_of, new_texts, say_line
from contracts.quotations.models import Quotation
from contracts.quotations.selectors import is_low
from contracts.quotations.services import HEADER
from customers.models import Customer

COPIED = tuple(name for name in HEADER if name not in ("valid_until", "answer_by"))


def goods_in(lines: list[Line], *, includes_tax: bool) -> list[Goods]:
    return [goods for line in lines for goods in goods_of(line, includes_tax=includes_tax)]


def say(form: Any, lines: list[Line]) -> Answer:
    """Names, prices, totals; which prices somebody else has to agree to; what the customer's file says."""
    head, answer = getattr(form, "cleaned_data", {}), Answer()
    includes_tax = head.get("includes_tax", True)
    said = [say_line(line, includes_tax=includes_tax, buying=False) for line in lines]
    total = total_of(amounts for amounts in said if amounts is not None)
    answer.totals = {"net": f"{total.net:,.2f}", "tax": f"{total.tax:,.2f}", "gross": f"{total.gross:,.2f}"}
    if total.gross:
        answer.note(amount_in_words(total.gross))
    low = [line for line in lines if needs_agreement(line, includes_tax=includes_tax)]
    for line in low:
        warn(line)
    if low:
        answer.note(_("A manager has to agree to prices before this is quoted."), "warn")
    if head.get("party"):
        customer = Customer.objects.filter(party=head["party"]).select_related("party__owner").first()
        answer.fields = defaults_for(customer) | contact_of(customer)
    return answer


def needs_agreement(line: Line, *, includes_tax: bool) -> bool:
    return any(
        is_low(goods.product, goods.unit_price, goods.discount, includes_tax=includes_tax)
        for goods in goods_of(line, includes_tax=includes_tax)
    )


def warn(line: Line) -> None:
    if "unit_price" not in line.warnings:
        line.warn("unit_price", _("This is below the list price; a manager has to agree."))


def contact_of(customer: Customer | None) -> dict[str, str]:
    return {"contact": customer.party.contact, "phone": customer.party.phone} if customer else {}


def line_texts(quotation: Quotation) -> list[dict[str, str]]:
    """The lines of a version as those of the next."""
    return new_texts(quotation.lines.select_related("product"))


def initial_of(quotation: Quotation, names: tuple[str, ...] = HEADER) -> dict[str, Any]:
    found = {name: getattr(quotation, name) for name in names}
    return found | {"includes_tax": "yes" if quotation.includes_tax else "no"}


def start_of_new(person: Person, party: str) -> dict[str, Any]:
    """An enquiry that comes in now, of the customer on the telephone."""
    found: dict[str, Any] = {"asked_on": timezone.localdate(), "includes_tax": "yes"}
    customer = None
    if party.isdigit():
        customer = Customer.objects.visible_to(person).select_related("party__owner").filter(pk=party).first()
    if customer is None:
        return found
    filled = {"party": customer.party_id, "term": customer.term_id, "salesperson": customer.party.owner_id}
    return found | filled | contact_of(customer)
