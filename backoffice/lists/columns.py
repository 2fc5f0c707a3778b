"""What a list shows: one column declared once serves the page, the workbook, the CSV, the PDF and the mail."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django.db.models import Model, Sum
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext

OWN = "own"  # a total that the list itself tells, with others in one statement
headline = lazy(capfirst, str)  # a label waits for the reader's language


@dataclass(frozen=True, slots=True)
class Cell:
    """One prepared value: the template prints it and decides nothing but the element."""

    text: str
    css: str
    label: str
    href: str = ""
    state: str = ""
    hint: str = ""


class Column:
    """`name` is the key in addresses; `path` leads from the row to the value and is what the database sorts and sums by.

    `total` shows the sum of the whole filtered set; a function of that set asks for it where a sum over the column would be slow,
    and `OWN` takes it from the list's `own_totals`, which asks for several together.
    """

    kind = "text"
    css = ""
    width = 16  # characters in a workbook
    sortable = True

    def __init__(
        self,
        name: str,
        label: Any = "",
        *,
        path: str = "",
        link: bool | str = False,
        total: bool | str | Callable[[Any], Any] = False,
        roles: Iterable[str] = (),
        hidden: bool = False,
        order: str | bool = True,
        value: Callable[[Any], Any] | None = None,
        hint: str = "",
        width: int = 0,
    ) -> None:
        self.name = name
        self.path = path or self.default_path(name)
        self.label, self.link, self.total, self.roles, self.hidden = label, link, total, tuple(roles), hidden
        self.order = (
            "" if (order is False or (value and order is True)) else (order if isinstance(order, str) else self.path)
        )
        self.is_walked = value is None  # else a function of the whole row finds the value
        self.getter = value or partial(walk, names=tuple(self.path.split("__")))
        self.hint_names = tuple(hint.split("__")) if hint else ()
        self.width = width or self.width

    def default_path(self, name: str) -> str:
        return name

    def value(self, row: Any) -> Any:
        return self.getter(row)

    def asks(self) -> tuple[str, ...]:
        """The paths from which the value can be told without the row itself; none if the row is needed."""
        return (self.path,) if self.is_walked and type(self).value is Column.value else ()

    def told(self, *values: Any) -> Any:
        """The value, from what stands at the paths of `asks`."""
        return values[0]

    def text(self, value: Any) -> str:
        return "" if value is None else str(value)

    def export(self, value: Any) -> Any:
        """The typed value for a workbook: number, date, or text."""
        return self.text(value)

    def cell(self, row: Any, label: str = "") -> Cell:
        """The prepared value; who prepares many says the label, so that it is translated once."""
        value = self.value(row)
        hint = str(walk(row, self.hint_names) or "") if self.hint_names else ""
        text, href = self.text(value), self.href(row)
        if href and not text:  # a link has to be seen, and to be read out
            text = gettext("without number")
        return Cell(text, self.css_for(value), label or str(self.label), href, self.state(value), hint)

    def css_for(self, value: Any) -> str:
        return self.css

    def state(self, value: Any) -> str:
        return ""

    def href(self, row: Any) -> str:
        if not self.link:
            return ""
        target = row if self.link is True else walk(row, tuple(str(self.link).split("__")))
        return target.get_absolute_url() if target is not None and hasattr(target, "get_absolute_url") else ""

    def sum(self) -> Any:
        return Sum(self.path)

    def bound(self, model: type[Model] | None) -> "Column":
        """Take the label from the model where none was given; called once when the list is declared."""
        if not self.label:
            self.label = headline(verbose_name(model, self.path) or self.name.replace("_", " "))
        return self


class Text(Column):
    pass


class Number(Column):
    kind, css, width = "number", "num", 14
    places: ClassVar[int] = 0

    def text(self, value: Any) -> str:
        return "" if value is None else f"{value:,.{self.places}f}"

    def export(self, value: Any) -> Any:
        return value

    def css_for(self, value: Any) -> str:
        return "num neg" if value is not None and value < 0 else "num"


class Money(Number):
    """An amount in the document's currency, two decimals, right-aligned, its sum below."""

    kind, places = "money", 2


class Price(Number):
    """A unit price: two decimals at least, up to six where it has them."""

    kind = "price"

    def text(self, value: Any) -> str:
        return "" if value is None else trimmed(value, 2)


class Quantity(Number):
    """A quantity: no decimals where it has none, three at most."""

    kind = "quantity"

    def text(self, value: Any) -> str:
        return "" if value is None else trimmed(value, 0)


class Count(Number):
    kind, width = "integer", 10


class Percent(Number):
    """A share, 0.25 shown as 25 %."""

    kind, places, width = "percent", 1, 10

    def text(self, value: Any) -> str:
        return "" if value is None else f"{trimmed(Decimal(value) * 100, 0, 2)} %"


