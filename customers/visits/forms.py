"""What people type about calls, visits, rhythms, telephone-sales plans and receptions; rules are the services'."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.pages.fields import DateField, LookupField, LookupInput, MoneyField
from backoffice.pages.forms import PersonForm, StepForm
from backoffice.pages.registry import asks
from backoffice.parties.models import Party
from customers.models import Customer
from customers.visits.lifecycle import HOST, SETTLE
from customers.visits.models import ReceptionLine, Rhythm, Visit, Way
from customers.visits.models.rhythm import LONGEST

WIDE = {"span": True}


def areas(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, **WIDE})


class ResultForm(PersonForm):
    """What a call or visit brought."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Visit.Outcome.choices, initial=Visit.Outcome.REACHED, widget=forms.RadioSelect
    )
    said = forms.CharField(
        label=_("What was said"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3, "autofocus": True, **WIDE})
    )  # fmt: skip
    business = forms.ChoiceField(
        label=_("Their business"), choices=Visit.Business.choices, required=False, widget=forms.RadioSelect
    )
    stock = forms.ChoiceField(
        label=_("Their stock"), choices=Visit.Stock.choices, required=False, widget=forms.RadioSelect
    )
    demand = forms.CharField(label=_("What they need"), required=False, max_length=300, widget=forms.TextInput(WIDE))
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300, widget=forms.TextInput(WIDE))
    next_on = DateField(label=_("Next on"), required=False)
    contact = forms.CharField(label=_("Talked with"), required=False, max_length=100)
    held_on = DateField(label=_("Made on"), required=False)

    choices = ("outcome", "business", "stock")


class TalkForm(ResultForm):
    """A call or visit that was not planned."""

    way = forms.ChoiceField(label=_("Way"), choices=Way.choices, initial=Way.CALL)
    field_order = ["way"]


class PlanVisitForm(PersonForm):
    way = forms.ChoiceField(label=_("Way"), choices=Way.choices, initial=Way.CALL)
    due_on = DateField(label=_("Day"))
    person = LookupField("person", label=_("Done by"), required=False)
    purpose = forms.CharField(label=_("What about"), max_length=300, required=False, widget=forms.TextInput(WIDE))


class PutOffForm(PersonForm):
    due_on = DateField(label=_("New day"))
    person = LookupField("person", label=_("Done by"))
    note = forms.CharField(label=_("Why"), required=False, max_length=300, widget=forms.TextInput(WIDE))


class DropForm(PersonForm):
    note = forms.CharField(label=_("Reason"), max_length=300, widget=areas(2))


class WishForm(PersonForm):
    way = forms.ChoiceField(label=_("Way"), choices=Way.choices, initial=Way.CALL)
    days = forms.IntegerField(
        label=_("Every so many days"), min_value=1, max_value=LONGEST, required=False,
        help_text=_("Empty: not by ourselves, only when they ask for it."),
    )  # fmt: skip
    best_time = forms.CharField(label=_("Best time"), max_length=60, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, widget=forms.TextInput(WIDE))


