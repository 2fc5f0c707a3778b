"""What the notes say together: the brief of a day, and prices by product and region with their trend (C7)."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import TruncMonth

from backoffice import money
from backoffice.people.models import Person, Region, below
from backoffice.periods import Month, Period, add_months
from backoffice.stock.models import Product
from customers.market.models import Brief, MarketNote

MONTHS = 12
WAYS = {"region": "region", "competitor": "competitor"}


# ── the brief ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class PriceHeard:
    """A price with the one heard before it for the same product, competitor and region."""

    note: MarketNote
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return self.note.price / self.before - 1 if self.before else None


@dataclass(frozen=True, slots=True)
class BriefShown:
    """A brief as one person may see it: prices first, then the other notes by kind."""

    prices: list[PriceHeard]
    kinds: list[tuple[str, list[MarketNote]]]
    authors: list[str]

    @property
    def count(self) -> int:
        return len(self.prices) + sum(len(notes) for _label, notes in self.kinds)


def brief_for(brief: Brief, *, visible_to: Person) -> BriefShown:
    rows = MarketNote.objects.visible_to(visible_to).filter(brief=brief)
    notes = list(
        rows.select_related("product", "region", "competitor", "party", "author").order_by("kind", "noted_on", "pk")
    )
    prices = [PriceHeard(note, price_before(note)) for note in notes if note.price is not None]
    by_kind: dict[str, list[MarketNote]] = defaultdict(list)
    for note in notes:
        if note.price is None:
            by_kind[str(note.get_kind_display())].append(note)
    return BriefShown(prices, list(by_kind.items()), list(dict.fromkeys(str(note.author) for note in notes)))


def price_before(note: MarketNote) -> Decimal | None:
    """The last price heard before this one, of the same product, competitor and region."""
    earlier = MarketNote.objects.prices().filter(
        product=note.product_id, competitor=note.competitor_id, region=note.region_id
    ).filter(Q(noted_on__lt=note.noted_on) | Q(noted_on=note.noted_on, pk__lt=note.pk))  # fmt: skip
    return earlier.order_by("-noted_on", "-pk").values_list("price", flat=True).first()


# ── prices by product ──────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of one product in one region (or at one competitor); `before` is the average of the period before."""

    average: Decimal
    low: Decimal
    high: Decimal
    notes: int
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return self.average / self.before - 1 if self.before else None


@dataclass(frozen=True, slots=True)
class ProductPrices:
    """One row: a product, all its prices together, and each column's."""

    product: Product
    all: Prices
    cells: list[Prices | None]

    @property
    def against_ours(self) -> Decimal | None:
        ours = self.product.list_price
        return self.all.average / ours - 1 if ours else None


@dataclass(frozen=True, slots=True)
class PriceTable:
    columns: list[tuple[int | None, str]]
    rows: list[ProductPrices]


def heard(
    first: datetime.date, last: datetime.date, *, visible_to: Person, given: dict[str, Any]
) -> QuerySet[MarketNote]:
    """The prices of a span, narrowed by `product`, `region` (with all below) and `competitor`."""
    rows = MarketNote.objects.visible_to(visible_to).prices().between(first, last)
    if given.get("product"):
        rows = rows.filter(product=given["product"])
    if given.get("competitor"):
        rows = rows.filter(competitor=given["competitor"])
    if given.get("region"):
        rows = rows.filter(region__in=below(Region, [given["region"].pk]))
    return rows.order_by()


def price_table(period: Period, *, by: str, visible_to: Person, given: dict[str, Any]) -> PriceTable:
    """Products down, regions or competitors across; a product without a price in the period itself has no row."""
    rows = heard(period.previous().first, period.last, visible_to=visible_to, given=given)
    now, before = Q(noted_on__gte=period.first), Q(noted_on__lt=period.first)
    figures = {
        "average": Avg("price", filter=now), "low": Min("price", filter=now), "high": Max("price", filter=now),
        "notes": Count("pk", filter=now), "before": Avg("price", filter=before),
    }  # fmt: skip
    by_product: Any = rows.values("product").annotate(**figures)
    whole = {row.pop("product"): prices(row) for row in by_product}
    column = WAYS[by]
    cells = {
        (row.pop("product"), row.pop(column), row.pop("name")): prices(row)
        for row in rows.values("product", column, name=F(f"{column}__name")).annotate(**figures)
    }
    heads = sorted(
        {(key, name or "–") for (_product, key, name), cell in cells.items() if cell}, key=lambda head: head[1]
    )
    by_cell = {(product, key): cell for (product, key, _name), cell in cells.items()}
    products = (
        Product.objects.filter(pk__in=[pk for pk, cell in whole.items() if cell])
        .select_related("unit")
        .order_by("code")
    )
    found = [
        ProductPrices(product, whole[product.pk], [by_cell.get((product.pk, key)) for key, _name in heads]) for product in products
    ]  # fmt: skip
    return PriceTable(heads, found)


def prices(row: dict[str, Any]) -> Prices | None:
    """The figures of one group; none where nothing was heard in the period itself."""
    if not row["notes"]:
        return None
    rounded = {name: mean(row[name]) for name in ("average", "before")}
    return Prices(**{**row, **rounded})


def mean(value: Decimal | None) -> Decimal | None:
    """An average price in cents; of what costs less than one, as fine as a price is kept."""
    if value is None:
        return None
    return money.amount(value) if value >= 1 else money.unit_price(value)


def monthly(
    product: Product, *, until: datetime.date, visible_to: Person, given: dict[str, Any]
) -> Sequence[tuple[str, Decimal | None]]:
    """The average price of a product in each of the last twelve months; nothing where nobody heard one."""
    month = Month.containing(until)
    first = add_months(month.first, 1 - MONTHS)
    notes = heard(first, month.last, visible_to=visible_to, given={**given, "product": product})
    found = {
        f"{row['month']:%Y-%m}": mean(row["average"])
        for row in notes.values(month=TruncMonth("noted_on")).annotate(average=Avg("price"))
    }
    months = [str(Month.containing(add_months(first, n))) for n in range(MONTHS)]
    return [(month, found.get(month)) for month in months]
