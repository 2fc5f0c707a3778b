"""What people type: claims, plans, the month to compute, the day of payment."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice import money, periods
from backoffice.ledger.models import Account
from backoffice.money import ZERO
from backoffice.pages.fields import DateField, LookupField, MoneyField, PriceField, RateField
from backoffice.pages.forms import PersonForm, PersonModelForm, StepForm
from backoffice.pages.registry import asks
from backoffice.people.models import Person
from backoffice.periods import Month, add_months
from customers.models import Customer
from expenses.lifecycle import PAY_CLAIM
from expenses.models import CommissionPlan, ExpenseKind, PlanLine


class ClaimForm(PersonForm):
    """The head of a claim."""

    title = forms.CharField(label=_("Purpose"), max_length=200)
    dated_on = DateField(label=_("Date"))
    note = forms.CharField(label=_("Remarks"), required=False, max_length=2000)


class KindForm(PersonModelForm):
    """A kind of expense, on one of the accounts for selling expenses."""

    account = forms.ChoiceField(label=_("Ledger account"), choices=lambda: selling_accounts())

    class Meta:
        model = ExpenseKind
        fields = ("code", "name_zh", "name_en", "account", "is_active")


def selling_accounts() -> list[tuple[str, str]]:
    rows = Account.objects.filter(code__startswith="6601.", is_active=True)
    return [(row.code, str(row)) for row in rows]


class FormulaField(forms.CharField):
    """A formula by its short name or the beginning of its words."""

    def clean(self, value):
        typed = super().clean(value).casefold()
        for formula in PlanLine.Formula:
            if formula.value == typed or str(formula.label).casefold().startswith(typed):
                return formula
        names = ", ".join(f"{formula.value} ({formula.label})" for formula in PlanLine.Formula)
        raise forms.ValidationError(_("«%(typed)s» is none of: %(names)s."), params={"typed": value, "names": names})


class ReceiptForm(PersonForm):
    """One receipt."""

    kind = LookupField("expense_kind", label=_("Kind"))
    spent_on = DateField(label=_("Spent on"))
    description = forms.CharField(label=_("Description"), max_length=200)
    customer = LookupField("customer", label=_("Customer"), required=False)
    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"))


class PlanForm(PersonModelForm):
    """The head of a plan."""

    valid_from = DateField(label=_("Valid from"), required=False)
    valid_to = DateField(label=_("Valid to"), required=False)
    starts_on = DateField(
        label=_("A change holds from"), required=False,
        help_text=_("Then the plan as it was ends the day before. Needed once a sheet was made by it."),
    )  # fmt: skip

    class Meta:
        model = CommissionPlan
        fields = ["name", "basis", "rounding", "valid_from", "valid_to", "is_active", "note"]
        widgets = {"note": forms.Textarea({"rows": 2})}


class PlanLineForm(PersonForm):
    """A line of a plan; what is left empty fits everything."""

    salesperson = LookupField("salesperson", label=_("Salesperson"), required=False)
    product = LookupField("product", label=_("Product"), required=False)
    category = LookupField("category", label=_("Product line"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", ""), *Customer.Grade.choices], required=False)
    region = LookupField("region", label=_("Region"), required=False)
    formula = FormulaField(label=_("Formula"))
    rate = RateField(label=_("Commission rate"), required=False, min_value=ZERO, max_value=1)
    per_unit = PriceField(label=_("Per unit"), required=False, min_value=ZERO)
    tiers = forms.CharField(label=_("Tiers"), required=False, max_length=300)
    shares = forms.CharField(label=_("Shares"), required=False, max_length=300)

    def clean_tiers(self) -> tuple[tuple[Decimal, Decimal], ...]:
        return tuple(
            sorted((money.parse_number(start), money.parse_percent(rate)) for start, rate in self.pairs("tiers"))
        )

    def clean_shares(self) -> tuple[tuple[Person | None, Decimal], ...]:
        found: list[tuple[Person | None, Decimal]] = []
        for name, part in self.pairs("shares"):
            person = None if name == "*" else Person.objects.filter(is_active=True, username=name).first()
            if person is None and name != "*":
                raise forms.ValidationError(
                    _("There is nobody with the sign-in name «%(name)s»."), params={"name": name}
                )
            found.append((person, money.parse_percent(part)))
        return tuple(found)

    def pairs(self, field: str) -> list[tuple[str, str]]:
        """«0: 2; 100000: 3» as pairs; what is no figure is said."""
        pairs = [
            part.replace("：", ":").partition(":")
            for part in self.cleaned_data[field].replace("；", ";").split(";")
            if part.strip()
        ]
        for left, _colon, right in pairs:
            try:
                money.parse_percent(right.strip())
                if field == "tiers":
                    money.parse_number(left.strip())
            except money.NotANumber as error:
                raise forms.ValidationError(
                    _("Type it like this: %(sample)s"), params={"sample": SAMPLES[field]}
                ) from error
        return [(left.strip(), right.strip()) for left, _colon, right in pairs]


SAMPLES = {"tiers": "0: 2%; 100000: 3%", "shares": "wang: 60%; *: 40%"}


class MonthForm(PersonForm):
    """Which month is computed."""

    period = forms.CharField(label=_("Month"), max_length=7, help_text=_("For instance 2026-03"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("period", str(Month.containing(add_months(timezone.localdate(), -1))))

    def clean_period(self) -> Month:
        try:
            found = periods.parse(self.cleaned_data["period"])
        except ValueError as error:
            raise forms.ValidationError(_("Type a month like 2026-03.")) from error
        return Month.containing(found.first)


@asks(PAY_CLAIM.name)
class PaidForm(StepForm):
    """The day on which the money went out."""

    paid_on = DateField(label=_("Paid on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("paid_on", timezone.localdate())
