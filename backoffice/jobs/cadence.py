"""When work falls due: pure functions from a calendar day to yes or no, and to the name of the period."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .calendar import is_working_day

LONGEST_CATCH_UP = timedelta(days=366)
MINUTE = timedelta(minutes=1)


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment of the day at which the clock on the wall shows the hour, or has been put forward past it."""
    due = datetime.combine(day, at, zone).astimezone(UTC)
    while (before := (due - MINUTE).astimezone(zone)).date() == day and before.time() >= at:
        due -= MINUTE
    return due.astimezone(zone)


@dataclass(frozen=True)
class Cadence:
    """The days on which something falls due; the period is named after the day it falls due on."""

    label: str | Promise
    falls_on: Callable[[date], bool]
    period: Callable[[date], str]

    def dues(self, after: datetime, until: datetime, at: time, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
        """Every (period, instant) with after < instant ≤ until, oldest first."""
        day, last = after.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            due = moment_of(day, at, zone)
            if after < due <= until and self.falls_on(day):
                yield self.period(day), due
            day += timedelta(days=1)

    def next_due(self, now: datetime, at: time, zone: ZoneInfo) -> datetime | None:
        """The first instant after now, for people to look at."""
        for days in (7, 31, 366):
            if owed := next(self.dues(now, now + timedelta(days=days), at, zone), None):
                return owed[1]
        return None


@dataclass(frozen=True)
class Minutes:
    """Every n minutes of the hour; for checks, never for what people wait for."""

    minutes: int

    @property
    def label(self) -> str:
        return _("every %(number)s minutes") % {"number": self.minutes}

    def dues(self, after: datetime, until: datetime, at: time, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
        """Only the newest instant: a check that was missed an hour ago is answered by the one of now."""
        local = until.astimezone(zone)
        due = local.replace(minute=local.minute - local.minute % self.minutes, second=0, microsecond=0)
        if after < due:
            yield (
                due.strftime("%Y-%m-%d %H:%M") + ("b" if due.fold else ""),
                due,
            )  # an hour that comes twice has two names

    def next_due(self, now: datetime, at: time, zone: ZoneInfo) -> datetime | None:
        """The first instant after now, for people to look at."""
        local = now.astimezone(zone).replace(second=0, microsecond=0)
        return local + timedelta(minutes=self.minutes - local.minute % self.minutes)


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


day = Cadence(gettext_lazy("every day"), lambda d: True, date.isoformat)
working_day = Cadence(gettext_lazy("every working day"), is_working_day, date.isoformat)
week_first = Cadence(gettext_lazy("every Monday"), lambda d: d.weekday() == 0, _week)
five_days_over = Cadence(
    gettext_lazy("when five days are over"), lambda d: d.day in (1, 6, 11, 16, 21, 26), date.isoformat
)
month_first = Cadence(gettext_lazy("on the 1st of the month"), lambda d: d.day == 1, lambda d: d.strftime("%Y-%m"))
quarter_first = Cadence(
    gettext_lazy("on the 1st of the quarter"), lambda d: d.day == 1 and d.month in (1, 4, 7, 10), _quarter
)
year_first = Cadence(
    gettext_lazy("on the 1st of January"), lambda d: d.day == 1 and d.month == 1, lambda d: d.strftime("%Y")
)


def month_day(number: int) -> Cadence:
    """The n-th of each month (n ≤ 28), as for statements by the 15th and payment requests by the 25th."""
    label = format_lazy(gettext_lazy("on the {number}th of the month"), number=number)
    return Cadence(label, lambda d: d.day == number, lambda d: d.strftime("%Y-%m"))
