"""What a person types about a case, and what its steps ask for."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.money import ZERO
from backoffice.pages.fields import DateField, LookupField, LookupInput, MoneyField, QuantityField
from backoffice.pages.forms import PersonForm, PersonModelForm, StepForm
from backoffice.pages.registry import asks
from customers.cases import lifecycle
from customers.cases.models import Case, Category, Nature

WIDE = {"span": True}


class CaseForm(PersonForm):
    """A case as it is reported on the telephone: who, what, about which papers and goods."""

    party = LookupField("customer", label=_("Customer"), widget=LookupInput("customer", autofocus=True))
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"))
    subject = forms.CharField(label=_("Subject"), max_length=120)
    text = forms.CharField(
        label=_("What was reported"), max_length=4000, widget=forms.Textarea({"rows": 4, **WIDE}),
        help_text=_("In the customer's words: what, where, since when, what they want."),
    )  # fmt: skip
    about = LookupField(
        "case_document", label=_("Order, shipment, invoice"), required=False,
        widget=LookupInput("case_document", **{"data-given": "party"}),
    )  # fmt: skip
    product = LookupField("product", label=_("Product"), required=False)
    quantity = QuantityField(label=_("Quantity concerned"), required=False, min_value=ZERO)
    carrier = LookupField("carrier", label=_("Carrier"), required=False)
    amount = MoneyField(label=_("Amount claimed"), required=False, min_value=ZERO)
    lost_number = forms.CharField(
        label=_("Number of what was lost"), max_length=60, required=False, help_text=_("For loss reports.")
    )
    contact = forms.CharField(label=_("Reported by"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    channel = forms.ChoiceField(label=_("Came by"), choices=Case.Channel.choices)
    dated_on = DateField(label=_("Reported on"))
    owner = LookupField("person", label=_("Responsible"), required=False, help_text=_("Empty: you."))
    note = forms.CharField(
        label=_("Remarks"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2, **WIDE})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Category.objects.filter(Q(is_active=True) | Q(pk=self.initial.get("category")))
        self.fields["category"].queryset = rows
        self.fields["category"].choices = [("", ""), *by_nature(rows)]


def by_nature(rows):
    """Categories under the headings of their kinds, each with its working days."""
    words = [
        (row.nature, row.pk, gettext("%(name)s · %(days)s working days") % {"name": row, "days": row.days})
        for row in rows
    ]
    return [(label, [(pk, word) for its, pk, word in words if its == nature]) for nature, label in Nature.choices]


class EntryForm(PersonForm):
    text = forms.CharField(label=_("What was done"), max_length=4000, widget=forms.Textarea({"rows": 3, **WIDE}))
    happened_on = DateField(label=_("Date"), required=False)
    next_on = DateField(label=_("Next step on"), required=False)


class CategoryForm(PersonModelForm):
    class Meta:
        model = Category
        fields = ["nature", "name", "days", "is_active"]


@asks(lifecycle.HAND_ON.name)
class HandOnForm(StepForm):
    owner = LookupField("person", label=_("New person responsible"), widget=LookupInput("person", autofocus=True))

    field_order = ["owner", "note"]


@asks(lifecycle.BAR.name)
class BarForm(StepForm):
    """The customer's signed report of the loss, and since when what was lost is void."""

    barred_on = DateField(label=_("Barred on"), required=False, help_text=_("Empty: today."))
    proof = forms.FileField(
        label=_("Signed report of the loss"),
        required=False,
        help_text=_("PDF or picture; needed, unless it is on file already."),
    )

    field_order = ["proof", "barred_on", "note"]


@asks(lifecycle.REPLACE.name)
class ReplaceForm(StepForm):
    replacement_number = forms.CharField(label=_("Number of the replacement"), max_length=60)
    replaced_on = DateField(label=_("Replaced on"), required=False, help_text=_("Empty: today."))

    field_order = ["replacement_number", "replaced_on", "note"]


@asks(lifecycle.SOLVE.name)
class SolveForm(StepForm):
    """What was done, why it had come to it, what it cost; for a loss the receipt for the replacement."""

    solution = forms.CharField(
        label=_("Solution"), max_length=4000, widget=forms.Textarea({"rows": 4, "autofocus": True, **WIDE})
    )
    cause = forms.CharField(label=_("Cause"), max_length=200, required=False)
    cost = MoneyField(label=_("What it cost us"), required=False, min_value=ZERO)
    solved_on = DateField(label=_("Solved on"), required=False, help_text=_("Empty: today."))
    proof = forms.FileField(
        label=_("Signed receipt for the replacement"),
        required=False,
        help_text=_("PDF or picture; needed, unless it is on file already."),
    )

    field_order = ["solution", "cause", "cost", "solved_on", "proof", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.document.nature != Nature.LOSS:
            del self.fields["proof"]


@asks(lifecycle.CLOSE.name)
class CloseForm(StepForm):
    """What the customer says of how it was solved."""

    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied is the customer?"), choices=[*Case.Satisfaction.choices, ("", _("not asked"))], coerce=int, empty_value=None,
        required=False, initial="", widget=forms.RadioSelect,
    )  # fmt: skip
    satisfaction_note = forms.CharField(label=_("What they said"), max_length=300, required=False)

    field_order = ["satisfaction", "satisfaction_note", "note"]
