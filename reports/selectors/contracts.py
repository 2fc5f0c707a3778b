"""Statistics of contract performance 合同履行统计 (K4): by kind, region, salesperson and customer, as of the end of a period."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from backoffice.ledger.selectors.query import Where
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Period, parse
from contracts.models import Category

# Contracts with customers that were in force in the period, added up in each way and as a whole. Money by the day of its posting, as far as
# it had been posted at the instant; deliveries that fell due in the period, and how many of them had left by their day (asked only of lines of
# which all has left by now). What is due on the very day is not late yet.
CONTRACTS = """
WITH c AS (
  SELECT c.id, c.category, c.salesperson_id, c.party_id, c.dossier_id, coalesce(c.ceiling, c.amount) AS value, c.signed_on BETWEEN %s AND %s AS is_new
    FROM contracts_contract c
   WHERE c.signed_on <= %s AND c.category <> 'purchase' AND NOT (c.state IN ('closed', 'terminated') AND (c.changed_at AT TIME ZONE %s)::date < %s)
     AND c.state NOT IN ('draft', 'submitted', 'cancelled') AND {where}
), money AS (
  SELECT d.dossier_id, sum(d.charged) AS charged, sum(d.received) AS received,
         sum(d.charged) FILTER (WHERE d.posted_on >= %s) AS charged_now, sum(d.received) FILTER (WHERE d.posted_on >= %s) AS received_now
    FROM ledger_dealentry d WHERE d.posted_on <= %s AND d.dossier_id IN (SELECT dossier_id FROM c)
     AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.id = d.entry_id AND e.posted_at > %s) GROUP BY 1
), goods AS (
  SELECT l.contract_id, count(*) FILTER (WHERE l.due_on < %s OR s.left_by_then >= l.quantity) AS due, count(*) FILTER (WHERE s.left_by_then >= l.quantity) AS in_time
    FROM contracts_contractline l LEFT JOIN LATERAL (
      SELECT sum(sl.quantity - sl.returned) AS left_by_then FROM orders_orderline ol JOIN shipments_shipmentline sl ON sl.order_line_id = ol.id
        JOIN shipments_shipment h ON h.id = sl.shipment_id
       WHERE l.delivered >= l.quantity AND ol.contract_line_id = l.id AND h.state IN ('dispatched', 'delivered') AND h.dispatched_on <= l.due_on) AS s ON true
   WHERE l.due_on BETWEEN %s AND %s AND l.contract_id IN (SELECT id FROM c) GROUP BY 1
), late AS (
  SELECT i.dossier_id, sum(i.amount - CASE WHEN i.allocated_on IS NULL OR i.allocated_on <= %s THEN i.allocated ELSE
           coalesce((SELECT sum(a.amount) FROM ledger_allocation a WHERE a.charge_id = i.id AND a."on" <= %s), 0) END) AS overdue
    FROM ledger_item i WHERE i.book = 'receivable' AND i.kind = 'charge' AND i.dated_on <= %s AND i.due_on < %s AND (i.allocated < i.amount OR i.allocated_on > %s)
     AND i.dossier_id IN (SELECT dossier_id FROM c)
   GROUP BY 1
), each AS (
  SELECT c.category, c.salesperson_id, sp.name AS salesperson, c.party_id, coalesce(nullif(p.short_name, ''), p.name) AS customer,
         p.region_id, g.name AS region, c.value, c.is_new, m.charged, m.received, m.charged_now, m.received_now, s.due, s.in_time, o.overdue
    FROM c JOIN parties_party p ON p.id = c.party_id LEFT JOIN people_person sp ON sp.id = c.salesperson_id LEFT JOIN people_region g ON g.id = p.region_id
    LEFT JOIN money m ON m.dossier_id = c.dossier_id LEFT JOIN goods s ON s.contract_id = c.id LEFT JOIN late o ON o.dossier_id = c.dossier_id
)
SELECT grouping(category, region_id, salesperson_id, party_id), coalesce(category, region_id::text, salesperson_id::text, party_id::text, ''),
       coalesce(region, salesperson, customer, ''), count(*), coalesce(sum(value), 0.00), count(*) FILTER (WHERE is_new),
       coalesce(sum(value) FILTER (WHERE is_new), 0.00), coalesce(sum(charged), 0.00), coalesce(sum(received), 0.00), coalesce(sum(charged_now), 0.00),
       coalesce(sum(received_now), 0.00), coalesce(sum(due), 0)::bigint, coalesce(sum(in_time), 0)::bigint, coalesce(sum(overdue), 0.00)
  FROM each GROUP BY GROUPING SETS ((), (category), (region_id, region), (salesperson_id, salesperson), (party_id, customer))
