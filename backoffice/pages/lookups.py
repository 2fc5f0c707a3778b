"""Look-ups: a row found by code, name, initials or phone while it is typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.functions import Collate, Upper
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from backoffice.parties.search import fold

from .models import Used

MOST = 20
CANDIDATES = 60  # of what merely fits, so many are looked at before the best are shown


@dataclass(frozen=True)
class Choice:
    """One line of the list: what it is, and what tells it apart (city, owner, balance; stock, last price)."""

    pk: int
    code: str
    name: str
    details: tuple[str, ...] = ()
    fills: dict = field(default_factory=dict)

    @property
    def text(self) -> str:
        return f"{self.code} {self.name}".strip()

    def as_json(self) -> dict:
        return {"pk": self.pk, "code": self.code, "name": self.name, "text": self.text,
                "details": [str(d) for d in self.details if d], "fills": self.fills}  # fmt: skip


class Lookup:
    """One kind of look-up: `@looks_up("customer") class Customers(Lookup)` with `rows` and `choice`.

    The model has a `code` and a `search` column (lowercase text and pinyin initials); otherwise override `matching`.
    `given` holds what the form says already, for look-ups that depend on another field.
    """

    add = ""  # url name of the page that makes a new one
    code = "code"

    def __init__(self, name: str):
        self.name = name

    def rows(self, person, given: dict) -> QuerySet:
        raise NotImplementedError

    def choice(self, row) -> Choice:
        return Choice(row.pk, row.code, str(row))

    def choices(self, rows: list, person, given: dict) -> Iterable[Choice]:
        """All lines of one answer; override it where a detail is better asked for all rows at once."""
        return [self.choice(row) for row in rows]

    def matching(self, rows: QuerySet, typed: str) -> QuerySet:
        for word in fold(typed).split():
            rows = rows.filter(search__holds=word)
        return rows

    def beginning(self, rows: QuerySet, typed: str) -> QuerySet:
        """Rows whose code begins so, in order of code, by the index over capitals."""
        return self.in_capitals(rows).filter(in_capitals__startswith=typed.upper()).order_by("in_capitals")

    def in_capitals(self, rows: QuerySet) -> QuerySet:
        """With `in_capitals`, the code as the index has it."""
        return rows.alias(in_capitals=Collate(Upper(self.code), "C"))

    # ── what the pages call ──
    def find(self, typed: str, person, given: dict) -> list[Choice]:
        return list(self.choices(self.best(typed, person, given), person, given))

    def best(self, typed: str, person, given: dict) -> list:
        """Rows, best first: the exact code, codes that begin so, what was chosen lately, then the rest.

        Each is a question of its own that an index answers and that stops when the list is full; one that sorts all
        that fits takes seconds where half of 500,000 rows fit (tests/customers/test_lookups.py).
        """
        rows = self.rows(person, given)
        recent = list(self._recent(person).values_list("row", flat=True)[:12])
        found: dict[int, object] = {}
        for best in self._stages(rows, typed, recent) if typed else self._untyped(rows, recent):
            for row in best:
                found.setdefault(row.pk, row)
            if len(found) >= MOST:
                break
        return list(found.values())[:MOST]

    def _stages(self, rows: QuerySet, typed: str, recent: list[int]) -> Iterable[list]:
        begins = list(self.beginning(rows, typed)[:MOST])
        yield sorted(
            begins, key=lambda row: (getattr(row, self.code).casefold() != typed.casefold(), getattr(row, self.code))
        )
        known = {row.pk: row for row in self.matching(rows, typed).filter(pk__in=recent)} if recent else {}
        yield [known[pk] for pk in recent if pk in known]
        folded = fold(typed)
        rest = list(self.matching(rows, typed)[:CANDIDATES])
        yield sorted(rest, key=lambda row: (folded not in fold(str(row))[: len(folded) + 3], getattr(row, self.code)))

    def _untyped(self, rows: QuerySet, recent: list[int]) -> Iterable[list]:
        known = {row.pk: row for row in rows.filter(pk__in=recent)}
        yield [known[pk] for pk in recent if pk in known]
        yield list(rows.order_by(self.code)[:MOST])

    def named(self, typed: str, person, given: dict | None = None) -> list:
        """The row of that exact code; else all whose search key fits (two at most: one is an answer, two are a question)."""
        rows = self.rows(person, given or {})
        exact = list(self.in_capitals(rows).filter(in_capitals=typed.upper())[:1])
        return exact or list(self.matching(rows, typed)[:2])

    def by_codes(self, codes: Iterable[str], person) -> dict:
        """The rows of many codes at once, by code in capitals."""
        wanted = {code.strip().upper() for code in codes}
        if not wanted:
            return {}
        rows = self.in_capitals(self.rows(person, {})).filter(in_capitals__in=wanted)
        return {getattr(row, self.code).upper(): row for row in rows}

    def row(self, pk, person):
        """The row of that id, if the person may choose it."""
        return self.rows(person, {}).filter(pk=pk).first() if str(pk).isdigit() else None

    def choice_of(self, pk, person) -> Choice | None:
        """What stands in the box for an id that the form already holds."""
        row = self.row(pk, person) if pk else None
        return self.choice(row) if row else None

    def used(self, pk: int, person) -> None:
        """Remember the choice; it comes first the next time."""
        Used.objects.update_or_create(person=person, lookup=self.name, row=pk, defaults={"at": timezone.now()})

    def _recent(self, person) -> QuerySet:
        return Used.objects.filter(person=person, lookup=self.name).order_by("-at")

    def add_address(self) -> str:
        try:
            return reverse(self.add) if self.add else ""
        except NoReverseMatch:
            return ""
