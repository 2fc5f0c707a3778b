"""What a person types about offers and leads, and what anybody types who answers an offer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import DateField, LookupField, LookupInput
from backoffice.pages.forms import PersonForm, PersonModelForm
from customers.leads.models import Lead, LeadCall, Offer

WIDE = {"span": True}
LEAST_DIGITS = 7
CONSENT = _("I agree that my data are kept and that somebody calls me about this offer.")


class OfferForm(PersonModelForm):
    ends_on = DateField(label=_("Until"), required=False)
    owner = LookupField("person", label=_("Answers go to"), required=False)

    class Meta:
        model = Offer
        fields = ["title", "code", "summary", "text", "conditions", "area", "contact", "phone", "owner", "ends_on"]
        widgets = {
            "title": forms.TextInput({"autofocus": True}), "summary": forms.TextInput(WIDE), "text": forms.Textarea({"rows": 8, **WIDE}),
            "conditions": forms.Textarea({"rows": 4, **WIDE}),
        }  # fmt: skip


class LeadForm(PersonForm):
    name = forms.CharField(label=_("Company"), max_length=200, widget=forms.TextInput({"autofocus": True}))
    contact = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    region = LookupField("region", label=_("Region"), required=False)
    business = forms.CharField(label=_("What they do"), max_length=200, required=False)
    source = forms.ChoiceField(
        label=_("Source"), choices=[c for c in Lead.Source.choices if c[0] != Lead.Source.PUBLIC]
    )
    offer = forms.ModelChoiceField(Offer.objects.all(), label=_("Offer to dealers"), required=False)
    owner = LookupField("person", label=_("Responsible"), required=False)
    came_on = DateField(label=_("Came to us on"))
    next_on = DateField(label=_("Next call on"), required=False)
    message = forms.CharField(
        label=_("What they want"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3, **WIDE})
    )
    is_new = forms.BooleanField(label=_("It is another lead all the same"), required=False)  # asked where one is alike

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("source") == Lead.Source.PUBLIC:  # where an answer came from is not changed
            del self.fields["source"]


class CallForm(PersonForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=LeadCall.Kind.choices)
    text = forms.CharField(label=_("What was said"), max_length=4000, widget=forms.Textarea({"rows": 3, **WIDE}))
    happened_on = DateField(label=_("Date"), required=False)
    next_on = DateField(label=_("Next call on"), required=False)


class GiveUpForm(PersonForm):
    note = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2, "autofocus": True, **WIDE})
    )


class HandForm(PersonForm):
    to = LookupField("person", label=_("New person responsible"), widget=LookupInput("person", autofocus=True))


class WinForm(PersonForm):
    """Asked only where the archive holds somebody alike, or nobody sells to them yet."""

    customer = LookupField("customer", label=_("It is this customer"), required=False)
    is_new = forms.BooleanField(label=_("It is a new customer all the same"), required=False)
    owner = LookupField("salesperson", label=_("Salesperson"), required=False)


class AnswerForm(forms.Form):
    """An answer to an offer. «website» is seen by machines only: who fills it in is one."""

    name = forms.CharField(
        label=_("Company or name"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    contact = forms.CharField(
        label=_("Contact person"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=200, widget=forms.EmailInput({"autocomplete": "email"})
    )
    city = forms.CharField(
        label=_("City"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "address-level2"})
    )
    business = forms.CharField(label=_("What you sell today"), max_length=200, required=False)
    message = forms.CharField(
        label=_("Your question"), max_length=1500, required=False, widget=forms.Textarea({"rows": 3, **WIDE})
    )
    consent = forms.BooleanField(label=CONSENT)
    website = forms.CharField(
        required=False, max_length=200, label="", widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
    )

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if sum(sign.isdigit() for sign in phone) < LEAST_DIGITS:
            raise forms.ValidationError(_("Please give a number at which we can call you."))
        return phone

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))
