"""Money, tax, quantity: the one place where figures are rounded, taxed, split, spelled out and read from what people type.

Pure functions over Decimal; a float is refused. Rules of the business §1 and §8.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, localcontext

Number = Decimal | int | str

CENT = Decimal("0.01")
AMOUNT, UNIT_PRICE, QUANTITY, RATE = CENT, Decimal("0.000001"), Decimal("0.001"), Decimal("0.000001")
ZERO = Decimal("0.00")
# A quantity of 15 + 3 digits times a price of 12 + 6 times a discount of 6 does not fit Python's usual 28 digits.
EXACT = Context(prec=80, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation])


class NotANumber(ValueError):
    """What was typed cannot be read as a number; the text says why, in English, for logs: forms use words of their own."""


# ── rounding ───────────────────────────────────────────────────────────────────────────────


def _rounded(value: Number, step: Decimal) -> Decimal:
    if isinstance(value, float):
        raise TypeError("money is never a float")
    result = Decimal(value).quantize(step, context=EXACT)
    return result if result else abs(result)  # no −0.00


def amount(value: Number) -> Decimal:
    """Round to cents, half away from zero: what numeric(18,2) holds."""
    return _rounded(value, AMOUNT)


def unit_price(value: Number) -> Decimal:
    return _rounded(value, UNIT_PRICE)


def quantity(value: Number) -> Decimal:
    return _rounded(value, QUANTITY)


def rate(value: Number) -> Decimal:
    """A rate is a fraction of one: 13 % is 0.130000."""
    return _rounded(value, RATE)


# ── a line and its parts ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """What one line comes to; always ``net + tax == gross``, each in whole cents."""

    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO

    def __add__(self, other: "LineAmounts") -> "LineAmounts":
        return LineAmounts(self.net + other.net, self.tax + other.tax, self.gross + other.gross)

    def __sub__(self, other: "LineAmounts") -> "LineAmounts":
        return LineAmounts(self.net - other.net, self.tax - other.tax, self.gross - other.gross)

    def __neg__(self) -> "LineAmounts":
        return LineAmounts() - self


def from_net(net: Number, tax_rate: Number) -> LineAmounts:
    """Tax on top of a net amount 不含税."""
    with localcontext(EXACT):
        base = amount(net)
        tax = amount(base * Decimal(tax_rate))
    return LineAmounts(base, tax, base + tax)


def from_gross(gross: Number, tax_rate: Number) -> LineAmounts:
    """Tax out of a gross amount 含税: the net is rounded first, the tax is the rest (100.00 at 13 % is 88.50 + 11.50)."""
    with localcontext(EXACT):
        whole = amount(gross)
        net = amount(whole / (1 + Decimal(tax_rate)))
    return LineAmounts(net, whole - net, whole)


def price_line(
    quantity: Number, unit_price: Number, discount: Number = 0, rate: Number = 0, includes_tax: bool = True
) -> LineAmounts:
    """What a line comes to. ``discount`` and ``rate`` are fractions (0.04 is 4 %); ``includes_tax``: 含税价, the default in China.

    Order, shipment, invoice, credit note, print, workbook and report all take their numbers from here or from the stored line.
    """
    with localcontext(EXACT):
        typed = Decimal(quantity) * Decimal(unit_price) * (1 - Decimal(discount))
        return from_gross(typed, rate) if includes_tax else from_net(typed, rate)


def part_of_line(line: LineAmounts, total: Number, before: Number, now: Number) -> LineAmounts:
    """The share of ``now`` out of ``total`` units when ``before`` units were taken earlier: amount to date − amount already taken.

    So the last part takes the remainder and the parts always sum to the line. A negative ``now`` gives back what was taken.
    """
    return _to_date(line, total, Decimal(before) + Decimal(now)) - _to_date(line, total, Decimal(before))


def _to_date(line: LineAmounts, total: Number, done: Decimal) -> LineAmounts:
    whole = Decimal(total)
    if not whole:
        raise ValueError("a line of no quantity has no parts")
    with localcontext(EXACT):
        net, gross = amount(line.net * done / whole), amount(line.gross * done / whole)
    return LineAmounts(net, gross - net, gross)


def total_of(lines: Iterable[LineAmounts]) -> LineAmounts:
    """A document's total: the sum of its rounded lines."""
    return sum(lines, LineAmounts())


# ── splitting ──────────────────────────────────────────────────────────────────────────────


