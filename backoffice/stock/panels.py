"""What the book of goods shows elsewhere: the look-up of products, and products in the search."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.beginning import begins_with
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.registry import Found, Section, finds, looks_up, nav, shelf
from backoffice.people.models import Role

from .models import Category, Product
from .services import KEEPS

nav(Section.GOODS, _("Products"), "stock:product-list", icon="product", order=60)
nav(Section.GOODS, _("Stock"), "stock:list", icon="warehouse", order=40)
nav(Section.GOODS, _("Stock movements"), "stock:movement-list", icon="box", order=45)
nav(Section.GOODS, _("Stock on a day"), "stock:on-day", icon="calendar", order=50)
nav(Section.GOODS, _("Product lines"), "stock:category-list", icon="archive", roles=KEEPS, order=70)
nav(Section.GOODS, _("Units"), "stock:unit-list", icon="scale", roles=KEEPS, order=80)
nav(Section.GOODS, _("Warehouses"), "stock:warehouse-list", icon="warehouse", roles=(*KEEPS, Role.WAREHOUSE), order=75)


@begins_with(_("Products"), "sheets:overview", order=40)
def has_products() -> str:
    return "" if Product.objects.exists() else gettext("From a workbook, with prices and what lies in stock.")


@looks_up("product")
class Products(Lookup):
    """Products by code, name, initials or barcode, with what tells them apart."""

    add = "stock:product-new"

    def rows(self, person, given):
        return Product.objects.visible_to(person).active().select_related("unit")

    def choices(self, rows, person, given):
        free = dict(
            Product.objects.filter(pk__in=[p.pk for p in rows if p.is_stocked])
            .with_stock()
            .values_list("pk", "available")
        )
        return [self.with_stock(product, free.get(product.pk)) for product in rows]

    def choice(self, product):
        return self.with_stock(product, None)

    def with_stock(self, product, free):
        there = (
            ""
            if free is None
            else gettext("%(quantity)s %(unit)s free")
            % {"quantity": f"{free:,.3f}".rstrip("0").rstrip("."), "unit": product.unit}
        )
        return Choice(product.pk, product.code, product.name, (product.spec, there, f"¥{product.list_price:,.2f}"))


@looks_up("category")
class Categories(Lookup):
    """Product lines by code or name."""

    def rows(self, person, given):
        return Category.objects.select_related("parent")

    def matching(self, rows, typed):
        return rows.filter(Q(name__icontains=typed) | Q(code__istartswith=typed))

    def choice(self, row):
        return Choice(row.pk, row.code, row.name, (str(row.parent or ""),))


@finds(_("Products"), order=30)
def products(typed, person):
    rows = shelf.lookups["product"].best(typed, person, {}) if typed else []
    for product in rows[:6]:
        is_it = typed.casefold() == product.code.casefold()
        yield Found(
            product.name, product.get_absolute_url(), f"{product.code} · {product.spec}", "product", exact=is_it
        )
