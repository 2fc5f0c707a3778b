"""What a customer usually buys stands on their page, with the last price and date."""

import datetime
from decimal import Decimal

import pytest

from orders.selectors.usual import usual_goods
from tests.making import TODAY
from tests.making_orders import cancelled_order, make_customer, submitted_order
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.duty("C1")
def test_usual_goods_with_the_last_price_most_often_ordered_first():
    customer = make_customer()
    order = submitted_order(customer, amount=226)
    cancelled_order(customer)
    (usual,) = usual_goods(customer, person=customer.party.owner, on=TODAY)
    line = order.lines.get()
    assert (usual.product, usual.last_price, usual.last_order, usual.orders) == (
        line.product_id,
        line.unit_price,
        order.pk,
        1,
    )
    assert usual.last_on == TODAY and usual.quantity == line.quantity >= Decimal(1)
    assert usual_goods(customer, person=customer.party.owner, on=TODAY + datetime.timedelta(days=800)) == []
    assert usual_goods(customer, person=make_person("salesperson"), on=TODAY) == []
