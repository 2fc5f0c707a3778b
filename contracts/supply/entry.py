"""What the page of a supply request says while one types."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from backoffice.pages.fields import plain
from backoffice.pages.sheet import Answer, Line
from backoffice.register.models import Record
from contracts.supply.models import SupplyRequest
from contracts.supply.selectors import asked_for, free_stock
from contracts.supply.services import Wanted
from contracts.supply.sources import source_of

USUAL_DAYS = 7  # where no day was agreed, a week from now is asked for


def start_of(source: Record, *, on: date) -> list[dict[str, str]]:
    """What is open there and not asked for yet, as cells; what lies free in stock is left for the eye to judge."""
    found = source_of(source)
    asked = asked_for(source.pk)
    rows = []
    for need in found.needs if found else ():
        taken = min(asked.get(need.product.pk, Decimal(0)), need.quantity)
        asked[need.product.pk] = asked.get(need.product.pk, Decimal(0)) - taken
        if need.quantity > taken:
            day = max(need.wanted_on or on + timedelta(USUAL_DAYS), on)
            rows.append(
                {
                    "key": f"n{len(rows)}", "typed": "product quantity wanted_on", "product": need.product.code,
                    "quantity": plain(need.quantity - taken), "wanted_on": day.isoformat(),
                }
            )  # fmt: skip
    return rows


def line_texts(request: SupplyRequest) -> list[dict[str, str]]:
    """Saved lines as cells."""
    return [
        {
            "key": f"l{line.pk}", "typed": "product quantity wanted_on remark", "product": line.product.code,
            "quantity": plain(line.quantity), "wanted_on": line.wanted_on.isoformat(), "remark": line.remark,
        }
        for line in request.lines.select_related("product")
    ]  # fmt: skip


def wanted_of(line: Line) -> Wanted:
    given = line.values
    return Wanted(
        product=given["product"],
        quantity=given["quantity"],
        wanted_on=given["wanted_on"],
        remark=given.get("remark", ""),
    )


def say(form: Any, lines: list[Line], *, request: SupplyRequest | None) -> Answer:
    """Name and unit, what is open and not asked for yet, what lies free in stock."""
    answer = Answer()
    record = getattr(form, "cleaned_data", {}).get("source")
    source = source_of(record) if record else None
    asked = asked_for(record.pk, leave_out=request.pk if request else None) if record else {}
    products = [line.values["product"] for line in lines if line.values.get("product")]
    free = free_stock({product.pk for product in products})
    taken: dict[int, Decimal] = {}
    for line in lines:
        product = line.values.get("product")
        if product is None:
            continue
        line.say("name", f"{product.name} {product.spec}".strip())
        line.say("unit", product.unit.name)
        line.say("free", plain(free.get(product.pk, Decimal(0))))
        if source is None:
            continue
        rest = source.open.get(product.pk, Decimal(0)) - asked.get(product.pk, Decimal(0))
        line.say("open", plain(rest))
        taken[product.pk] = taken.get(product.pk, Decimal(0)) + (line.values.get("quantity") or Decimal(0))
        if taken[product.pk] > rest:
            line.warn("quantity", _("More than is open there and not asked for yet: %(rest)s.") % {"rest": plain(rest)})
    if source is not None:
        answer.note(" · ".join(filter(None, [str(source.record.party), source.title])))
        if all(quantity <= asked.get(product, Decimal(0)) for product, quantity in source.open.items()):
            answer.note(_("All that is open there is asked for already."))
    return answer
