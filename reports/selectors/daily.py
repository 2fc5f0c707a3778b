"""The day's sales performance by salesperson (R1): booked, shipped, collected; the day, the month, the target.

Figures are of an instant: a run that comes late computes what stood at its watermark. Ledger rows are dated by their
posting; orders by what the history says their state was then.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from backoffice.ledger.selectors.query import Where
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Month
from reports.models import Target

# Orders as they stood at an instant: what has changed since is read back from the history, field by field the value before its
# first change. Only what was written since is looked at, so a report in time costs no more than its month (the quarter of an
# hour is for transactions that were long under way).
BOOKED = """
WITH since AS (
  SELECT e."row", jsonb_object_agg(c.key, c.value -> 0 ORDER BY e.id DESC) AS was, bool_or(e.operation = 'I') AS is_new
    FROM audit_event e CROSS JOIN jsonb_each(e.changed) c
   WHERE e."table" = 'orders_order' AND e.at > %s
     AND e.id > coalesce((SELECT id FROM audit_event WHERE at < %s - interval '15 minutes' ORDER BY id DESC LIMIT 1), 0)
   GROUP BY 1
), looked_at AS (
  SELECT id FROM orders_order WHERE dated_on BETWEEN %s AND %s UNION SELECT "row" FROM since
), o AS (
  SELECT CASE WHEN was ? 'salesperson_id' THEN (was ->> 'salesperson_id')::bigint ELSE salesperson_id END AS salesperson_id,
         CASE WHEN was ? 'dated_on' THEN (was ->> 'dated_on')::date ELSE dated_on END AS dated_on,
         CASE WHEN was ? 'amount' THEN (was ->> 'amount')::numeric ELSE amount END AS amount,
         CASE WHEN was ? 'party_id' THEN (was ->> 'party_id')::bigint ELSE party_id END AS party_id,
         coalesce(was ->> 'state', state) AS state
    FROM looked_at JOIN orders_order USING (id) LEFT JOIN since ON since."row" = id
   WHERE is_new IS NOT TRUE
)
SELECT o.salesperson_id, count(*) FILTER (WHERE o.dated_on = %s), coalesce(sum(o.amount) FILTER (WHERE o.dated_on = %s), 0),
       count(*), coalesce(sum(o.amount), 0)
  FROM o WHERE o.dated_on BETWEEN %s AND %s AND o.state NOT IN ('draft', 'cancelled') AND {where}
 GROUP BY 1
"""
POSTED = """
SELECT l.person_id, coalesce(sum({side}) FILTER (WHERE l.posted_on = %s), 0), coalesce(sum({side}), 0)
  FROM ledger_entryline l JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_entry r ON r.id = e.reverses_id
  JOIN ledger_account a ON a.id = l.account_id
 WHERE l.posted_on BETWEEN %s AND %s AND e.posted_at <= %s AND coalesce(r.event, e.event) = %s AND a.code LIKE %s AND {where}
 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Performance:
    """One salesperson's day and month, amounts with tax. No salesperson: what belongs to nobody."""

    person: int | None
    name: str
    orders: int = 0
    booked: Decimal = ZERO
    shipped: Decimal = ZERO
    collected: Decimal = ZERO
    month_orders: int = 0
    month_booked: Decimal = ZERO
    month_shipped: Decimal = ZERO
    month_collected: Decimal = ZERO
    target: Decimal = ZERO

    @property
    def reached(self) -> Decimal | None:
        """Share of the month's target that is booked; none without a target."""
        return self.month_booked / self.target if self.target else None


@dataclass(frozen=True, slots=True)
class Daily:
    """The whole day: one row for each salesperson, the best month first, and their sum."""

    on: date
    at: datetime
    rows: tuple[Performance, ...]

    @property
    def total(self) -> Performance:
        sums: dict[str, Any] = {
            name: sum((getattr(row, name) for row in self.rows), start) for name, start in START.items()
        }
        return Performance(None, "", **sums)

    def as_json(self) -> dict[str, Any]:
        """Amounts as text, so that what is kept is exact."""
        rows = [{k: str(v) if isinstance(v, Decimal) else v for k, v in asdict(row).items()} for row in self.rows]
        return {"on": self.on.isoformat(), "at": self.at.isoformat(), "rows": rows}


START: dict[str, Any] = {
    "orders": 0, "booked": ZERO, "shipped": ZERO, "collected": ZERO, "month_orders": 0, "month_booked": ZERO, "month_shipped": ZERO,
    "month_collected": ZERO, "target": ZERO,
}  # fmt: skip


def daily_performance(*, on: date, at: datetime, visible_to: Person | None = None) -> Daily:
    """Every salesperson with a target or anything in the month up to `on`, as it stood at the instant `at`."""
    found: dict[int | None, dict[str, Any]] = {}
    month = Month.containing(on)
    for person, orders, amount, all_orders, all_amount in booked(on, month.first, at, visible_to):
        found.setdefault(person, {}).update(
            orders=orders, booked=amount, month_orders=all_orders, month_booked=all_amount
        )
    for name, event, account, side in (
        ("shipped", "goods_dispatched", "1122.02%", "l.debit - l.credit"),
        ("collected", "money_confirmed", "2203%", "l.credit - l.debit"),
    ):
        for person, day, total in posted(on, month.first, at, event, account, side, visible_to):
            found.setdefault(person, {}).update({name: day, f"month_{name}": total})
    targets = Target.objects.filter(month=month.first)
    if visible_to is not None and not visible_to.sees_everything:
        targets = targets.filter(person__in=[key for key in found if key])
    for target in targets:
        found.setdefault(target.person_id, {})["target"] = target.amount
    names = dict(Person.objects.filter(pk__in=[key for key in found if key]).values_list("pk", "name"))
    rows = [Performance(person, names.get(person, ""), **figures) for person, figures in found.items()]  # type: ignore[arg-type]
    return Daily(on, at, tuple(sorted(rows, key=lambda row: (-row.month_booked, row.name))))


def booked(on: date, first: date, at: datetime, person: Person | None) -> list[tuple[Any, ...]]:
    where = Where().visible(person, "o.party_id")
    with connection.cursor() as cursor:
        cursor.execute(BOOKED.format(where=where), [at, at, first, on, on, on, first, on, *where.values])
        return list(cursor.fetchall())


def posted(
    on: date, first: date, at: datetime, event: str, account: str, side: str, person: Person | None
) -> list[tuple[Any, ...]]:
    where = Where().visible(person)
    with connection.cursor() as cursor:
        cursor.execute(POSTED.format(side=side, where=where), [on, first, on, at, event, account, *where.values])
        return list(cursor.fetchall())
