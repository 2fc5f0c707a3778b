"""What must hold of receptions, asked by `manage.py check_books`."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("visits.reception_lines")
def receptions_are_their_lines() -> Iterator[str]:
    """Budget and actual cost of a reception are the sums of its lines (C5)."""
    found = rows(
        """
        SELECT r.id, r.amount, r.actual, coalesce(sum(l.budget), 0), coalesce(sum(l.actual), 0)
          FROM visits_reception r LEFT JOIN visits_receptionline l ON l.reception_id = r.id
         GROUP BY r.id HAVING r.amount <> coalesce(sum(l.budget), 0) OR r.actual <> coalesce(sum(l.actual), 0)
        """
    )
    for pk, amount, actual, budgeted, spent in found:
        yield f"reception {pk}: {amount} planned and {actual} spent, its lines make {budgeted} and {spent}"
