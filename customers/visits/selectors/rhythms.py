"""Every how many days a customer is called or visited: their own wish, else the rhythm of their grade."""

import datetime
from bisect import bisect_left
from dataclasses import dataclass

from backoffice.jobs.calendar import is_working_day, next_working_day, working_days
from customers.models import Customer
from customers.visits.models import Rhythm, Wish

AHEAD = datetime.timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Turn:
    """Every so many days, by the assistant or the salesperson."""

    days: int
    by: str


class Rhythms:
    """The rhythms of all customers, for who asks about many."""

    def __init__(self, parties: list[int] | None = None) -> None:
        self.rules = {(row.grade, row.way): row for row in Rhythm.objects.all()}
        wishes = Wish.objects.all() if parties is None else Wish.objects.filter(party__in=parties)
        self.wishes = {(row.party_id, row.way): row for row in wishes}

    def of(self, customer: Customer, way: str) -> Turn | None:
        """The customer's turn, or nothing where nobody calls by themselves."""
        rule, wish = self.rules.get((customer.grade, way)), self.wishes.get((customer.pk, way))
        days = wish.days if wish else rule.days if rule else None
        return Turn(days, rule.by if rule else Rhythm.By.ASSISTANT) if days else None


def rhythm_of(customer: Customer, way: str) -> Turn | None:
    """The turn of one customer."""
    return Rhythms([customer.pk]).of(customer, way)


def at_work(day: datetime.date) -> datetime.date:
    """This day, or the next on which the office works."""
    return day if is_working_day(day) else next_working_day(day)


class WorkingDays:
    """The same for thousands of days at once: the calendar is read once."""

    def __init__(self, first: datetime.date) -> None:
        self.days = working_days(first, first + AHEAD)

    def at_or_after(self, day: datetime.date) -> datetime.date:
        place = bisect_left(self.days, day)
        return self.days[min(place, len(self.days) - 1)]