HAVING grouping(category, region_id, salesperson_id, party_id) = ANY(%s)
"""
# what `grouping` says of the rows of each way; the whole is divided in none
MASKS = {15: "total", 7: "kind", 11: "region", 13: "salesperson", 14: "customer"}
WAYS = ("kind", "region", "salesperson", "customer")


@dataclass(frozen=True, slots=True)
class Standing:
    """Contracts in force: their number and worth, what of it was shipped and collected, deliveries that fell due and those in time."""

    contracts: int = 0
    value: Decimal = ZERO
    signed: int = 0
    signed_value: Decimal = ZERO
    charged: Decimal = ZERO
    received: Decimal = ZERO
    charged_now: Decimal = ZERO
    received_now: Decimal = ZERO
    due: int = 0
    in_time: int = 0
    overdue: Decimal = ZERO

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Standing)))

    @property
    def outstanding(self) -> Decimal:
        return self.charged - self.received

    @property
    def fulfilled(self) -> Decimal | None:
        """What was shipped of what was contracted, by value."""
        return self.charged / self.value if self.value else None

    @property
    def punctual(self) -> Decimal | None:
        """按期履行率: deliveries that had left by their day, of those that fell due in the period."""
        return Decimal(self.in_time) / self.due if self.due else None

    @property
    def collected(self) -> Decimal | None:
        """回款比例: what was received of what was shipped."""
        return self.received / self.charged if self.charged else None


FIGURES = tuple(f.name for f in fields(Standing))


@dataclass(frozen=True, slots=True)
class Group:
    """One kind, region, salesperson or customer."""

    key: str
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Statistics:
    """A period: the whole, and the same divided in four ways; each way sums to the whole."""

    period: Period
    at: datetime
    total: Standing
    by: dict[str, tuple[Group, ...]]

    def as_json(self) -> dict[str, Any]:
        """Amounts as text, so that what is kept is exact."""
        return {
            "period": str(self.period), "at": self.at.isoformat(), "total": as_text(self.total),
            "by": {way: [{"key": g.key, "name": g.name, **as_text(g.standing)} for g in groups] for way, groups in self.by.items()},
        }  # fmt: skip


def as_text(standing: Standing) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(standing).items()}


def from_text(row: dict[str, Any]) -> Standing:
    """What was kept, as figures again."""
    return Standing(**{f.name: row[f.name] if f.type is int else Decimal(row[f.name]) for f in fields(Standing)})


def from_json(kept: dict[str, Any]) -> Statistics:
    """What was kept, as figures again; the kinds of contracts in the reader's language."""
    by = {
        way: tuple(Group(row["key"], name_of(way, row), from_text(row)) for row in groups) for way, groups in kept["by"].items()
    }  # fmt: skip
    return Statistics(parse(kept["period"]), datetime.fromisoformat(kept["at"]), from_text(kept["total"]), by)


def name_of(way: str, row: dict[str, Any]) -> str:
    return str(Category(row["key"]).label) if way == "kind" else str(row["name"])


def contract_statistics(
    *, period: Period, on: date, at: datetime, visible_to: Person | None = None, ways: Iterable[str] = WAYS
) -> Statistics:
    """The statistics of a period at the end of the day `on` (its last day once it is over), as posted at the local instant `at`."""
    found: dict[str, list[Group]] = {way: [] for way in ("total", *ways)}
    for mask, key, name, *figures in rows(period, min(period.last, on), at, visible_to, [*found]):
        way = MASKS[mask]
        found[way].append(Group(key, name_of(way, {"key": key, "name": name}), Standing(*figures)))
    (total,) = found.pop("total")
    return Statistics(period, at, total.standing, {way: largest_first(groups) for way, groups in found.items()})


def rows(
    period: Period, last: date, at: datetime, person: Person | None, ways: Collection[str]
) -> list[tuple[Any, ...]]:
    """The whole and each group of the ways asked for: mask, key, name, then the figures in the order of FIGURES."""
    where = Where().visible(person, "c.party_id")
    masks = [mask for mask, way in MASKS.items() if way in ways]
    values = [period.first, last, last, str(at.tzinfo or "UTC"), period.first, *where.values, period.first, period.first, last, at,
              at.date(), period.first, last, last, last, last, last, last, masks]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CONTRACTS.format(where=where), values)
        return cursor.fetchall()


def largest_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda g: (-g.standing.value, g.name, g.key)))
