"""One search key for everything with a name: text, pinyin and initials, so that `hzyy` finds 杭州医药."""

import unicodedata

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
    """What a look-up searches: the folded texts, then initials and full pinyin of the Chinese ones."""
    parts: list[str] = []
    for text in dict.fromkeys(t for t in texts if t):
        parts.append(fold(text))
        parts.append(initials(text, is_person=is_person))
        if any("\u4e00" <= c <= "\u9fff" for c in text):
            parts.append(fold("".join(lazy_pinyin(text, style=Style.NORMAL))))
    return " ".join(dict.fromkeys(p for p in parts if p))
