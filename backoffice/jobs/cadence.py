"""When work falls due: pure functions from a calendar day to yes or no, and to the name of the period."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .calendar import is_working_day

LONGEST_CATCH_UP = timedelta(days=366)


@dataclass(frozen=True)
class Cadence:
    """The days on which something falls due; the period is named after the day it falls due on."""

    name: str
    falls_on: Callable[[date], bool]
    period: Callable[[date], str]

    def dues(self, after: datetime, until: datetime, at: time, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
        """Every (period, instant) with after < instant ≤ until, oldest first."""
        day, last = after.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            due = datetime.combine(day, at, zone)
            if after < due <= until and self.falls_on(day):
                yield self.period(day), due
            day += timedelta(days=1)


@dataclass(frozen=True)
class Minutes:
    """Every n minutes of the hour; for checks, never for what people wait for."""

    minutes: int

    @property
    def name(self) -> str:
        return f"{self.minutes} min"

    def dues(self, after: datetime, until: datetime, at: time, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
        """Only the newest instant: a check that was missed an hour ago is answered by the one of now."""
        local = until.astimezone(zone)
        due = local.replace(minute=local.minute - local.minute % self.minutes, second=0, microsecond=0)
        if after < due:
            yield due.strftime("%Y-%m-%dT%H:%M%z"), due


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


day = Cadence("day", lambda d: True, date.isoformat)
working_day = Cadence("working_day", is_working_day, date.isoformat)
week_first = Cadence("week_first", lambda d: d.weekday() == 0, _week)
five_days_over = Cadence("five_days_over", lambda d: d.day in (1, 6, 11, 16, 21, 26), date.isoformat)
month_first = Cadence("month_first", lambda d: d.day == 1, lambda d: d.strftime("%Y-%m"))
quarter_first = Cadence("quarter_first", lambda d: d.day == 1 and d.month in (1, 4, 7, 10), _quarter)
year_first = Cadence("year_first", lambda d: d.day == 1 and d.month == 1, lambda d: d.strftime("%Y"))


def month_day(number: int) -> Cadence:
    """The n-th of each month (n ≤ 28), as for statements by the 15th and payment requests by the 25th."""
    return Cadence(f"month_day_{number}", lambda d: d.day == number, lambda d: d.strftime("%Y-%m"))