class RhythmsForm(PersonForm):
    """Days and doer for each grade and way, as a table."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(Rhythm.objects.all())
        for row in self.rows:
            key = f"{row.grade}-{row.way}"
            self.fields[f"days-{key}"] = forms.IntegerField(
                label=str(row), min_value=1, max_value=LONGEST, required=False, initial=row.days
            )
            self.fields[f"by-{key}"] = forms.ChoiceField(label=_("Done by"), choices=Rhythm.By.choices, initial=row.by)

    def table(self):
        """(grade, [(way, days, by)]) for the page."""
        for grade in Customer.Grade:
            yield grade.label, [(way, self[f"days-{grade}-{way}"], self[f"by-{grade}-{way}"]) for way in Way]

    @property
    def wanted(self) -> dict[tuple[str, str], tuple[int | None, str]]:
        given = self.cleaned_data
        keys = [(row.grade, row.way) for row in self.rows]
        return {(grade, way): (given[f"days-{grade}-{way}"], given[f"by-{grade}-{way}"]) for grade, way in keys}


class CallPlanForm(PersonForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    starts_on = DateField(label=pgettext_lazy("date", "From"))
    ends_on = DateField(label=_("Until"))
    product = LookupField("product", label=_("Product"), required=False)
    goal = MoneyField(
        label=_("Goal for each person"), required=False, min_value=Decimal("0.01"),
        help_text=_("Orders of the customers who were called, from the call to the end of the plan."),
    )  # fmt: skip
    script = forms.CharField(label=_("What to say"), required=False, max_length=4000, widget=areas(5))


class AudienceForm(PersonForm):
    """Which customers a plan is to call; what is left empty fits everybody one may see."""

    grades = forms.MultipleChoiceField(
        label=_("Grades"), choices=Customer.Grade.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any")), *Party.Kind.choices], required=False)
    region = LookupField("region", label=_("Region"), required=False)
    owner = LookupField("salesperson", label=_("Salesperson"), required=False)
    quiet_days = forms.IntegerField(label=_("No order for so many days"), min_value=1, max_value=3650, required=False)
    caller = LookupField(
        "person", label=_("Called by"), required=False, help_text=_("Empty: whoever serves the customer.")
    )


class WhoseForm(PersonForm):
    """Whose calendar is shown."""

    whose = forms.ChoiceField(label=_("Whose"), choices=[("me", _("Mine")), ("all", _("Everybody's"))], required=False)


# ── receptions ─────────────────────────────────────────────────────────────────────────────
class ReceptionForm(PersonForm):
    party = LookupField("customer", label=_("Customer"), widget=LookupInput("customer", autofocus=True))
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    dated_on = DateField(label=_("Date"))
    arrives_at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    host = LookupField("person", label=_("Host"))
    guest_count = forms.IntegerField(label=_("Number of guests"), min_value=1, max_value=500)
    companion_count = forms.IntegerField(label=_("Number of our people"), min_value=0, max_value=500, initial=1)
    companions = forms.CharField(label=_("Our people"), max_length=300, required=False)
    guests = forms.CharField(
        label=_("Guests"), max_length=2000, widget=areas(3), help_text=_("One on each line: name, what they are.")
    )
    note = forms.CharField(label=_("Remarks"), required=False, max_length=2000)


class KindField(forms.CharField):
    """A kind of line by the beginning of its word."""

    def clean(self, value):
        typed = super().clean(value).strip().casefold()
        for kind in ReceptionLine.Kind:
            if typed and (kind.value == typed or str(kind.label).casefold().startswith(typed)):
                return kind
        names = ", ".join(str(kind.label) for kind in ReceptionLine.Kind)
        raise forms.ValidationError(_("«%(typed)s» is none of: %(names)s."), params={"typed": value, "names": names})


class ItemForm(PersonForm):
    """One meal, room or journey."""

    kind = KindField(label=_("Kind"))
    on = DateField(label=_("Day"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    people = forms.IntegerField(label=pgettext_lazy("number", "People"), min_value=1, max_value=1000)
    budget = MoneyField(label=_("Budget"), min_value=Decimal("0.00"))


@asks(HOST.name)
class HostForm(StepForm):
    """What each line cost, and what came of it."""

    hosted_on = DateField(label=_("Took place on"))
    outcome = forms.CharField(label=_("What came of it"), max_length=4000, widget=areas(3))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("hosted_on", min(self.document.dated_on, timezone.localdate()))
        self.lines = list(self.document.lines.all())
        for line in self.lines:
            self.fields[f"cost-{line.pk}"] = MoneyField(label=str(line), min_value=Decimal("0.00"), initial=line.budget)
        self.order_fields([*(f"cost-{line.pk}" for line in self.lines), "hosted_on", "outcome", "note"])
        self.fields["note"].help_text = _("A reason is needed where it cost more than the budget.")

    def clean(self):
        given = super().clean()
        costs = {line.pk: given.pop(f"cost-{line.pk}", None) for line in self.lines}
        return given | {"costs": costs}


@asks(SETTLE.name)
class SettleForm(StepForm):
    """The expense claim that pays for it."""

    claim = LookupField(
        "claim",
        label=_("Expense claim"),
        required=False,
        help_text=_(
            "Its number; empty only where nothing was spent. A claim made from here settles it when it is handed in."
        ),
    )
    note = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["claim"].required = bool(self.document.actual)
