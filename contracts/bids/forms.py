"""What a person types about a bid; rules are the services'."""

import datetime
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import DateField, LookupField, LookupInput, MoneyField
from backoffice.pages.forms import PersonForm, PersonModelForm, StepForm
from backoffice.pages.registry import asks
from contracts.bids.entry import NO
from contracts.bids.lifecycle import HAND_IN, LOSE, WIN
from contracts.bids.models import Bid, Competitor
from contracts.forms import ContractLineForm

WIDE = {"span": True}
MORNING = datetime.time(9, 30)


class WithInstants(PersonForm):
    """Days and hours typed in two boxes each; together they are `closes_at` and `opens_at`."""

    closes_on = DateField(label=_("To be handed in by"))
    closes_time = forms.TimeField(label=_("at what time"), initial=MORNING)
    opens_on = DateField(label=_("Opened on"), required=False)
    opens_time = forms.TimeField(label=_("opened at what time"), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)

    def clean(self):
        given = super().clean()
        given["closes_at"] = instant(given.get("closes_on"), given.get("closes_time") or MORNING)
        given["opens_at"] = instant(
            given.get("opens_on"), given.get("opens_time") or given.get("closes_time") or MORNING
        )
        return given

    @staticmethod
    def split(bid: Bid) -> dict[str, object]:
        """The boxes for what is saved."""
        closes, opens = timezone.localtime(bid.closes_at), timezone.localtime(bid.opens_at) if bid.opens_at else None
        return {
            "closes_on": closes.date(), "closes_time": closes.time(), "opens_on": opens and opens.date(),
            "opens_time": opens and opens.time(), "place": bid.place,
        }  # fmt: skip


def instant(day: datetime.date | None, time: datetime.time) -> datetime.datetime | None:
    return timezone.make_aware(datetime.datetime.combine(day, time)) if day else None


class BidForm(WithInstants):
    party = LookupField("customer", label=_("Who invites"), widget=LookupInput("customer", autofocus=True))
    title = forms.CharField(label=_("Project"), max_length=200)
    external_number = forms.CharField(label=_("Number of the tender"), max_length=100, required=False)
    source = forms.CharField(
        label=_("Found at"), max_length=200, required=False, help_text=_("Where the notice stands.")
    )
    published_on = DateField(label=_("Published on"), required=False)
    ceiling = MoneyField(label=_("Highest price"), min_value=Decimal("0.01"), required=False)
    amount = MoneyField(label=_("Our price"), min_value=Decimal(0), required=False)
    deposit_way = forms.ChoiceField(label=_("Deposit"), choices=Bid.Deposit.choices)
    deposit = MoneyField(label=_("Amount of the deposit"), min_value=Decimal(0), required=False)
    deposit_by = DateField(label=_("Deposit to be there by"), required=False)
    salesperson = LookupField("salesperson", label=_("Salesperson"), required=False)
    note = forms.CharField(
        label=_("Remarks"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2, **WIDE})
    )

    field_order = [
        "party", "title", "external_number", "salesperson", "closes_on", "closes_time", "opens_on", "opens_time", "place", "published_on",
        "source", "ceiling", "amount", "deposit_way", "deposit", "deposit_by", "note",
    ]  # fmt: skip

    def clean_amount(self):
        return self.cleaned_data["amount"] or Decimal("0.00")

    def clean_deposit(self):
        return self.cleaned_data["deposit"] or Decimal("0.00")


class PaperForm(PersonForm):
    """One document of the list."""

    name = forms.CharField(label=_("Tender document"), max_length=200)
    owner = LookupField("person", label=_("Prepared by"), required=False)
    due_on = DateField(label=_("Ready by"), required=False)
    is_required = forms.CharField(label=_("Must be there"), max_length=10, required=False)

    def clean_is_required(self) -> bool:
        return self.cleaned_data["is_required"].strip().lower() not in NO


class OfferedForm(ContractLineForm):
    """One line of what we offer: a contract's line that may be in words, at a price with tax."""

    product = LookupField("product", label=_("Product"), required=False)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    discount = tax_rate = due_on = parts = None

    def clean(self):
        given = super().clean()
        if not given.get("product") and "product" not in self.errors:
            if not given.get("name"):
                self.add_error("name", _("A product of ours, or in words what it is."))
            if given.get("unit_price") is None:
                self.add_error("unit_price", _("At which price?"))
        return given


class DeadlineForm(WithInstants):
    note = forms.CharField(
        label=_("Who moved it, and by which letter"), max_length=500, widget=forms.Textarea({"rows": 2, **WIDE})
    )


class CompetitorForm(PersonModelForm):
    price = MoneyField(label=_("Price"), min_value=Decimal("0.01"), required=False)

    class Meta:
        model = Competitor
        fields = ["name", "price", "rank", "note"]


class DepositForm(PersonForm):
    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"))
    on = DateField(label=_("Date"))
    note = forms.CharField(label=_("Remarks"), max_length=200, required=False)


class SettleForm(DepositForm):
    is_kept = forms.BooleanField(label=_("They keep it: it is an expense"), required=False)


class ExpectForm(PersonForm):
    on = DateField(label=_("Deposit back by"))


@asks(HAND_IN.name)
class HandInForm(StepForm):
    """The price that stands in it, and when it was handed in."""

    amount = MoneyField(label=_("Our price"), min_value=Decimal("0.01"))
    handed_in_on = DateField(label=_("Handed in on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"amount": self.document.amount or None, "handed_in_on": timezone.localdate()}


@asks(WIN.name)
class WinForm(StepForm):
    winning_price = MoneyField(label=_("Price it is given to us at"), min_value=Decimal("0.01"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["winning_price"] = self.document.amount


@asks(LOSE.name)
class LoseForm(StepForm):
    winner = forms.CharField(label=_("Winner"), max_length=200, required=False)
    winning_price = MoneyField(label=_("Winning price"), min_value=Decimal("0.01"), required=False)
