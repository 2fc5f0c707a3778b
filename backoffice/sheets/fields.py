"""One column of an import: what it may be called, what its cells must hold, and how a cell becomes a value."""

import datetime
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_noop as _

CENT_NOISE = Decimal("1e-9")  # what binary floats leave behind; nobody typed it
EPOCH_1900, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
TRUE = {"yes", "y", "true", "1", "x", "是", "对", "有", "真", "√"}
FALSE = {"no", "n", "false", "0", "否", "无", "假", "×", "-"}
PLACES = {"money": 2, "price": 6, "quantity": 3, "decimal": 6, "rate": 6, "points": 6, "int": 0}
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_SEEN = 5000  # distinct cells of one column that are remembered while it is read


class BadCell(Exception):
    """The cell does not hold what the column is for: an English message with its values, put into words when it is read."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = {key: str(value)[:80] for key, value in values.items()}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a column may mean: the text that stands for it in a cell, how people call it, other names of it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names one of a few rows that are here: `options` asks for them, `makes` if an unknown one is made new,
    `reads` if some texts are understood without being the name of a row («30 days»)."""

    options: Callable[[], Iterable[Option]]
    makes: bool = False
    reads: Callable[[str], bool] = lambda text: False


@dataclass(frozen=True)
class Field:
    """`kind`: text, date, money, price, quantity, decimal, int, rate (0.13 or 13 %), points (13 means 13 %), bool, choice.

    `headers` are the names by which the column is recognised, in any language; the field's own name and label count too.
    `choices` maps what a cell may say (any case) to the value meant; `refers` says which few rows the column names.
    """

    name: str
    label: Any = ""
    headers: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    choices: dict[str, Any] = field(default_factory=dict)
    refers: Reference | None = None
    max_length: int = 200
    negative: bool = False
    default: Any = None
    help: Any = ""
    example: Any = ""

    @property
    def has_words(self) -> bool:
        """Whether its cells hold words that a person may have to translate: a choice, or the name of one of a few rows."""
        return self.kind == "choice" or self.refers is not None

    @cached_property
    def known_words(self) -> dict[str, Any]:
        """Of a choice: what a cell may say, folded, and the value meant."""
        said = [(plain_header(text), value) for text, value in self.choices.items()]
        return {plain_header(value): value for value in self.choices.values()} | dict(reversed(said))

    def parse(self, value: Any) -> Any:
        """The typed value of a cell; None for an empty one. Raises BadCell."""
        if is_empty(value):
            if self.required:
                raise BadCell(_("«%(field)s» must not be empty."), field=self.label or self.name)
            return self.default
        return READERS[self.kind](self, value)


def plain_header(text: Any) -> str:
    """Headers are compared without case, width, spaces and punctuation: «Customer No.*» is «customerno»."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return "".join(c for c in folded if c.isalnum() or c == "%")


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def as_text(cell: Any) -> str:
    """What a person sees in the cell: 10100.0 is «10100», control signs are gone, a protecting quote too."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f")
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M") if cell.time() != datetime.time() else cell.date().isoformat()
    text = "".join(c if c.isprintable() else " " for c in str(cell)).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@＝＋－＠" else text


def _text(column: Field, cell: Any) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**15:
        raise BadCell(_("Excel has cut this number after 15 digits. Format the column as text and type it again."))
    lines = (
        "\n".join(as_text(line) for line in cell.splitlines())
        if isinstance(cell, str) and "\n" in cell
        else as_text(cell)
    )
    if len(lines) > column.max_length:
        raise BadCell(_("The text is longer than %(most)s signs."), most=column.max_length)
    return lines


def _number(column: Field, cell: Any) -> Decimal:
    if isinstance(cell, bool | datetime.date | datetime.time):
        raise BadCell(_("«%(cell)s» is no number."), cell=as_text(cell))
    if isinstance(cell, int | float):
        return _decimal(repr(cell), cell)
    text = unicodedata.normalize("NFKC", cell).strip()
    sign = -1 if text.startswith("(") and text.endswith(")") else 1
    text = text.strip("()").replace(",", "").replace(" ", "").replace("−", "-").lstrip("¥$€£￥")
    percent = text.endswith("%")
    return sign * _decimal(text.removesuffix("%"), cell) / (100 if percent else 1)


