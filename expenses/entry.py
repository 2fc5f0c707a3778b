"""What the pages with lines say while one types, and how typed lines become what the services take."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from backoffice.money import ZERO
from backoffice.pages.fields import plain
from backoffice.pages.sheet import Answer, Line
from customers.visits.models import Reception
from expenses.models import Claim, CommissionPlan, ExpenseKind
from expenses.services import WantedLine, WantedReceipt

MANY_DAYS = 90
ENTERTAINMENT = "ENTERTAIN"  # the kind of expense of receptions, if the company has kept it


def receipt_of(line: Line) -> WantedReceipt:
    return WantedReceipt(
        **{name: line.values[name] for name in ("kind", "spent_on", "description", "amount", "customer")}
    )


def say_claim(form: Any, lines: Iterable[Line]) -> Answer:
    """The total; the name of each kind and customer; old receipts stand out."""
    head, answer, total = getattr(form, "cleaned_data", {}), Answer(), ZERO
    for line in lines:
        values = line.values
        total += values.get("amount") or ZERO
        line.say("kind_name", str(values.get("kind") or ""))
        line.say("customer_name", str(values.get("customer") or ""))
        spent, dated = values.get("spent_on"), head.get("dated_on")
        if spent and dated and (dated - spent).days > MANY_DAYS:
            line.warn("spent_on", _("This is more than %(days)d days ago.") % {"days": MANY_DAYS})
    answer.totals = {"amount": f"{total:,.2f}"}
    return answer


def claim_texts(claim: Claim) -> list[dict[str, str]]:
    return [
        {
            "key": f"l{line.pk}", "typed": "kind spent_on description customer amount", "kind": line.kind.code, "spent_on": line.spent_on.isoformat(),
            "description": line.description, "customer": line.customer.code if line.customer else "", "amount": f"{line.amount:.2f}",
        }
        for line in claim.lines.select_related("kind", "customer")
    ]  # fmt: skip


def head_of_reception(reception: Reception, *, on: date) -> dict[str, Any]:
    """What a claim made from a reception says at its head: whom it was for, what about, who was there."""
    guests = "、".join(reception.guests.split("\n"))
    return {
        "title": _("Reception of %(party)s: %(purpose)s") % {"party": reception.party, "purpose": reception.purpose},
        "dated_on": on,
        "note": _("%(number)s · guests: %(guests)s · our people: %(ours)s") % {
            "number": reception, "guests": guests, "ours": reception.companions or reception.host,
        },
    }  # fmt: skip


def texts_of_reception(reception: Reception, *, on: date) -> list[dict[str, str]]:
    """A receipt for each line of the reception that cost something."""
    kind = ExpenseKind.objects.filter(code=ENTERTAINMENT, is_active=True).first()
    return [
        {
            "key": f"r{line.pk}", "typed": "kind spent_on description customer amount", "kind": kind.code if kind else "",
            "spent_on": min(line.on, on).isoformat(), "customer": reception.party.code, "amount": f"{line.actual:.2f}",
            "description": _("%(what)s, %(people)d people") % {"what": line, "people": line.people},
        }
        for line in reception.lines.all() if line.actual
    ]  # fmt: skip


def wanted_of(line: Line) -> WantedLine:
    """A typed line of a plan; empty cells fit everything."""
    values = line.values
    given = {name: values.get(name) for name in ("salesperson", "product", "category", "region")}
    return WantedLine(
        formula=values["formula"].value, rate=values.get("rate") or ZERO, per_unit=values.get("per_unit") or ZERO,
        grade=values.get("grade") or "", tiers=values.get("tiers") or (), shares=values.get("shares") or (), **given,
    )  # fmt: skip


def say_plan(lines: Iterable[Line]) -> Answer:
    """Each line in words; shares that do not make 100 % are said at once."""
    answer = Answer()
    for line in lines:
        values = line.values
        shares = values.get("shares") or ()
        if shares and sum(share for _person, share in shares) != 1:
            line.warn("shares", _("The shares must make 100 %."))
        for_all = not any(values.get(name) for name in ("salesperson", "product", "category", "grade", "region"))
        if for_all:
            answer.note(_("Line %(line)d fits everything: lines below it are never reached.") % {"line": line.position})
    return answer


def plan_texts(plan: CommissionPlan) -> list[dict[str, str]]:
    rows = []
    lines = plan.lines.select_related("salesperson", "product", "category", "region")
    for line in lines.prefetch_related("tiers", "shares__person"):
        rows.append({
            "key": f"l{line.pk}", "typed": "", "salesperson": line.salesperson.username if line.salesperson else "",
            "product": line.product.code if line.product else "", "category": line.category.code if line.category else "", "grade": line.grade,
            "region": line.region.code if line.region else "", "formula": str(line.get_formula_display()), "rate": percent(line.rate),
            "per_unit": plain(line.per_unit) if line.per_unit else "",
            "tiers": "; ".join(f"{plain(tier.start)}: {percent(tier.rate)}" for tier in line.tiers.all()),
            "shares": "; ".join(f"{row.person.username if row.person else '*'}: {percent(row.share)}" for row in line.shares.all()),
        })  # fmt: skip
    return rows


def percent(rate: Decimal | None) -> str:
    return f"{plain(rate * 100)}%" if rate else "0%"
