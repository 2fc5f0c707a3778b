"""What a person types when a customer asks for a price, when it is quoted, and when it is lost."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.pages.fields import DateField, LookupField, LookupInput
from backoffice.pages.forms import PersonForm, StepForm
from backoffice.pages.registry import asks
from contracts.forms import LONG, YES_NO
from contracts.quotations.lifecycle import LOSE
from contracts.quotations.models import Quotation
from customers.models import PaymentTerm


class QuotationForm(PersonForm):
    """On the telephone: who, and what they ask for. The rest fills itself or waits until it is quoted."""

    party = LookupField("customer", label=_("Customer"), widget=LookupInput("customer", autofocus=True))
    asked = forms.CharField(
        label=_("What they ask for"), max_length=4000, widget=forms.Textarea({"rows": 2, **LONG}),
        help_text=_("In their words; the goods below may follow later."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    answer_by = DateField(label=_("Answer by"), required=False)
    valid_until = DateField(
        label=_("Valid until"), required=False, help_text=_("Empty: 30 days from the day it is quoted.")
    )
    asked_on = DateField(label=_("Asked on"))
    external_number = forms.CharField(label=_("Their number"), max_length=100, required=False)
    term = forms.ModelChoiceField(PaymentTerm.objects.filter(is_active=True), label=_("Payment term"), required=False)
    salesperson = LookupField("salesperson", label=_("Salesperson"), required=False)
    includes_tax = forms.TypedChoiceField(
        label=_("Prices"), choices=[("yes", _("tax included")), ("no", _("tax on top"))], **YES_NO
    )
    terms = forms.CharField(
        label=_("Terms in words"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3, **LONG}),
        help_text=_("Delivery, packing, warranty: as they stand on the quotation."),
    )  # fmt: skip
    note = forms.CharField(label=_("Remarks for us"), required=False, max_length=2000)

    FIRST = ("party", "asked", "contact", "phone", "answer_by", "valid_until")

    def first_fields(self):
        return [self[name] for name in self.FIRST]

    def further_fields(self):
        return [field for field in self.visible_fields() if field.name not in self.FIRST]


@asks(LOSE.name)
class LoseForm(StepForm):
    """Why, from the list; «other» in words."""

    lost_reason = forms.ChoiceField(
        label=_("Why lost"), choices=[("", pgettext_lazy("choice", "please choose")), *Quotation.Reason.choices]
    )
    field_order = ["lost_reason", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("In words")
