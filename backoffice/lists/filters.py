"""What a list may be narrowed by: django-filter's filters, each of which can also say its value in words."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from backoffice import periods
from backoffice.lists.columns import headline, leads_to_many, model_field, verbose_name
from backoffice.lists.ranges import DATE_WORDS, Range, amount_range, date_range
from backoffice.people.models import Person, Region, below


class RangeWidget(forms.Widget):
    """One value in the address; a word, or two ends typed beside each other."""

    template_name = "pages/list_range.html"

    def __init__(self, kind: str, words: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__()
        self.kind, self.words = kind, list(words)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        low, high = (data.get(f"{name}_{end}", "").strip() for end in ("from", "to"))
        return f"{low}..{high}" if low or high else data.get(name, "").strip()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        text = str(value or "")
        low, dots, high = ("", "", "") if text in DATE_WORDS else text.partition("..")
        ends = {"low": low, "high": high if dots else low}
        if self.kind == "date" and (low or high):  # «2026» and «2026-05» fill both boxes with days
            with suppress(ValueError, OverflowError):
                found = date_range(text, today=timezone.localdate())
                ends = {"low": _iso(found.low), "high": _iso(found.high)}
        known = super().get_context(name, value, attrs)
        return {**known, "kind": self.kind, "words": self.words, "word": text, **ends}


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick; an empty value in the address is no choice."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]


def narrowed(rows: QuerySet[Any], path: str, where: dict[str, Any]) -> QuerySet[Any]:
    """The rows for which this holds, each of them once: a row of which three lines match is one row in counts, sums and bulk acts."""
    if not leads_to_many(rows.model, path):
        return rows.filter(**where)
    return rows.filter(pk__in=rows.model._default_manager.filter(**where).order_by().values("pk"))


class RangeField(forms.Field):
    def __init__(self, *, kind: str, **rest: Any) -> None:
        self.kind = kind
        words = [(key, word) for key, (word, _days) in DATE_WORDS.items()] if kind == "date" else ()
        super().__init__(widget=RangeWidget(kind, words), **rest)

    def to_python(self, value: str) -> Range | None:
        if not value:
            return None
        try:
            return date_range(value, today=timezone.localdate()) if self.kind == "date" else amount_range(value)
        except (ValueError, OverflowError, TypeError) as error:
            raise forms.ValidationError(gettext("«%(value)s» is not a range.") % {"value": value}) from error


class Spoken:
    """Shared by every filter here: its parameter's name, its label from the model, its value in words."""

    field_name: str
    label: Any
    parent: Any
    roles: tuple[str, ...] = ()

    def bound(self, model: type[Model] | None) -> None:
        if self.label is None:
            self.label = headline(verbose_name(model, self.field_name) or self.field_name.replace("_", " "))

    def parameters(self, name: str) -> tuple[str, ...]:
        return (name,)

    def words(self, value: Any) -> str:
        return str(value)

    def canonical(self, value: Any) -> list[str]:
        return [str(value)]


class Choice(Spoken, django_filters.MultipleChoiceFilter):
    """One or several of a field's choices; of a document's `state`, those of its lifecycle."""

    def __init__(self, name: str, label: Any = None, *, path: str = "", choices: Any = (), **rest: Any) -> None:
        self.name, self.given = name, choices
        super().__init__(field_name=path or name, label=label, widget=Ticks, **rest)

    def bound(self, model: type[Model] | None) -> None:
        super().bound(model)
        field, cycle = model_field(model, self.field_name), getattr(model, "lifecycle", None)
        of_cycle = cycle.choices if cycle is not None and self.field_name == "state" else ()
        self.extra["choices"] = self.given or of_cycle or (field.flatchoices if field is not None else ())

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__in": value}) if value else rows

    def words(self, value: Any) -> str:
        names = {str(key): str(word) for key, word in self.extra["choices"]}
        return gettext(" or ").join(names.get(item, item) for item in value)

    def canonical(self, value: Any) -> list[str]:
        return list(value)


class _Range(Spoken, django_filters.Filter):
    field_class = RangeField
    kind = ""

    def __init__(self, name: str, label: Any = None, *, path: str = "", **rest: Any) -> None:
        self.name = name
        super().__init__(field_name=path or name, label=label, kind=self.kind, **rest)

    def parameters(self, name: str) -> tuple[str, ...]:
        return name, f"{name}_from", f"{name}_to"

    def filter(self, rows: QuerySet[Any], value: Range | None) -> QuerySet[Any]:
        return narrowed(rows, self.field_name, value.where(self.field_name)) if value else rows

    def words(self, value: Range) -> str:
        if value.word:
            return str(DATE_WORDS[value.word][0])
        low, high = (self.end(end) for end in (value.low, value.high))
        if low == high:
            return low
        if not high:
            return gettext("from %(low)s") % {"low": low}
        if not low:
            return gettext("up to %(high)s") % {"high": high}
        return gettext("%(low)s to %(high)s") % {"low": low, "high": high}

    def end(self, value: Any) -> str:
        return "" if value is None else str(value)


class DateRange(_Range):
    """A date within a range, which may be a word such as «last month»."""

    kind = "date"


class MomentRange(DateRange):
    """The same for an instant: whole days in the company's time zone."""

    def filter(self, rows: QuerySet[Any], value: Range | None) -> QuerySet[Any]:
        return narrowed(rows, self.field_name, value.where(f"{self.field_name}__date")) if value else rows


class AmountRange(_Range):
    kind = "amount"

    def end(self, value: Any) -> str:
        return "" if value is None else f"{value:,f}"


