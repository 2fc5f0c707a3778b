"""How a deal stands in the books: what its customer was charged, what of that is invoiced, what they paid (K3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Model

from backoffice.ledger.models import DealEntry
from backoffice.ledger.selectors.query import Row, fetch
from backoffice.money import ZERO


@dataclass(frozen=True, slots=True)
class Deal:
    """One dossier, or many together, at the end of a day."""

    charged: Decimal = ZERO
    billed: Decimal = ZERO
    received: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        return self.charged - self.received

    @property
    def unbilled(self) -> Decimal:
        return self.charged - self.billed

    @property
    def collected(self) -> Decimal | None:
        """回款比例: what was received of what was charged; none while nothing was."""
        return self.received / self.charged if self.charged else None


def deal(dossier: Row, *, on: date) -> Deal:
    """How one deal stands at the end of a day; the same figures as the ledger's accounts over its dossier."""
    return Deal(**DealEntry.objects.filter(dossier=dossier, posted_on__lte=on).figures())


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that stands for a deal: set against a charge (of the document `charge`), or an advance (None)."""

    charge: int | None
    payment: int | None
    number: str
    on: date
    amount: Decimal


MONEY = ["money_confirmed", "opening_advance"]
RECEIPTS = """
SELECT c.record_id, k.record_id, k.number, a."on", a.amount FROM ledger_allocation a
  JOIN ledger_item c ON c.id = a.charge_id JOIN ledger_item k ON k.id = a.credit_id
 WHERE c.dossier_id = %s AND k.event = ANY(%s) AND c.event <> ALL(%s) AND a."on" <= %s
UNION ALL
SELECT NULL, k.record_id, k.number, k.dated_on, k.amount - coalesce(
         (SELECT sum(a.amount) FROM ledger_allocation a WHERE a.credit_id = k.id AND a."on" <= %s), 0)
  FROM ledger_item k WHERE k.dossier_id = %s AND k.kind = 'credit' AND k.event = ANY(%s) AND k.dated_on <= %s
"""


def receipts(dossier: Row, *, on: date) -> list[Receipt]:
    """The confirmed money of a deal, one row for each allocation and each open advance; their sum is `paid_for`."""
    key = dossier.pk if isinstance(dossier, Model) else dossier
    values = [key, MONEY, [*MONEY, "reversal"], on, on, key, MONEY, on]
    found = fetch(RECEIPTS, values, Receipt)
    return sorted((row for row in found if row.amount), key=lambda row: (row.on, row.number))


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a customer was charged for a deal and is to pay by a day; `settled_on` is the day of the last settlement."""

    number: str
    record: int | None
    dated_on: date
    due_on: date | None
    amount: Decimal
    settled: Decimal
    settled_on: date | None

    @property
    def open(self) -> Decimal:
        return self.amount - self.settled


INSTALMENTS = """
SELECT l.number, l.record_id, l.dated_on, l.due_on, l.amount, coalesce(s.amount, 0), s.last_on
  FROM ledger_item l LEFT JOIN LATERAL (SELECT sum(a.amount) AS amount, max(a."on") AS last_on FROM ledger_allocation a
                                         WHERE a.charge_id = l.id AND a."on" <= %s) AS s ON true
 WHERE l.dossier_id = %s AND l.book = 'receivable' AND l.kind = 'charge' AND l.event <> 'reversal' AND l.dated_on <= %s
   AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = l.entry_id AND r.posted_on <= %s)
   AND (l.amount > coalesce(s.amount, 0)
        OR NOT EXISTS (SELECT FROM ledger_postingrule p WHERE p.event = 'goods_dispatched' AND p.account_id = l.account_id))
 ORDER BY l.due_on NULLS LAST, l.dated_on, l.number, l.id
"""


def instalments(dossier: Row, *, on: date) -> list[Instalment]:
    """Every charge of a deal with its day and what settled it; goods dispatched stand there until their invoice takes them over."""
    key = dossier.pk if isinstance(dossier, Model) else dossier
    return fetch(INSTALMENTS, [on, key, on, on], Instalment)
