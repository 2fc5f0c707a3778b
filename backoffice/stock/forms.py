"""What a person types about products and the small tables around them."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import PriceField, RateField
from backoffice.pages.forms import PersonModelForm
from backoffice.stock.models import Category, Product, Unit, Warehouse
from backoffice.stock.tables import COST_FIELDS, COSTS


class ProductForm(PersonModelForm):
    list_price = PriceField(
        label=_("List price"), min_value=0, help_text=_("With tax, as it stands on the price list.")
    )
    lowest_price = PriceField(label=_("Lowest price"), min_value=0, required=False)
    cost_price = PriceField(label=_("Cost price"), min_value=0, required=False)
    tax_rate = RateField(label=_("Tax rate"), min_value=0, initial=Decimal("0.13"))

    class Meta:
        model = Product
        fields = [
            "code", "name", "spec", "category", "unit", "list_price", "lowest_price", "cost_price", "tax_rate", "barcode", "brand",
            "is_stocked", "is_active", "description",
        ]  # fmt: skip
        widgets = {
            "name": forms.TextInput({"span": True}),
            "description": forms.Textarea({"rows": 4, "span": True}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.person.has_role(*COSTS):
            for name in COST_FIELDS:
                self.fields.pop(name)


class CategoryForm(PersonModelForm):
    class Meta:
        model = Category
        fields = ["code", "name", "parent"]


class UnitForm(PersonModelForm):
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=3)

    class Meta:
        model = Unit
        fields = ["name", "decimals"]


class WarehouseForm(PersonModelForm):
    class Meta:
        model = Warehouse
        fields = ["code", "name", "address", "may_go_negative", "is_active"]
