"""Open items and their age, as of any day: what was there by then, less what had been allocated by then (I4)."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from backoffice.ledger.selectors.query import Row, Where, fetch
from backoffice.money import ZERO
from backoffice.people.models import Person

# One branch for charges and one for credits. An item whose last allocation is not after the day is settled by then, and left out unread;
# one with no allocation after the day has been allocated by then what it says it has. Only the others are summed up.
OPEN = """
SELECT l.id, l.party_id, l.person_id, l.dossier_id, l.record_id, l.account_id, l.kind, l.event, l.number, l.dated_on, l.due_on, l.amount,
       {sign} * (l.amount - CASE WHEN l.allocated_on IS NULL OR l.allocated_on <= %s THEN l.allocated ELSE
         coalesce((SELECT sum(a.amount) FROM ledger_allocation a WHERE a.{kind}_id = l.id AND a."on" <= %s), 0) END) AS open
  FROM ledger_item l
 WHERE l.kind = '{kind}' AND l.book = %s AND l.dated_on <= %s AND {where}
   AND (l.allocated < l.amount OR (l.allocated = l.amount AND l.allocated_on > %s))
"""


def _open(on: date, book: str, where: Where) -> tuple[str, list[Any]]:
    """A table expression of what was open at the end of a day; credits are negative."""
    parts = [OPEN.format(sign=sign, kind=kind, where=where) for sign, kind in ((1, "charge"), (-1, "credit"))]
    return f"({' UNION ALL '.join(parts)})", [on, on, book, on, *where.values, on] * 2


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What was open of one item; credits are negative. `late` is in days, 0 when not due or due that very day."""

    id: int
    party: int
    party_name: str
    person: int | None
    dossier: int | None
    record: int | None
    record_kind: str | None
    account: str
    kind: str
    event: str
    number: str
    dated_on: date
    due_on: date | None
    amount: Decimal
    open: Decimal
    late: int


ITEMS = """
SELECT i.id, i.party_id, coalesce(nullif(p.short_name, ''), p.name), i.person_id, i.dossier_id, i.record_id, r.kind, a.code, i.kind, i.event,
       i.number, i.dated_on, i.due_on, i.amount, i.open, greatest(%s - i.due_on, 0)
  FROM {open} AS i JOIN parties_party p ON p.id = i.party_id JOIN ledger_account a ON a.id = i.account_id
  LEFT JOIN register_record r ON r.id = i.record_id
 WHERE i.open <> 0 ORDER BY p.code, i.kind, i.due_on NULLS LAST, i.dated_on, i.number, i.id
"""


def open_items(
    *,
    on: date,
    book: str = "receivable",
    party: Row = None,
    dossier: Row = None,
    record: Row = None,
    person: Row = None,
    visible_to: Person | None = None,
) -> list[OpenItem]:
    """Every item that was open at the end of a day, by party, charges before credits, oldest due first."""
    where = Where().equal(party=party, dossier=dossier, record=record, person=person).visible(visible_to)
    table, values = _open(on, book, where)
    return fetch(ITEMS.format(open=table), [on, *values], OpenItem)


PAID = """
    SELECT dossier_id, sum(amount) FROM (
      SELECT c.dossier_id, a.amount FROM ledger_allocation a JOIN ledger_item c ON c.id = a.charge_id JOIN ledger_item k ON k.id = a.credit_id
       WHERE c.dossier_id = ANY(%(dossiers)s) AND k.event = ANY(%(money)s) AND c.event <> ALL(%(not_goods)s) AND a."on" <= %(on)s
      UNION ALL
      SELECT k.dossier_id, k.amount - coalesce((SELECT sum(a.amount) FROM ledger_allocation a WHERE a.credit_id = k.id AND a."on" <= %(on)s), 0)
        FROM ledger_item k
       WHERE k.dossier_id = ANY(%(dossiers)s) AND k.kind = 'credit' AND k.event = ANY(%(money)s) AND k.dated_on <= %(on)s) AS paid
     GROUP BY dossier_id
"""


def paid_for(dossier: Row, *, on: date) -> Decimal:
    """Confirmed money that stands for a deal: what settles its charges, and what waits on it as an advance (S5)."""
    key = dossier.pk if isinstance(dossier, Model) else dossier
    return paid_for_each([key], on=on).get(key, Decimal(0))


