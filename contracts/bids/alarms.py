"""Alarms before the days of a bid 截止预警 (K5): its deadline, its deposit, its documents, its opening; each once."""

import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.audit import acting
from backoffice.outbox.notices import notify
from backoffice.people.models import Person, Role
from contracts.bids.lifecycle import HANDED_IN, PREPARING
from contracts.bids.models import SOON, Bid, BidPaper
from contracts.bids.selectors import alarm_stage
from contracts.bids.topics import DEADLINE, DEPOSIT, DEPOSIT_BACK, OPENING, PAPER

DAY = datetime.timedelta(days=1)
PAPERS_SOON = 3 * DAY


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


def warn_of_deposits(*, on: datetime.date) -> int:
    """Tell finance and whose bid it is of deposits not paid in full, at the stages of the deadline; how many were told of."""
    rows = Bid.objects.deposit_to_pay().filter(deposit_by__range=(on, on + SOON))
    return sum(
        bool(
            notify(
                [Role.FINANCE, *whose(bid)], DEPOSIT, bid, key=key_of(bid, bid.deposit_by, on), day=bid.deposit_by, amount=f"{bid.deposit_missing:,.2f}"
            )
        )
        for bid in rows.select_related("party", "author", "salesperson").order_by("pk")
    )  # fmt: skip


def warn_of_papers(*, on: datetime.date) -> int:
    """Tell whoever prepares a document that must be there and is not ready, from three days before; how many were told of."""
    rows = BidPaper.objects.due(on + PAPERS_SOON).filter(due_on__gte=on, is_required=True)
    told = 0
    for paper in rows.select_related("owner", "bid__party", "bid__author", "bid__salesperson").order_by("pk"):
        bid, people = paper.bid, [paper.owner] if paper.owner else whose(paper.bid)
        key = key_of(paper, paper.due_on, on)
        told += bool(notify(people, PAPER, bid, key=key, title=bid.title, name=paper.name, day=paper.due_on))
    return told


def warn_of_openings(*, on: datetime.date) -> int:
    """Tell whose bid it is the day before it is opened, and on the day; how many were told of."""
    rows = Bid.objects.in_state(PREPARING, HANDED_IN).filter(opens_at__date__range=(on, on + DAY))
    told = 0
    for bid in rows.select_related("party", "author", "salesperson").order_by("pk"):
        opens_at = timezone.localtime(bid.opens_at)
        at = f"{opens_at:%Y-%m-%d %H:%M} {bid.place}".strip()
        told += bool(notify(whose(bid), OPENING, bid, key=key_of(bid, opens_at.date(), on), title=bid.title, at=at))
    return told


def key_of(what: Bid | BidPaper, day: datetime.date, on: datetime.date) -> str:
    """One for each stage before a day; a day that was moved begins anew."""
    return f"{what.pk}:{day}:{alarm_stage((day - on).days)}"


def whose(bid: Bid) -> list[Person]:
    """Who wrote it, and whose customer it is."""
    return sorted({person for person in (bid.author, bid.salesperson) if person}, key=lambda person: person.pk)


def remind_of_deposits(*, on: datetime.date) -> int:
    """Once a week, of deposits that should be back: finance and whose bid it was. How many."""
    rows = list(Bid.objects.deposit_to_come_back(on).select_related("party", "author", "salesperson"))
    for bid in rows:
        notify([Role.FINANCE, *whose(bid)], DEPOSIT_BACK, bid, amount=f"{bid.deposit_out:,.2f}")
    return len(rows)
