"""Fields that read what people type: `5/3`, `+7`, `月底`; `1.2万`, `=3*1580`; a code, a name or initials."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice import money, periods

from .registry import shelf


class TypedInput(forms.TextInput):
    """A text box whose content is read by the server; `data-kind` lets the browser echo what was understood."""

    def __init__(self, kind: str, **attrs):
        super().__init__({"data-kind": kind, "autocomplete": "off", **attrs})


class DateField(forms.Field):
    """A day, typed as `2026-11-21`, `11/21`, `21`, `+7`, `月底`, `today` …"""

    default_error_messages = {"invalid": _("«%(typed)s» is no date. Type 2026-03-05, 3/5, +7 or 月底.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", TypedInput("date", placeholder="", inputmode="text"))
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if hasattr(value, "isoformat"):
            return value
        try:
            return periods.parse_day(str(value), today=timezone.localdate())
        except periods.NotADate as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"typed": value}) from error

    def prepare_value(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else value

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


class FigureField(forms.Field):
    """A number as people type it, kept as a Decimal of `step`; never a float."""

    kind, step, digits = "quantity", money.QUANTITY, 15
    default_error_messages = {
        "invalid": _("«%(typed)s» is no number. Type 1580, 1.2万 or =3*1580."),
        "below": _("At least %(bound)s, please."),
        "above": _("At most %(bound)s, please."),
    }

    def __init__(self, *, min_value=None, max_value=None, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        kwargs.setdefault("widget", TypedInput(self.kind, inputmode="text", **{"class": "num"}))
        super().__init__(**kwargs)

    def read(self, typed: str) -> Decimal:
        return money.parse_number(typed)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            number = value if isinstance(value, Decimal) else self.read(str(value))
        except money.NotANumber as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"typed": value}) from error
        number = money._rounded(number, self.step)
        self._bound(number)
        return number

    def _bound(self, number):
        if self.min_value is not None and number < self.min_value:
            raise ValidationError(self.error_messages["below"], code="below", params={"bound": self.min_value})
        largest = Decimal(10) ** self.digits if self.max_value is None else self.max_value
        if number > largest:
            raise ValidationError(self.error_messages["above"], code="above", params={"bound": largest})

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


class QuantityField(FigureField):
    """A quantity, three decimals."""


class MoneyField(FigureField):
    """An amount, two decimals."""

    kind, step = "money", money.AMOUNT

    def prepare_value(self, value):
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class PriceField(FigureField):
    """A unit price, six decimals."""

    kind, step, digits = "price", money.UNIT_PRICE, 12


class RateField(FigureField):
    """A percentage typed as `13` or `13%`, kept as 0.130000."""

    kind, step, digits = "percent", money.RATE, 3

    def read(self, typed):
        return money.parse_percent(typed)

    def prepare_value(self, value):
        return f"{plain(value * 100)}%" if isinstance(value, Decimal) else value


class LookupInput(forms.TextInput):
    """A combobox over one kind of look-up; posts the row's id, and what was typed beside it."""

    template_name = "components/lookup.html"

    def __init__(self, lookup: str, **attrs):
        self.lookup, self.person = lookup, None
        super().__init__(attrs)

    def value_from_datadict(self, data, files, name):
        """The id if one was chosen; else what was typed, marked as text."""
        chosen, typed = data.get(name, "").strip(), data.get(f"{name}-text", "").strip()
        return chosen if chosen or not typed else Typed(typed)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        lookup = shelf.lookups[self.lookup]
        choice = None if isinstance(value, Typed) else lookup.choice_of(value, self.person)
        text = value if isinstance(value, Typed) else (choice.text if choice else "")
        return context | {"lookup": self.lookup, "choice": choice, "text": text, "add": lookup.add_address()}


class Typed(str):
    """Text in a look-up for which nothing was chosen yet."""


class LookupsInput(LookupInput):
    """Several rows of one kind: those chosen stand as marks, a combobox adds the next."""

    template_name = "components/lookups.html"

    def value_from_datadict(self, data, files, name):
        chosen, typed = [pk for pk in data.getlist(name) if pk.strip()], data.get(f"{name}-text", "").strip()
        return [*chosen, *([Typed(typed)] if typed else [])]

    def get_context(self, name, value, attrs):
        rows = [v for v in value or () if not isinstance(v, Typed)]
        typed = next((v for v in value or () if isinstance(v, Typed)), "")
        lookup = shelf.lookups[self.lookup]
        chosen = [choice for pk in dict.fromkeys(map(str, rows)) if (choice := lookup.choice_of(pk, self.person))]
        return super().get_context(name, typed, attrs) | {"chosen": chosen}


class LookupField(forms.Field):
    """A reference chosen by code, name, initials or phone: `LookupField("customer")`. The form gives it its person."""

    default_error_messages = {
        "unknown": _("There is no «%(typed)s» here. Choose from the list, or type a code."),
        "many": _("«%(typed)s» fits several. Choose one from the list."),
    }

    def __init__(self, lookup: str, **kwargs):
        self.lookup, self.person, self.known = lookup, None, {}
        kwargs.setdefault("widget", LookupInput(lookup))
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        lookup = shelf.lookups[self.lookup]
        if isinstance(value, Typed):
            return self._by_text(lookup, value)
        row = lookup.row(value, self.person)
        if row is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"typed": value})
        return row

    def _by_text(self, lookup, typed):
        if typed.strip().upper() in self.known:
            return self.known[typed.strip().upper()]
        found = lookup.named(typed, self.person)
        if len(found) != 1:
            code = "many" if found else "unknown"
            raise ValidationError(self.error_messages[code], code=code, params={"typed": typed})
        return found[0]

    def prepare_value(self, value):
        return value.pk if hasattr(value, "pk") else value

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


class LookupsField(LookupField):
    """Several rows, each chosen like the one of a LookupField."""

    def __init__(self, lookup: str, **kwargs):
        super().__init__(lookup, widget=LookupsInput(lookup), **kwargs)

    def to_python(self, value):
        rows = [LookupField.to_python(self, one) for one in value or ()]
        return list(dict.fromkeys(row for row in rows if row))

    def prepare_value(self, value):
        return [super(LookupsField, self).prepare_value(one) for one in value or ()]

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != self.prepare_value(data)


def plain(number: Decimal) -> str:
    """12.500000 → 12.5, 100 → 100: a figure as it is typed."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
