"""Folding what was appended to the sums of sales; may run at any time, twice too, and nobody waits for it."""

from django.db import connection


def fold_sales() -> int:
    """Move the changes since the last time into the sums; answers how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_fold_sales()")
        return int(cursor.fetchone()[0])
