"""What waits for somebody, as numbers: behind each entry of the navigation and behind the bell, in one statement.

PostgreSQL needs longer to plan that statement than to answer it (a manager's: 23 ms and 28 ms; a plan kept for whatever is asked
answers in 70), so the numbers are kept for a moment: what others did shows so much later, what one did oneself at once.
"""

from functools import lru_cache

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import localdate

from backoffice.people.models import Person

from .registry import navigation_for, shelf

BELL = "bell"
KEPT_FOR = 10  # seconds


def waiting_for(person: Person, *, acted: str = "") -> dict[str, int]:
    """How much waits for this person behind each address of the navigation, and how much is unread; up to `KEPT_FOR` old.

    `acted` says when the person last did something themselves: what was counted before is not looked at.
    """
    standing = (tuple(person.roles), person.department_id, person.region_id, localdate())
    place = f"waiting:{person.pk}:{acted}:{hash(standing):x}"
    return caches["moments"].get_or_set(place, lambda: _count(person, *standing), KEPT_FOR)


def _count(person: Person, *standing: object) -> dict[str, int]:
    places, sql, params = _statement(person, *standing)
    numbers = dict.fromkeys((*places, BELL), 0)
    if sql:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for at, number in cursor.fetchall():
                numbers[places[at]] += number
    return numbers


@lru_cache(maxsize=500)
def _statement(person: Person, *_standing: object) -> tuple[list[str], str, tuple]:
    """The statement for a person of these roles at this place on this day: to write it takes longer than to run it."""
    entries = [entry for _section, some in navigation_for(person) for entry in some if entry.waits]
    asked = [(entry.url, entry.waits(person)) for entry in entries] + [(BELL, bell(person)) for bell in shelf.bells]
    places, parts, values = [place for place, _rows in asked], [], []
    for at, (_place, rows) in enumerate(asked):
        try:
            sql, params = _bare(rows).query.sql_with_params()
        except EmptyResultSet:  # what Django knows to be empty need not be asked
            continue
        parts.append(f"SELECT {at}, count(*) FROM ({sql}) AS rows")
        values.extend(params)
    return places, " UNION ALL ".join(parts), tuple(values)


def _bare(rows: QuerySet) -> QuerySet:
    """Without an order, unless the rows are told apart by it."""
    return (rows if rows.query.distinct_fields else rows.order_by()).values("pk")
