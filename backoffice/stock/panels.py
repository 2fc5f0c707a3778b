"""What the book of goods shows elsewhere: the look-up of products, and products in the search."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.registry import Found, Section, finds, looks_up, nav
from backoffice.people.models import Role

from .models import Product
from .services import KEEPS

nav(Section.GOODS, _("Products"), "stock:product-list", icon="product", order=60, query="?is_active=1")
nav(Section.GOODS, _("Stock"), "stock:list", icon="warehouse", order=40)
nav(Section.GOODS, _("Stock movements"), "stock:movement-list", icon="box", order=45)
nav(Section.GOODS, _("Stock on a day"), "stock:on-day", icon="calendar", order=50)
nav(Section.GOODS, _("Product lines"), "stock:category-list", icon="archive", roles=KEEPS, order=70)
nav(Section.GOODS, _("Units"), "stock:unit-list", icon="dot", roles=KEEPS, order=80)
nav(Section.GOODS, _("Warehouses"), "stock:warehouse-list", icon="warehouse", roles=(*KEEPS, Role.WAREHOUSE), order=75)


@looks_up("product")
class Products(Lookup):
    """Products by code, name, initials or barcode, with what tells them apart."""

    add = "stock:product-new"

    def rows(self, person, given):
        return Product.objects.visible_to(person).active().select_related("unit")

    def choice(self, product):
        return Choice(
            product.pk, product.code, product.name, (product.spec, str(product.unit), f"{product.list_price:,.2f}")
        )


@finds(_("Products"), order=30)
def products(typed, person):
    if not typed:
        return
    for product in Product.objects.visible_to(person).matching(typed).order_by("code")[:6]:
        try:
            url = reverse("stock:product", args=[product.pk])
        except NoReverseMatch:
            return
        yield Found(
            product.name,
            url,
            f"{product.code} · {product.spec}",
            "product",
            exact=typed.casefold() == product.code.casefold(),
        )
