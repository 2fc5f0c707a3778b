"""What a person types about licences; rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import DateField, LookupField, LookupsField
from backoffice.pages.forms import PersonForm, PersonModelForm
from backoffice.parties.models import Party
from customers.licences.models import LicenceKind

WIDE = {"span": True}


class LicenceForm(PersonForm):
    """One licence as it stands on paper, with its scan."""

    party = LookupField("customer", label=_("Customer"))
    licence_kind = forms.ModelChoiceField(LicenceKind.objects.filter(is_active=True), label=_("Kind of licence"))
    external_number = forms.CharField(label=_("Number of the licence"), max_length=100, required=False)
    issuer = forms.CharField(label=_("Issuing authority"), max_length=200, required=False)
    valid_from = DateField(label=_("Valid from"), required=False)
    valid_until = DateField(label=_("Valid to"), required=False, help_text=_("Empty: without an end."))
    scope = forms.CharField(
        label=_("Scope of business"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3, **WIDE})
    )
    scan = forms.FileField(
        label=_("Scan"), required=False, help_text=_("PDF or picture. Required, unless it is on file already."),
        widget=forms.ClearableFileInput(WIDE),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Remarks"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2, **WIDE})
    )

    def header(self) -> dict:
        """What goes to the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "scan"}


class LicenceOfForm(LicenceForm):
    """Of a customer that is settled already: a draft, or the renewal of an earlier one."""

    party = None


class KindForm(PersonModelForm):
    """A kind of licence: whom it concerns, and what happens to orders without a valid one."""

    party_kinds = forms.MultipleChoiceField(
        label=_("Wanted of"), choices=Party.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: of every customer."),
    )  # fmt: skip
    categories = LookupsField(
        "category",
        label=_("Wanted for"),
        required=False,
        help_text=_("Product lines and all below them. Empty: all goods."),
    )

    class Meta:
        model = LicenceKind
        fields = ("code", "name", "hold", "party_kinds", "is_billing", "is_active")
