"""Giving out numbers."""

import datetime

from django.db import connection, transaction

from backoffice.numbering.models import Given, Series

TAKE = """
    INSERT INTO numbering_counter (series_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (series_id, year) DO UPDATE SET last = numbering_counter.last + 1
    RETURNING last
"""


def next_number(kind: str, *, on: datetime.date) -> str:
    """The next number of a kind of document in the year of `on`, such as `SO-2026-000123`.

    Call it as the last act of the step that fixes the document: the counter's row stays locked until the
    transaction ends, so that a rollback leaves no gap (reliability.md §1.3: 0 gaps, 0 doubles, 639 a second).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is given only inside the transaction that uses it.")
    series = Series.objects.get(kind=kind)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [series.pk, on.year])
        place = cursor.fetchone()[0]
    Given.objects.create(series=series, year=on.year, place=place)
    return f"{series.prefix}-{on.year}-{place:06d}"
