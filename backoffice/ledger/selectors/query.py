"""SQL for the selectors: conditions over dimensions, visibility as a sub-query, rows as dataclasses."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from backoffice.parties.models import Party
from backoffice.people.models import Person

T = TypeVar("T")
Row = Model | int | None


@dataclass(slots=True)
class Where:
    """Conditions joined by AND, with their parameters in order."""

    texts: list[str] = field(default_factory=lambda: ["true"])
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *values: Any) -> "Where":
        self.texts.append(text)
        self.values.extend(values)
        return self

    def equal(self, **columns: Row) -> "Where":
        """`equal(party=…)` → l.party_id = …; what is None is not asked for."""
        for name, row in columns.items():
            if row is not None:
                self.add(f"l.{name}_id = %s", row.pk if isinstance(row, Model) else row)
        return self

    def accounts(self, codes: Iterable[str]) -> "Where":
        """The accounts named and everything below them: 1122 means 1122, 1122.01, 1122.02."""
        named = list(codes)
        return self.add(
            "l.account_id = ANY (ARRAY(SELECT id FROM ledger_account WHERE code = ANY(%s) OR code LIKE ANY(%s)))",
            named,
            [f"{code}.%" for code in named],
        )

    def visible(self, person: Person | None, column: str = "l.party_id") -> "Where":
        """Only rows of parties this person may know of; None asks for everything (jobs, checks)."""
        if person is None or person.sees_everything:
            return self
        sql, values = Party.objects.visible_to(person).values("pk").query.sql_with_params()
        return self.add(f"{column} IN ({sql})", *values)

    def __str__(self) -> str:
        return " AND ".join(self.texts)


def fetch(sql: str, values: Iterable[Any], into: type[T]) -> list[T]:
    """Run one statement; its columns are the first fields of the dataclass, in order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return [into(*row) for row in cursor.fetchall()]
