"""The words of a column that is a choice or names one of a few rows: what stands there, what it is taken for, what a person said.

«Versandt», «已出库», «出货»: no list of synonyms is ever complete. So the distinct words of such a column are shown with the
guess, a person says what the others mean, and that is remembered for the next sheet, whatever its headings.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language

from backoffice.sheets.declared import Sheet
from backoffice.sheets.fields import Field, Option, Reference, as_text, is_empty, plain_header, word
from backoffice.sheets.models import Remembered
from backoffice.sheets.reading import Table
from backoffice.sheets.recognising import Mapping, columns_of

ANY_HEADING = ""  # the key under which the words of a kind of sheet are remembered
MOST_WORDS = 60  # a column with more different texts is no column of words
EMPTY = "∅"  # what a person chooses for «as if the cell were empty»
LIKENESS = 0.75


@dataclass(frozen=True, slots=True)
class Word:
    """One distinct text of a column: how often it stands there, what it is taken for by itself, what a person said."""

    said: str
    count: int
    known: str
    meant: str
    guess: str

    @property
    def chosen(self) -> str:
        """What the select shows: what was said, else the likely one where nothing is known."""
        return self.meant or ("" if self.known else self.guess)

    @property
    def is_open(self) -> bool:
        return not self.known and not self.meant


@dataclass(frozen=True, slots=True)
class Column:
    """A column of words, as the mapping page shows it."""

    field: Field
    words: list[Word]
    options: list[Option]

    @property
    def open(self) -> list[Word]:
        return [each for each in self.words if each.is_open]

    @property
    def makes(self) -> bool:
        return self.field.refers is not None and self.field.refers.makes


def columns_of_words(sheet: type[Sheet], mapping: Mapping, table: Table, heading_at: int) -> list[Column]:
    """Every column of words that the sheet has, with what stands in it; columns with too many different texts are left out."""
    places = columns_of(mapping, table.heading(heading_at))
    wanted = [field for field in sheet.fields if field.has_words and field.name in places]
    found: dict[str, Counter[str]] = {field.name: Counter() for field in wanted}
    for _number, cells in table.rows(heading_at) if wanted else ():
        for name, texts in found.items():
            at = places[name]
            if len(texts) <= MOST_WORDS and at < len(cells) and not is_empty(cells[at]):
                texts[as_text(cells[at])] += 1
    return [
        Column(field, words_of(field, found[field.name], mapping[field.name].get("words", {})), options_of(field))
        for field in wanted
        if 0 < len(found[field.name]) <= MOST_WORDS
    ]


def words_of(field: Field, texts: Counter[str], meant: dict[str, str]) -> list[Word]:
    """The unknown ones first, then the more frequent ones."""
    options = options_of(field)
    labels = {option.value: option.label for option in options}
    names = {plain_header(name): o.value for o in options for name in (o.value, o.label, *o.also) if name}
    words = []
    for said, count in texts.items():
        known = (
            str(field.known_words.get(plain_header(said), ""))
            if field.kind == "choice"
            else names.get(plain_header(said), "")
        )
        if not known and field.refers and field.refers.reads(said):
            known = said
        guess = "" if known else guessed(said, names | {key: str(value) for key, value in field.known_words.items()})
        given = meant.get(word(said))
        words.append(Word(said, count, labels.get(known, known), EMPTY if given == "" else given or "", guess))
    return sorted(words, key=lambda each: (not each.is_open, -each.count, each.said))


def guessed(said: str, names: dict[str, str]) -> str:
    """The likely meaning: the longest known word inside this one, else one that is spelt much alike."""
    plain = plain_header(said)
    inside = [name for name in names if len(name) >= 2 and name in plain]
    near = inside or get_close_matches(plain, names, n=1, cutoff=LIKENESS)
    return names[max(near, key=len)] if near else ""


def options_of(field: Field) -> list[Option]:
    """What the column may mean: the rows that are here, or the choices, each under the first of its words in the reader's language."""
    if field.refers is not None:
        return sorted(field.refers.options(), key=lambda option: option.label)
    chinese = (get_language() or "").startswith("zh")
    found: dict[str, list[str]] = {}
    for said, value in field.choices.items():
        found.setdefault(str(value), []).append(said)
    return [Option(value, next((s for s in said if s.isascii() != chinese), said[0])) for value, said in found.items()]


def rows_of(model: type[Model], *, makes: bool = False, by: str = "code") -> Reference:
    """A column that names rows of a small table with code and name."""

    def options() -> Iterable[Option]:
        for row in model._default_manager.all()[:500]:
            code, name = str(getattr(row, by)), str(getattr(row, "name", ""))
            yield Option(code, name if name in ("", code) else f"{name} ({code})", (name,))

    names = {by, "name"} & {field.name for field in model._meta.concrete_fields}

    def reads(said: str) -> bool:
        """Whether it is a row beyond those that are offered."""
        return any(model._default_manager.filter(**{name: said}).exists() for name in sorted(names))

    return Reference(options, makes, reads)


# ── remembered ─────────────────────────────────────────────────────────────────────────────


def remembered(kind: str) -> dict[str, dict[str, str]]:
    """Field → word → what it means, as somebody said before of this kind of sheet."""
    kept = Remembered.objects.filter(kind=kind, heading=ANY_HEADING).first()
    return {name: to.get("words", {}) for name, to in kept.mapping.items()} if kept else {}


def with_words(kind: str, mapping: Mapping) -> Mapping:
    """The mapping with what is remembered of the words of its columns; what it says itself comes first."""
    known = remembered(kind)
    return {
        name: to | ({"words": known[name] | to.get("words", {})} if "column" in to and known.get(name) else {})
        for name, to in mapping.items()
    }


def remember(kind: str, mapping: Mapping) -> None:
    """Keep what the words of this mapping mean for the next sheet of the kind."""
    known = remembered(kind)
    for name, to in mapping.items():
        if to.get("words"):
            known[name] = known.get(name, {}) | to["words"]
    if known:
        Remembered.objects.update_or_create(
            kind=kind, heading=ANY_HEADING,
            defaults={"mapping": {name: {"words": said} for name, said in known.items()}, "changed_at": timezone.now()},
        )  # fmt: skip
