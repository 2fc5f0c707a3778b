"""Forms of queries that PostgreSQL plans better than others."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet


def among(rows: QuerySet[Any], path: str) -> Exists:
    """That what `path` leads to is one of these rows.

    Beside «or» an `IN` reads all of them even where one row is asked about; this is looked up for one and read whole
    for many, whichever is cheaper (order locked by an assistant of 20,000 customers: 22 ms, so 1.4 ms).
    """
    return Exists(rows.filter(pk=OuterRef(path)))
