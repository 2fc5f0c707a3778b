from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from backoffice.jobs import cadence, calendar
from backoffice.jobs.models import Holiday

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def test_the_table_is_filled_from_what_is_published():
    calendar.fill_published_years()
    assert not calendar.is_working_day(date(2026, 10, 1))  # national day, a Thursday
    assert calendar.is_working_day(date(2026, 10, 10))  # a Saturday made up for
    assert calendar.is_working_day(date(2026, 3, 10))
    assert not calendar.is_working_day(date(2026, 3, 14))


def test_the_office_may_overrule_a_day():
    calendar.fill_published_years()
    Holiday.objects.update_or_create(day=date(2026, 3, 10), defaults={"is_working": False, "name": "Company outing"})
    assert not calendar.is_working_day(date(2026, 3, 10))
    assert calendar.fill_year(2026) == calendar.fill_year(2026)
    assert not calendar.is_working_day(date(2026, 3, 10))


def test_beyond_the_published_years_only_weekends_are_free_and_it_is_known_that_they_are_unknown():
    year = calendar.LAST_FILLED_YEAR + 1
    assert not calendar.is_known(year)
    assert calendar.is_working_day(date(year, 10, 1)) == (date(year, 10, 1).weekday() < 5)


def test_working_days_of_a_span_are_those_asked_for_one_by_one():
    calendar.fill_published_years()
    first, last = date(2026, 9, 15), date(2026, 10, 20)
    one_by_one = [
        d
        for d in (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
        if calendar.is_working_day(d)
    ]
    assert calendar.working_days(first, last) == one_by_one
    assert calendar.next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (cadence.five_days_over, ["2026-02-26", "2026-03-01", "2026-03-06"]),
        (cadence.month_first, ["2026-03"]),
        (cadence.quarter_first, []),
        (cadence.week_first, ["2026-W09", "2026-W10"]),
        (cadence.month_day(25), ["2026-02"]),
    ],
)
def test_each_cadence_names_its_periods(every, expected):
    after = datetime(2026, 2, 22, 12, tzinfo=UTC)
    until = datetime(2026, 3, 8, 12, tzinfo=UTC)
    at = datetime(2000, 1, 1, 17).time()
    assert [period for period, _ in every.dues(after, until, at, SHANGHAI)] == expected


def test_an_instant_is_due_at_the_local_hour_and_only_once():
    due = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # 17:00 in Shanghai
    at = datetime(2000, 1, 1, 17).time()
    assert list(cadence.day.dues(due.replace(hour=8), due, at, SHANGHAI)) == [("2026-03-10", due)]
    assert list(cadence.day.dues(due, due.replace(hour=10), at, SHANGHAI)) == []


def test_an_hour_that_summer_time_leaves_out_is_due_when_the_clock_is_put_forward():
    after, zone = datetime(2026, 3, 29, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    half_past_two = datetime(2000, 1, 1, 2, 30).time()
    [owed] = cadence.day.dues(after, after.replace(hour=12), half_past_two, zone)
    assert owed == ("2026-03-29", datetime(2026, 3, 29, 1, tzinfo=UTC))
