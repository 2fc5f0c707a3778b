"""What can be imported: one class per kind of sheet, declared by the app whose services write it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_noop as _

from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Opening
from backoffice.sheets.fields import Field

REGISTRY: dict[str, type["Sheet"]] = {}
REMARK = "remark:"  # counts under such a key are remarks in English, put into words when they are read


class Row:
    """One line of the sheet: `row["code"]` is a typed value, `row.number` the line in Excel.

    `values` holds the columns that the sheet has; for the others all rows share what stands for an empty cell.
    """

    __slots__ = ("empty", "number", "values")

    def __init__(self, number: int, values: dict[str, Any], empty: Mapping[str, Any] = MappingProxyType({})) -> None:
        self.number, self.values, self.empty = number, values, empty

    def __getitem__(self, name: str) -> Any:
        return self.values[name] if name in self.values else self.empty[name]

    def get(self, name: str, default: Any = None) -> Any:
        value = self.values.get(name)
        if value is None:
            value = self.empty.get(name)
        return default if value is None else value


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which row and field; the reason stays English with its values until somebody reads it."""

    row: int
    field: str
    reason: str
    values: dict[str, str] = field(default_factory=dict)

    def in_words(self) -> str:
        text = translation.gettext(self.reason) if self.reason else ""
        return text % self.values if self.values else text


@dataclass
class Run:
    """One pass over one sheet, on trial or in earnest: who, which take-over, what was found, what was done."""

    by: Person
    uploaded_by: Person
    opening: Opening | None = None
    is_trial: bool = True
    total: int = 0
    tell: Callable[[int, int], None] = lambda at, total: None
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    at: int = 0

    def problem(self, row: Row | None, field_name: str, reason: Any, **values: Any) -> None:
        """Say what is wrong: `run.problem(row, "customer", _("There is no customer %(code)s."), code=…)` with gettext_lazy or noop."""
        self.problems.append(
            Problem(row.number if row else 0, field_name, source(reason), {k: str(v)[:80] for k, v in values.items()})
        )

    @contextmanager
    def row(self, row: Row, field_name: str = "", *, savepoint: bool = False) -> Iterator[None]:
        """What is refused inside belongs to this row; the pass goes on. With a savepoint the database may refuse too."""
        try:
            if savepoint:
                with transaction.atomic():
                    yield
            else:
                yield
        except Refused as refusal:
            self.problem(row, getattr(refusal, "field", "") or field_name, refusal.message)
        except ValidationError as error:
            self.problem(row, field_name, "; ".join(error.messages))
        except DatabaseError as error:
            if not savepoint:
                raise
            self.problem(row, field_name, database_words(error))

    def made(self, count: int = 1) -> None:
        self.counts["made"] += count

    def changed(self, count: int = 1) -> None:
        self.counts["changed"] += count

    def same(self, count: int = 1) -> None:
        """Was here already and stays as it is."""
        self.counts["same"] += count

    def remark(self, reason: Any, count: int = 1, **values: Any) -> None:
        """Something worth knowing that is not wrong; shown with how often, in the reader's language, the values filled in."""
        said = json.dumps({name: str(value) for name, value in values.items()}) if values else ""
        self.counts["\n".join(filter(None, [f"{REMARK}{source(reason)}", said]))] += count

    def step(self, count: int = 1) -> None:
        """So many rows further; shown as progress."""
        before, self.at = self.at, self.at + count
        if before // 500 != self.at // 500:
            self.tell(self.at, self.total)


class Sheet:
    """A kind of sheet. `check` finds what is wrong without writing; `apply` writes through the services of the app."""

    name: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    help: ClassVar[Any] = ""
    order: ClassVar[int] = 50  # sheets uploaded together are applied by rising order: masters first
    fields: ClassVar[Sequence[Field]] = ()
    key: ClassVar[tuple[str, ...]] = ()  # fields that say which rows belong to one thing: a document and its lines
    by: ClassVar[tuple[str, ...]] = (Role.ASSISTANT, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR)
    is_opening: ClassVar[bool] = False  # may carry past documents in their final state

    def opens(self, rows: Sequence[Row]) -> bool:
        """Whether these rows carry final states, so that a second person must apply them."""
        return self.is_opening

    def check(self, rows: Sequence[Row], run: Run) -> None:
        """Find everything that is wrong with the rows, before anything is written."""

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        """Write the rows; runs inside one transaction, on trial too (then everything is taken back)."""
        raise NotImplementedError

    @classmethod
    def rank(cls, mapping: dict[str, dict[str, Any]]) -> int:
        """Among sheets of this kind in one upload the lower ones come first, in whatever order their files were chosen."""
        return 0

    @classmethod
    def key_of(cls, row: Row) -> tuple[Any, ...]:
        return tuple(row.get(name) for name in cls.key) if cls.key else (row.number,)

    def groups(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        """Rows of one document together, in the order of the sheet, wherever they stand."""
        found: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            found.setdefault(self.key_of(row), []).append(row)
        yield from found.values()

    @classmethod
    def field(cls, name: str) -> Field:
        return next(field for field in cls.fields if field.name == name)


def imports(name: str) -> Callable[[type[Sheet]], type[Sheet]]:
    """Make a kind of sheet known: `@imports("customers") class Customers(Sheet)` in the app's `sheets.py`."""

    def register(sheet: type[Sheet]) -> type[Sheet]:
        if name in REGISTRY:
            raise ValueError(f"There are two imports named {name!r}.")
        sheet.name = name
        REGISTRY[name] = sheet
        return sheet

    return register


def remarks_in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The remarks among the counts, each with how often."""
    found = []
    for key, count in counts.items():
        if key.startswith(REMARK):
            reason, _line, said = key.removeprefix(REMARK).partition("\n")
            text = translation.gettext(reason)
            found.append((text % json.loads(said) if said else text, count))
    return found


def source(reason: Any) -> str:
    """The English source of a lazily translated reason, so that each reader gets it in their own language."""
    if isinstance(reason, Promise):
        with translation.override(None):
            return str(reason)
    return str(reason)


def database_words(error: DatabaseError) -> str:
    """What the database refused, by the name of its rule."""
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = (
        getattr(diagnosis, "constraint_name", None)
        or getattr(diagnosis, "message_primary", None)
        or type(error).__name__
    )
    return _("The database refuses this: %(rule)s.").replace("%(rule)s", str(rule))


def known_to(person: Person) -> list[type[Sheet]]:
    """The kinds this person may bring in, in the order in which they are applied."""
    return sorted(
        (sheet for sheet in REGISTRY.values() if person.has_role(*sheet.by)),
        key=lambda sheet: (sheet.order, sheet.name),
    )
