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
from backoffice.people.models import Person, Region, Role, above
from customers.duplicates import telling
from customers.models import Address, Contact, HandOver, Note

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
        _add(found, _named_like(mine, name)[:MOST], "name")
    return list(found.values())[:MOST]


def _add(found: dict[int, Alike], rows: Sequence[Party] | QuerySet[Party], why: str) -> None:
    for party in rows:
        found.setdefault(party.pk, Alike(party, why, party.owner))


def _named_like(rows: QuerySet[Party], name: str) -> QuerySet[Party]:
    """Names that hold the telling part of this one, or nearly so; «有限公司» tells nothing."""
    part = telling(name)
    if len(part) < 2:
        return rows.none()
    if len(part) < 4 or not part.isascii():
        return rows.filter(search__holds=part).order_by("code")
    near = TrigramWordSimilarity(part, "search")
    return (
        rows.filter(Q(search__trigram_word_similar=part))
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
