"""One search key for everything with a name: text, pinyin and initials, so that `hzyy` finds 杭州医药."""

import unicodedata
from itertools import pairwise
from typing import Any

from django.db.models import Lookup, TextField
from pypinyin import Style, lazy_pinyin, load_single_dict

# Surnames that are read otherwise than the common word (曾 Zeng, 单 Shan …).
SURNAMES = {
    "曾": "zēng",
    "单": "shàn",
    "仇": "qiú",
    "解": "xiè",
    "查": "zhā",
    "盖": "gě",
    "朴": "piáo",
    "尉": "yù",
    "任": "rén",
    "区": "ōu",
}
load_single_dict({ord("行"): "háng,xíng", ord("厦"): "xià"})


def fold(text: str) -> str:
    """Lower case, half-width, without accents: what is typed and what is stored meet in this form."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFD", wide) if not unicodedata.combining(c))


def initials(text: str, *, is_person: bool = False) -> str:
    """The first letters of each syllable or word: «杭州医药» → `hzyy`, «Atelier graphique» → `ag`."""
    letters = []
    for index, part in enumerate(lazy_pinyin(surname(text) if is_person else text, style=Style.NORMAL, errors=words)):
        del index
        letters.append(part[:1])
    return fold("".join(letters))


def words(run: str) -> list[str]:
    """What is not Chinese counts by words; digits count as they stand."""
    found: list[str] = []
    for word in run.replace("-", " ").replace(".", " ").split():
        found.extend(word if word.isdigit() else [word])
    return found


def surname(text: str) -> str:
    """A name whose surname has a reading of its own, with that reading put in its place."""
    reading = SURNAMES.get(text[:1])
    return fold(reading) + " " + text[1:] if reading else text


def search_key(*texts: str, is_person: bool = False) -> str:
    """What a look-up searches: a blank, the folded texts, then of the Chinese ones initials, full pinyin and pairs of signs."""
    parts: list[str] = []
    for text in dict.fromkeys(t for t in texts if t):
        parts.append(fold(text))
        parts.append(initials(text, is_person=is_person))
        if any(is_chinese(c) for c in text):
            parts.append(fold("".join(lazy_pinyin(text, style=Style.NORMAL))))
            parts.extend(pairs(fold(text)))
    return " " + " ".join(dict.fromkeys(p for p in parts if p))


def is_chinese(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff"


def pairs(text: str) -> list[str]:
    """Every two Chinese signs that stand together, from the second sign on; the first pair begins the text already."""
    return [a + b for a, b in pairwise(text[1:]) if is_chinese(a) and is_chinese(b)]


@TextField.register_lookup
class Holds(Lookup):
    """`search__holds="医药"`: the search key holds this folded term; the trigram index answers whatever its length.

    From three signs on anywhere. Shorter terms stand at the beginning of a word, where a trigram index knows them too
    (« 医药» and «  h» are trigrams); that is why `search_key` writes every pair of Chinese signs as a word of its own.
    """

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        term = str(self.rhs)
        before = " " if len(term) < 3 else ""
        return f"{column} LIKE %s", (*parameters, f"%{before}{escaped(term)}%")


def escaped(term: str) -> str:
    """A term as LIKE takes it literally."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
