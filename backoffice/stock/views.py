"""Pages of products, stock, and the small tables around them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.chain import link_to
from backoffice.pages.list_page import ListPage
from backoffice.pages.page import EVERYONE, Act, may_open
from backoffice.pages.templatetags.show import percent, price, quantity
from backoffice.pages.timeline import timeline_of
from backoffice.pages.views import DetailPage, EditPage
from backoffice.register.models import Record
from backoffice.stock import services, tables
from backoffice.stock.forms import CategoryForm, ProductForm, UnitForm, WarehouseForm
from backoffice.stock.models import Category, Movement, Product, Unit, Warehouse

CRUMBS = [(gettext_lazy("Products"), "stock:product-list")]
SHOWN_MOVEMENTS = 30


class ProductListPage(ListPage):
    list = tables.ProductList


class LevelListPage(ListPage):
    list = tables.LevelList


class StockOnDayPage(ListPage):
    list = tables.StockOnDayList


class MovementListPage(ListPage):
    list = tables.MovementList


class CategoryListPage(ListPage):
    list = tables.CategoryList


class UnitListPage(ListPage):
    list = tables.UnitList


class WarehouseListPage(ListPage):
    list = tables.WarehouseList


class ProductPage(DetailPage):
    """A product: what it costs, what lies where, what moved; panels of higher apps show its prices and sales."""

    roles = EVERYONE
    model = Product
    crumbs = CRUMBS
    template_name = "stock/product.html"
    has_timeline = False

    def get_queryset(self):
        return super().get_queryset().select_related("category", "unit").with_stock()

    def get_title(self):
        return self.object.name

    def get_edit_url(self):
        return super().get_edit_url() if may_open(self.request.user, services.KEEPS) else ""

    def get_acts(self):
        moves = f"{reverse('stock:movement-list')}?product={self.object.pk}"
        return [Act(_("All movements"), moves, icon="box")]

    def facts(self):
        product = self.object
        costs = [(_("Cost price"), price(product.cost_price)), (_("Lowest price"), price(product.lowest_price))]
        return [
            (_("Code"), product.code), (_("Specification"), product.spec or "—"), (_("Product line"), product.category or "—"),
            (_("Unit"), product.unit), (_("List price"), price(product.list_price)), (_("Tax rate"), percent(product.tax_rate, 0)),
            *(costs if self.sees_costs else []), (_("Brand"), product.brand or "—"), (_("Barcode"), product.barcode or "—"),
        ]  # fmt: skip

    @property
    def sees_costs(self) -> bool:
        return may_open(self.request.user, tables.COSTS)

    def figures(self):
        if not self.object.is_stocked:
            return []
        product, unit = self.object, self.object.unit.name
        levels = f"{reverse('stock:list')}?product={product.pk}"
        free = product.available
        return [
            {"label": _("On hand"), "value": quantity(product.on_hand, unit), "url": levels},
            {"label": _("Reserved"), "value": quantity(product.reserved, unit), "url": levels},
            {"label": _("Available"), "value": quantity(free, unit), "tone": "bad" if free < 0 else "", "url": levels},
        ]

    def get_context_data(self, **kwargs):
        product, person = self.object, self.request.user
        seen = set(
            Record.objects.visible_to(person).filter(movements__product=product).values_list("pk", flat=True)[:500]
        )
        rows = Movement.objects.visible_to(person).filter(product=product).select_related("warehouse", "record", "by")
        moved = [(row, link_to(row.record) if row.record_id in seen else None) for row in rows[:SHOWN_MOVEMENTS]]
        return super().get_context_data(**kwargs) | {
            "product": product, "levels": product.levels.select_related("warehouse"), "moved": moved, "timeline": self.history(),
        }  # fmt: skip

    def history(self) -> list[Any]:
        """What was changed; without costs for who may not see them."""
        entries = timeline_of(self.object)
        if not self.sees_costs:
            hidden = {str(Product._meta.get_field(name).verbose_name) for name in tables.COST_FIELDS}
            for entry in entries:
                entry.changes = [change for change in entry.changes if change[0] not in hidden]
        return entries


class EditMaster(EditPage):
    """One row of a table that those who keep the masters may change."""

    roles = services.KEEPS

    def get_queryset(self):
        return self.model._default_manager.all()

    def save(self, form):
        return services.save_master(form.save(commit=False), by=self.request.user, version=self.version)


class EditProduct(EditMaster):
    model, form_class = Product, ProductForm
    crumbs = CRUMBS
    wide = True

    def save(self, form):
        return services.save_product(form.save(commit=False), by=self.request.user, version=self.version)


class EditCategory(EditMaster):
    model, form_class = Category, CategoryForm
    crumbs = [(gettext_lazy("Product lines"), "stock:category-list")]


class EditUnit(EditMaster):
    model, form_class = Unit, UnitForm
    crumbs = [(gettext_lazy("Units"), "stock:unit-list")]


class EditWarehouse(EditMaster):
    model, form_class = Warehouse, WarehouseForm
    crumbs = [(gettext_lazy("Warehouses"), "stock:warehouse-list")]
