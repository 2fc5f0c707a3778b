"""What a customer owes us or will owe us, against what they may (C11, rules.md §6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from backoffice.money import ZERO
from backoffice.parties.models import Party
from backoffice.people.models import Person
from customers.credit import Credit, credit_of, exposes
from customers.models import Customer, PaymentTerm
from orders.models import Order

# A part of a line is worth its share, and the last part takes the remainder (rules.md §1).
REST = "l.gross - round(l.gross * (l.shipped - l.returned) / l.quantity, 2)"

NOW = f"""
SELECT o.party_id, sum({REST}) FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
 WHERE o.state = 'approved' AND o.party_id = ANY(%s) GROUP BY 1
"""


@exposes
def open_orders(parties: Collection[int]) -> dict[int, Decimal]:
    """What of the approved orders has not been shipped, gross, by party."""
    with connection.cursor() as cursor:
        cursor.execute(NOW, [list(parties)])
        return dict(cursor.fetchall())


def exposure(party: Party | int, *, on: date) -> Credit:
    """One customer's exposure as of now, by the one definition of `customers.credit`; overdue counts to `on`."""
    return credit_of(Customer.objects.get(pk=party if isinstance(party, int) else party.pk), on=on)


def needs_credit(order: Order) -> bool:
    """What is paid before it leaves needs none: the gate before dispatch sees to that."""
    return not (order.term_kind == PaymentTerm.Kind.PREPAID or order.rest_before_dispatch)


def why_held(order: Order, customer: Customer, *, on: date, adding: Decimal | None = None) -> str:
    """What speaks against this order on credit, in words; empty when nothing does. Call it with the customer's row locked."""
    if not needs_credit(order):
        return ""
    return credit_of(customer, on=on).why_not(order.amount if adding is None else adding)


def rest_of(order: Order) -> Decimal:
    """What of this order has not been shipped, gross."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(sum({REST}), 0) FROM orders_orderline l WHERE l.order_id = %s", [order.pk])
        return Decimal(cursor.fetchone()[0])


# ── on a past day ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Exposed:
    """One customer at the end of a day. `limit` is today's; None is unlimited."""

    party: int
    code: str
    name: str
    limit: Decimal | None
    balance: Decimal
    open_orders: Decimal

    @property
    def exposure(self) -> Decimal:
        return self.balance + self.open_orders

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.exposure > self.limit


THEN = """
WITH books AS (
  SELECT l.party_id, sum(l.debit - l.credit) AS balance
    FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id AND a.book = 'receivable'
   WHERE l.posted_on <= %(on)s GROUP BY 1),
gone AS (
  SELECT l.dossier_id, sum(l.debit - l.credit) AS amount
    FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id AND a.book = 'receivable'
    JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_entry r ON r.id = e.reverses_id
   WHERE coalesce(r.event, e.event) = 'goods_dispatched' AND l.posted_on <= %(on)s AND l.dossier_id IS NOT NULL GROUP BY 1),
deals AS (
  SELECT o.party_id, o.dossier_id, sum(CASE WHEN o.state = 'closed' THEN s.shipped ELSE o.amount END) AS ordered
    FROM orders_order o LEFT JOIN LATERAL (
         SELECT sum(round(l.gross * (l.shipped - l.returned) / l.quantity, 2)) AS shipped
           FROM orders_orderline l WHERE l.order_id = o.id) AS s ON o.state = 'closed'
   WHERE o.dated_on <= %(on)s AND o.state NOT IN ('draft', 'cancelled') GROUP BY 1, 2),
orders AS (
  SELECT d.party_id, sum(CASE WHEN d.dossier_id IS NULL THEN d.ordered ELSE greatest(d.ordered - coalesce(g.amount, 0), 0) END) AS amount
    FROM deals d LEFT JOIN gone g ON g.dossier_id = d.dossier_id GROUP BY 1)
SELECT p.id, p.code, p.name, c.credit_limit, coalesce(b.balance, 0), coalesce(o.amount, 0)
  FROM parties_party p JOIN customers_customer c ON c.party_id = p.id
  LEFT JOIN books b ON b.party_id = p.id LEFT JOIN orders o ON o.party_id = p.id
 WHERE (b.party_id IS NOT NULL OR o.party_id IS NOT NULL) AND (%(those)s::bigint[] IS NULL OR p.id = ANY(%(those)s))
 ORDER BY p.code, p.id
"""


def exposure_at(on: date, *, visible_to: Person | None = None, parties: Iterable[int] | None = None) -> list[Exposed]:
    """Every customer with a balance or an order at the end of a day, in one statement (C11).

    An order counts from its date until the books say that its deal was dispatched, whatever had become of its review by then.
    """
    those = None if parties is None else list(parties)
    if visible_to is not None and not visible_to.sees_everything:
        visible = set(Party.objects.visible_to(visible_to).values_list("pk", flat=True))
        those = list(visible if those is None else visible & set(those))
    with connection.cursor() as cursor:
        cursor.execute(THEN, {"on": on, "those": those})
        return [Exposed(*row) for row in cursor.fetchall()]


def total_of(rows: Iterable[Exposed]) -> Decimal:
    return sum((row.exposure for row in rows), ZERO)
