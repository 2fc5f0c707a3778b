"""Questions about customers over more than one table."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet

from backoffice.files.models import File
from backoffice.ledger.selectors import ageing, ageing_labels
from backoffice.money import ZERO
from backoffice.parties import tax_number
from backoffice.parties.models import Party
from backoffice.parties.search import fold
from backoffice.people.models import Person
from customers.models import Address, Note

COMPANY_WORDS = (
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "公司",
    "集团",
    "co.",
    "ltd",
    "inc",
    "gmbh",
    "corporation",
    "company",
)
ALIKE = Decimal("0.55")
MOST = 5


@dataclass(frozen=True, slots=True)
class Bucket:
    """One part of the ageing bar; `start` and `share` are percentages of what is open."""

    label: str
    amount: Decimal
    start: str
    share: str
    tone: int


def ageing_bar(party: Party, *, on: datetime.date) -> list[Bucket]:
    """What is open by days past due, the same columns as the ageing report; empty when nothing is."""
    rows = ageing(on=on, party=party).rows
    if not rows:
        return []
    amounts = rows[0].amounts
    whole, before, found = sum(amounts, ZERO), ZERO, []
    for place, (label, amount) in enumerate(zip(ageing_labels(), amounts, strict=True)):
        if amount > 0:
            found.append(Bucket(label, amount, f"{before * 100 / whole:.2f}", f"{amount * 100 / whole:.2f}", place))
            before += amount
    return found


@dataclass(frozen=True, slots=True)
class Alike:
    """A party that may be the one that is being typed; `why` is name, tax_no or phone. `party` is None where it is not visible."""

    party: Party | None
    why: str
    owner: Person | None = None


def alikes(
    *, person: Person, name: str = "", tax_no: str = "", phone: str = "", leave_out: int | None = None
) -> list[Alike]:
    """Who is in the archive already under this tax number, telephone or a similar name (X26), the surest first.

    A party that the person may not see is named only by who looks after it, and only for the same tax number.
    """
    others = Party.objects.exclude(pk=leave_out).select_related("owner")
    mine = others.visible_to(person)
    found: dict[int, Alike] = {}
    if number := tax_number.tidy(tax_no):
        seen = set(mine.filter(tax_no=number).values_list("pk", flat=True)[:MOST])
        for party in others.filter(tax_no=number)[:MOST]:
            found[party.pk] = Alike(party if party.pk in seen else None, "tax_no", party.owner)
    digits = "".join(c for c in phone if c.isdigit())
    if len(digits) >= 7:
        _add(found, mine.filter(search__contains=digits)[:MOST], "phone")
    if len(name.strip()) >= 2:
        _add(found, _named_like(mine, name)[:MOST], "name")
    return list(found.values())[:MOST]


def _add(found: dict[int, Alike], rows: Sequence[Party] | QuerySet[Party], why: str) -> None:
    for party in rows:
        found.setdefault(party.pk, Alike(party, why, party.owner))


def _named_like(rows: QuerySet[Party], name: str) -> QuerySet[Party]:
    """Names that hold the telling part of this one, or nearly so; «有限公司» tells nothing."""
    telling = fold(name).strip()
    for word in COMPANY_WORDS:
        telling = telling.replace(word, " ")
    telling = " ".join(telling.split())
    if len(telling) < 2:
        return rows.none()
    if len(telling) < 4 or not telling.isascii():
        return rows.filter(search__holds=telling).order_by("code")
    near = TrigramWordSimilarity(telling, "search")
    return (
        rows.filter(Q(search__trigram_word_similar=telling))
        .annotate(near=near)
        .filter(near__gte=ALIKE)  # type: ignore[misc]
        .order_by("-near")
    )


def delivery_address(party: Party) -> Address | None:
    """Where goods go unless somebody says otherwise."""
    rows = Address.objects.filter(party=party, use=Address.Use.DELIVERY)
    return rows.order_by("-is_default", "pk").first()


def files_of(party: Party, *, person: Person) -> QuerySet[File]:
    """Everything on file with the documents of a customer, newest first."""
    return (
        File.objects.visible_to(person)
        .filter(record__party=party)
        .select_related("record", "uploaded_by")
        .order_by("-pk")
    )


def due_notes(person: Person, *, on: datetime.date) -> QuerySet[Note]:
    """Follow-ups that this person has to make by a day, the longest waiting first."""
    return (
        Note.objects.visible_to(person).due(on).filter(due_for=person).select_related("party").order_by("due_on", "pk")
    )