def paid_for_each(dossiers: Iterable[int], *, on: date) -> dict[int, Decimal]:
    """The same of many deals at once; a deal without money is missing."""
    money = ["money_confirmed", "opening_advance"]
    not_goods = [*money, "reversal", "party_merged"]
    given: dict[str, Any] = {"dossiers": list(dossiers), "money": money, "not_goods": not_goods, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(PAID, given)
        return dict(cursor.fetchall())


# ── ageing ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """One party (or salesperson): what is not due, then by days past due, advances (negative), and their sum."""

    key: int | None
    code: str
    name: str
    owner: str
    amounts: tuple[Decimal, ...]
    advances: Decimal
    total: Decimal

    @property
    def overdue(self) -> Decimal:
        return sum(self.amounts[1:], ZERO)


@dataclass(frozen=True, slots=True)
class Ageing:
    on: date
    bounds: tuple[int, ...]
    rows: list[AgeingRow]
    totals: AgeingRow


def age(due_on: date | None, *, on: date, bounds: Sequence[int] = ()) -> int:
    """The column an item stands in: 0 not due (also on the very day), then one for each bound, closed on both ends."""
    bounds = bounds or settings.AGEING_BOUNDS
    late = (on - due_on).days if due_on else 0
    return 0 if late <= 0 else bisect_left(bounds, late) + 1


def ageing_labels(bounds: Sequence[int] = ()) -> list[str]:
    """Headings of the columns between party and advances: not due, 1–30, 31–60 …"""
    bounds = list(bounds or settings.AGEING_BOUNDS)
    spans = [f"{low + 1}–{high}" for low, high in zip([0, *bounds], bounds, strict=False)]
    return [
        _("Not due"),
        *(_("%(span)s days") % {"span": span} for span in spans),
        _("over %(days)s days") % {"days": bounds[-1]},
    ]


CELLS = """
SELECT s.k, {labels}, s.age, s.open FROM (
  SELECT {key} AS k, CASE WHEN i.kind = 'credit' THEN -1 ELSE width_bucket(%s - coalesce(i.due_on, %s), %s) END AS age, sum(i.open) AS open
    FROM {open} AS i JOIN parties_party p ON p.id = i.party_id WHERE i.open <> 0 GROUP BY 1, 2) AS s {names}
"""
BY_PARTY = {
    "key": "i.party_id",
    "labels": "p.code, coalesce(nullif(p.short_name, ''), p.name), coalesce(o.name, '')",
    "names": "JOIN parties_party p ON p.id = s.k LEFT JOIN people_person o ON o.id = p.owner_id",
}
BY_OWNER = {
    "key": "p.owner_id",
    "labels": "coalesce(o.employee_no, ''), coalesce(o.name, ''), ''",
    "names": "LEFT JOIN people_person o ON o.id = s.k",
}


@dataclass(frozen=True, slots=True)
class _Cell:
    key: int | None
    code: str
    name: str
    owner: str
    age: int
    open: Decimal


def ageing(
    *,
    on: date,
    bounds: Sequence[int] = (),
    book: str = "receivable",
    party: Row = None,
    visible_to: Person | None = None,
    by_owner: bool = False,
) -> Ageing:
    """账龄: not due, by days past due, advances, total, as of a day; by party, or by the salesperson who owns the party.

    The sum of all columns is the ledger's balance of the book's accounts on that day, always.
    """
    limits = tuple(bounds or settings.AGEING_BOUNDS)
    table, values = _open(on, book, Where().equal(party=party).visible(visible_to))
    sql = CELLS.format(open=table, **(BY_OWNER if by_owner else BY_PARTY))
    cells = fetch(sql, [on, on, [1, *(bound + 1 for bound in limits)], *values], _Cell)
    rows: dict[int | None, list[_Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.key, []).append(cell)
    made = [_row(key, of, len(limits) + 2) for key, of in rows.items()]
    return Ageing(on, limits, sorted(made, key=attrgetter("code", "name")), _row(None, cells, len(limits) + 2))


def _row(key: int | None, cells: list[_Cell], columns: int) -> AgeingRow:
    amounts = [ZERO] * columns
    advances = ZERO
    for cell in cells:
        if cell.age < 0:
            advances += cell.open
        else:
            amounts[cell.age] += cell.open
    code, name, owner = (cells[0].code, cells[0].name, cells[0].owner) if key is not None and cells else ("", "", "")
    return AgeingRow(key, code, name, owner, tuple(amounts), advances, sum(amounts, ZERO) + advances)