def split(whole: Number, weights: Sequence[Number], step: Decimal = CENT) -> list[Decimal]:
    """Share ``whole`` by ``weights`` in steps of ``step`` by largest remainder; the shares sum to the whole.

    Equal remainders go to the last ones. Weights of nothing but zeros share evenly.
    """
    parts = [Decimal(weight) for weight in weights]
    if not parts or any(part < 0 for part in parts):
        raise ValueError("weights must be given and must not be negative")
    parts = parts if any(parts) else [Decimal(1)] * len(parts)
    with localcontext(EXACT):
        steps = Decimal(whole) / step
        if steps != steps.to_integral_value():
            raise ValueError("the whole must be a multiple of the step")
        weight = sum(parts, Decimal())
        quotas = [abs(steps) * part / weight for part in parts]
        shares = [quota.to_integral_value(ROUND_DOWN) for quota in quotas]
        rest = int(abs(steps) - sum(shares, Decimal()))
        by_remainder = sorted(range(len(parts)), key=lambda i: (quotas[i] - shares[i], i), reverse=True)
        for i in by_remainder[:rest]:
            shares[i] += 1
        sign = -1 if steps < 0 else 1
        return [(share * step * sign if share else share * step).quantize(step) for share in shares]


def discount_lines(
    lines: Sequence[LineAmounts], rates: Sequence[Number], discount: Number, includes_tax: bool = True
) -> list[LineAmounts]:
    """Take a document discount off its lines, in proportion to their (positive) amounts; each line is taxed again at its rate.

    ``discount`` is meant gross where prices include tax, net where they do not.
    """
    bases = [line.gross if includes_tax else line.net for line in lines]
    shares = split(amount(discount), [max(base, ZERO) for base in bases])
    of = from_gross if includes_tax else from_net
    return [of(base - share, rate) for base, share, rate in zip(bases, shares, rates, strict=True)]


# ── in words ───────────────────────────────────────────────────────────────────────────────

DIGITS = "零壹贰叁肆伍陆柒捌玖"
CURRENCY_WORDS = {"CNY": "人民币", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑"}


def _section(number: int) -> str:
    """Below ten thousand, without a leading zero."""
    words, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + name
        gap = not digit
    return words


def _whole_in_words(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, unit)
        if high:
            rest = _whole_in_words(low) if low else ""
            return _whole_in_words(high) + name + ("零" if rest and low < unit // 10 else "") + rest
    return _section(number)


def amount_in_words(value: Number, currency: str = "") -> str:
    """大写金额: 16409.02 → 壹万陆仟肆佰零玖元零贰分; with a currency its name in front (人民币)."""
    cents = int(amount(value) * 100)
    whole, (tens, ones) = abs(cents) // 100, divmod(abs(cents) % 100, 10)
    words = _whole_in_words(whole) + "元" if whole else ""
    if tens:
        words += DIGITS[tens] + "角"
    elif ones and whole:
        words += "零"
    words += DIGITS[ones] + "分" if ones else ""
    sign = "负" if cents < 0 else ""
    return CURRENCY_WORDS.get(currency, "") + sign + (words or "零元") + ("" if ones else "整")


# ── what people type ───────────────────────────────────────────────────────────────────────

MULTIPLES = {"千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_TOKEN = re.compile(
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,4}(?:,\d{4})+(?!\d)|\d+)(?:\.\d*)?|\.\d+)(?P<multiple>百万|千万|[千k万w亿])?(?P<percent>%)?"
    r"|(?P<sign>[-+*/()])"
)
_SAME = str.maketrans({"×": "*", "x": "*", "·": ".", "。": ".", "÷": "/", "−": "-", "–": "-", "—": "-"})


def parse_number(typed: str) -> Decimal:
    """Read what was typed into a number cell: ``1,234.50``, ``１２３``, ``1.2万``, ``=3*1580``, ``(120.00)``, ``¥ 5``, ``13%``.

    Nothing is evaluated but + − × ÷ and brackets. Raises NotANumber; what is ambiguous (``1,23``) is refused, never guessed.
    """
    text = unicodedata.normalize("NFKC", typed).strip().lower().translate(_SAME)
    text = re.sub(r"\s|_|¥|元|圆|^(rmb|cny)", "", text)
    if not text or len(text) > 120:
        raise NotANumber("nothing to read" if not text else "too long")
    bookkeeping = re.fullmatch(r"\(([\d.,]+)\)", text)  # an accountant's (120.00) is −120.00
    tokens = _tokens(f"-{bookkeeping[1]}" if bookkeeping else text.removeprefix("="))
    try:
        with localcontext(EXACT):
            value = _sum(tokens)
    except ArithmeticError as error:
        raise NotANumber("division by zero") from error
    if tokens:
        raise NotANumber(f"unexpected {tokens[-1]!r}")
    if abs(value) >= 10**16:
        raise NotANumber("too large")
    return value


