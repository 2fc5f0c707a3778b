"""Which licences a customer lacks, what stands on file, and what has to be warned of today (C2)."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.stock.models import Category
from customers.licences.lifecycle import REVOKED
from customers.licences.models import WARNED_BEFORE, Licence, LicenceKind

OVER = -1  # the level of a warning that it has lapsed
TOLD_FOR = datetime.timedelta(days=30)  # what lapsed longer ago was told of
BILLING = ("invoice_title", "tax_no", "bank_name", "bank_account")


@dataclass(frozen=True, slots=True)
class Lack:
    """A licence that orders are held for; `latest` is the one that was valid last, None where there never was one."""

    kind: LicenceKind
    latest: Licence | None
    on: datetime.date

    def __str__(self) -> str:
        if self.latest is None:
            return _("No verified %(kind)s is on file.") % {"kind": self.kind}
        words = {"kind": self.kind, "number": self.latest.external_number or self.latest.number}
        if self.latest.get_state() == REVOKED:
            return _("%(kind)s %(number)s was withdrawn by its issuer.") % words
        if self.latest.valid_until and self.latest.valid_until < self.on:
            return _("%(kind)s %(number)s lapsed on %(day)s.") % {**words, "day": self.latest.valid_until}
        return _("%(kind)s %(number)s is valid from %(day)s only.") % {**words, "day": self.latest.valid_from}


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of licence at one customer: what is wanted beside what is on file; `days_left` is below zero once it is over."""

    kind: LicenceKind
    licence: Licence | None
    days_left: int | None = None

    @property
    def tone(self) -> str:
        if self.licence is None:
            return "bad" if self.kind.hold == LicenceKind.Hold.MISSING else "neutral"
        if self.days_left is not None and self.days_left < 0:
            return "warn" if self.kind.hold == LicenceKind.Hold.NOTHING else "bad"
        return "warn" if self.days_left is not None and self.days_left <= WARNED_BEFORE[1] else "good"


def lacks(party: Party, *, categories: Collection[int], on: datetime.date) -> list[Lack]:
    """Required licences that the customer does not validly hold for goods of these product lines; nothing is held by the others.

    Two statements where nothing is lacking; the product lines are asked for only where a kind that is lacking names some.
    """
    kinds = [kind for kind in LicenceKind.objects.holding().with_lines() if kind.is_wanted_of(party)]
    valid: set[int] = set()
    latest: dict[int, Licence] = {}
    if kinds:
        for licence in Licence.objects.filter(party=party).counted().order_by("valid_until", "pk"):
            latest[licence.licence_kind_id] = licence
            if licence.is_valid(on):
                valid.add(licence.licence_kind_id)
    found = [
        Lack(kind, latest.get(kind.pk), on)
        for kind in kinds
        if kind.pk not in valid and (kind.pk in latest or kind.hold == LicenceKind.Hold.MISSING)
    ]
    if not any(lack.kind.lines for lack in found):
        return found
    above = with_above(set(categories))
    return [lack for lack in found if not lack.kind.lines or above & set(lack.kind.lines)]


def with_above(categories: Collection[int]) -> set[int]:
    """These product lines and all they belong to."""
    parents = dict(Category.objects.values_list("pk", "parent"))
    found: set[int] = set()
    for pk in categories:
        step: int | None = pk
        while step is not None and step not in found:
            found.add(step)
            step = parents.get(step)
    return found


def standing_of(party: Party, *, on: datetime.date) -> list[Standing]:
    """Each kind that is on file, or asked of every such customer; what is wrong comes first."""
    mine = list(Licence.objects.filter(party=party).counted().order_by("valid_until", "pk"))
    latest = {row.licence_kind_id: row for row in sorted(mine, key=lambda row: row.is_valid(on))}
    found = []
    for kind in LicenceKind.objects.filter(is_active=True).with_lines():
        licence = latest.get(kind.pk)
        is_asked = kind.is_billing or (kind.hold == LicenceKind.Hold.MISSING and not kind.lines)
        if licence:
            found.append(Standing(kind, licence, OVER if licence.get_state() == REVOKED else licence.days_left(on)))
        elif is_asked and kind.is_wanted_of(party):
            found.append(Standing(kind, None))
    return sorted(found, key=lambda row: ("bad", "warn", "neutral", "good").index(row.tone))


def billing_of(party: Party) -> dict[str, str]:
    """What the archive says now of how to invoice this customer."""
    return {name: getattr(party, name) for name in BILLING}


def level_of(licence: Licence, *, on: datetime.date) -> int | None:
    """How urgent its end is: the closest of 60, 30 and 7 days, −1 once it has lapsed, None while it is far."""
    left = licence.days_left(on)
    if left is None or left > WARNED_BEFORE[0]:
        return None
    return OVER if left < 0 else min(days for days in WARNED_BEFORE if left <= days)


def to_warn_of(*, on: datetime.date) -> Iterator[tuple[Licence, int]]:
    """Licences of active customers whose end has come nearer than a warning looks, with the level of the warning."""
    last = on + datetime.timedelta(WARNED_BEFORE[0])
    rows = Licence.objects.in_state("verified").filter(party__is_active=True, valid_until__range=(on - TOLD_FOR, last))
    for licence in rows.select_related("party__owner", "licence_kind").order_by("valid_until", "pk"):
        level = level_of(licence, on=on)
        if level is not None:
            yield licence, level


def ending(*, visible_to: Person, on: datetime.date) -> QuerySet[Licence]:
    """Verified ones that lapse within a month or have lapsed, and whose renewal nobody has handed in; the worst first."""
    last = on + datetime.timedelta(WARNED_BEFORE[1])
    rows = (
        Licence.objects.visible_to(visible_to).in_state("verified").filter(party__is_active=True, valid_until__lte=last)
    )
    renewed = Licence.objects.in_state("submitted").filter(replaces=OuterRef("pk"))
    return rows.exclude(Exists(renewed)).select_related("party", "licence_kind").order_by("valid_until", "pk")
