"""What people type about the market."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.pages.fields import DateField, LookupField, PriceField
from backoffice.pages.forms import PersonForm
from customers.market.models import MarketNote

WIDE = {"span": True}


class MarketNoteForm(PersonForm):
    """Short: what, of which product, where, by whom, at what price."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MarketNote.Kind.choices, initial=MarketNote.Kind.PRICE)
    product = LookupField("product", label=_("Our product"), required=False)
    competitor = LookupField("competitor", label=_("Competitor"), required=False)
    their_product = forms.CharField(label=_("Their product"), max_length=120, required=False)
    price = PriceField(
        label=_("Their price"), required=False, min_value=Decimal("0.000001"), help_text=_("For one unit of ours, tax included.")
    )  # fmt: skip
    region = LookupField("region", label=_("Region"), required=False)
    party = LookupField("customer", label=pgettext_lazy("market", "Heard from"), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=MarketNote.Source.choices, initial=MarketNote.Source.CUSTOMER)
    noted_on = DateField(label=_("Date"))
    text = forms.CharField(
        label=_("What was heard"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2, **WIDE})
    )


class CompetitorForm(PersonForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    brands = forms.CharField(label=_("Brands"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Remarks"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4, **WIDE})
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)


class PricesForm(PersonForm):
    """What a table of prices is narrowed by."""

    product = LookupField("product", label=_("Product"), required=False)
    region = LookupField("region", label=_("Region"), required=False)
    competitor = LookupField("competitor", label=_("Competitor"), required=False)
