"""Questions about customers over more than one table."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet, Value

from backoffice.files.models import File
from backoffice.ledger.selectors import ageing, ageing_labels
from backoffice.money import ZERO
from backoffice.parties import tax_number
from backoffice.parties.models import Party
from backoffice.parties.search import is_chinese
from backoffice.people.models import Person, Region, Role, above
from customers.duplicates import likeness, pieces, telling
from customers.models import Address, Contact, HandOver, Note

ALIKE = Decimal("0.55")
ALIKE_IN_PAIRS = Decimal("0.65")
MOST = 5
MOST_PAIRS, CROWD, MOST_READ = 20, 200, 400  # pairs of signs asked for, names that hold one of them, names compared


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
    others = Party.objects.filter(merged_into=None).exclude(pk=leave_out).select_related("owner")
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
        _add(found, _named_like(mine, name), "name")
    return list(found.values())[:MOST]


def _add(found: dict[int, Alike], rows: Sequence[Party] | QuerySet[Party], why: str) -> None:
    for party in rows:
        found.setdefault(party.pk, Alike(party, why, party.owner))


def _named_like(rows: QuerySet[Party], name: str) -> list[Party]:
    """Names that hold the telling part of this one, then those nearly like it; «有限公司» tells nothing."""
    part = telling(name)
    if len(part) < 2:
        return []
    if part.isascii() and len(part) >= 4:
        near = TrigramWordSimilarity(part, "search")
        like = rows.filter(Q(search__trigram_word_similar=part)).annotate(near=near)
        return list(like.filter(near__gte=ALIKE).order_by("-near")[:MOST])  # type: ignore[misc]
    found = list(rows.filter(search__holds=part).order_by("code")[:MOST])
    return found if len(found) == MOST else [*found, *_like_in_pairs(rows, part, leave_out=found)]


def _like_in_pairs(rows: QuerySet[Party], part: str, *, leave_out: Sequence[Party]) -> list[Party]:
    """Names that have most of their pairs of Chinese signs in common with this one, the likest first.

    Read are those that share one of its rarest pairs; what a crowd shares («上海», «医疗») leads to nobody.
    """
    holders: dict[str, list[int]] = {}
    for pk, piece in sharing(part) or ():
        holders.setdefault(piece, []).append(pk)
    keys: set[int] = set()
    for held in sorted(holders.values(), key=len):
        if len(held) <= CROWD and len(keys) + len(held) <= MOST_READ:
            keys |= set(held)
    keys -= {party.pk for party in leave_out}
    names = rows.filter(pk__in=keys).order_by("code").values_list("pk", "name") if keys else ()
    near = [(likeness(part, telling(name)), pk) for pk, name in names]
    likest = [pk for like, pk in sorted(near, key=lambda pair: -pair[0]) if like >= ALIKE_IN_PAIRS][:MOST]
    found = rows.in_bulk(likest)
    return [found[pk] for pk in likest]


def sharing(part: str) -> QuerySet[Party, tuple[int, str]] | None:
    """(key, pair) of the parties whose search key holds a pair of Chinese signs of this text, of each pair not many more than a
    crowd: one statement, answered by the trigram index, which knows every pair as the beginning of a word."""
    pairs = sorted(piece for piece in pieces(part) if all(map(is_chinese, piece)))[:MOST_PAIRS]
    rows = Party.objects.order_by()
    each = [
        rows.filter(search__holds=piece).annotate(piece=Value(piece)).values_list("pk", "piece")[: CROWD + 1]
        for piece in pairs
    ]
    return each[0].union(*each[1:], all=True) if each else None


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


def serving(party: Party) -> QuerySet[Person]:
    """The assistants who serve a customer: by its salesperson, or by its region or one that holds it."""
    serves = Q(serves=party.owner_id) if party.owner_id else Q(pk__in=[])
    if party.region_id:
        serves |= Q(serves_regions__in=above(Region, [party.region_id]))
    ids = Person.objects.with_role(Role.ASSISTANT).filter(serves).values("pk")
    return Person.objects.filter(pk__in=ids)


def birthdays(person: Person, *, on: datetime.date) -> list[tuple[datetime.date, Contact]]:
    """Whose birthday of the contacts of this person's own customers falls into the seven days from `on`, with the day, in order."""
    days = [on + datetime.timedelta(days=ahead) for ahead in range(7)]
    wanted = Q(pk__in=[])
    for day in days:
        wanted |= Q(birthday__month=day.month, birthday__day=day.day)
    rows = Contact.objects.filter(wanted, party__owner=person, party__is_active=True).select_related("party")
    of_those = {(day.month, day.day): day for day in days}
    found = [(of_those[row.birthday.month, row.birthday.day], row) for row in rows if row.birthday]
    return sorted(found, key=lambda pair: (pair[0], pair[1].pk))


def hand_overs_waiting(party: Party) -> HandOver | None:
    """The hand-over that is planned for a customer."""
    return HandOver.objects.filter(party=party).waiting().select_related("taker").first()
