"""Working days of China: weekends, public holidays and the make-up days, in a table that the office may overrule."""

from datetime import date, timedelta

from chinese_calendar import constants
from django.db import transaction
from django.utils import timezone

from backoffice.audit.acting import acting
from backoffice.database import defaults
from backoffice.people.models import Person

from .models import Holiday

FIRST_FILLED_YEAR = min(constants.holidays).year
LAST_FILLED_YEAR = max(constants.holidays).year


def is_working_day(day: date) -> bool:
    """Whether the office works on `day`: what the table says, else Monday to Friday."""
    row = Holiday.objects.filter(day=day).values_list("is_working", flat=True).first()
    if row is not None:
        return row
    return _by_rule(day, is_filled(day.year))


def is_filled(year: int) -> bool:
    """Whether the table knows this year's holidays."""
    return Holiday.objects.filter(day__year=year).exists()


def is_known(year: int) -> bool:
    """Whether anybody (the table or the published calendar) knows this year; else only weekends are free."""
    return FIRST_FILLED_YEAR <= year <= LAST_FILLED_YEAR or is_filled(year)


def fill_year(year: int) -> int:
    """Write the published holidays and make-up days of `year` where the office has not said otherwise; how many."""
    rows = [
        Holiday(day=day, is_working=False, name=str(name))
        for day, name in constants.holidays.items()
        if day.year == year
    ] + [
        Holiday(day=day, is_working=True, name=str(name))
        for day, name in constants.workdays.items()
        if day.year == year
    ]
    return len(Holiday.objects.bulk_create(rows, ignore_conflicts=True))


@defaults
def fill_published_years() -> None:
    """After each migrate: the published years from last year on of which the table knows nothing yet."""
    for year in range(timezone.localdate().year - 1, LAST_FILLED_YEAR + 1):
        if not is_filled(year):
            fill_year(year)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both included, in one query."""
    said = dict(Holiday.objects.filter(day__range=(first, last)).values_list("day", "is_working"))
    filled = {year: is_filled(year) for year in range(first.year, last.year + 1)}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if (said[day] if day in said else _by_rule(day, filled[day.year]))]


def _by_rule(day: date, filled: bool) -> bool:
    if filled:
        return day.weekday() < 5
    return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)


def overrule(day: date, *, by: Person) -> bool:
    """The office says the opposite of what holds for `day`; whether it is a working day from now on."""
    is_working = not is_working_day(day)
    with transaction.atomic(), acting(by, step="overrule_day", note=day.isoformat()):
        if not is_filled(day.year):
            fill_year(day.year)
        Holiday.objects.update_or_create(day=day, defaults={"is_working": is_working})
    return is_working
