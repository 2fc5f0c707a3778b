"""Stretches of time as the business counts them: day, week, five days, month, quarter, year; and the dates people type.

A period is the same object in a selector, an address (``str(period)`` ↔ ``parse``) and a heading (``period.label("zh-hans")``).
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self

ONE_DAY = timedelta(1)
WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class NotADate(ValueError):
    """What was typed cannot be read as a date or a period."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A closed stretch of days, first and last included; made by ``containing`` a day, so that neighbours never overlap."""

    first: date
    last: date
    kind: ClassVar[str] = ""
    pattern: ClassVar[str] = ""

    @classmethod
    def containing(cls, day: date) -> Self:
        raise NotImplementedError

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        raise NotImplementedError

    @classmethod
    def between(cls, first: date, last: date) -> Iterator[Self]:
        """Every period of this kind that touches first..last, in order."""
        period = cls.containing(first)
        while period.first <= last:
            yield period
            period = period.next()

    def previous(self) -> Self:
        return self.containing(self.first - ONE_DAY)

    def next(self) -> Self:
        return self.containing(self.last + ONE_DAY)

    def last_year(self) -> Self:
        """The same stretch one year before: what this year is compared with."""
        return self.containing(same_day(self.first, self.first.year - 1))

    def label(self, language: str) -> str:
        """For a heading: ``zh…`` or anything else for English."""
        raise NotImplementedError

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(n) for n in range(len(self)))


class Day(Period):
    kind, pattern = "day", r"(\d{4})-(\d\d)-(\d\d)"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day, day)

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        return cls.containing(date(*numbers))

    def __str__(self) -> str:
        return self.first.isoformat()

    def label(self, language: str) -> str:
        weekday = self.first.weekday()
        return (
            f"{self.first} 周{WEEKDAYS['zh'][weekday]}" if _zh(language) else f"{WEEKDAYS['en'][weekday]} {self.first}"
        )


class Week(Period):
    """From Monday; numbered as ISO 8601 does."""

    kind, pattern = "week", r"(\d{4})-W(\d\d)"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        monday = day - timedelta(day.weekday())
        return cls(monday, monday + timedelta(6))

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        return cls.containing(date.fromisocalendar(numbers[0], numbers[1], 1))

    def last_year(self) -> Self:
        year, week, _ = self.first.isocalendar()
        return self._read(year - 1, min(week, date(year - 1, 12, 28).isocalendar().week))

    def __str__(self) -> str:
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    def label(self, language: str) -> str:
        year, week, _ = self.first.isocalendar()
        span = f"{self.first:%m-%d} – {self.last:%m-%d}"
        return f"{year}年第{week}周（{span}）" if _zh(language) else f"Week {week}, {year} ({span})"


class FiveDays(Period):
    """五日: 1–5, 6–10, 11–15, 16–20, 21–25, 26 to the end of the month."""

    kind, pattern = "five_days", r"(\d{4})-(\d\d)-F([1-6])"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        number = min((day.day - 1) // 5, 5)
        last = month_end(day) if number == 5 else day.replace(day=number * 5 + 5)
        return cls(day.replace(day=number * 5 + 1), last)

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        return cls.containing(date(numbers[0], numbers[1], numbers[2] * 5 - 4))

    @property
    def number(self) -> int:
        return self.first.day // 5 + 1

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}-F{self.number}"

    def label(self, language: str) -> str:
        if _zh(language):
            return f"{self.first.year}年{self.first.month}月 {self.first.day}–{self.last.day}日"
        return f"{self.first.day}–{self.last.day} {MONTHS_EN[self.first.month - 1]} {self.first.year}"


