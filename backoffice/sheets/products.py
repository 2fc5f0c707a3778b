"""Products, with their line, prices and opening stock."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field
from backoffice.sheets.words import rows_of
from backoffice.stock import services
from backoffice.stock.models import Category, Movement, Product, Unit, Warehouse

PLAIN = ("name", "spec", "brand", "description", "barcode", "list_price", "lowest_price", "cost_price", "tax_rate")
BATCH = 1000


@imports("products")
class Products(Sheet):
    """Products 产品. Present ones are updated where the sheet says something; opening stock counts where nothing has moved yet."""

    title = _("Products")
    order = 10
    key = ("code",)
    by = (Role.ADMINISTRATOR, Role.MANAGER, Role.PURCHASING, Role.FINANCE, Role.ASSISTANT)
    is_opening = True  # opening stock is agreed to by a second person
    fields = (
        Field("code", _("Product code"), ("Product Code", "产品编码", "产品代码", "商品编码", "物料编码", "存货编码", "货号", "SKU"), required=True, max_length=40),
        Field("name", _("Product"), ("Product Name", "产品名称", "商品名称", "物料名称", "存货名称", "品名"), required=True),
        Field("category", _("Product line"), ("Product Line", "产品线", "产品类别", "商品类别", "类别", "分类"), max_length=100, refers=rows_of(Category, makes=True, by="name")),
        Field("spec", _("Specification"), ("Specification", "规格型号", "规格", "型号", "Scale", "Spec")),
        Field("unit", _("Unit"), ("Unit", "单位", "计量单位"), max_length=20, refers=rows_of(Unit, makes=True, by="name")),
        Field("brand", _("Brand"), ("Brand", "品牌", "Vendor", "厂家", "生产厂家", "供应商"), max_length=100),
        Field("description", _("Description"), ("Description", "描述", "说明", "备注"), max_length=4000),
        Field("barcode", _("Barcode"), ("Barcode", "条码", "条形码", "EAN"), max_length=60),
        Field("list_price", _("List price"), ("List Price", "标价", "零售价", "销售价", "含税单价", "售价", "单价", "Price", "MSRP"), kind="price"),
        Field("lowest_price", _("Lowest price"), ("Lowest Price", "最低价", "最低售价", "底价"), kind="price"),
        Field("cost_price", _("Cost price"), ("Cost Price", "成本价", "成本", "进价", "采购价", "Buy Price", "Cost"), kind="price"),
        Field("tax_rate", _("Tax rate"), ("Tax Rate", "税率"), kind="rate"),
        Field("stock", _("Opening stock"), ("Stock", "库存", "库存数量", "期初库存", "现存量", "数量", "Quantity in Stock"), kind="quantity"),
        Field("warehouse", _("Warehouse"), ("Warehouse", "仓库", "仓库代码"), max_length=100, refers=rows_of(Warehouse)),
    )  # fmt: skip

    def opens(self, rows: Sequence[Row]) -> bool:
        return any(row.get("stock") for row in rows)

    def check(self, rows: Sequence[Row], run: Run) -> None:
        seen: dict[str, int] = {}
        houses = warehouses()
        for row in rows:
            if (first := seen.setdefault(row["code"].casefold(), row.number)) != row.number:
                run.problem(row, "code", _("«%(key)s» stands in row %(first)s already."), key=row["code"], first=first)
            if row.get("warehouse") and row["warehouse"] not in houses:
                run.problem(row, "warehouse", _("There is no warehouse «%(name)s»."), name=row["warehouse"])
            if (row.get("tax_rate") or 0) >= 1:
                run.problem(row, "tax_rate", _("A tax rate is less than 100 %."))

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        lines, units = product_lines(rows), unit_rows(rows)
        there = {product.code: product for product in Product.objects.filter(code__in=[row["code"] for row in rows])}
        new, changed = [], []
        for row in rows:
            product = there.get(row["code"]) or Product(code=row["code"], unit=units[row.get("unit", "件")])
            if put(product, row, lines, units):
                (changed if product.pk else new).append(product)
            else:
                run.same()
            there[row["code"]] = product
        Product.objects.bulk_create(new, batch_size=BATCH)
        Product.objects.bulk_update(changed, [*PLAIN, "category", "unit", "search"], batch_size=BATCH)
        run.made(len(new))
        run.changed(len(changed))
        self.open_stock(rows, there, run)
        run.step(len(rows))

    def open_stock(self, rows: Sequence[Row], products: dict[str, Product], run: Run) -> None:
        counted = [row for row in rows if row.get("stock") is not None]
        moved = set(
            Movement.objects.filter(product__code__in=[r["code"] for r in counted]).values_list("product_id", flat=True)
        )
        houses = warehouses()
        main = Warehouse.objects.filter(is_active=True).order_by("pk").first()
        quantities = [
            (products[r["code"]], houses.get(r.get("warehouse", ""), main), r["stock"])
            for r in counted
            if products[r["code"]].pk not in moved
        ]
        services.take_over_stock(quantities, on=timezone.localdate(), by=run.by)


def put(product: Product, row: Row, lines: dict[str, Category], units: dict[str, Unit]) -> bool:
    """Write what the row says into the product; whether anything became different."""
    wanted: dict[str, Any] = {name: row[name] for name in PLAIN if row.get(name) is not None}
    wanted |= {
        name: found
        for name, found in (("category", lines.get(row.get("category", ""))), ("unit", units.get(row.get("unit", ""))))
        if found
    }
    differs = not product.pk or any(getattr(product, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(product, name, value)
    product.fill_search()
    return differs


def warehouses() -> dict[str, Warehouse]:
    rows = Warehouse.objects.all()
    return {row.name: row for row in rows} | {row.code: row for row in rows}


def product_lines(rows: Iterable[Row]) -> dict[str, Category]:
    """Product lines by code and name; those that the sheet names first are made."""
    known = {line.name: line for line in Category.objects.all()} | {line.code: line for line in Category.objects.all()}
    for name in dict.fromkeys(row["category"] for row in rows if row.get("category")):
        if name not in known:
            known[name] = Category.objects.create(code=name[:40], name=name)
    return known


def unit_rows(rows: Iterable[Row]) -> dict[str, Unit]:
    """Units by name; an unknown one is made, with as many decimals as a quantity may have."""
    known = {unit.name: unit for unit in Unit.objects.all()}
    for name in dict.fromkeys(["件", *(row["unit"] for row in rows if row.get("unit"))]):
        if name not in known:
            whole = all((row.get("stock") or Decimal(0)) % 1 == 0 for row in rows if row.get("unit") == name)
            known[name] = Unit.objects.create(name=name, decimals=0 if whole else 3)
    return known
