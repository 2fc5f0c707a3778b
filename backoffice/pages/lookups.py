"""Look-ups: a row found by code, name, initials or phone while it is typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.db.models.functions import Upper
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from backoffice.parties.search import fold

from .models import Used

MOST = 20


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
            rows = rows.filter(search__contains=word)
        return rows

    # ── what the pages call ──
    def find(self, typed: str, person, given: dict) -> list[Choice]:
        """Best first: the exact code, codes that begin so, what was chosen lately, then the rest."""
        rows = self.rows(person, given)
        recent = list(self._recent(person).values_list("row", flat=True)[:12])
        if typed:
            begins = Q(**{f"{self.code}__istartswith": typed})
            rows = self.matching(rows, typed) | rows.filter(begins)
            rank = [When(**{f"{self.code}__iexact": typed}, then=0), When(begins, then=1), When(pk__in=recent, then=2)]
        else:
            rank = [When(pk=pk, then=place) for place, pk in enumerate(recent)]
        ordering = Case(*rank, default=99, output_field=IntegerField()) if rank else None
        rows = rows.order_by(*([ordering] if ordering else []), self.code, "pk")[:MOST]
        return list(self.choices(list(rows), person, given))

    def named(self, typed: str, person, given: dict | None = None) -> list:
        """The row of that exact code; else all whose search key fits (two at most: one is an answer, two are a question)."""
        rows = self.rows(person, given or {})
        exact = list(rows.filter(**{f"{self.code}__iexact": typed})[:1])
        return exact or list(self.matching(rows, typed)[:2])

    def by_codes(self, codes: Iterable[str], person) -> dict:
        """The rows of many codes at once, by code in capitals."""
        wanted = {code.strip().upper() for code in codes}
        if not wanted:
            return {}
        rows = self.rows(person, {}).alias(code_in_capitals=Upper(self.code)).filter(code_in_capitals__in=wanted)
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
