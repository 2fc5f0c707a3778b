"""Who may be in the archive twice (C1, X26): the same tax number, the same telephone, or nearly the same name."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db import transaction

from backoffice.parties.models import Party
from backoffice.parties.search import fold
from customers.models import Duplicate

COMPANY_WORDS = (
    "有限责任公司", "股份有限公司", "有限公司", "公司", "集团", "co.", "ltd", "inc", "gmbh", "corporation", "company",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
ALIKE = Decimal("0.75")
CERTAIN = {Duplicate.Why.TAX_NO: Decimal(1), Duplicate.Why.PHONE: Decimal("0.9")}
RAREST = 3  # names are compared that share one of their rarest pairs of signs
CROWD = 400  # what so many share is no hint
SHORTEST_PHONE = 7


@dataclass(frozen=True, slots=True)
class Face:
    """What tells a customer apart."""

    pk: int
    tax_no: str
    phone: str
    name: str


def telling(name: str) -> str:
    """The part of a name that tells apart: «有限公司» and blanks tell nothing."""
    found = fold(name).strip()
    for word in COMPANY_WORDS:
        found = found.replace(word, " ")
    return " ".join(found.replace("(", " ").replace(")", " ").split())


def pieces(text: str) -> set[str]:
    """Every two signs that stand together."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def numbers(text: str) -> list[str]:
    """Its numerals: the first hospital is not the second."""
    return [sign for sign in text if sign.isdigit() or sign in NUMERALS]


def likeness(one: str, other: str) -> Decimal:
    """Of 0 to 1: twice the pieces both have, of all their pieces (Dice); nothing where the numbers in them differ."""
    if numbers(one) != numbers(other):
        return Decimal(0)
    mine, theirs = pieces(one), pieces(other)
    return Decimal(2 * len(mine & theirs)) / (len(mine) + len(theirs)) if mine and theirs else Decimal(one == other)


def faces() -> list[Face]:
    rows = (
        Party.objects.customers().filter(merged_into=None).order_by("pk").values_list("pk", "tax_no", "phone", "name")
    )
    return [
        Face(pk, tax_no, "".join(c for c in phone if c.isdigit()), telling(name)) for pk, tax_no, phone, name in rows
    ]


def likely_pairs(found: Iterable[Face]) -> dict[tuple[int, int], tuple[str, Decimal]]:
    """(smaller key, greater key) → why, and how like they are; the surest reason of each pair."""
    everyone = list(found)
    pairs: dict[tuple[int, int], tuple[str, Decimal]] = {}
    often = Counter(piece for face in everyone for piece in pieces(face.name))
    for one, other in among(
        everyone, lambda face: set(sorted(pieces(face.name), key=lambda piece: (often[piece], piece))[:RAREST])
    ):
        near = likeness(one.name, other.name)
        if near >= ALIKE:
            pairs[one.pk, other.pk] = (Duplicate.Why.NAME, near)
    for why, key in ((Duplicate.Why.PHONE, phone_of), (Duplicate.Why.TAX_NO, tax_no_of)):
        pairs |= {(one.pk, other.pk): (why, CERTAIN[why]) for one, other in among(everyone, key)}
    return pairs


def phone_of(face: Face) -> set[str]:
    return {face.phone[-11:]} if len(face.phone) >= SHORTEST_PHONE else set()


def tax_no_of(face: Face) -> set[str]:
    return {face.tax_no} if face.tax_no else set()


def among(found: Iterable[Face], keys: Callable[[Face], set[Any]]) -> Iterator[tuple[Face, Face]]:
    """Pairs that have a key in common, but for keys that a crowd has."""
    groups: dict[Hashable, list[Face]] = defaultdict(list)
    for face in found:
        for key in keys(face):
            groups[key].append(face)
    for group in groups.values():
        if len(group) <= CROWD:
            yield from combinations(group, 2)


@transaction.atomic
def find_duplicates(*, on: datetime.date) -> int:
    """Write down the pairs that are new, and forget those that are alike no more and that nobody has looked at. How many are new."""
    pairs = likely_pairs(faces())
    known = {(row.party_id, row.other_id): row for row in Duplicate.objects.all()}
    gone = [row.pk for key, row in known.items() if key not in pairs and row.dismissed_at is None]
    Duplicate.objects.filter(pk__in=gone).delete()
    new = [
        Duplicate(party_id=one, other_id=other, why=why, likeness=near, found_on=on)
        for (one, other), (why, near) in pairs.items()
        if (one, other) not in known
    ]
    Duplicate.objects.bulk_create(new, batch_size=1000)
    return len(new)
