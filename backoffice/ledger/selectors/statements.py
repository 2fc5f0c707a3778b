"""Statements of account 对账: opening + charges − receipts = closing, per party and by document (I4, I6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from backoffice.ledger.selectors.query import Row, Where, fetch
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Period

# Lines of the subsidiary book, summed by entry: what moves inside it (money allocated, an invoice taking over
# a dispatch) is nothing to the party and disappears.
BOOK = "l.account_id = ANY (ARRAY(SELECT id FROM ledger_account WHERE book = %s))"
SIGN = {"receivable": 1, "payable": -1}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One document: what it charged or what was received, and the balance after it."""

    entry: int
    posted_on: date
    event: str
    record: int | None
    kind: str | None
    number: str
    memo: str
    change: Decimal
    running: Decimal

    @property
    def charge(self) -> Decimal:
        return max(self.change, ZERO)

    @property
    def receipt(self) -> Decimal:
        return max(-self.change, ZERO)


@dataclass(frozen=True, slots=True)
class Statement:
    opening: Decimal
    rows: list[StatementRow]

    @property
    def charges(self) -> Decimal:
        return sum((row.charge for row in self.rows), ZERO)

    @property
    def receipts(self) -> Decimal:
        return sum((row.receipt for row in self.rows), ZERO)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.charges - self.receipts


ROWS = """
SELECT s.entry_id, e.posted_on, e.event, e.record_id, r.kind, coalesce(i.number, r.number, ''), e.memo, s.change,
       %s + sum(s.change) OVER (ORDER BY e.posted_on, s.entry_id)
  FROM (SELECT l.entry_id, sum(l.debit - l.credit) * %s AS change FROM ledger_entryline l WHERE {where}
         GROUP BY 1 HAVING sum(l.debit - l.credit) <> 0) AS s
  JOIN ledger_entry e ON e.id = s.entry_id LEFT JOIN register_record r ON r.id = e.record_id
  LEFT JOIN LATERAL (SELECT nullif(max(number), '') AS number FROM ledger_item WHERE entry_id = e.id) AS i ON true
 ORDER BY e.posted_on, s.entry_id
"""


def statement(party: Row, *, period: Period, dossier: Row = None, book: str = "receivable") -> Statement:
    """One party's account over a period, by document; or of one deal. Positive is what the party owes (payable: what we owe)."""

    def where(text: str, *values: date) -> Where:
        return Where().add(BOOK, book).equal(party=party, dossier=dossier).add(text, *values)

    before, within = (
        where("l.posted_on < %s", period.first),
        where("l.posted_on BETWEEN %s AND %s", period.first, period.last),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(l.debit - l.credit), 0) FROM ledger_entryline l WHERE {before}", before.values
        )
        opening = Decimal(cursor.fetchone()[0]) * SIGN[book]
    rows = fetch(ROWS.format(where=within), [opening, SIGN[book], *within.values], StatementRow)
    return Statement(opening, rows)


@dataclass(frozen=True, slots=True)
class PartyBalance:
    """A line of the list of balances: opening + charges − receipts = closing."""

    party: int
    code: str
    name: str
    owner: str
    opening: Decimal
    charges: Decimal
    receipts: Decimal
    closing: Decimal


BALANCES = """
SELECT s.party_id, p.code, coalesce(nullif(p.short_name, ''), p.name), coalesce(o.name, ''), s.opening, s.charges, s.receipts,
       s.opening + s.charges - s.receipts
  FROM (SELECT party_id, coalesce(sum(change) FILTER (WHERE posted_on < %s), 0) AS opening,
               coalesce(sum(change) FILTER (WHERE posted_on >= %s AND change > 0), 0) AS charges,
               -coalesce(sum(change) FILTER (WHERE posted_on >= %s AND change < 0), 0) AS receipts
          FROM (SELECT l.party_id, l.entry_id, l.posted_on, sum(l.debit - l.credit) * %s AS change FROM ledger_entryline l
                 WHERE {where} GROUP BY 1, 2, 3) AS entries
         GROUP BY 1) AS s
  JOIN parties_party p ON p.id = s.party_id LEFT JOIN people_person o ON o.id = p.owner_id
 WHERE s.opening <> 0 OR s.charges <> 0 OR s.receipts <> 0 ORDER BY p.code
"""


def party_balances(*, period: Period, book: str = "receivable", visible_to: Person | None = None) -> list[PartyBalance]:
    """Every party with a balance or a movement in the period; the sum of `closing` is the ledger's balance of the book."""
    where = Where().add(BOOK, book).add("l.posted_on <= %s", period.last).visible(visible_to)
    values = [period.first, period.first, period.first, SIGN[book], *where.values]
    return fetch(BALANCES.format(where=where), values, PartyBalance)
