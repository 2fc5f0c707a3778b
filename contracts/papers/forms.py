"""What a person types about papers, the rules for them, and formalities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import DateField, LookupField, QuantityField
from backoffice.pages.forms import PersonForm, PersonModelForm
from contracts.papers.models import Formality, FormalityStep, PaperKind, PaperRule

WIDE = {"span": True}


class PaperForm(PersonForm):
    """The head of a paper; a kind leaves out what it does not say."""

    LEFT_OUT = {
        PaperKind.Made.UPLOADED: ("quantity", "produced_on", "tested_on", "conclusion"),
        PaperKind.Made.CERTIFICATE: ("scan", "conclusion", "valid_until"),
        PaperKind.Made.REPORT: ("scan", "valid_until"),
    }

    party = LookupField("customer", label=_("Customer"), required=False, help_text=_("Empty: for whoever buys it."))
    product = LookupField("product", label=_("Product"), required=False)
    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)
    quantity = QuantityField(label=_("Quantity"), required=False)
    produced_on = DateField(label=_("Produced on"), required=False)
    tested_on = DateField(label=_("Tested on"), required=False)
    valid_until = DateField(label=_("Valid to"), required=False, help_text=_("Empty: without an end."))
    conclusion = forms.CharField(label=_("Conclusion"), max_length=200, required=False)
    scan = forms.FileField(label=_("File"), required=False, help_text=_("PDF or picture, as it came."))
    note = forms.CharField(
        label=_("Remarks"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2, **WIDE})
    )

    def __init__(self, *args, kind, is_bound_to=None, **kwargs):
        super().__init__(*args, **kwargs)
        gone = (*self.LEFT_OUT[PaperKind.Made(kind.made)], *(("party",) if is_bound_to else ()))
        for name in gone:
            del self.fields[name]
        self.fields["product"].required = kind.is_per_product

    def header(self):
        """What goes to the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "scan"}


class TestForm(PersonForm):
    """One test of a report."""

    what = forms.CharField(label=_("What is tested"), max_length=100)
    required = forms.CharField(label=_("Requirement"), max_length=200, required=False)
    found = forms.CharField(label=_("Found"), max_length=200, required=False)


class KindForm(PersonModelForm):
    class Meta:
        model = PaperKind
        fields = ("code", "name", "made", "is_per_product", "text", "items", "is_active")
        widgets = {"text": forms.Textarea({"rows": 4, **WIDE}), "items": forms.Textarea({"rows": 5, **WIDE})}
        help_texts = {
            "text": _(
                "Places that fill themselves: {product} {specification} {batch} {quantity} {produced} {customer} {day}"
            ),
            "items": _("One test a line: what is tested | what is required"),
        }


class RuleForm(PersonModelForm):
    """What must go along; what stays empty is any."""

    paper_kind = forms.ModelChoiceField(PaperKind.objects.filter(is_active=True), label=_("Kind of paper"))
    contract = LookupField("contract", label=_("With goods of the contract"), required=False)
    party = LookupField("customer", label=_("To the customer"), required=False)
    product = LookupField("product", label=_("With the product"), required=False)
    category = LookupField("category", label=_("With the product line"), required=False)

    class Meta:
        model = PaperRule
        fields = ("paper_kind", "contract", "party", "product", "category", "note")


class FormalityForm(PersonModelForm):
    """Who sees it through until when."""

    owner = LookupField("person", label=_("Seen through by"))
    due_on = DateField(label=_("To be done by"))

    class Meta:
        model = Formality
        fields = ("name", "hint", "owner", "due_on", "needs_proof")
        widgets = {"name": forms.TextInput(WIDE), "hint": forms.TextInput(WIDE)}


class FinishForm(PersonForm):
    """Done, with its proof; or not needed, with the reason."""

    proof = forms.FileField(label=_("Proof"), required=False, help_text=_("A receipt, a stamped form, a picture."))
    outcome = forms.CharField(
        label=_("Outcome"), max_length=500, required=False, widget=forms.Textarea({"rows": 2, **WIDE})
    )

    def __init__(self, *args, formality, **kwargs):
        super().__init__(*args, **kwargs)
        if not formality.needs_proof:
            self.fields["proof"].help_text = _("Where there is one.")


class StepForm(PersonModelForm):
    """A line of the checklist."""

    owner = LookupField(
        "person", label=_("Seen through by"), required=False, help_text=_("Empty: whoever wrote the contract.")
    )

    class Meta:
        model = FormalityStep
        fields = ("category", "name", "hint", "after", "days", "owner", "needs_proof", "position", "is_active")
        widgets = {"name": forms.TextInput(WIDE), "hint": forms.TextInput(WIDE)}
