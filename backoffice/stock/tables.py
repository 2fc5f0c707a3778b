"""Lists of products, of what lies where, and of what moved."""

import datetime
from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from backoffice.pages.fields import DateField
from backoffice.people.models import Person, Role
from backoffice.stock.models import Category, Level, Movement, Product, Unit, Warehouse
from backoffice.stock.services import KEEPS

COSTS = (Role.FINANCE, Role.GM, Role.MANAGER, Role.PURCHASING)
COST_FIELDS = ("cost_price", "lowest_price")


class CategoryIs(f.OneOf):
    """A product line with everything below it."""

    def filter(self, rows: QuerySet[Any], value: Category | None) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__in": value.with_below()}) if value else rows


class ProductList(List):
    name = "products"
    title = _("Products")
    model = Product
    columns = [
        c.Text("code", link=True, width=14),
        c.Text("name", link=True, width=40),
        c.Text("spec", width=24),
        c.Text("category", path="category__name"),
        c.Text("unit", path="unit__name", width=8),
        c.Price("list_price"),
        c.Price("cost_price", roles=COSTS),
        c.Price("lowest_price", roles=COSTS, hidden=True),
        c.Percent("tax_rate", hidden=True),
        c.Quantity("on_hand", _("On hand"), total=True),
        c.Quantity("reserved", _("Reserved"), total=True),
        c.Quantity("available", _("Available")),
        c.Text("brand", hidden=True),
        c.Text("barcode", hidden=True),
        c.Bool("is_active", hidden=True),
    ]
    filters = [
        CategoryIs("category", Category), f.Bool("is_active"), f.Bool("is_stocked"), f.Contains("brand"), f.AmountRange("list_price"),
        f.AmountRange("on_hand", _("On hand")), f.AmountRange("available", _("Available")),
        f.Flag("short", _("Promised beyond what is there"), lambda rows: rows.filter(available__lt=0)),
    ]  # fmt: skip
    search = ["search"]
    search_hint = _("Code, name, specification, initials, barcode")
    default_order = "code"
    views = [
        (_("In use"), "is_active=1"),
        (_("Short"), "short=1&o=available"),
        (_("Nothing there"), "on_hand=..0&is_active=1"),
    ]
    new = ("stock:product-new", _("New product"), KEEPS)
    empty = _("Products appear here once somebody enters one, or imports a workbook.")

    def rows(self, person: Person) -> QuerySet[Product]:
        return super().rows(person).with_stock()

    def row_css(self, row: Product) -> str:
        return "" if row.is_active else "late"


class OnDay(f.Spoken, django_filters.Filter):
    """The stock as it was at the end of a day, from the movements up to it."""

    field_class = DateField

    def __init__(self, name: str, label: Any) -> None:
        self.name = name
        super().__init__(field_name=name, label=label)

    def filter(self, rows: QuerySet[Any], value: datetime.date | None) -> QuerySet[Any]:
        if value is None or value >= timezone.localdate():
            return rows
        return rows.with_stock(on=value).annotate(value=F("on_hand") * F("cost_price"))


class StockOnDayList(List):
    """库存表: what was there on any day, with its value."""

    name = "stock_on_day"
    title = _("Stock on a day")
    model = Product
    columns = [
        c.Text("code", link=True, width=14),
        c.Text("name", link=True, width=40),
        c.Text("spec", width=24),
        c.Text("category", path="category__name"),
        c.Text("unit", path="unit__name", width=8),
        c.Quantity("on_hand", _("On hand"), total=True),
        c.Price("cost_price", roles=COSTS),
        c.Money("value", _("Value at cost"), roles=COSTS, total=True),
    ]
    filters = [
        OnDay("on", _("At the end of")),
        CategoryIs("category", Category),
        f.AmountRange("on_hand", _("On hand")),
    ]
    search = ["search"]
    default_order = "code"
    empty = _("Nothing is kept in stock yet.")

    def rows(self, person: Person) -> QuerySet[Product]:
        stocked = super().rows(person).filter(is_stocked=True)
        return stocked.with_stock().annotate(value=F("on_hand") * F("cost_price"))


