"""Periods: neighbours meet, addresses read back; and the dates people type."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.periods import (
    KINDS,
    Day,
    FiveDays,
    Month,
    NotADate,
    Quarter,
    Span,
    Week,
    Year,
    parse,
    parse_as_of,
    parse_day,
)

TODAY = date(2026, 11, 21)
any_day = st.dates(date(1990, 1, 1), date(2090, 12, 31))
any_kind = st.sampled_from([kind for kind in KINDS.values() if kind is not Span])


@given(any_kind, any_day)
def test_every_day_is_in_exactly_one_period_of_a_kind(kind, day):
    period = kind.containing(day)
    assert day in period
    assert period.next().first == period.last + timedelta(1)
    assert period.previous().last == period.first - timedelta(1)
    assert period.next().previous() == period == period.previous().next()


@given(any_kind, any_day)
def test_a_period_survives_its_address(kind, day):
    period = kind.containing(day)
    assert parse(str(period)) == period and type(parse(str(period))) is kind


@given(any_kind, any_day)
def test_the_period_a_year_before_is_of_the_same_kind_and_about_a_year_away(kind, day):
    period = kind.containing(day)
    assert 357 <= (period.first - period.last_year().first).days <= 372


@pytest.mark.duty("R2")
@pytest.mark.parametrize(
    ("day", "span"), [(1, "1–5"), (5, "1–5"), (6, "6–10"), (25, "21–25"), (26, "26–30"), (30, "26–30")]
)
def test_five_day_periods_end_with_the_month(day, span):
    assert FiveDays.containing(date(2026, 11, day)).label("zh-hans") == f"2026年11月 {span}日"


@pytest.mark.parametrize(
    ("period", "address", "zh", "en"),
    [
        (Day.containing(TODAY), "2026-11-21", "2026-11-21 周六", "Sat 2026-11-21"),
        (Week.containing(TODAY), "2026-W47", "2026年第47周（11-16 – 11-22）", "Week 47, 2026 (11-16 – 11-22)"),
        (FiveDays.containing(TODAY), "2026-11-F5", "2026年11月 21–25日", "21–25 November 2026"),
        (Month.containing(TODAY), "2026-11", "2026年11月", "November 2026"),
        (Quarter.containing(TODAY), "2026-Q4", "2026年第4季度", "Q4 2026"),
        (Year.containing(TODAY), "2026", "2026年", "2026"),
        (
            Span(date(2026, 1, 1), date(2026, 3, 15)),
            "2026-01-01~2026-03-15",
            "2026-01-01 至 2026-03-15",
            "2026-01-01 to 2026-03-15",
        ),
    ],
)
def test_periods_are_named_in_both_languages(period, address, zh, en):
    assert (str(period), period.label("zh-hans"), period.label("en")) == (address, zh, en)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-W54", "2026-Q5", "2026-11-F7", "2026-02-30", "26", "0000", "x"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(NotADate):
        parse(text)


def test_months_between_two_days_touch_both():
    assert [str(month) for month in Month.between(date(2025, 11, 30), date(2026, 2, 1))] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


TYPED = [
    ("今天", "2026-11-21"), ("昨天", "2026-11-20"), ("后天", "2026-11-23"), ("today", "2026-11-21"),
    ("月底", "2026-11-30"), ("月末", "2026-11-30"), ("月初", "2026-11-01"), ("上月底", "2026-10-31"), ("下月初", "2026-12-01"),
    ("季末", "2026-12-31"), ("上季度底", "2026-09-30"), ("年底", "2026-12-31"), ("年初", "2026-01-01"), ("last month end", "2026-10-31"),
    ("周五", "2026-11-20"), ("下周一", "2026-11-23"), ("星期天", "2026-11-22"),
    ("+7", "2026-11-28"), ("-3", "2026-11-18"), ("＋30", "2026-12-21"),
    ("5/3", "2026-05-03"), ("5.3", "2026-05-03"), ("5月3日", "2026-05-03"), ("0503", "2026-05-03"), ("１２／１", "2026-12-01"),
    ("15", "2026-11-15"), ("15号", "2026-11-15"),
    ("2026-05-03", "2026-05-03"), ("2026/5/3", "2026-05-03"), ("2026年5月3日", "2026-05-03"), ("20260503", "2026-05-03"),
]  # fmt: skip


@pytest.mark.duty("O1")
@pytest.mark.parametrize(("typed", "meant"), TYPED)
def test_typed_dates_are_read_as_meant(typed, meant):
    assert parse_day(typed, today=TODAY) == date.fromisoformat(meant)


@pytest.mark.parametrize("typed", ["", "32", "13/40", "2/30", "soon", "+99999", "20261345", "0000"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(NotADate):
        parse_day(typed, today=TODAY)


@given(st.text(max_size=12))
def test_nothing_typed_breaks_the_date_reader(typed):
    try:
        parse_as_of(typed, today=TODAY)
    except NotADate:
        pass


def test_a_figure_without_a_day_is_as_of_today_and_with_a_period_as_of_its_end():
    assert parse_as_of("", today=TODAY) == TODAY
    assert parse_as_of("2026-Q1", today=TODAY) == date(2026, 3, 31)
