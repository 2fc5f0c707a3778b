"""The book of goods: products, warehouses, and every movement in and out (S11, P2).

What is on hand and what is reserved are kept columns that only `services` move, fenced by CHECKs; the movements
are the truth, and `check_books` compares the two.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Collate, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice import money
from backoffice.audit import tracked
from backoffice.database import append_only, defaults
from backoffice.database.queries import among
from backoffice.parties.search import fold, search_key
from backoffice.people.models import Person, Role, below
from backoffice.register.models import Record

ZERO = Decimal("0.000")


@tracked()
class Unit(models.Model):
    """A unit of measure 计量单位: 件, 箱, 吨."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)

    class Meta:
        ordering = ["name"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stock:unit", args=[self.pk])


@tracked()
class Category(models.Model):
    """A product line 产品类别, in a tree."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("product line")
        verbose_name_plural = _("product lines")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stock:category", args=[self.pk])

    def with_below(self) -> RawSQL:
        """This product line and all below it, as a sub-query."""
        return below(Category, [self.pk])


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, person: Person) -> "ProductQuerySet":
        """Everybody who is signed in sees the products; cost prices are columns of their own roles."""
        return self

    def active(self) -> "ProductQuerySet":
        return self.filter(is_active=True)

    def with_stock(self, *, on: datetime.date | None = None) -> "ProductQuerySet":
        """`on_hand`, `reserved`, `available` over all warehouses; `on_hand` of a past day from the movements up to it."""

        def total(rows: models.QuerySet, column: str) -> Coalesce:
            sums = rows.filter(product=OuterRef("pk")).order_by().values("product").annotate(s=Sum(column)).values("s")
            return Coalesce(Subquery(sums), ZERO, output_field=models.DecimalField())

        if on is not None:
            return self.annotate(on_hand=total(Movement.objects.filter(moved_on__lte=on), "quantity"))
        levels = Level.objects.all()
        rows = self.annotate(on_hand=total(levels, "on_hand"), reserved=total(levels, "reserved"))
        return rows.annotate(available=F("on_hand") - F("reserved"))

    def by_code(self, codes: Iterable[str]) -> dict[str, "Product"]:
        """Code in capitals → product, with its unit; the codes may be written in any case."""
        rows = self.alias(in_capitals=Collate(Upper("code"), "C")).filter(in_capitals__in={c.upper() for c in codes})
        return {product.code.upper(): product for product in rows.select_related("unit")}

    def matching(self, typed: str) -> "ProductQuerySet":
        rows = self
        for word in fold(typed).split():
            rows = rows.filter(search__holds=word)
        return rows


@tracked(leave_out=("search",))
class Product(models.Model):
    """Something we sell or buy 产品. The list price carries tax, as is usual in China, unless it says otherwise."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    spec = models.CharField(_("specification"), max_length=200, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("product line")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="products", verbose_name=_("unit"))
    barcode = models.CharField(_("barcode"), max_length=60, blank=True)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    description = models.TextField(_("description"), blank=True)
    list_price = models.DecimalField(_("list price"), max_digits=18, decimal_places=6, default=0)
    lowest_price = models.DecimalField(_("lowest price"), max_digits=18, decimal_places=6, null=True, blank=True)
    cost_price = models.DecimalField(_("cost price"), max_digits=18, decimal_places=6, null=True, blank=True)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=9, decimal_places=6, default=Decimal("0.13"))
    is_stocked = models.BooleanField(_("kept in stock"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    search = models.TextField(_("search key"), blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(OpClass("search", "gin_trgm_ops"), name="product_search"),
            models.Index(Collate(Upper("code"), "C"), name="product_code_upper"),
            models.Index(fields=["barcode"], name="product_barcode", condition=~Q(barcode="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(list_price__gte=0), name="product_list_price"),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lt=1), name="product_tax_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("stock:product", args=[self.pk])

    def listed(self, *, includes_tax: bool) -> Decimal:
        """The list price as a document states prices: it carries tax, one without tax takes it out."""
        return self.list_price if includes_tax else money.unit_price(self.list_price / (1 + self.tax_rate))

    def lowest(self, *, includes_tax: bool) -> Decimal | None:
        """The lowest price in the same way; none where there is none."""
        if self.lowest_price is None or includes_tax:
            return self.lowest_price
        return money.unit_price(self.lowest_price / (1 + self.tax_rate))

    def fill_search(self) -> None:
        self.search = " ".join(
            filter(None, [search_key(self.code, self.name, self.spec, self.brand), fold(self.barcode)])
        )


@tracked()
class Warehouse(models.Model):
    """A place where goods lie 仓库."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=300, blank=True)
    may_go_negative = models.BooleanField(_("may go below zero"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stock:warehouse", args=[self.pk])


class Level(models.Model):
    """What lies in a warehouse of a product: on hand, and how much of it is promised. Kept by `services` only."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="levels", verbose_name=_("product"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="levels", verbose_name=_("warehouse"))
    on_hand = models.DecimalField(_("on hand"), max_digits=18, decimal_places=3, default=ZERO)
    reserved = models.DecimalField(_("reserved"), max_digits=18, decimal_places=3, default=ZERO)
    may_go_negative = models.BooleanField(_("may go below zero"), default=False)

    class Meta:
        ordering = ["product", "warehouse"]
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="level_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0) | Q(may_go_negative=True), name="level_not_negative"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="level_reserved"),
        ]

    def __str__(self) -> str:
        return f"{self.product} @ {self.warehouse}: {self.on_hand}"

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


class MovementQuerySet(models.QuerySet["Movement"]):
    # roles that work on goods whatever the customer is
    SEES_ALL = (Role.WAREHOUSE, Role.PURCHASING, Role.MANAGER)

    def visible_to(self, person: Person) -> "MovementQuerySet":
        """What moved for documents this person may see, and what moved without a document."""
        if person.sees_everything or person.has_role(*self.SEES_ALL):
            return self
        return self.filter(Q(record=None) | among(Record.objects.visible_to(person), "record"))


@append_only
class Movement(models.Model):
    """Goods that came or went 出入库: positive in, negative out. Never changed; a mistake is moved back."""

    class Reason(models.TextChoices):
        OPENING = "opening", _("Opening stock")
        DISPATCH = "dispatch", _("Dispatch")
        RETURN = "return", _("Return")
        RECEIPT = "receipt", _("Receipt")
        COUNT = "count", _("Stock count")

    product = models.ForeignKey(Product, models.PROTECT, related_name="movements", verbose_name=_("product"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="movements", verbose_name=_("warehouse"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="movements", verbose_name=_("document"))
    line_id = models.BigIntegerField(null=True)
    moved_on = models.DateField(_("date"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        ordering = ["-moved_on", "-pk"]
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [models.Index(fields=["product", "warehouse", "moved_on"], name="movement_stock")]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="movement_not_zero")]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity:+}"


class Reservation(models.Model):
    """What an approved order line still has promised. One row per line; gone when nothing is left to ship."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="reservations", verbose_name=_("document"))
    line_id = models.BigIntegerField(unique=True)
    product = models.ForeignKey(Product, models.PROTECT, related_name="reservations", verbose_name=_("product"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="reservations", verbose_name=_("warehouse"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_positive")]
        indexes = [models.Index(fields=["record"], name="reservation_record")]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity}"


@defaults
def first_warehouse_and_units() -> None:
    """A company begins with one warehouse and the usual units; the administrator changes them."""
    if not Warehouse.objects.exists():
        Warehouse.objects.create(code="MAIN", name="主仓库")
    for name, decimals in (("件", 0), ("箱", 0), ("台", 0), ("套", 0), ("盒", 0), ("千克", 3), ("吨", 3), ("米", 2)):
        Unit.objects.get_or_create(name=name, defaults={"decimals": decimals})
