"""What people type about billing and money."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import DateField, LookupField, MoneyField, QuantityField
from backoffice.pages.forms import PersonForm, PersonModelForm, StepForm
from backoffice.pages.registry import asks
from invoices.models import BillingApplication, Payment
from orders.models import Order


class WhoseForm(PersonForm):
    """The customer whose shipped goods are to be billed."""

    party = LookupField("customer", label=_("Customer"))


class ApplicationForm(PersonForm):
    """What to bill: a quantity for each line that is open, filled with all of it."""

    dated_on = DateField(label=_("Date"))
    wanted_on = DateField(label=_("Wanted by"), required=False)
    title = forms.CharField(label=_("Invoice title"), max_length=200)
    tax_no = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    note = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, rows=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[self.name_of(row)] = QuantityField(
                label=row.order_line.name,
                required=False,
                min_value=Decimal(0),
                max_value=row.quantity,
                initial=row.quantity,
            )
            self.fields[self.name_of(row)].widget.attrs["aria-label"] = row.order_line.name

    @staticmethod
    def name_of(row) -> str:
        return f"q-{row.order_line.pk}-{row.shipment_line.pk if row.shipment_line else 0}"

    def with_rows(self):
        """The lines beside their quantity fields, for the template."""
        return [(row, self[self.name_of(row)]) for row in self.rows]

    def head(self):
        return [self[name] for name in ("dated_on", "wanted_on", "title", "tax_no", "note")]

    @property
    def quantities(self) -> dict[tuple[int, int | None], Decimal]:
        return {
            (row.order_line.pk, row.shipment_line.pk if row.shipment_line else None): self.cleaned_data.get(
                self.name_of(row)
            )
            or Decimal(0)
            for row in self.rows
        }


class ApplicationHeadForm(PersonModelForm):
    wanted_on = DateField(label=_("Wanted by"), required=False)

    class Meta:
        model = BillingApplication
        fields = ["title", "tax_no", "wanted_on", "note"]


class PaymentForm(PersonModelForm):
    """A payment slip 缴款单."""

    party = LookupField("customer", label=_("Customer"))
    order = forms.ModelChoiceField(Order.objects.none(), label=_("For the order"), required=False)
    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"))
    dated_on = DateField(label=_("Paid on"))

    class Meta:
        model = Payment
        fields = ["party", "dated_on", "order", "method", "bank", "payer", "external_number", "note"]

    field_order = ["party", "amount", "dated_on", "order", "method", "bank", "payer", "external_number", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = (
            self.data.get("party")
            or self.initial.get("party")
            or (self.instance.party_id if self.instance.pk else None)
        )
        if chosen and str(getattr(chosen, "pk", chosen)).isdigit():
            party = getattr(chosen, "pk", chosen)
            open_orders = (
                Order.objects.visible_to(self.person)
                .filter(party=party)
                .exclude(state__in=["draft", "cancelled", "done", "closed"])
            )
            self.fields["order"].queryset = open_orders.order_by("-dated_on")
        self.fields["order"].label_from_instance = lambda order: f"{order}  {order.dated_on}  {order.amount:,.2f}"
        if self.instance.pk:
            self.initial.setdefault("amount", self.instance.amount)
        else:
            self.initial.setdefault("dated_on", timezone.localdate())

    @property
    def slip(self) -> Payment:
        """The slip as typed; its amount is no field of the model's forms, since steps must never take it from one."""
        made = self.save(commit=False)
        made.amount = self.cleaned_data["amount"]
        return made


@asks("issue_invoice")
class IssueForm(StepForm):
    """The number that the tax bureau's system gave 数电票号."""

    tax_invoice_no = forms.CharField(label=_("Number of the tax invoice"), max_length=40)
    issued_on = DateField(label=_("Issued on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("issued_on", timezone.localdate())
        del self.fields["note"]


@asks("confirm_payment")
class ConfirmForm(StepForm):
    """The day on which the money was on the account."""

    confirmed_on = DateField(label=_("Received on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("confirmed_on", self.document.dated_on)


class AllocationForm(PersonForm):
    """How much of a payment goes to which open charge; filled with the suggestion."""

    on = DateField(label=_("As of"))

    def __init__(self, *args, charges=(), suggested=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.charges = list(charges)
        self.initial.setdefault("on", timezone.localdate())
        for charge in self.charges:
            self.fields[f"a-{charge.pk}"] = MoneyField(
                label=str(charge),
                required=False,
                min_value=Decimal(0),
                max_value=charge.open_amount,
                initial=(suggested or {}).get(charge.pk),
            )
            self.fields[f"a-{charge.pk}"].widget.attrs["aria-label"] = str(charge)

    def with_charges(self):
        return [(charge, self[f"a-{charge.pk}"]) for charge in self.charges]

    @property
    def shares(self) -> dict[int, Decimal]:
        given = {charge.pk: self.cleaned_data.get(f"a-{charge.pk}") for charge in self.charges}
        return {pk: amount for pk, amount in given.items() if amount}


class UndoForm(PersonForm):
    """When and why an allocation is undone."""

    on = DateField(label=_("As of"))
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 2}), max_length=300)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