class Bool(Spoken, django_filters.ChoiceFilter):
    """Yes or no."""

    def __init__(self, name: str, label: Any = None, *, path: str = "", **rest: Any) -> None:
        self.name = name
        super().__init__(
            field_name=path or name,
            label=label,
            choices=[("1", _("Yes")), ("0", _("No"))],
            empty_label=_("any"),
            **rest,
        )

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{self.field_name: value == "1"}) if value else rows

    def words(self, value: str) -> str:
        return gettext("Yes") if value == "1" else gettext("No")


class Flag(Spoken, django_filters.ChoiceFilter):
    """A named condition that is on or not: `Flag("overdue", _("Overdue"), lambda rows: rows.overdue())`."""

    def __init__(self, name: str, label: Any, where: Callable[[QuerySet[Any]], QuerySet[Any]], **rest: Any) -> None:
        self.name, self.where = name, where
        super().__init__(field_name=name, label=label, choices=[("1", _("Yes"))], empty_label=_("any"), **rest)

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return self.where(rows) if value else rows

    def words(self, value: str) -> str:
        return ""


class PeriodField(forms.Field):
    """A month, quarter, year or any other period of an address."""

    def to_python(self, value: Any) -> periods.Period | None:
        text = str(value or "").strip()
        try:
            return periods.parse(text) if text else None
        except periods.NotADate as error:
            raise forms.ValidationError(gettext("«%(value)s» is no period.") % {"value": text}) from error


class During(Spoken, django_filters.Filter):
    """A condition on a period: `During("in_force", _("In force in"), lambda rows, period: …)`, as `?in_force=2026-10`."""

    field_class = PeriodField

    def __init__(self, name: str, label: Any, where: Callable[[QuerySet[Any], periods.Period], QuerySet[Any]]) -> None:
        self.name, self.where = name, where
        super().__init__(field_name=name, label=label)

    def filter(self, rows: QuerySet[Any], value: periods.Period | None) -> QuerySet[Any]:
        return self.where(rows, value) if value else rows

    def words(self, value: periods.Period) -> str:
        return value.label(get_language() or "en")


class DayField(forms.Field):
    """A day as people type it."""

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        try:
            return periods.parse_day(text, today=timezone.localdate()) if text else None
        except periods.NotADate as error:
            raise forms.ValidationError(gettext("«%(value)s» is no date.") % {"value": text}) from error


class AsOf(Spoken, django_filters.Filter):
    """The day as of which the list computes its figures; it leaves no row out, the list's `rows` reads it."""

    field_class = DayField

    def __init__(self, name: str, label: Any) -> None:
        self.name = name
        super().__init__(field_name=name, label=label)

    def filter(self, rows: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        return rows


class Contains(Spoken, django_filters.CharFilter):
    """Part of a text."""

    def __init__(self, name: str, label: Any = None, *, path: str = "", **rest: Any) -> None:
        self.name = name
        super().__init__(field_name=path or name, lookup_expr="icontains", label=label, max_length=100, **rest)


class PersonIs(Spoken, django_filters.ChoiceFilter):
    """A person; «me» is whoever looks, so that a shared view serves everybody."""

    def __init__(self, name: str, label: Any = None, *, path: str = "", **rest: Any) -> None:
        self.name = name
        super().__init__(field_name=path or name, label=label, empty_label=_("anybody"), **rest)

    @property
    def field(self) -> Any:
        self.extra["choices"] = self.parent.people
        return super().field

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return rows
        return rows.filter(**{self.field_name: self.parent.person.pk if value == "me" else int(value)})

    def words(self, value: str) -> str:
        return str(dict(self.parent.people).get(value, value))


class OneOf(Spoken, django_filters.ModelChoiceFilter):
    """One row of a small table, chosen from a select box: a region, a department, a warehouse."""

    def __init__(self, name: str, model: type[Model], label: Any = None, *, path: str = "", **rest: Any) -> None:
        self.name = name
        super().__init__(
            field_name=path or name,
            label=label,
            queryset=lambda _r: model._default_manager.all(),
            empty_label=_("any"),
            **rest,
        )

    def canonical(self, value: Any) -> list[str]:
        return [str(value.pk)]


class Related(Spoken, django_filters.NumberFilter):
    """One row of a large table, by its id: a product, a dossier. Reached by links and by look-up."""

    lookup = ""

    def __init__(
        self, name: str, model: type[Model], label: Any = None, *, path: str = "", lookup: str = "", **rest: Any
    ) -> None:
        self.name, self.model_of, self.lookup = name, model, lookup
        super().__init__(field_name=path or name, label=label, decimal_places=0, min_value=1, max_value=2**62, **rest)

    def parameters(self, name: str) -> tuple[str, ...]:
        return name, f"{name}-text"  # what was typed into the look-up stands beside what was chosen

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return narrowed(rows, self.field_name, {self.field_name: int(value)}) if value else rows

    def words(self, value: Any) -> str:
        rows = self.model_of._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.parent.person)
        found = rows.filter(pk=int(value)).first()
        return str(found) if found else f"#{int(value)}"

    def canonical(self, value: Any) -> list[str]:
        return [str(int(value))]


class RegionIs(Related):
    """A region with everything below it; there may be thousands, so it is looked up."""

    def __init__(self, name: str = "region", label: Any = None, *, path: str = "", **rest: Any) -> None:
        super().__init__(name, Region, label, path=path, lookup="region", **rest)

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__in": below(Region, [int(value)])}) if value else rows


class FilterBase(django_filters.FilterSet):
    """The filters of one list for one person; the person comes in instead of a request."""

    def __init__(self, *, person: Person, **rest: Any) -> None:
        self.person = person
        super().__init__(**rest)

    @property
    def people(self) -> list[tuple[str, Any]]:
        if not hasattr(self, "_people"):
            names = Person.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
            self._people = [("me", _("me")), *((str(pk), name) for pk, name in names)]
        return self._people
