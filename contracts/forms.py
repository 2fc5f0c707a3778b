"""What a person types into a contract, a line of it, and when the signed copy is filed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.money import ZERO
from backoffice.pages.fields import DateField, LookupField, LookupInput, PriceField, QuantityField, RateField
from backoffice.pages.forms import PersonForm, StepForm
from backoffice.pages.registry import asks
from contracts.lifecycle import SIGN
from contracts.models import Contract
from customers.models import PaymentTerm


class ContractForm(PersonForm):
    party = LookupField("customer", label=_("Customer"), widget=LookupInput("customer", autofocus=True))
    title = forms.CharField(label=_("Title"), max_length=200)
    dated_on = DateField(label=_("Date"))
    starts_on = DateField(label=_("Valid from"))
    ends_on = DateField(label=_("Valid to"), required=False)
    term = forms.ModelChoiceField(PaymentTerm.objects.filter(is_active=True), label=_("Payment term"))
    invoice_rule = forms.ChoiceField(label=_("Invoicing"), choices=Contract.InvoiceRule.choices)
    includes_tax = forms.TypedChoiceField(
        label=_("Prices"),
        choices=[("yes", _("tax included")), ("no", _("tax on top"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    external_number = forms.CharField(label=_("Their number"), max_length=100, required=False)
    salesperson = LookupField("salesperson", label=_("Salesperson"), required=False)
    clauses = forms.CharField(
        label=_("Clauses"), required=False, max_length=20000, widget=forms.Textarea({"rows": 6, "span": True})
    )
    note = forms.CharField(label=_("Remarks"), required=False, max_length=2000)


class ContractLineForm(PersonForm):
    product = LookupField("product", label=_("Product"))
    quantity = QuantityField(label=_("Quantity"))
    unit_price = PriceField(label=_("Price"), required=False, min_value=ZERO)
    discount = RateField(label=_("Discount"), required=False, min_value=ZERO, max_value=1)
    tax_rate = RateField(label=_("Tax rate"), required=False, min_value=ZERO, max_value=1)
    due_on = DateField(label=_("Deliver by"), required=False)

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise forms.ValidationError(_("More than zero, please."))
        return quantity


@asks(SIGN.name)
class SignForm(StepForm):
    """The scan of the signed copy, when it was signed and where the paper lies."""

    scan = forms.FileField(
        label=_("Scan of the signed contract"),
        required=False,
        help_text=_("PDF or picture. Required, unless it is on file already."),
    )
    signed_on = DateField(label=_("Signed on"), required=False)
    archive_place = forms.CharField(label=_("Place in the archive"), max_length=100, required=False)
