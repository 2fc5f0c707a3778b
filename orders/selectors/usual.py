"""What a customer usually buys (C1): how often, how much, and at which price the last time."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from backoffice.people.models import Person
from customers.models import Customer

COUNTED = ["submitted", "held", "approved", "done", "closed"]
USUAL = """
SELECT l.product_id, p.code, p.name, p.spec, u.name, count(DISTINCT o.id), sum(l.quantity), max(o.dated_on),
       (array_agg(l.unit_price ORDER BY o.dated_on DESC, o.id DESC, l.position))[1],
       (array_agg(l.quantity ORDER BY o.dated_on DESC, o.id DESC, l.position))[1],
       (array_agg(o.id ORDER BY o.dated_on DESC, o.id DESC, l.position))[1]
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id JOIN stock_product p ON p.id = l.product_id
  JOIN stock_unit u ON u.id = p.unit_id
 WHERE o.party_id = %s AND o.state = ANY(%s) AND o.dated_on > %s
 GROUP BY l.product_id, p.code, p.name, p.spec, u.name ORDER BY 6 DESC, 8 DESC, 2 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Usual:
    """One product of the last two years."""

    product: int
    code: str
    name: str
    spec: str
    unit: str
    orders: int
    quantity: Decimal
    last_on: datetime.date
    last_price: Decimal
    last_quantity: Decimal
    last_order: int


def usual_goods(customer: Customer, *, person: Person, on: datetime.date, most: int = 15) -> list[Usual]:
    """The products ordered most often in the two years before a day; nothing for who may not see the customer."""
    if not Customer.objects.visible_to(person).filter(pk=customer.pk).exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(USUAL, [customer.pk, COUNTED, on - datetime.timedelta(days=730), most])
        return [Usual(*row) for row in cursor.fetchall()]
