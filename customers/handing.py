"""Customers go from one salesperson to another 客户移交 (C1): one or many, as of a day; past sales stay with whom they were made.

Documents carry the salesperson they were written with, so nothing of the past moves; open follow-ups and cases go along.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from customers.models import Customer, HandOver, Note

HANDS_OVER = (Role.MANAGER, Role.GM)
GOES_ALONG: list[Callable[[HandOver], None]] = []


def goes_along(move: Callable[[HandOver], None]) -> Callable[[HandOver], None]:
    """A part says what of its own goes from giver to taker with the customer: `@goes_along` over a hand-over that is done."""
    GOES_ALONG.append(move)
    return move


def hand_over(
    customers: Iterable[Customer], *, to: Person, by: Person, note: str = "", on: datetime.date | None = None
) -> int:
    """Give customers to another salesperson as of a day, today unless said; what lies ahead is done on its day. How many."""
    today = timezone.localdate()
    on = on or today
    check_hand_over(to, by=by, on=on, today=today)
    ids = [customer.pk for customer in customers]
    with transaction.atomic(), acting(by, step="hand_over", note=note):
        parties = Party.objects.visible_to(by).filter(pk__in=ids, merged_into=None).exclude(owner=to)
        parties = parties.order_by("pk").select_for_update(of=("self",))
        HandOver.objects.filter(party__in=ids).waiting().update(cancelled_at=timezone.now())
        rows = HandOver.objects.bulk_create(
            HandOver(party=party, giver_id=party.owner_id, taker=to, on=on, note=note, planned_by=by)
            for party in parties
        )
        if on <= today:
            give(rows)
    return len(rows)


def check_hand_over(to: Person, *, by: Person, on: datetime.date, today: datetime.date) -> None:
    if not by.has_role(*HANDS_OVER):
        raise Refused(_("Only a manager hands customers over."), code="role")
    if not to.is_active or not to.has_role(Role.SALESPERSON, Role.MANAGER):
        raise Refused(_("%(person)s is no salesperson here.") % {"person": to}, code="owner", field="to")
    if on < today:
        words = _("Not before today: what was sold up to now stays with whom sold it.")
        raise Refused(words, code="past", field="on")


def give(rows: Sequence[HandOver]) -> None:
    """Put the new salesperson into the archive, and what the old one still had to follow up on the new one's workbench."""
    takers = {row.party_id: row for row in rows}
    parties = list(Party.objects.filter(pk__in=takers).order_by("pk").select_for_update(of=("self",)))
    for party in parties:
        row = takers[party.pk]
        row.giver_id = party.owner_id  # whoever has it now, if it changed hands since it was planned
        party.owner_id = row.taker_id
        party.version += 1
        row.done_at = timezone.now()
        Note.objects.open().filter(party=party, due_for=row.giver_id).update(due_for=row.taker_id)
    Party.objects.bulk_update(parties, ["owner", "version"])
    HandOver.objects.bulk_update(rows, ["giver", "done_at"])
    for row in rows:
        for move in GOES_ALONG:
            move(row)


@transaction.atomic
def give_what_is_due(*, on: datetime.date) -> int:
    """Hand over what was planned up to a day; what came to its new salesperson already is done with. How many."""
    due = HandOver.objects.waiting().filter(on__lte=on).select_for_update(of=("self",))
    rows = list(due.select_related("planned_by", "party").order_by("pk"))
    done_with = [row for row in rows if row.party.owner_id == row.taker_id or row.party.merged_into_id]
    HandOver.objects.filter(pk__in=[row.pk for row in done_with]).update(cancelled_at=timezone.now())
    todo = [row for row in rows if row not in done_with]
    for row in todo:
        with acting(row.planned_by, step="hand_over", note=row.note):
            give([row])
    return len(todo)


def cancel_hand_over(row: HandOver, *, by: Person, note: str = "") -> HandOver:
    """Give up one that has not been done yet."""
    if not by.has_role(*HANDS_OVER):
        raise Refused(_("Only a manager hands customers over."), code="role")
    with transaction.atomic(), acting(by, step="cancel_hand_over", note=note):
        locked = HandOver.objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
        if locked.done_at or locked.cancelled_at:
            raise Refused(_("It was done or given up already."), code="state")
        locked.cancelled_at = timezone.now()
        locked.save(update_fields=["cancelled_at"])
        return locked