def _decimal(text: str, cell: Any) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise BadCell(_("«%(cell)s» is no number."), cell=as_text(cell)) from None
    if not value.is_finite() or (value and not -30 < value.adjusted() < 30):
        raise BadCell(_("«%(cell)s» is no number."), cell=as_text(cell))
    return value


def _figure(column: Field, cell: Any) -> Decimal:
    value = _number(column, cell)
    if column.kind == "points" and not (isinstance(cell, str) and cell.strip().endswith(("%", "％"))):
        value /= 100
    elif column.kind == "rate" and value > 1 and not (isinstance(cell, str) and "%" in cell):
        value /= 100  # 13 was meant as 13 %
    if value < 0 and not column.negative:
        raise BadCell(_("«%(cell)s» must not be negative."), cell=as_text(cell))
    if abs(value) >= 10**15:
        raise BadCell(_("«%(cell)s» is too large."), cell=as_text(cell))
    places = PLACES[column.kind]
    rounded = value.quantize(Decimal(1).scaleb(-places))
    if abs(rounded - value) > CENT_NOISE:
        raise BadCell(_("«%(cell)s» has more than %(places)s decimals."), cell=as_text(cell), places=places)
    return rounded


def _int(column: Field, cell: Any) -> int:
    return int(_figure(column, cell))


def _date(column: Field, cell: Any) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        found = cell.date()
    elif isinstance(cell, datetime.date):
        found = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and 1 <= cell < 80000:
        found = EPOCH_1900 + datetime.timedelta(days=int(cell))
    else:
        found = _typed_date(as_text(cell))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell(_("«%(cell)s» is no likely date."), cell=as_text(cell))
    return found


def _typed_date(text: str) -> datetime.date:
    """2026-05-01, 2026/5/1, 2026.5.1, 20260501, 2026年5月1日, with or without a time behind. Day and month are never guessed."""
    plain = unicodedata.normalize("NFKC", text).strip().split(" ")[0].split("T")[0]
    for sign in "年月/.":
        plain = plain.replace(sign, "-")
    plain = plain.replace("日", "")
    if plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = plain.split("-")
    try:
        if len(parts) == 3 and len(parts[0]) == 4:
            return datetime.date(*(int(part) for part in parts))
    except ValueError:
        pass
    raise BadCell(_("«%(cell)s» is no date. Write 2026-05-01."), cell=text)


def _bool(column: Field, cell: Any) -> bool:
    text = as_text(cell).casefold()
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise BadCell(_("«%(cell)s» is neither yes nor no."), cell=text)


def _choice(column: Field, cell: Any) -> Any:
    wanted = plain_header(as_text(cell))
    if wanted in column.known_words:
        return column.known_words[wanted]
    known = "、".join(list(column.choices)[:12])
    raise BadCell(_("«%(cell)s» is not one of: %(known)s."), cell=as_text(cell), known=known)


READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text, "date": _date, "int": _int, "bool": _bool, "choice": _choice,
    **dict.fromkeys(("money", "price", "quantity", "decimal", "rate", "points"), _figure),
}  # fmt: skip


class Reader:
    """The cells of one column as values. What a person said a word means is put in its place first; a cell that comes
    again, as a date or a state does thousands of times, is read once."""

    __slots__ = ("column", "meant", "seen")

    def __init__(self, column: Field, meant: dict[str, str] | None = None) -> None:
        self.column, self.meant = column, meant or {}
        self.seen: dict[tuple[type, Any], Any] = {}

    def __call__(self, cell: Any) -> Any:
        """The typed value; raises BadCell."""
        key = (type(cell), cell)
        if key in self.seen:
            return self.seen[key]
        value = self.column.parse(self.meant.get(word(cell), cell) if self.meant else cell)
        if len(self.seen) < MOST_SEEN:
            self.seen[key] = value
        return value


def word(cell: Any) -> str:
    """A cell as the key under which a person says what it means."""
    return "" if is_empty(cell) else as_text(cell).casefold()
