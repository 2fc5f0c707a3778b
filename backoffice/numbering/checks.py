"""What must hold of numbers given: 1, 2, 3 … in every series and year, and the counter at the last of them."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("numbers.holes")
def numbers_follow_each_other() -> Iterator[str]:
    """No number is left out, none is given twice."""
    for prefix, year, place, step in rows("""
        SELECT s.prefix, g.year, g.place, g.step
          FROM (SELECT series_id, year, place,
                       place - lag(place, 1, 0) OVER (PARTITION BY series_id, year ORDER BY place) AS step
                  FROM numbering_given) AS g
          JOIN numbering_series s ON s.id = g.series_id
         WHERE g.step <> 1 ORDER BY 1, 2, 3
    """):
        number = f"{prefix}-{year}-{place:06d}"
        yield f"{number} was given twice" if step == 0 else f"{step - 1} missing before {number}"


@checks_books("numbers.counters")
def counters_stand_at_the_last_number() -> Iterator[str]:
    """A counter says the last number that was given."""
    for prefix, year, last, given in rows("""
        SELECT s.prefix, year, coalesce(c.last, 0), coalesce(g.last, 0)
          FROM numbering_counter c
          FULL JOIN (SELECT series_id, year, max(place) AS last FROM numbering_given GROUP BY 1, 2) AS g
                    USING (series_id, year)
          JOIN numbering_series s ON s.id = series_id
         WHERE coalesce(c.last, 0) <> coalesce(g.last, 0)
    """):
        yield f"{prefix} {year}: counter at {last}, last given {given}"
