"""What people type about shipments."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.pages.fields import DateField, LookupField, MoneyField, QuantityField
from backoffice.pages.forms import PersonForm, StepForm
from backoffice.pages.registry import asks


class QuantitiesForm(PersonForm):
    """A quantity for each open order line, in a field `line_<pk>`; an empty one leaves the line out."""

    def __init__(self, *args, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            field = QuantityField(required=False, min_value=0, initial=line.offer or None, label=line.name)
            self.fields[f"line_{line.pk}"] = field
            line.field = self[f"line_{line.pk}"]

    def quantities(self):
        """Order line → quantity typed, only what is to leave."""
        found = {line.pk: self.cleaned_data.get(f"line_{line.pk}") for line in self.lines}
        return {pk: quantity for pk, quantity in found.items() if quantity}


class ShipmentForm(QuantitiesForm):
    """The header of a draft and how much of each line goes along."""

    dated_on = DateField(label=_("Date"))
    required_on = DateField(label=_("Wanted by"), required=False)
    carrier = LookupField("carrier", label=_("Carrier"), required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), required=False, max_length=60)
    delivery_address = forms.CharField(label=_("Delivery address"), max_length=300, required=False)
    delivery_contact = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    delivery_phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    note = forms.CharField(label=_("Remarks"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))

    HEADER = (
        "dated_on",
        "required_on",
        "tracking_number",
        "delivery_address",
        "delivery_contact",
        "delivery_phone",
        "note",
    )

    def header(self):
        carrier = self.cleaned_data.get("carrier")
        return {name: self.cleaned_data[name] for name in self.HEADER} | {"carrier_id": carrier.pk if carrier else None}

    def header_fields(self):
        return [self[name] for name in self.fields if not name.startswith("line_")]


@asks("dispatch_shipment")
class DispatchForm(StepForm):
    """How the goods leave; the day is today unless they left earlier."""

    dispatched_on = DateField(label=_("Dispatched on"))
    carrier = LookupField("carrier", label=_("Carrier"), required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), required=False, max_length=60)
    freight = MoneyField(label=_("Freight"), required=False, min_value=0)
    field_order = ["dispatched_on", "carrier", "tracking_number", "freight", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("dispatched_on", timezone.localdate())
        for name in ("carrier", "tracking_number", "freight"):
            self.initial.setdefault(name, getattr(self.document, name))


@asks("deliver_shipment")
class DeliverForm(StepForm):
    delivered_on = DateField(label=_("Delivered on"))
    received_by = forms.CharField(label=_("Received by"), required=False, max_length=100)
    field_order = ["delivered_on", "received_by", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("delivered_on", timezone.localdate())
        self.initial.setdefault("received_by", self.document.delivery_contact)


class ReleaseForm(PersonForm):
    note = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class TrackingForm(PersonForm):
    """One tracking number, typed beside its shipment."""

    tracking_number = forms.CharField(max_length=60)


class PastedTrackingForm(PersonForm):
    """Shipment numbers and tracking numbers, pasted from the carrier's sheet."""

    carrier = LookupField("carrier", label=_("Carrier"), required=False)
    pasted = forms.CharField(
        label=_("Shipment and tracking numbers"), max_length=100_000, widget=forms.Textarea({"rows": 12, "span": "all"}),
        help_text=_("One shipment a line: our number, then the carrier's, with a tab, a comma or a space between. Paste from Excel."),
    )  # fmt: skip

    def pairs(self):
        rows = (
            line.replace(",", "\t").replace("，", "\t").split(None, 1)
            for line in self.cleaned_data["pasted"].splitlines()
        )
        return [(row[0], row[1]) for row in rows if len(row) == 2]