class Month(Period):
    kind, pattern = "month", r"(\d{4})-(\d\d)"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day.replace(day=1), month_end(day))

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        return cls.containing(date(numbers[0], numbers[1], 1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def label(self, language: str) -> str:
        if _zh(language):
            return f"{self.first.year}年{self.first.month}月"
        return f"{MONTHS_EN[self.first.month - 1]} {self.first.year}"


class Quarter(Period):
    kind, pattern = "quarter", r"(\d{4})-Q([1-4])"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return cls(first, month_end(first.replace(month=first.month + 2)))

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        return cls.containing(date(numbers[0], numbers[1] * 3, 1))

    @property
    def number(self) -> int:
        return self.first.month // 3 + 1

    def __str__(self) -> str:
        return f"{self.first.year}-Q{self.number}"

    def label(self, language: str) -> str:
        return f"{self.first.year}年第{self.number}季度" if _zh(language) else f"Q{self.number} {self.first.year}"


class Year(Period):
    kind, pattern = "year", r"(\d{4})"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(date(day.year, 1, 1), date(day.year, 12, 31))

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        return cls.containing(date(numbers[0], 1, 1))

    def __str__(self) -> str:
        return str(self.first.year)

    def label(self, language: str) -> str:
        return f"{self.first.year}年" if _zh(language) else str(self.first.year)


class Span(Period):
    """From any day to any day; its neighbours are as long as itself."""

    kind, pattern = "span", r"(\d{4})-(\d\d)-(\d\d)~(\d{4})-(\d\d)-(\d\d)"
    __slots__ = ()

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day, day)

    @classmethod
    def _read(cls, *numbers: int) -> Self:
        first, last = date(*numbers[:3]), date(*numbers[3:])
        return cls(min(first, last), max(first, last))

    def previous(self) -> Self:
        return type(self)(self.first - timedelta(len(self)), self.first - ONE_DAY)

    def next(self) -> Self:
        return type(self)(self.last + ONE_DAY, self.last + timedelta(len(self)))

    def last_year(self) -> Self:
        return type(self)(*(same_day(day, day.year - 1) for day in (self.first, self.last)))

    def __str__(self) -> str:
        return f"{self.first}~{self.last}"

    def label(self, language: str) -> str:
        return f"{self.first} 至 {self.last}" if _zh(language) else f"{self.first} to {self.last}"


KINDS: dict[str, type[Period]] = {kind.kind: kind for kind in (Day, Week, FiveDays, Month, Quarter, Year, Span)}


def parse(text: str) -> Period:
    """Read a period out of an address: 2026-11-21, 2026-W47, 2026-11-F5, 2026-11, 2026-Q4, 2026, 2026-01-01~2026-03-15."""
    for kind in KINDS.values():
        match = re.fullmatch(kind.pattern, text.strip(), re.ASCII)
        if match:
            try:
                return kind._read(*(int(number) for number in match.groups()))
            except (ValueError, OverflowError) as error:
                raise NotADate(text) from error
    raise NotADate(text)


def _zh(language: str) -> bool:
    return language.startswith("zh")


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def same_day(day: date, year: int, month: int | None = None) -> date:
    """The same day of another year or month, or that month's last day where it has no such day."""
    month = month or day.month
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return same_day(day, year, month + 1)


# ── the dates people type ──────────────────────────────────────────────────────────────────

WORDS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
    "yesterday": -1, "today": 0, "now": 0, "t": 0, "tomorrow": 1,
}  # fmt: skip
_SPANS: dict[str, type[Period]] = {
    "周": Week, "月": Month, "季": Quarter, "季度": Quarter, "年": Year, "week": Week, "month": Month, "quarter": Quarter, "year": Year,
}  # fmt: skip
_EDGE = re.compile(
    r"(上|本|这|下|last |this |next )?(周|月|季度|季|年|week|month|quarter|year) ?(初|底|末|start|begin|end)"
)
_WEEKDAY = re.compile(r"(上|本|这|下)?(?:周|星期|礼拜)([一二三四五六日天])")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?|(\d\d)(\d\d)", re.ASCII)
_STEPS = {"上": -1, "last ": -1, "下": 1, "next ": 1}


def parse_day(typed: str, *, today: date) -> date:
    """Read a date as people type it: 5/3, 0503, 5月3日, 2026-05-03, 15号, +7, -3, 今天, 月底, 下月初, 下周一. Raises NotADate.

    Without a year the current one is meant, without a month the current month.
    """
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    try:
        found = _word(text, today) or _numbers(text, today)
    except (ValueError, OverflowError) as error:
        raise NotADate(typed) from error
    if found is None:
        raise NotADate(typed)
    return found


def parse_as_of(typed: str | None, *, today: date) -> date:
    """The day a figure is asked for: nothing means today; a period in an address means its last day."""
    if not typed:
        return today
    try:
        return parse(typed).last
    except NotADate:
        return parse_day(typed, today=today)


def _word(text: str, today: date) -> date | None:
    if text in WORDS:
        return today + timedelta(WORDS[text])
    if re.fullmatch(r"[+-]\d{1,4}", text, re.ASCII):
        return today + timedelta(int(text))
    if match := _EDGE.fullmatch(text):
        period = _stepped(_SPANS[match[2]].containing(today), match[1])
        return period.first if match[3] in ("初", "start", "begin") else period.last
    if match := _WEEKDAY.fullmatch(text):
        monday = _stepped(Week.containing(today), match[1]).first
        return monday + timedelta(WEEKDAYS["zh"].index(match[2].replace("天", "日")))
    return None


def _stepped(period: Period, word: str | None) -> Period:
    step = _STEPS.get(word or "", 0)
    return period.previous() if step < 0 else period.next() if step > 0 else period


def _numbers(text: str, today: date) -> date | None:
    if match := _FULL.fullmatch(text):
        return date(*(int(number) for number in match.groups() if number))
    if match := _MONTH_DAY.fullmatch(text):
        month, day = (int(number) for number in match.groups() if number)
        return date(today.year, month, day)
    if match := re.fullmatch(r"(\d{1,2})[日号]?", text, re.ASCII):
        return today.replace(day=int(match[1]))
    return None
