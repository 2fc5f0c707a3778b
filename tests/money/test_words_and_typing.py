"""大写金额, and the numbers people type."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.money import NotANumber, amount_in_words, parse_number, parse_percent

WORDS = [
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("1", "壹元整"),
    ("10", "壹拾元整"),
    ("10.05", "壹拾元零伍分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("100000", "壹拾万元整"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("1000010", "壹佰万零壹拾元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010000", "壹亿零壹万元整"),
    ("1000000000000", "壹万亿元整"),
    ("-12.30", "负壹拾贰元叁角整"),
]


@pytest.mark.duty("K1")
@pytest.mark.parametrize(("figure", "words"), WORDS)
def test_an_amount_is_spelled_as_the_banks_want_it(figure, words):
    assert amount_in_words(figure) == words


def test_a_contract_names_the_currency_before_the_amount():
    assert amount_in_words("88.50", "CNY") == "人民币捌拾捌元伍角整"


@given(st.integers(-(10**13), 10**13))
def test_words_read_back_to_the_same_cents(cents):
    figure = D(cents) / 100
    assert _read(amount_in_words(figure)) == figure


def _read(words: str) -> D:
    """An obvious reader: split at 亿, 万, 元, then by place."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    whole, _, rest = words.rpartition("元") if "元" in words else ("", "", words)

    def section(text: str) -> int:
        value = digit = 0
        for letter in text:
            if letter in "零壹贰叁肆伍陆柒捌玖":
                digit = "零壹贰叁肆伍陆柒捌玖".index(letter)
            else:
                value, digit = value + digit * {"拾": 10, "佰": 100, "仟": 1000}[letter], 0
        return value + digit

    def number(text: str) -> int:
        high, mark, low = text.rpartition("亿")
        if mark:
            return number(high) * 10**8 + number(low)
        high, mark, low = text.rpartition("万")
        return section(high) * 10**4 + section(low) if mark else section(low)

    cents = sum(section(rest[i - 1]) * {"角": 10, "分": 1}[letter] for i, letter in enumerate(rest) if letter in "角分")
    return sign * (D(number(whole)) + D(cents) / 100)


TYPED = [
    ("1580", "1580"),
    (" 1,234.50 ", "1234.50"),
    ("１２３．５", "123.5"),
    ("￥1，234", "1234"),
    ("¥5元", "5"),
    ("1.2万", "12000"),
    ("3千", "3000"),
    ("1.5w", "15000"),
    ("2亿", "200000000"),
    ("1,2000", "12000"),
    ("=3*1580", "4740"),
    ("3×1580", "4740"),
    ("=(100+20)/8", "15"),
    ("-5", "-5"),
    ("−5", "-5"),
    ("(120.00)", "-120"),
    ("=(120)", "120"),
    ("13%", "0.13"),
    ("1000*13%", "130"),
    ("=2--3", "5"),
    (".5", "0.5"),
]


@pytest.mark.duty("O1")
@pytest.mark.parametrize(("typed", "meant"), TYPED)
def test_typed_amounts_are_read_as_meant(typed, meant):
    assert parse_number(typed) == D(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1,23",
        "1..2",
        "=",
        "=3*",
        "1/0",
        "2**3",
        "=(1",
        "1)",
        "1 2x",
        "NaN",
        "inf",
        "1e5",
        "__import__",
        "9" * 17,
        "1万2",
        "=" + "(" * 200,
    ],
)
def test_what_is_no_number_is_refused_in_words_not_guessed(typed):
    with pytest.raises(NotANumber):
        parse_number(typed)


@given(st.text(max_size=30))
def test_nothing_typed_breaks_the_reader(typed):
    try:
        assert parse_number(typed).is_finite()
    except NotANumber:
        pass


@given(st.decimals(-(10**12), 10**12, places=2))
def test_what_we_print_is_what_we_read(figure):
    assert parse_number(f"{figure:,.2f}") == figure


@pytest.mark.parametrize(("typed", "rate"), [("13", "0.13"), ("13%", "0.13"), ("１３％", "0.13"), ("0.5", "0.005")])
def test_percentages_are_read_as_rates(typed, rate):
    assert parse_percent(typed) == D(rate)
