"""Which import a sheet is meant for, by its heading; and which column feeds which field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import translation

from backoffice.sheets.declared import Sheet
from backoffice.sheets.fields import plain_header
from backoffice.sheets.reading import ERRORS_COLUMN, Table

Mapping = dict[str, dict[str, Any]]  # field → {"column": heading} or {"value": literal}
LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True, slots=True)
class Guess:
    sheet: type[Sheet]
    heading_at: int
    mapping: Mapping
    score: float


def recognise(table: Table, sheets: Iterable[type[Sheet]]) -> Guess | None:
    """The kind whose fields the heading names best: all required ones first, then the larger share."""
    guesses = [guess for sheet in sheets if (guess := guess_for(table, sheet))]
    return max(guesses, key=lambda guess: guess.score, default=None)


def guess_for(table: Table, sheet: type[Sheet]) -> Guess | None:
    best: Guess | None = None
    for at in range(len(table.top)):
        heading = table.heading(at)
        mapping = map_heading(heading, sheet)
        named = [text for text in heading if text]
        if len(mapping) < min(2, len(named)) or not mapping:
            continue
        required = [field.name for field in sheet.fields if field.required]
        missing = sum(name not in mapping for name in required)
        score = (
            (missing == 0) * 10
            - missing
            + len(mapping) / max(len(named), 1)
            + len(mapping) / max(len(sheet.fields), 1) / 2
        )
        if best is None or score > best.score:
            best = Guess(sheet, at, mapping, score)
    return best


def map_heading(heading: Sequence[str], sheet: type[Sheet]) -> Mapping:
    """Each field takes the first free column of one of its names."""
    free = {plain_header(text): text for text in reversed(heading) if text and plain_header(text) != ERRORS_COLUMN}
    mapping: Mapping = {}
    for field in sheet.fields:
        for known in names_of(field):
            if known in free:
                mapping[field.name] = {"column": free.pop(known)}
                break
    return mapping


def names_of(field: Any) -> list[str]:
    """Its headers as declared, in their order, then its label in each language and its name."""
    names = [plain_header(text) for text in field.headers]
    for language in LANGUAGES:
        with translation.override(language):
            names.append(plain_header(field.label))
    return [name for name in dict.fromkeys([*names, plain_header(field.name)]) if name]


def columns_of(mapping: Mapping, heading: Sequence[str]) -> dict[str, int]:
    """Field → place of its column in this heading."""
    places = {text: at for at, text in reversed(list(enumerate(heading))) if text}
    return {name: places[to["column"]] for name, to in mapping.items() if to.get("column") in places}


def heading_key(heading: Sequence[str]) -> str:
    """One key for the same set of headers, whatever their order and case."""
    return sha256("\n".join(sorted(plain_header(text) for text in heading if text)).encode()).hexdigest()
