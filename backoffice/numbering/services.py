"""Giving out numbers."""

import datetime

from django.db import connection, transaction

from backoffice.numbering.models import Series

TAKE = """
    WITH taken AS (
        INSERT INTO numbering_counter (series_id, year, last) SELECT id, %s, 1 FROM numbering_series WHERE kind = %s
        ON CONFLICT (series_id, year) DO UPDATE SET last = numbering_counter.last + 1
        RETURNING series_id, year, last
    ), given AS (
        INSERT INTO numbering_given (series_id, year, place, at) SELECT series_id, year, last, clock_timestamp() FROM taken
    )
    SELECT s.prefix, t.last FROM taken t JOIN numbering_series s ON s.id = t.series_id
"""


def next_number(kind: str, *, on: datetime.date) -> str:
    """The next number of a kind of document in the year of `on`, such as `SO-2026-000123`.

    Call it as the last act of the step that fixes the document: the counter's row stays locked until the
    transaction ends, so that a rollback leaves no gap (reliability.md §1.3: 0 gaps, 0 doubles, 639 a second).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is given only inside the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [on.year, kind])
        row = cursor.fetchone()
    if row is None:
        raise Series.DoesNotExist(f"no number series for {kind}")
    return f"{row[0]}-{on.year}-{row[1]:06d}"
