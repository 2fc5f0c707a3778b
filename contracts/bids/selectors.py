"""Questions about bids: how many were won, at what price the others got them, what lies with others."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from backoffice.money import ZERO
from backoffice.people.models import Person
from contracts.bids.lifecycle import LOST, WON
from contracts.bids.models import Bid

ENDED = Q(state__in=(WON.name, LOST.name))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Bids of one salesperson, or of all, handed in in a period: how many ended how, and what ours were worth."""

    name: str
    key: int | None
    handed_in: int
    won: int
    lost: int
    value: Decimal
    won_value: Decimal

    @property
    def open(self) -> int:
        return self.handed_in - self.won - self.lost

    @property
    def rate(self) -> Decimal | None:
        """Won of those that ended; nothing where none has."""
        return Decimal(self.won) / (self.won + self.lost) if self.won + self.lost else None


def outcomes(*, first: datetime.date, last: datetime.date, visible_to: Person) -> list[Outcome]:
    """By salesperson, most value won first; what was handed in from `first` to `last`."""
    rows = Bid.objects.visible_to(visible_to).filter(handed_in_on__range=(first, last))
    found = rows.order_by().values("salesperson", "salesperson__name").annotate(
        handed_in=Count("pk"), won=Count("pk", filter=Q(state=WON.name)), lost=Count("pk", filter=Q(state=LOST.name)),
        value=Sum("amount"), won_value=Sum("winning_price", filter=Q(state=WON.name)),
    )  # fmt: skip
    made = [
        Outcome(
            row["salesperson__name"] or "",
            row["salesperson"],
            row["handed_in"],
            row["won"],
            row["lost"],
            row["value"] or ZERO,
            row["won_value"] or ZERO,
        )
        for row in found
    ]
    return sorted(made, key=lambda one: (-one.won_value, -one.handed_in, one.name))


def whole(rows: Iterable[Outcome]) -> Outcome:
    """All of them together."""
    given = list(rows)
    return Outcome(
        "", None, sum(one.handed_in for one in given), sum(one.won for one in given), sum(one.lost for one in given),
        sum((one.value for one in given), ZERO), sum((one.won_value for one in given), ZERO),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """A bid that was lost and whose winner's price is known: how far we were from it."""

    bid: Bid

    @property
    def over(self) -> Decimal:
        return self.bid.amount - (self.bid.winning_price or ZERO)

    @property
    def share(self) -> Decimal | None:
        return self.over / self.bid.winning_price if self.bid.winning_price else None


def lost_to(*, first: datetime.date, last: datetime.date, visible_to: Person) -> list[Gap]:
    """The bids lost in a period with the winner and their price, the newest first."""
    rows = Bid.objects.visible_to(visible_to).in_state(LOST).filter(handed_in_on__range=(first, last))
    return [Gap(bid) for bid in rows.select_related("party").order_by("-handed_in_on", "-pk")[:60]]


def with_others(*, visible_to: Person) -> Decimal:
    """All deposits that lie with others now."""
    return Bid.objects.visible_to(visible_to).aggregate(out=Sum("deposit_out"))["out"] or ZERO


def alarm_stage(days_left: int) -> int | None:
    """The alarm that is due so many days before the deadline: a week, three days, one day, the day itself."""
    return next((stage for stage in (0, 1, 3, 7) if days_left <= stage), None)
