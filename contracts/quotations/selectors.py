"""Questions about quotations: which prices need agreement, and how many enquiries came to what (O7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Month, Period
from backoffice.stock.models import Product
from contracts.entry import usual_price
from contracts.quotations.lifecycle import EXPIRED, LOST, WON
from contracts.quotations.models import Quotation, QuotationLine


def least_price(product: Product, *, includes_tax: bool) -> Decimal:
    """What may be quoted without asking: the lowest price; without one the list price."""
    lowest = product.lowest(includes_tax=includes_tax)
    return usual_price(product, includes_tax=includes_tax) if lowest is None else lowest


def is_low(product: Product, unit_price: Decimal, discount: Decimal, *, includes_tax: bool) -> bool:
    return unit_price * (1 - discount) < least_price(product, includes_tax=includes_tax)


def low_lines(quotation: Quotation) -> list[QuotationLine]:
    """The lines whose price somebody else has to agree to."""
    return [
        line
        for line in quotation.lines.select_related("product").order_by("position")
        if is_low(line.product, line.unit_price, line.discount, includes_tax=quotation.includes_tax)
    ]


def versions(quotation: Quotation) -> list[Quotation]:
    """All versions of the answer to one enquiry that went out or are being written, the newest first."""
    first = quotation
    while first.previous is not None:
        first = first.previous
    found = [first]
    while following := found[-1].next_versions.exclude(state="cancelled").first():
        found.append(following)
    return found[::-1]


# ── figures ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Outcome:
    """Enquiries of one salesperson, or of all: how many were quoted, won, lost, ran out; what was quoted and won in money."""

    key: int | None
    name: str
    asked: int
    quoted: int
    won: int
    lost: int
    expired: int
    value: Decimal
    won_value: Decimal

    @property
    def open(self) -> int:
        """Neither won nor lost nor run out."""
        return self.asked - self.won - self.lost - self.expired

    @property
    def share_won(self) -> Decimal | None:
        """Of those that came to an end."""
        ended = self.won + self.lost + self.expired
        return Decimal(self.won) / ended if ended else None


MEASURES = {
    "asked": Count("pk"), "quoted": Count("pk", filter=Q(quoted_on__isnull=False)), "won": Count("pk", filter=Q(state=WON.name)),
    "lost": Count("pk", filter=Q(state=LOST.name)), "expired": Count("pk", filter=Q(state=EXPIRED.name)),
    "value": Sum("amount", filter=Q(quoted_on__isnull=False)), "won_value": Sum("amount", filter=Q(state=WON.name)),
}  # fmt: skip


def asked_in(period: Period, *, person: Person) -> Any:
    """What was asked in a period and this person may see, each enquiry once."""
    return Quotation.objects.visible_to(person).deals().filter(asked_on__range=(period.first, period.last)).order_by()


def outcomes(period: Period, *, person: Person) -> list[Outcome]:
    """By salesperson, most won first."""
    rows = asked_in(period, person=person).values("salesperson", "salesperson__name").annotate(**MEASURES)
    found = [outcome(row, row["salesperson"], row["salesperson__name"] or "") for row in rows]
    return sorted(found, key=lambda row: (-row.won_value, -row.asked, row.name))


def outcome(row: dict[str, Any], key: int | None, name: str) -> Outcome:
    counted: dict[str, Any] = {m: row[m] or (ZERO if m in ("value", "won_value") else 0) for m in MEASURES}
    return Outcome(key, name, **counted)


def whole(rows: Iterable[Outcome]) -> Outcome:
    """All of them together."""
    given = list(rows)
    nothing = outcome(dict.fromkeys(MEASURES), None, "")
    sums = {m: sum((getattr(row, m) for row in given), getattr(nothing, m)) for m in MEASURES}
    return outcome(sums, None, "")


def lost_because(period: Period, *, person: Person) -> list[tuple[str, str, int, Decimal]]:
    """(reason, its words, how many, what was quoted for them), the most frequent first."""
    rows = asked_in(period, person=person).filter(state=LOST.name).values("lost_reason")
    words = dict(Quotation.Reason.choices)
    found = [
        (row["lost_reason"], str(words[row["lost_reason"]]), row["n"], row["value"] or ZERO)
        for row in rows.annotate(n=Count("pk"), value=Sum("amount"))
    ]
    return sorted(found, key=lambda row: (-row[2], row[0]))


def by_month(period: Period, *, person: Person) -> dict[Month, tuple[int, int]]:
    """Month → enquiries and those won, for every month of the period."""
    rows = asked_in(period, person=person).annotate(month=TruncMonth("asked_on")).values("month")
    counted = rows.annotate(asked=MEASURES["asked"], won=MEASURES["won"])
    found = {row["month"]: (row["asked"], row["won"]) for row in counted}
    return {month: found.get(month.first, (0, 0)) for month in Month.between(period.first, period.last)}
