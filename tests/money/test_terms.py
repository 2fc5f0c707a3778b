"""Payment terms: when how much is due. The table is the worked cases (PA…, AG…)."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.money import Due, Instalment, dues, net_days

DATES = [
    ("PA5", Instalment(end_of_month=True, days=45), "2019-01-01", "2019-03-17"),
    ("PA5", Instalment(end_of_month=True, days=45), "2019-01-15", "2019-03-17"),
    ("PA5", Instalment(end_of_month=True, days=45), "2019-01-31", "2019-03-17"),
    ("PA6", Instalment(days=31, day_of_month=15), "2019-01-01", "2019-02-15"),
    ("PA6", Instalment(days=31, day_of_month=15), "2019-01-31", "2019-03-15"),
    ("PA8", Instalment(months=1, end_of_month=True), "2016-01-22", "2016-02-29"),
    ("PA8", Instalment(months=1, end_of_month=True), "2017-01-22", "2017-02-28"),
    ("on the day itself", Instalment(), "2026-11-21", "2026-11-21"),
    ("the fixed day is today", Instalment(day_of_month=21), "2026-11-21", "2026-11-21"),
    ("31 is the last day", Instalment(day_of_month=31), "2026-02-03", "2026-02-28"),
    ("over the year's end", Instalment(months=2, day_of_month=10), "2026-11-21", "2027-02-10"),
]


@pytest.mark.duty("I3")
@pytest.mark.parametrize(("term", "start", "due"), [pytest.param(*row[1:], id=f"{row[0]} {row[2]}") for row in DATES])
def test_due_dates_follow_the_term(term, start, due):
    assert term.due_on(date.fromisoformat(start)) == date.fromisoformat(due)


DAY = date(2026, 11, 21)
HALVES = [Instalment(percent=D("0.5")), Instalment(percent=D("0.5"), days=30)]
QUARTERS = [Instalment(percent=D("0.25")), Instalment(percent=D("0.25")), Instalment(fixed=D("4.0")), Instalment()]
THIRDS = [Instalment(percent=D("0.3")), Instalment(percent=D("0.5"), days=30), Instalment(percent=D("0.2"), days=60)]
AMOUNTS = [
    ("PA2", "-10.00", QUARTERS, ["-2.50", "-2.50", "-4.00", "-1.00"]),
    ("PA3", "0.00", QUARTERS, ["0.00"]),
    ("PA9", "1000", HALVES, ["500.00", "500.00"]),
    ("AG1", "100", THIRDS, ["30.00", "50.00", "20.00"]),
    ("an odd cent", "100.01", HALVES, ["50.01", "50.00"]),
    ("a fixed part larger than the whole", "3.00", [Instalment(fixed=D("4.0")), Instalment()], ["3.00"]),
    (
        "percents below a hundred",
        "100",
        [Instalment(percent=D("0.3")), Instalment(percent=D("0.3"))],
        ["30.00", "70.00"],
    ),
    ("no term", "100", [], ["100.00"]),
]


@pytest.mark.parametrize(("whole", "term", "amounts"), [pytest.param(*row[1:], id=row[0]) for row in AMOUNTS])
def test_instalments_take_their_shares_and_the_last_the_rest(whole, term, amounts):
    assert [str(due.amount) for due in dues(whole, DAY, term)] == amounts


@given(
    st.integers(-(10**10), 10**10).map(lambda n: D(n) / 100),
    st.lists(
        st.one_of(
            st.builds(Instalment, percent=st.integers(0, 100).map(lambda n: D(n) / 100), days=st.integers(0, 400)),
            st.builds(Instalment, fixed=st.integers(0, 10**6).map(lambda n: D(n) / 100)),
        ),
        max_size=6,
    ),
)
def test_instalments_always_sum_to_the_whole_and_never_change_sides(whole, term):
    result = dues(whole, DAY, term)
    assert sum(due.amount for due in result) == whole
    assert all(due.amount * whole >= 0 for due in result)


def test_thirty_days_is_the_plainest_term():
    assert dues("88.5", DAY, net_days(30)) == [Due(date(2026, 12, 21), D("88.50"))]


@pytest.mark.parametrize("part", [*QUARTERS, Instalment(months=1, end_of_month=True, days=10, day_of_month=31)])
def test_a_term_survives_being_stored(part):
    assert Instalment.from_row(part.as_row()) == part
