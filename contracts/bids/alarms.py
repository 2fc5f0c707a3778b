"""Alarms before the deadline of a bid 截止预警 (K5): a week, three days and one day before, and on the day; each once."""

import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.audit import acting
from backoffice.outbox.notices import notify
from backoffice.people.models import Person, Role
from contracts.bids.models import Bid
from contracts.bids.selectors import alarm_stage
from contracts.bids.topics import DEADLINE, DEPOSIT_BACK


def warn_of_deadlines(*, on: datetime.date) -> int:
    """Tell everybody who works on a bid, and the manager when one day is left; how many bids were told of."""
    told = 0
    with transaction.atomic(), acting(Person.objects.system(), step="warn_of_deadlines"):
        rows = Bid.objects.closing(on).select_related("party", "author", "salesperson").select_for_update(of=("self",))
        for bid in rows.order_by("pk"):
            days = (timezone.localtime(bid.closes_at).date() - on).days
            stage = alarm_stage(days)
            if days < 0 or stage is None or bid.warned == stage:
                continue
            bid.warned = stage
            bid.save(update_fields=["warned"])
            missing = bid.papers.missing().filter(is_required=True).count()
            notify(those_concerned(bid, stage), DEADLINE, bid, title=bid.title, days=days, missing=missing)
            told += 1
    return told


def those_concerned(bid: Bid, stage: int) -> list[Person | str]:
    """Author, salesperson, whoever still prepares a document; on the last day the managers too."""
    people = {bid.author, bid.salesperson, *(paper.owner for paper in bid.papers.missing().select_related("owner"))}
    managers: list[Person | str] = [Role.MANAGER] if stage <= 1 else []
    return [*managers, *sorted((person for person in people if person), key=lambda person: person.pk)]


def remind_of_deposits(*, on: datetime.date) -> int:
    """Once a week, of deposits that should be back: finance and whose bid it was. How many."""
    rows = list(Bid.objects.deposit_to_come_back(on).select_related("party", "author", "salesperson"))
    for bid in rows:
        people = [person for person in (bid.salesperson, bid.author) if person]
        notify([Role.FINANCE, *people], DEPOSIT_BACK, bid, amount=f"{bid.deposit_out:,.2f}")
    return len(rows)
