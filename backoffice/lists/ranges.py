"""Ranges a person can say: «this month», «2026-01-01..2026-03-31», «100..500», «..0»."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it; an end that is None is open. `word` is how the person said it."""

    low: Any
    high: Any
    word: str = ""

    def __str__(self) -> str:
        return self.word or f"{_end(self.low)}..{_end(self.high)}"

    def where(self, path: str) -> dict[str, Any]:
        bounds = {f"{path}__gte": self.low, f"{path}__lte": self.high}
        return {key: bound for key, bound in bounds.items() if bound is not None}


def _end(value: Any) -> str:
    return "" if value is None else str(value)


def _month(day: date, back: int = 0) -> date:
    """The first of the month so many months before."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _span(first: date, months: int) -> tuple[date, date]:
    return first, _month(first, -months) - timedelta(days=1)


def _quarter(day: date, back: int = 0) -> tuple[date, date]:
    return _span(_month(day, (day.month - 1) % 3 + 3 * back), 3)


def _week(day: date, back: int = 0) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday() + 7 * back)
    return monday, monday + timedelta(days=6)


DATE_WORDS: dict[str, tuple[Any, Callable[[date], tuple[date | None, date | None]]]] = {
    "today": (_("today"), lambda day: (day, day)),
    "yesterday": (_("yesterday"), lambda day: (day - timedelta(days=1),) * 2),
    "this_week": (_("this week"), _week),
    "last_week": (_("last week"), lambda day: _week(day, 1)),
    "this_month": (_("this month"), lambda day: _span(_month(day), 1)),
    "last_month": (_("last month"), lambda day: _span(_month(day, 1), 1)),
    "this_quarter": (_("this quarter"), _quarter),
    "last_quarter": (_("last quarter"), lambda day: _quarter(day, 1)),
    "this_year": (_("this year"), lambda day: (date(day.year, 1, 1), date(day.year, 12, 31))),
    "last_year": (_("last year"), lambda day: (date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))),
    "last_30_days": (_("last 30 days"), lambda day: (day - timedelta(days=29), day)),
    "next_7_days": (_("next 7 days"), lambda day: (day, day + timedelta(days=6))),
    "before_today": (_("before today"), lambda day: (None, day - timedelta(days=1))),
    "from_today": (_("from today on"), lambda day: (day, None)),
}


def date_range(text: str, *, today: date) -> Range:
    """A word, one day, or two days with «..» between; a month «2026-05» and a year «2026» are ranges too."""
    if text in DATE_WORDS:
        return Range(*DATE_WORDS[text][1](today), word=text)
    low, dots, high = text.partition("..")
    first, last = _days(low), _days(high if dots else low)
    return _in_order(Range(first[0] if first else None, last[1] if last else None))


def _days(text: str) -> tuple[date, date] | None:
    text = text.strip()
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return _span(date(parts[0], parts[1], 1), 1)
    day = date(*parts)
    return day, day


def amount_range(text: str) -> Range:
    """Two amounts with «..» between, or one exact amount."""
    low, dots, high = text.partition("..")
    return _in_order(Range(_amount(low), _amount(high if dots else low)))


def _amount(text: str) -> Decimal | None:
    text = text.strip().replace(",", "").replace("，", "")
    if not text:
        return None
    factor = 10000 if text.endswith("万") else 1
    try:
        value = Decimal(text.removesuffix("万")) * factor
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 16:
        raise ValueError(text)
    return value


def _in_order(found: Range) -> Range:
    if found.low is None and found.high is None:
        raise ValueError("open at both ends")
    if found.low is not None and found.high is not None and found.low > found.high:
        raise ValueError("the wrong way round")
    return found