class Date(Column):
    kind, css, width = "date", "date", 12

    def text(self, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else ""

    def export(self, value: Any) -> Any:
        return value


class Moment(Column):
    """An instant, in the viewer's time zone, to the minute."""

    kind, css, width = "moment", "date", 17

    def text(self, value: Any) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else ""

    def export(self, value: Any) -> Any:
        return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else None


class Bool(Column):
    kind, css, width = "bool", "mid", 8

    def text(self, value: Any) -> str:
        return "" if value is None else (gettext("Yes") if value else gettext("No"))


class Choice(Column):
    """A field with choices, shown by its words."""

    choices: dict[Any, Any]

    def __init__(self, name: str, label: Any = "", *, choices: Iterable[tuple[Any, Any]] = (), **rest: Any) -> None:
        super().__init__(name, label, **rest)
        self.choices = dict(choices)

    def bound(self, model: type[Model] | None) -> Column:
        if not self.choices:
            field = model_field(model, self.path)
            self.choices = dict(field.flatchoices) if field is not None else {}
        return super().bound(model)

    def text(self, value: Any) -> str:
        return "" if value in (None, "") else str(self.choices.get(value, value))


class State(Choice):
    """A document's state as a badge: colour, sign and word."""

    kind, css = "state", "state"

    def __init__(self, name: str = "state", label: Any = "", **rest: Any) -> None:
        super().__init__(name, label, **rest)

    def bound(self, model: type[Model] | None) -> Column:
        """The words of the states are those of the lifecycle."""
        cycle = getattr(model, "lifecycle", None)
        if cycle is not None and not self.choices and self.path == "state":
            self.choices = dict(cycle.choices)
        return super().bound(model)

    def state(self, value: Any) -> str:
        return str(value or "")


class Person(Column):
    """A person by name; `name` is the foreign key."""

    width = 14

    def default_path(self, name: str) -> str:
        return f"{name}__name"


class Party(Column):
    """A party by short name, or by its name where it has none; `name` is the foreign key."""

    width = 28

    def __init__(self, name: str = "party", label: Any = "", **rest: Any) -> None:
        rest.setdefault("hint", f"{name}__name")
        rest.setdefault("order", f"{name}__name")
        super().__init__(name, label, **rest)

    def default_path(self, name: str) -> str:
        return f"{name}__short_name"

    def value(self, row: Any) -> Any:
        return super().value(row) or walk(row, self.hint_names)

    def asks(self) -> tuple[str, ...]:
        return (self.path, "__".join(self.hint_names)) if self.is_walked and type(self).value is Party.value else ()

    def told(self, *values: Any) -> Any:
        return values[0] or values[-1]


def walk(row: Any, names: tuple[str, ...]) -> Any:
    """Follow attribute names from a row; a missing link is nothing."""
    for name in names:
        if row is None:
            return None
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row


def trimmed(value: Decimal, least: int, most: int = 6) -> str:
    """Thousands separators, at least and at most so many decimals, no trailing zeros beyond the least."""
    text = f"{value:,.{most}f}".rstrip("0")
    whole, _dot, rest = text.partition(".")
    rest = rest.ljust(least, "0")
    return f"{whole}.{rest}" if rest else whole


def model_field(model: type[Model] | None, path: str) -> Any:
    """The model field a path leads to, or nothing (an annotation, a property)."""
    field: Any = None
    for name in path.split("__"):
        if model is None:
            return None
        field = next((f for f in model._meta.get_fields() if f.name == name), None)
        if field is None:
            return None
        model = field.related_model if field.is_relation else None
    return field


def leads_to_many(model: type[Model], path: str) -> bool:
    """Whether a path may lead from one row to several: a link on the way is one to many, or many to many."""
    names = path.split("__")
    links = [model_field(model, "__".join(names[:end])) for end in range(1, len(names) + 1)]
    return any(link is not None and (link.one_to_many or link.many_to_many) for link in links)


def may_be_empty(model: type[Model] | None, path: str) -> bool:
    """Whether what a path leads to can be NULL: a field or a link on the way that may be, or no field at all."""
    names = path.split("__")
    fields = [model_field(model, "__".join(names[: n + 1])) for n in range(len(names))]
    return any(field is None or field.null for field in fields)


def verbose_name(model: type[Model] | None, path: str) -> Any:
    """«party__short_name» is called by the foreign key's own name: what the row calls it."""
    field = model_field(model, path.split("__")[0])
    return getattr(field, "verbose_name", "")


def relations(model: type[Model] | None, paths: Iterable[str]) -> list[str]:
    """The foreign keys to join so that rendering asks nothing more: the longest relation prefix of each path."""
    found: set[str] = set()
    for path in paths:
        names, here, prefix = path.split("__"), model, []
        for name in names:
            field = model_field(here, name)
            if field is None or not (field.many_to_one or field.one_to_one):
                break
            prefix.append(name)
            here = field.related_model
        if prefix:
            found.add("__".join(prefix))
    return sorted(found)
