"""What a person types into a contract, an amendment, a template, a line, and when the signed copy is filed."""

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
from backoffice.pages.forms import PersonForm, PersonModelForm, StepForm
from backoffice.pages.registry import asks
from backoffice.people.models import Role
from contracts.lifecycle import CLOSE, OFFICE, SIGN, SIGN_AMENDMENT
from contracts.models import Category, ContractTemplate, InvoiceRule
from contracts.origins import kinds_for
from contracts.services import left_of
from customers.models import PaymentTerm

YES_NO = {"coerce": lambda value: value == "yes", "initial": "yes"}
LONG = {"span": True}


def categories_for(person):
    """The kinds of contracts somebody drafts: sales its own, purchasing its own, a manager all."""
    if person.has_role(Role.MANAGER):
        return Category.choices
    is_buyer, is_seller = person.has_role(Role.PURCHASING), person.has_role(*OFFICE)
    return [choice for choice in Category.choices if (is_buyer if choice[0] == Category.PURCHASE else is_seller)]


class TermsForm(PersonForm):
    """What both sides agree to beside the goods: the head of a contract and of its amendment."""

    title = forms.CharField(label=_("Title"), max_length=200)
    starts_on = DateField(label=_("Valid from"))
    ends_on = DateField(label=_("Valid to"), required=False)
    term = forms.ModelChoiceField(PaymentTerm.objects.filter(is_active=True), label=_("Payment term"))
    payment_plan = forms.CharField(
        label=_("Payment plan"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4, **LONG}),
        help_text=_("One part in a row: 30% 合同签订后7天内; 60% 发货前; 余款 验收后30天."),
    )  # fmt: skip
    clauses = forms.CharField(
        label=_("Clauses"), required=False, max_length=20000, widget=forms.Textarea({"rows": 12, **LONG}),
        help_text=_("One clause in a row. {需方}, {大写金额}, {截止日} … fill themselves; write over any other place in braces."),
    )  # fmt: skip
    invoice_rule = forms.ChoiceField(label=_("Invoicing"), choices=InvoiceRule.choices)
    includes_tax = forms.TypedChoiceField(
        label=_("Prices"), choices=[("yes", _("tax included")), ("no", _("tax on top"))], **YES_NO
    )
    is_binding = forms.TypedChoiceField(
        label=_("Quantities"), choices=[("yes", _("bind both sides")), ("no", _("are what is expected"))], **YES_NO
    )
    ceiling = MoneyField(
        label=_("Agreed total"), required=False, min_value=ZERO, help_text=_("The most that may be called off. Empty: the lines say it.")
    )  # fmt: skip
    territory = forms.CharField(label=_("Territory"), max_length=200, required=False)
    note = forms.CharField(label=_("Remarks"), required=False, max_length=2000)

    FIRST: tuple[str, ...] = ()
    WORDS = ("payment_plan", "clauses")
    NOT_HEADER: tuple[str, ...] = ("payment_plan",)

    def first_fields(self):
        return [self[name] for name in self.FIRST if name in self.fields]

    def word_fields(self):
        return [self[name] for name in self.WORDS]

    def further_fields(self):
        return [field for field in self.visible_fields() if field.name not in (*self.FIRST, *self.WORDS)]

    def header(self):
        """What goes to the service as the head."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.NOT_HEADER}


class ContractForm(TermsForm):
    party = LookupField(
        "contract_party",
        label=_("Customer or supplier"),
        widget=LookupInput("contract_party", **{"autofocus": True, "data-given": "category"}),
    )
    template = forms.ModelChoiceField(ContractTemplate.objects.active(), label=_("Contract template"), required=False)
    category = forms.ChoiceField(label=_("Kind of contract"), choices=Category.choices)
    dated_on = DateField(label=_("Date"))
    external_number = forms.CharField(label=_("Their number"), max_length=100, required=False)
    salesperson = LookupField("salesperson", label=_("Salesperson"), required=False)
    like = LookupField(
        "contract", label=_("Lines of an earlier contract (F4)"), required=False,
        widget=LookupInput(
            "contract",
            **{"data-given": "party", "data-pull": "contract", "data-skip": True, "data-key": "F4", "data-key-label": _("Lines of an earlier contract")},
        ),
    )  # fmt: skip
    origin = LookupField(
        "contract_origin", label=_("From a quotation (F8)"), required=False,
        widget=LookupInput(
            "contract_origin",
            **{"data-given": "party", "data-pull": "origin", "data-skip": True, "data-key": "F8", "data-key-label": _("From a quotation")},
        ),
    )  # fmt: skip
    filled_for = forms.CharField(required=False, widget=forms.HiddenInput)
    filled_from = forms.CharField(required=False, widget=forms.HiddenInput)

    FIRST = ("party", "origin", "template", "category", "title", "dated_on", "starts_on", "ends_on", "term")
    NOT_HEADER = ("payment_plan", "like", "filled_for", "filled_from")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = categories_for(self.person)
        self.fields["category"].choices = choices
        if not kinds_for(self.person):
            del self.fields["origin"]
        self.fields["template"].queryset = ContractTemplate.objects.active().filter(
            category__in=[name for name, _label in choices]
        )


class AmendmentForm(TermsForm):
    """The whole content as it shall be, and why."""

    reason = forms.CharField(
        label=_("Why it is amended"), max_length=1000, widget=forms.TextInput({"autofocus": True, **LONG})
    )
    dated_on = DateField(label=_("Date of the amendment"))

    FIRST = ("reason", "dated_on", "title", "starts_on", "ends_on", "term")
    NOT_HEADER = ("payment_plan", "reason", "dated_on")


class ContractLineForm(PersonForm):
    product = LookupField("product", label=_("Product"))
    quantity = QuantityField(label=_("Quantity"))
    unit_price = PriceField(label=_("Price"), required=False, min_value=ZERO)
    discount = RateField(label=_("Discount"), required=False, min_value=ZERO, max_value=1)
    tax_rate = RateField(label=_("Tax rate"), required=False, min_value=ZERO, max_value=1)
    due_on = DateField(label=_("Deliver by"), required=False)
    parts = forms.IntegerField(label=_("Deliveries"), required=False, min_value=1, max_value=60)

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise forms.ValidationError(_("More than zero, please."))
        return quantity

    def clean(self):
        given = super().clean()
        if (given.get("parts") or 1) > 1 and not given.get("due_on"):
            self.add_error("due_on", _("When is the first of them due?"))
        return given


class TemplateForm(PersonModelForm):
    class Meta:
        model = ContractTemplate
        fields = ("name", "category", "title", "term", "invoice_rule", "months", "is_active", "payment_plan", "clauses")
        widgets = {
            "clauses": forms.Textarea({"rows": 16, **LONG}),
            "payment_plan": forms.Textarea({"rows": 4, **LONG}),
        }
        help_texts = {"payment_plan": _("One part in a row: 30% 合同签订后7天内; 60% 发货前; 余款 验收后30天.")}


@asks(SIGN.name, SIGN_AMENDMENT.name)
class SignForm(StepForm):
    """The scan of the signed copy, when it was signed and where the paper lies."""

    scan = forms.FileField(
        label=_("Scan of the signed contract"),
        required=False,
        help_text=_("PDF or picture. Required, unless it is on file already."),
    )
    signed_on = DateField(label=_("Signed on"), required=False)
    archive_place = forms.CharField(label=_("Place in the archive"), max_length=100, required=False)


class ArchiveForm(PersonForm):
    archive_place = forms.CharField(label=_("Place in the archive"), max_length=100)


@asks(CLOSE.name)
class CloseForm(StepForm):
    """Says what is left; giving that up needs a reason."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if left := left_of(self.document):
            self.fields["note"].required = True
            self.fields["note"].label = _("Why the rest is given up")
            self.fields["note"].help_text = _("Left of it: %(left)s") % {"left": left}
