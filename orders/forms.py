"""What a person types into an order, a line of it, and the steps that ask for more than a note."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.money import ZERO
from backoffice.pages.fields import (
    DateField,
    LookupField,
    LookupInput,
    MoneyField,
    PriceField,
    QuantityField,
    RateField,
)
from backoffice.pages.forms import PersonForm, StepForm
from backoffice.pages.registry import asks
from backoffice.stock.models import Warehouse
from customers.models import PaymentTerm
from orders.lifecycle import RELEASE


class OrderForm(PersonForm):
    """The head of an order. What the customer's file says fills itself."""

    party = LookupField("customer", label=_("Customer"), widget=LookupInput("customer", autofocus=True))
    required_on = DateField(label=_("Wanted by"), required=False)
    external_number = forms.CharField(label=_("Their number"), max_length=100, required=False)
    contract = LookupField(
        "running_contract", label=_("From contract (F8)"), required=False,
        widget=LookupInput(
            "running_contract", **{"data-given": "party", "data-pull": "contract", "data-skip": True, "data-key": "F8", "data-key-label": _("From contract")}
        ),
    )  # fmt: skip
    quotation = LookupField(
        "open_quotation", label=_("From quotation (F10)"), required=False,
        widget=LookupInput(
            "open_quotation", **{"data-given": "party", "data-pull": "quotation", "data-skip": True, "data-key": "F10", "data-key-label": _("From a quotation")}
        ),
    )  # fmt: skip
    like = LookupField(
        "order", label=_("Lines of an earlier order (F4)"), required=False,
        widget=LookupInput(
            "order", **{"data-given": "party", "data-pull": "order", "data-skip": True, "data-key": "F4", "data-key-label": _("Lines of an earlier order")}
        ),
    )  # fmt: skip
    dated_on = DateField(label=_("Order date"))
    term = forms.ModelChoiceField(PaymentTerm.objects.filter(is_active=True), label=_("Payment term"))
    warehouse = forms.ModelChoiceField(Warehouse.objects.filter(is_active=True), label=_("Warehouse"))
    salesperson = LookupField("salesperson", label=_("Salesperson"), required=False)
    includes_tax = forms.TypedChoiceField(
        label=_("Prices"),
        choices=[("yes", _("tax included")), ("no", _("tax on top"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    delivery_address = forms.CharField(label=_("Delivery address"), max_length=300, required=False)
    delivery_contact = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    delivery_phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    note = forms.CharField(label=_("Remarks"), required=False, max_length=2000)
    filled_for = forms.CharField(required=False, widget=forms.HiddenInput)

    FIRST = ("party", "required_on", "external_number", "contract", "quotation", "like")
    NOT_HEADER = ("like", "filled_for")

    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    def further_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.FIRST]

    def header(self) -> dict:
        """What goes to the service."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.NOT_HEADER}


class LineForm(PersonForm):
    """A line: product and quantity; the rest fills itself."""

    product = LookupField("order_product", label=_("Product"))
    quantity = QuantityField(label=_("Quantity"))
    unit_price = PriceField(label=_("Price"), required=False, min_value=ZERO)
    discount = RateField(label=_("Discount"), required=False, min_value=ZERO, max_value=1)
    tax_rate = RateField(label=_("Tax rate"), required=False, min_value=ZERO, max_value=1)
    price_reason = forms.CharField(label=_("Reason for the price"), max_length=200, required=False)

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise forms.ValidationError(_("More than zero, please."))
        return quantity


@asks(RELEASE.name)
class ReleaseForm(StepForm):
    """How far and how long a held order is let pass."""

    exposure = MoneyField(
        label=_("Exposure allowed"), required=False, help_text=_("Empty: as much as this order needs.")
    )
    expires_on = DateField(label=_("Valid to"), required=False, help_text=_("Empty: seven days."))