def parse_percent(typed: str) -> Decimal:
    """Read a percentage as a rate: ``13``, ``13%`` and ``１３％`` are all 0.13."""
    text = typed.strip()
    return parse_number(text) if text.endswith(("%", "％")) else parse_number(text) / 100


def _tokens(text: str) -> list[str | Decimal]:
    """The tokens in reverse, so that pop() takes the next."""
    found: list[str | Decimal] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match or (match["number"] and found and isinstance(found[-1], Decimal)):
            raise NotANumber(f"unexpected {text[at]!r}")
        if match["number"]:
            value = Decimal(match["number"].replace(",", "")) * MULTIPLES.get(match["multiple"] or "", 1)
            found.append(value / 100 if match["percent"] else value)
        else:
            found.append(match["sign"])
        at = match.end()
    return found[::-1]


def _sum(tokens: list[str | Decimal]) -> Decimal:
    value = _product(tokens)
    while tokens and tokens[-1] in ("+", "-"):
        value = value + _product(tokens) if tokens.pop() == "+" else value - _product(tokens)
    return value


def _product(tokens: list[str | Decimal]) -> Decimal:
    value = _factor(tokens)
    while tokens and tokens[-1] in ("*", "/"):
        value = value * _factor(tokens) if tokens.pop() == "*" else value / _factor(tokens)
    return value


def _factor(tokens: list[str | Decimal]) -> Decimal:
    token = tokens.pop() if tokens else ""
    if isinstance(token, Decimal):
        return token
    if token in ("-", "+"):
        return -_factor(tokens) if token == "-" else _factor(tokens)
    if token == "(":
        value = _sum(tokens)
        if tokens and tokens.pop() == ")":
            return value
    raise NotANumber("incomplete")


# ── payment terms ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a payment term: how much, and when after the day it counts from.

    How much: ``percent`` of the whole (0.3 is 30 %), or ``fixed``, or neither: the rest. When, in this order: ``months`` later,
    ``end_of_month``, ``days`` later, the next ``day_of_month`` (31 = the last day).
    """

    percent: Decimal | None = None
    fixed: Decimal | None = None
    days: int = 0
    months: int = 0
    end_of_month: bool = False
    day_of_month: int | None = None

    def due_on(self, start: date) -> date:
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        last = monthrange(year, month + 1)[1]
        day = date(year, month + 1, last if self.end_of_month else min(start.day, last)) + timedelta(self.days)
        return day if self.day_of_month is None else _next_day_of_month(day, self.day_of_month)

    def as_row(self) -> dict[str, str | int | bool | None]:
        """For a JSON column; ``Instalment.from_row`` reads it back."""
        row = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in row.items()
            if value not in (None, False)
        }

    @classmethod
    def from_row(cls, row: dict[str, str | int | bool | None]) -> "Instalment":
        decimals = {name: Decimal(str(row[name])) for name in ("percent", "fixed") if row.get(name) is not None}
        return cls(**{**row, **decimals})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Due:
    on: date
    amount: Decimal


def _next_day_of_month(day: date, wanted: int) -> date:
    last = monthrange(day.year, day.month)[1]
    if min(wanted, last) >= day.day:
        return day.replace(day=min(wanted, last))
    following = day.replace(day=1) + timedelta(last)
    return following.replace(day=min(wanted, monthrange(following.year, following.month)[1]))


def net_days(days: int) -> tuple[Instalment]:
    """The plainest term: everything, so many days after."""
    return (Instalment(days=days),)


def dues(whole: Number, start: date, term: Sequence[Instalment]) -> list[Due]:
    """When how much is due. The instalments sum to the whole: the last takes the rest, none takes more than is left."""
    total, left = amount(whole), amount(whole)
    if not total or not term:
        return [Due(start, total)]
    result: list[Due] = []
    for i, part in enumerate(term):
        share = _share(part, total)
        share = left if share is None or i == len(term) - 1 or abs(share) > abs(left) else share
        left -= share
        if share:
            result.append(Due(part.due_on(start), share))
    return result


def _share(part: Instalment, total: Decimal) -> Decimal | None:
    if part.percent is not None:
        with localcontext(EXACT):
            return amount(total * part.percent)
    return None if part.fixed is None else amount(part.fixed).copy_sign(total)
