"""What orders have called off from a contract in money: whole orders, and of those closed short what was sent (K2, X5)."""

from decimal import Decimal

from django.db import connection

from orders.models import Order

OTHERS = """
    SELECT sum(CASE WHEN o.state = 'closed' THEN round(l.gross * (l.shipped - l.returned) / l.quantity, 2) ELSE l.gross END)
      FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
     WHERE o.contract_id = %s AND o.state IN ('approved', 'done', 'closed') AND o.id <> %s
"""
SENT = "SELECT sum(round(l.gross * (l.shipped - l.returned) / l.quantity, 2)) FROM orders_orderline l WHERE l.order_id = %s"


def called_off(contract_id: int, *, but: Order) -> Decimal:
    """By all orders of the contract except this one."""
    return _sum(OTHERS, [contract_id, but.pk])


def sent_value(order: Order) -> Decimal:
    """What would stay called off if the order ended now."""
    return _sum(SENT, [order.pk])


def _sum(question: str, given: list[int]) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return Decimal(cursor.fetchone()[0] or 0)
