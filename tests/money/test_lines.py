"""Rounding, tax, parts and splits. The tables are the worked cases (TX…); where our rule differs, our figure stands."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice import money
from backoffice.money import LineAmounts, discount_lines, part_of_line, price_line, split, total_of

cents = st.integers(-(10**12), 10**12).map(lambda n: D(n) / 100)
rates = st.sampled_from([D(r) for r in ("0", "0.01", "0.03", "0.06", "0.09", "0.13", "0.16", "0.055")])
quantities = st.integers(1, 10**9).map(lambda n: D(n) / 1000)
prices = st.integers(0, 10**11).map(lambda n: D(n) / 10**6)

WITHOUT_TAX = [
    # case, lines (quantity, price, discount, rate), net, tax, gross
    ("TX1", [("1", "1.001", 0, "0.2")] * 100, "100.00", "20.00", "120.00"),
    ("TX8a", [("1.04", "11.2736", 0, "0.06")], "11.72", "0.70", "12.42"),
    ("TX8b", [("-1", "0.4529", 0, "0.06")], "-0.45", "-0.03", "-0.48"),
    ("TX11", [("2", "0.0035", 0, 0)], "0.01", "0.00", "0.01"),
    ("TX13 two lines", [("1", "1.24", 0, "0.1")] * 2, "2.48", "0.24", "2.72"),
    ("TX13 one line", [("2", "1.24", 0, "0.1")], "2.48", "0.25", "2.73"),
    ("TX14", [("15", "6.36", 0, "0.21")], "95.40", "20.03", "115.43"),
    ("TX17", [("3", "6.36", 0, "0.21")] * 5, "95.40", "20.05", "115.45"),
    ("TX19a", [("1", "1.24", 0, "0.1")], "1.24", "0.12", "1.36"),
    ("TX19b", [("2", "8.56", 0, "0.1")], "17.12", "1.71", "18.83"),
    ("TX19c", [("10", "-10", 0, "0.1")], "-100.00", "-10.00", "-110.00"),
    ("TX20", [("4.6", p, 0, "0.19") for p in ("84", "54", "288", "144", "430")], "4600.00", "874.01", "5474.01"),
    ("TX35", [("16", "348.35", "0.04", "0.22")], "5350.66", "1177.15", "6527.81"),
    ("TX37a", [("1", "3.60", 0, "0.055")], "3.60", "0.20", "3.80"),
    ("TX37b", [("10", "3.60", 0, "0.055")], "36.00", "1.98", "37.98"),
    ("TX37c", [("1", "3.60", 0, "0.055")] * 10, "36.00", "2.00", "38.00"),
    ("TX38", [("1", "707.02", 0, "0.19"), ("1", "66.39", 0, "0.19")], "773.41", "146.94", "920.35"),
    ("TX44", [("0.1", "151632", 0, 0)], "15163.20", "0.00", "15163.20"),
]
WITH_TAX = [
    ("TX26", [("1", "24900", 0, "0.28")], "19453.13", "5446.87", "24900.00"),
    (
        "TX28",
        [("2", "1122", 0, "0.12"), ("1", "1122.01", 0, "0.12"), ("1", "1122.01", 0, "0.12")],
        "4007.15",
        "480.87",
        "4488.02",
    ),
    ("TX40", [("1", "2.99", 0, "0.04")], "2.88", "0.11", "2.99"),
    ("TX41", [("1", "100", 0, "0.13")], "88.50", "11.50", "100.00"),
    ("TX43", [("1", "105.3", 0, "0.17")], "90.00", "15.30", "105.30"),
]


@pytest.mark.duty("I2")
@pytest.mark.parametrize(
    ("lines", "net", "tax", "gross", "includes_tax"),
    [
        pytest.param(*row[1:], included, id=row[0])
        for rows, included in ((WITHOUT_TAX, False), (WITH_TAX, True))
        for row in rows
    ],
)
def test_lines_come_to_what_the_worked_cases_say(lines, net, tax, gross, includes_tax):
    total = total_of(price_line(*line, includes_tax) for line in lines)
    assert total == LineAmounts(D(net), D(tax), D(gross))


DISCOUNTS = [
    ("TX22", [("500", 0), ("750", 0)], "625", False, ["250.00", "375.00"], "625.00"),
    ("TX31", [("500", 0), ("1000", 0)], "100", False, ["466.67", "933.33"], "1400.00"),
    ("TX32", [("500", "0.1"), ("1000", "0.1")], "100", True, ["424.25", "848.48"], "1400.00"),
]


@pytest.mark.parametrize(
    ("lines", "discount", "includes_tax", "nets", "gross"), [pytest.param(*r[1:], id=r[0]) for r in DISCOUNTS]
)
def test_a_document_discount_is_split_over_its_lines(lines, discount, includes_tax, nets, gross):
    of_rate = [D(rate) for _, rate in lines]
    priced = [price_line(1, price, 0, rate, includes_tax) for price, rate in lines]
    result = discount_lines(priced, of_rate, discount, includes_tax)
    assert [str(line.net) for line in result] == nets
    assert str(total_of(result).gross) == gross


@given(quantities, prices, st.integers(0, 10**6).map(lambda n: D(n) / 10**6), rates, st.booleans())
def test_net_and_tax_always_sum_to_gross_in_whole_cents(quantity, price, discount, rate, includes_tax):
    line = price_line(quantity, price, discount, rate, includes_tax)
    assert line.net + line.tax == line.gross
    assert all(figure == figure.quantize(D("0.01")) for figure in (line.net, line.tax, line.gross))


def test_half_a_cent_goes_away_from_zero_and_no_zero_is_negative():
    assert money.amount("0.005") == D("0.01") and money.amount("-0.005") == D("-0.01")
    assert str(money.amount("-0.004")) == "0.00"


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        money.amount(0.1)


def test_the_largest_price_and_quantity_are_computed_to_the_last_digit():
    line = price_line("999999999999.999", "9999.999999", "0.000001", "0.13", includes_tax=False)
    assert line.net == D("9999989998999991.00")


@given(
    st.integers(1, 10**9).map(lambda n: D(n) / 100),
    rates,
    st.lists(st.integers(1, 5000), min_size=1, max_size=12),
    st.booleans(),
)
def test_the_parts_of_a_line_always_sum_to_the_line(gross, rate, steps, includes_tax):
    line = price_line(1, gross, 0, rate, includes_tax)
    total, done, taken = D(sum(steps)) / 1000, D(0), LineAmounts()
    for step in steps:
        part = part_of_line(line, total, done, D(step) / 1000)
        assert part.net + part.tax == part.gross and part.gross >= 0
        taken, done = taken + part, done + D(step) / 1000
    assert taken == line


def test_three_thirds_of_a_hundred_leave_the_rest_to_the_last():
    line = price_line(3, "33.333333", 0, "0.13")
    parts = [part_of_line(line, 3, before, 1).gross for before in range(3)]
    assert parts == [D("33.33"), D("33.34"), D("33.33")] and sum(parts) == line.gross


def test_what_is_returned_is_given_back_to_the_cent():
    line = price_line(7, "14.29", 0, "0.13")
    out, back = part_of_line(line, 7, 0, 5), part_of_line(line, 7, 5, -5)
    assert out + back == LineAmounts()


@given(cents, st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_shares_sum_to_the_whole_and_are_fair_to_the_cent(whole, weights):
    shares = split(whole, weights)
    assert sum(shares) == whole
    if total := sum(weights):
        assert all(
            abs(share - whole * weight / total) < D("0.01") for share, weight in zip(shares, weights, strict=True)
        )


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=20), st.data())
def test_a_discount_never_takes_more_from_a_line_than_it_has(amounts, data):
    bases = [D(n) / 100 for n in amounts]
    discount = D(data.draw(st.integers(0, sum(amounts)))) / 100
    assert all(share <= base for share, base in zip(split(discount, bases), bases, strict=True)) or not sum(amounts)


def test_equal_remainders_go_to_the_last():
    assert split(D(100), [1, 1, 1]) == [D("33.33"), D("33.33"), D("33.34")]
    assert split(D("-10"), [1, 1, 1]) == [D("-3.33"), D("-3.33"), D("-3.34")]
