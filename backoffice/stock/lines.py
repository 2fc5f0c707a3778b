"""A line of goods at a price: the same columns and the same rounding on contract, order, shipment and invoice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.documents.lines import DocumentLine
from backoffice.money import ZERO, LineAmounts, price_line
from backoffice.stock.models import Product


class GoodsLine(DocumentLine):
    """Name, specification and unit are copied from the product, so that a later change of it changes no paper."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=200)
    spec = models.CharField(_("specification"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=6)
    discount = models.DecimalField(_("discount"), max_digits=9, decimal_places=6, default=Decimal("0"))
    tax_rate = models.DecimalField(_("tax rate"), max_digits=9, decimal_places=6)
    net = models.DecimalField(_("amount without tax"), max_digits=18, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2)
    gross = models.DecimalField(_("amount with tax"), max_digits=18, decimal_places=2)

    class Meta(DocumentLine.Meta):
        abstract = True

    # every concrete line puts these into its Meta, with names of its own: `constraints = goods_constraints("order_line")`
    AMOUNTS: ClassVar[tuple[str, ...]] = ("net", "tax", "gross")

    def describe(self) -> None:
        """Copy what the paper says of the product."""
        self.name, self.spec, self.unit = self.product.name, self.product.spec, self.product.unit.name

    def price(self, *, includes_tax: bool) -> None:
        """Set net, tax and gross from quantity, price, discount and rate (rules.md §1)."""
        self.set_amounts(price_line(self.quantity, self.unit_price, self.discount, self.tax_rate, includes_tax))

    def set_amounts(self, amounts: LineAmounts) -> None:
        self.net, self.tax, self.gross = amounts.net, amounts.tax, amounts.gross

    @property
    def amounts(self) -> LineAmounts:
        return LineAmounts(self.net, self.tax, self.gross)


def goods_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What holds for every line of goods, whoever writes it."""
    return [
        models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name=f"{prefix}_adds_up"),
        models.CheckConstraint(condition=Q(quantity__gt=0), name=f"{prefix}_quantity"),
        models.CheckConstraint(condition=Q(unit_price__gte=0), name=f"{prefix}_price"),
        models.CheckConstraint(condition=Q(discount__gte=0, discount__lte=1), name=f"{prefix}_discount"),
        models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lt=1), name=f"{prefix}_tax_rate"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One line as it shall stand on a draft: what, how much, at which price; `more` are further columns of that kind of line."""

    product: Product
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    discount: Decimal = ZERO
    more: Mapping[str, Any] = field(default_factory=dict)

    def amounts(self, *, includes_tax: bool) -> LineAmounts:
        return price_line(self.quantity, self.unit_price, self.discount, self.tax_rate, includes_tax)


def write_lines(document: Any, wanted: Iterable[Goods], *, includes_tax: bool) -> LineAmounts:
    """Make the lines of a draft say this and no more; gives their total. Lines that say it already are left alone."""
    model, wanted = document.lines.model, list(wanted)
    models.prefetch_related_objects([goods.product for goods in wanted], "unit")
    there = {} if document.is_fresh else {line.position: line for line in document.lines.all()}
    total, new = LineAmounts(), []
    for position, goods in enumerate(wanted, start=1):
        line = there.pop(position, None) or model(**{model.document_field: document, "position": position})
        before = _content(line)
        line.product, line.quantity, line.unit_price = goods.product, goods.quantity, goods.unit_price
        line.discount, line.tax_rate = goods.discount, goods.tax_rate
        for name, value in goods.more.items():
            setattr(line, name, value)
        line.describe()
        line.price(includes_tax=includes_tax)
        total += line.amounts
        if line.pk is None:
            new.append(line)
        elif _content(line) != before:
            line.save()
    if there:
        document.lines.filter(pk__in=[line.pk for line in there.values()]).delete()
    model.objects.bulk_create(new)
    return total


def _content(line: GoodsLine) -> dict[str, Any]:
    return {f.attname: getattr(line, f.attname) for f in line._meta.concrete_fields}
