"""A table pasted from Excel: which of its columns is which, whatever their order, with headings or without."""

from collections.abc import Sequence
from typing import Any

from backoffice import money

from .registry import shelf

MOST_ROWS = 500


def arranged(text: str, columns: Sequence[Any], person: Any) -> list[dict[str, str]]:
    """Rows as {column name: text}. By headings where the first row has them; else the look-up column is the one whose
    cells are codes, and figures follow in the order of the sheet (whole numbers before prices)."""
    table = [line.split("\t") for line in text.replace("\r", "").split("\n") if line.strip()][:MOST_ROWS]
    table = [[cell.strip() for cell in line] for line in table]
    typed = [column for column in columns if not column.computed]
    places = by_headings(table, typed)
    if places:
        table = table[1:]
    else:
        places = by_content(table, typed, person)
    return [{name: line[at] for at, name in places.items() if at < len(line)} for line in table]


def by_headings(table: list[list[str]], columns: Sequence[Any]) -> dict[int, str]:
    """{place: column} from the first row, if it names the look-up column."""
    words = {word.casefold(): c.name for c in columns for word in (c.name, str(c.label), *map(str, c.also))}
    places = {
        at: words[cell.casefold()] for at, cell in enumerate(table[0] if table else []) if cell.casefold() in words
    }
    return places if {c.name for c in columns if c.lookup} & set(places.values()) else {}


def by_content(table: list[list[str]], columns: Sequence[Any], person: Any) -> dict[int, str]:
    """{place: column} from what stands in the cells; place by place as in the sheet when no cell is a code."""
    width = max((len(line) for line in table), default=0)
    cells = [[line[at] for line in table if at < len(line) and line[at]] for at in range(width)]
    key = next((c for c in columns if c.lookup), None)
    hits = [len(shelf.lookups[key.lookup].by_codes(values, person)) if key else 0 for values in cells]
    if key is None or not any(hits):
        return {at: column.name for at, column in enumerate(columns[:width])}
    code = hits.index(max(hits))
    figures = [at for at in range(width) if at != code and cells[at] and all(is_number(cell) for cell in cells[at])]
    figures.sort(key=lambda at: (any("." in cell for cell in cells[at]), at))
    wanted = [c.name for c in columns if c.kind in ("quantity", "price", "percent")]
    return {code: key.name, **dict(zip(figures, wanted, strict=False))}


def is_number(cell: str) -> bool:
    try:
        money.parse_number(cell)
    except money.NotANumber:
        return False
    return True
