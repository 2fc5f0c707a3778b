"""Sales by anything and any period, compared with a slow walk over every line."""

from collections import defaultdict
from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.periods import Year
from orders.models import OrderLine
from orders.selectors.sales import By, Per, booked_sales, sum_of
from tests.making_shipments import approved_order, make_house

pytestmark = [pytest.mark.django_db, pytest.mark.duty("R4")]


def slow(by: str) -> dict:
    found: dict = defaultdict(lambda: [set(), Decimal(0), Decimal(0)])
    keys = {
        "total": lambda line: 0, "salesperson": lambda line: line.order.salesperson_id, "customer": lambda line: line.order.party_id,
        "product": lambda line: line.product_id, "product_line": lambda line: line.product.category_id,
        "region": lambda line: line.order.salesperson.region_id, "country": lambda line: line.order.party.country,
    }  # fmt: skip
    for line in OrderLine.objects.exclude(order__state__in=["draft", "cancelled"]):
        row = found[keys[by](line)]
        row[0].add(line.order_id)
        row[1] += line.gross
        row[2] += line.quantity
    return {key: (len(orders), gross, quantity) for key, (orders, gross, quantity) in found.items()}


@pytest.mark.parametrize("by", [by for by in By if by is not By.STATE])
def test_a_table_equals_the_slow_walk(by):
    for quantities in ((3, 4), (5,)):
        house = make_house(list_price=Decimal("33.335"))
        approved_order(house, *quantities)
    year = Year.containing(timezone.localdate())
    rows = booked_sales(by=by, first=year.first, last=year.last)
    expected = {"" if key in (None, 0) else str(key): figures for key, figures in slow(by).items()}
    assert {row.key: (row.orders, row.amount, row.quantity) for row in rows} == expected


@pytest.mark.parametrize("each", Per)
def test_the_parts_of_a_period_sum_to_the_period(each):
    approved_order(make_house(), 3, 4)
    assert sum_of(booked_sales(by=By.PRODUCT, per=each)) == sum_of(booked_sales())


@pytest.mark.duty("F9")
def test_a_salesperson_sees_their_own_sales():
    first, second = make_house(), make_house()
    approved_order(first)
    approved_order(second)
    assert [row.key for row in booked_sales(by=By.SALESPERSON, visible_to=first.salesperson)] == [
        str(first.salesperson.pk)
    ]