class LevelList(List):
    """现存量: each product in each warehouse now."""

    name = "stock_levels"
    title = _("Stock")
    model = Level
    columns = [
        c.Text("code", _("Code"), path="product__code", link="product", width=14),
        c.Text("product", _("Product"), path="product__name", link="product", width=40),
        c.Text("spec", _("Specification"), path="product__spec"),
        c.Text("warehouse", path="warehouse__name"),
        c.Text("unit", _("Unit"), path="product__unit__name", width=8),
        c.Quantity("on_hand", total=True),
        c.Quantity("reserved", total=True),
        c.Quantity("free", _("Available"), total=True),
    ]
    filters = [
        f.OneOf("warehouse", Warehouse), f.Related("product", Product, lookup="product"),
        CategoryIs("category", Category, _("Product line"), path="product__category"),
        f.AmountRange("on_hand"), f.Flag("short", _("Promised beyond what is there"), lambda rows: rows.filter(free__lt=0)),
    ]  # fmt: skip
    search = ["product__search"]
    default_order = "code"
    views = [(_("Short"), "short=1&o=free"), (_("Something there"), "on_hand=0.001..")]
    empty = _("Stock appears here with the first movement: opening stock by import, or goods received.")

    def rows(self, person: Person) -> QuerySet[Level]:
        return Level.objects.annotate(free=F("on_hand") - F("reserved"))

    def href(self, row: Level) -> str:
        return row.product.get_absolute_url()


class MovementList(List):
    """出入库流水: every movement, newest first."""

    name = "stock_movements"
    title = _("Stock movements")
    model = Movement
    columns = [
        c.Date("moved_on"),
        c.Text("code", _("Code"), path="product__code", link="product", width=14),
        c.Text("product", _("Product"), path="product__name", width=40),
        c.Text("warehouse", path="warehouse__name"),
        c.Choice("reason", _("Reason")),
        c.Quantity("quantity", total=True),
        c.Text("record", _("Document"), value=lambda row: str(row.record or "")),
        c.Party("party", _("Party"), path="record__party__short_name", hint="record__party__name"),
        c.Person("by"),
        c.Moment("at", hidden=True),
    ]
    filters = [
        f.DateRange("moved_on"), f.Choice("reason", _("Reason")), f.OneOf("warehouse", Warehouse),
        f.Related("product", Product, lookup="product"), f.PersonIs("by"),
    ]  # fmt: skip
    search = ["product__search", "record__number"]
    default_order = "-moved_on"
    empty = _("Nothing has moved yet.")

    def rows(self, person: Person) -> QuerySet[Movement]:
        return super().rows(person).select_related("record__party")

    def href(self, row: Movement) -> str:
        return row.product.get_absolute_url()


class Masters(List):
    """The small tables around products, seen by those who keep them."""

    roles = KEEPS
    default_order = "code"

    def rows(self, person: Person) -> QuerySet[Any]:
        assert self.model is not None
        return self.model._default_manager.all()


class CategoryList(Masters):
    name = "product_lines"
    title = _("Product lines")
    model = Category
    columns = [c.Text("code", link=True), c.Text("name", link=True, width=30), c.Text("parent", path="parent__name")]
    search = ["code", "name"]
    new = ("stock:category-new", _("New product line"), KEEPS)


class UnitList(Masters):
    name = "units"
    title = _("Units")
    model = Unit
    columns = [c.Text("name", link=True), c.Count("decimals")]
    default_order = "name"
    new = ("stock:unit-new", _("New unit"), KEEPS)


class WarehouseList(Masters):
    name = "warehouses"
    title = _("Warehouses")
    model = Warehouse
    columns = [
        c.Text("code", link=True), c.Text("name", link=True, width=30), c.Text("address", width=40), c.Bool("may_go_negative"),
        c.Bool("is_active"),
    ]  # fmt: skip
    roles = (*KEEPS, Role.WAREHOUSE)
    new = ("stock:warehouse-new", _("New warehouse"), KEEPS)
