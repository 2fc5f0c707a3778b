"""What a person types about a customer; rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.pages.fields import DateField, LookupField, MoneyField
from backoffice.pages.forms import PersonForm, PersonModelForm
from backoffice.parties.models import Party
from backoffice.people.models import Region, below
from customers.comparing import JOINED, KEPT, TAKEN
from customers.models import Address, Contact, Customer, PaymentTerm, Settlement

WIDE = {"span": True}


class Grouped(PersonForm):
    """A form whose fields stand under headings."""

    groups: tuple[tuple[object, tuple[str, ...]], ...] = ()

    def grouped(self):
        """(heading, its bound fields), without fields that this form leaves out."""
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.groups]


class CustomerForm(Grouped):
    """What one person may write alone."""

    groups = (
        (_("Who"), ("name", "short_name", "code", "kind", "owner", "region", "contact", "phone", "email")),
        (_("Where"), ("address", "city", "state", "postal_code", "country")),
        (_("Billing data"), ("tax_no", "invoice_title", "bank_name", "bank_account", "settlement")),
        (_("Credit asked for"), ("term", "credit_limit", "reason")),
        (_("Additional"), ("source", "tags", "since", "is_active", "note")),
    )

    code = forms.CharField(label=_("Code"), max_length=40, required=False, help_text=_("Empty: the next free one."))
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"span": True, "autofocus": True}))
    short_name = forms.CharField(label=_("Short name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Party.Kind.choices)
    owner = LookupField("salesperson", label=_("Salesperson"), required=False)
    region = LookupField("region", label=_("Region"), required=False)
    contact = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    country = forms.CharField(label=_("Country"), max_length=80, required=False)
    state = forms.CharField(label=_("Province"), max_length=80, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False, widget=forms.TextInput(WIDE))
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    source = forms.CharField(label=_("Source"), max_length=60, required=False)
    tags = forms.CharField(label=_("Tags"), max_length=200, required=False)
    since = DateField(label=_("Customer since"), required=False)
    note = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea({"rows": 3, **WIDE}))


class NewCustomerForm(CustomerForm):
    """A new one: with billing data, and with the credit that is asked for."""

    tax_no = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    invoice_title = forms.CharField(label=_("Invoice title"), max_length=200, required=False)
    bank_name = forms.CharField(label=_("Bank"), max_length=200, required=False)
    bank_account = forms.CharField(label=_("Bank account"), max_length=60, required=False)
    settlement = forms.ChoiceField(label=_("Settlement method"), choices=Settlement.choices)
    term = forms.ModelChoiceField(
        PaymentTerm.objects.filter(is_active=True), label=_("Payment term asked for"), required=False,
        help_text=_("Until a second person agrees: paid before dispatch."),
    )  # fmt: skip
    credit_limit = MoneyField(label=_("Credit limit asked for"), min_value=0, required=False)
    reason = forms.CharField(label=_("Why this credit"), required=False, widget=forms.Textarea({"rows": 2, **WIDE}))

    def clean(self):
        given = super().clean()
        if (given.get("term") or given.get("credit_limit")) and not given.get("reason"):
            self.add_error("reason", _("Say why; somebody else decides by it."))
        return given


class EditCustomerForm(CustomerForm):
    """An existing one: its code stays, and it may be put out of use."""

    code = None
    is_active = forms.BooleanField(label=_("Active"), required=False)


class ChangeForm(Grouped):
    """Billing data and credit as they are to become."""

    groups = (
        (pgettext_lazy("limit", "Credit"), ("credit_limit", "term", "settlement", "grade", "overdue_tolerance")),
        (_("Billing data"), ("invoice_title", "tax_no", "bank_name", "bank_account")),
        (_("Reason"), ("reason",)),
    )

    tax_no = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    invoice_title = forms.CharField(label=_("Invoice title"), max_length=200, required=False)
    bank_name = forms.CharField(label=_("Bank"), max_length=200, required=False)
    bank_account = forms.CharField(label=_("Bank account"), max_length=60, required=False)
    term = forms.ModelChoiceField(PaymentTerm.objects.filter(is_active=True), label=_("Payment term"))
    settlement = forms.ChoiceField(label=_("Settlement method"), choices=Settlement.choices)
    credit_limit = MoneyField(
        label=_("Credit limit"), min_value=0, required=False, help_text=_("Empty: unlimited. 0: no credit.")
    )
    grade = forms.ChoiceField(label=_("Grade"), choices=Customer.Grade.choices)
    overdue_tolerance = forms.IntegerField(label=_("Days of tolerance"), min_value=0, max_value=365)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 3, **WIDE}), max_length=2000)


class NoteForm(PersonForm):
    text = forms.CharField(
        label=_("What is to be kept"), widget=forms.Textarea({"rows": 3, **WIDE}), max_length=4000,
        help_text=_("A call or a visit is written down by «Record a talk» (F8), which makes the next date; a complaint is a case."),
    )  # fmt: skip
    happened_on = DateField(label=_("Date"), required=False)
    due_on = DateField(label=_("Follow up on"), required=False)
    due_for = LookupField("person", label=_("Follow-up by"), required=False)


class ContactForm(PersonModelForm):
    birthday = DateField(label=_("Birthday"), required=False)

    class Meta:
        model = Contact
        fields = ["name", "title", "phone", "email", "birthday", "is_main", "takes_mailings", "takes_messages"]


class AddressForm(PersonModelForm):
    class Meta:
        model = Address
        fields = ["use", "text", "contact", "phone", "is_default"]
        widgets = {"text": forms.TextInput(WIDE)}


class HandOverForm(PersonForm):
    to = LookupField("salesperson", label=_("New salesperson"))
    on = DateField(label=_("From the day"), help_text=_("A day that lies ahead: it is done early on that day."))
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 2, **WIDE}), max_length=1000)


class HandOverManyForm(HandOverForm):
    """Which customers: all of one salesperson, or fewer of them."""

    giver = LookupField("owner", label=_("Of the salesperson"))
    region = LookupField("region", label=_("Only of the region"), required=False)
    grade = forms.ChoiceField(
        label=_("Only of the grade"), choices=[("", "—"), *Customer.Grade.choices], required=False
    )
    tag = forms.CharField(label=_("Only with the tag"), max_length=60, required=False)

    field_order = ("giver", "region", "grade", "tag", "to", "on", "note")

    def chosen(self, rows):
        """The customers that are meant, of those given."""
        given = self.cleaned_data
        rows = rows.filter(party__owner=given["giver"])
        if given.get("region"):
            rows = rows.filter(party__region__in=below(Region, [given["region"].pk]))
        if given.get("grade"):
            rows = rows.filter(grade=given["grade"])
        return rows.filter(tags__icontains=given["tag"]) if given.get("tag") else rows


class OtherForm(PersonForm):
    """Another customer."""

    merged = LookupField("customer", label=_("The customer that goes into it"))


class MergeForm(PersonForm):
    """For each field in which two customers differ: what the one has, what the other has, or both."""

    reason = forms.CharField(label=_("Why they are one"), widget=forms.Textarea({"rows": 2, **WIDE}), max_length=2000)

    def __init__(self, *args, sides, **kwargs):
        super().__init__(*args, **kwargs)
        for side in sides:
            if side.differs:
                choices = [
                    (KEPT, side.kept_words),
                    (TAKEN, side.taken_words),
                    *([(JOINED, _("both"))] if side.may_join else []),
                ]
                self.fields[side.name] = forms.ChoiceField(label=side.label, choices=choices, widget=forms.RadioSelect)
