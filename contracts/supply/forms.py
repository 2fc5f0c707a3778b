"""What a person types about supply: what is wanted by when, what is promised, what has come."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.pages.fields import DateField, LookupField, LookupInput, QuantityField, plain
from backoffice.pages.forms import PersonForm, StepForm
from backoffice.pages.registry import asks
from contracts.supply.lifecycle import ANSWER, RECEIVE
from contracts.supply.models import SupplyRequest
from contracts.supply.services import Promise


class SupplyForm(PersonForm):
    source = LookupField(
        "supply_source",
        label=gettext_lazy("Order or contract"),
        widget=LookupInput("supply_source", autofocus=True, **{"data-pull": "source"}),
    )
    side = forms.ChoiceField(label=gettext_lazy("Asked of"), choices=SupplyRequest.Side.choices)
    dated_on = DateField(label=gettext_lazy("Date"))
    note = forms.CharField(label=gettext_lazy("Remarks"), required=False, max_length=2000)


class SupplyLineForm(PersonForm):
    product = LookupField("product", label=gettext_lazy("Product"))
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    wanted_on = DateField(label=gettext_lazy("Wanted by"))
    remark = forms.CharField(label=gettext_lazy("Remark"), required=False, max_length=200)

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise forms.ValidationError(_("More than zero, please."))
        return quantity


class LinesStepForm(StepForm):
    """A step that asks something of each line; what was typed goes to the service as one argument, by line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(self.document.lines.all())
        note = self.fields.pop("note")
        for line in self.lines:
            self.add_fields(line)
        self.fields["note"] = note

    def add_fields(self, line):
        raise NotImplementedError

    def words(self, line) -> str:
        return f"{line.position} · {line.name} {line.spec}".strip()


@asks(ANSWER.name)
class AnswerForm(LinesStepForm):
    """How much of each line will be there, and when; as wanted unless something else is typed."""

    def add_fields(self, line):
        wanted = _("wanted: %(quantity)s %(unit)s by %(day)s") % {
            "quantity": plain(line.quantity), "unit": line.unit, "day": date_format(line.wanted_on, "Y-m-d"),
        }  # fmt: skip
        self.fields[f"quantity_{line.pk}"] = QuantityField(
            label=self.words(line), required=False, min_value=0, max_value=line.quantity, help_text=wanted,
            initial=line.promised or line.quantity,
        )  # fmt: skip
        self.fields[f"on_{line.pk}"] = DateField(
            label=_("will be there on"), required=False, initial=line.promised_on or line.wanted_on
        )

    def clean(self):
        typed = super().clean()
        promises = {}
        for line in self.lines:
            quantity, on = typed.get(f"quantity_{line.pk}"), typed.get(f"on_{line.pk}")
            if quantity and not on and f"on_{line.pk}" not in self.errors:
                self.add_error(f"on_{line.pk}", _("When will it be there?"))
            promises[line.pk] = Promise(quantity, on) if quantity and on else None
        return {"promises": promises, "note": typed.get("note", "")}


@asks(RECEIVE.name)
class ReceiveForm(LinesStepForm):
    """What has come of each line; all that is still to come unless something else is typed."""

    def add_fields(self, line):
        if "on" not in self.fields:
            self.fields["on"] = DateField(label=_("Came on"), required=False, initial=timezone.localdate())
        if not line.missing:
            return
        self.fields[f"quantity_{line.pk}"] = QuantityField(
            label=self.words(line), required=False, min_value=0, max_value=line.missing, initial=line.missing,
            help_text=_("still to come: %(quantity)s %(unit)s") % {"quantity": plain(line.missing), "unit": line.unit},
        )  # fmt: skip

    def clean(self):
        typed = super().clean()
        arrived = {line.pk: typed.get(f"quantity_{line.pk}") for line in self.lines}
        return {
            "arrived": {pk: quantity for pk, quantity in arrived.items() if quantity},
            "on": typed.get("on"),
            "note": typed.get("note", ""),
        }
