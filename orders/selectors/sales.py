"""Booked sales: what was handed in and not cancelled, dated by the order, in one statement a table (R1, R2, K4).

`amount` carries tax, `net` does not; `cost` is quantity × the cost price copied to the line; `margin` = net − cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection

from backoffice.money import ZERO
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.periods import Month, add_months


class By(StrEnum):
    """What the figures are grouped by."""

    TOTAL = "total"
    SALESPERSON = "salesperson"
    CUSTOMER = "customer"
    PRODUCT = "product"
    PRODUCT_LINE = "product_line"
    REGION = "region"
    COUNTRY = "country"
    STATE = "state"


class Per(StrEnum):
    """Into which periods they are cut."""

    ALL = "all"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Sales:
    """One row of figures. `key` is the id of what it is grouped by, `start` the first day of its period (None: all)."""

    start: date | None
    key: str
    code: str
    name: str
    orders: int
    quantity: Decimal
    amount: Decimal
    net: Decimal
    cost: Decimal

    @property
    def margin(self) -> Decimal:
        return self.net - self.cost


# key, code, name of each grouping; joins beyond orders, lines and parties
GROUPS = {
    By.TOTAL: ("''", "''", "''", ""),
    By.SALESPERSON: ("coalesce(o.salesperson_id::text, '')", "coalesce(w.employee_no, w.username, '')", "coalesce(w.name, '')",
                     "LEFT JOIN people_person w ON w.id = o.salesperson_id"),
    By.CUSTOMER: ("o.party_id::text", "p.code", "p.name", ""),
    By.PRODUCT: ("l.product_id::text", "g.code", "g.name", "JOIN stock_product g ON g.id = l.product_id"),
    By.PRODUCT_LINE: ("coalesce(g.category_id::text, '')", "coalesce(k.code, '')", "coalesce(k.name, '')",
                      "JOIN stock_product g ON g.id = l.product_id LEFT JOIN stock_category k ON k.id = g.category_id"),
    By.REGION: ("coalesce(r.id::text, '')", "coalesce(r.code, '')", "coalesce(r.name, '')",
                "LEFT JOIN people_person w ON w.id = o.salesperson_id LEFT JOIN people_region r ON r.id = coalesce(p.region_id, w.region_id)"),
    By.COUNTRY: ("p.country", "p.country", "p.country", ""),
    By.STATE: ("o.state", "o.state", "o.state", ""),
}  # fmt: skip
STARTS = {
    Per.ALL: "NULL::date",
    Per.DAY: "o.dated_on",
    **{p: f"date_trunc('{p}', o.dated_on)::date" for p in (Per.MONTH, Per.QUARTER, Per.YEAR)},
}
SQL = """
SELECT {start} AS start, {key} AS key, {code} AS code, {name} AS name, count(DISTINCT o.id), sum(l.quantity), sum(l.gross), sum(l.net),
       sum(round(l.quantity * coalesce(l.cost_price, 0), 2))
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id JOIN parties_party p ON p.id = o.party_id {joins}
 WHERE {where} GROUP BY 1, 2, 3, 4 ORDER BY 1 NULLS FIRST, 4, 3, 2
"""


def booked_sales(
    *,
    by: By = By.TOTAL,
    per: Per = Per.ALL,
    first: date | None = None,
    last: date | None = None,
    visible_to: Person | None = None,
    salesperson: Person | int | None = None,
    party: Party | int | None = None,
    cancelled_too: bool = False,
) -> list[Sales]:
    """Booked sales grouped and cut into periods; both ends of the span belong to it. One statement however many rows.

    Whole months of the whole company come from the sums kept beside the orders, everything else from the orders' lines.
    """
    if visible_to is not None and visible_to.sees_everything:
        visible_to = None
    is_kept = by in KEPT and per is not Per.DAY and visible_to is salesperson is party is None and not cancelled_too
    if is_kept and (months := whole_months(first, last)):
        return kept_sales(by, per, first, last, months)
    where: list[str] = ["o.state <> 'draft'"]
    values: list[Any] = []
    if not cancelled_too:
        where.append("o.state <> 'cancelled'")
    for text, value in (
        ("o.dated_on >= %s", first),
        ("o.dated_on <= %s", last),
        ("o.salesperson_id = %s", salesperson),
        ("o.party_id = %s", party),
    ):
        if value is not None:
            where.append(text)
            values.append(getattr(value, "pk", value))
    if visible_to is not None:
        sql, given = Party.objects.visible_to(visible_to).values("pk").query.sql_with_params()
        where.append(f"o.party_id IN ({sql})")
        values += given
    key, code, name, joins = GROUPS[by]
    return fetched(
        SQL.format(start=STARTS[per], key=key, code=code, name=name, joins=joins, where=" AND ".join(where)), values
    )


def fetched(statement: str, values: Sequence[Any]) -> list[Sales]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Sales(*row) for row in cursor.fetchall()]


# ── from the sums kept beside the orders ─────────────────────────────────────────────────────
# grouping: kept by, key of an order's line, then key, code, name and join of the result
KEPT = {
    By.TOTAL: ("salesperson", "o.salesperson_id", "''", "''", "''", ""),
    By.SALESPERSON: ("salesperson", "o.salesperson_id", "coalesce(nullif(f.key, 0)::text, '')", "coalesce(w.employee_no, w.username, '')", "coalesce(w.name, '')",
                     "LEFT JOIN people_person w ON w.id = f.key"),
    By.CUSTOMER: ("customer", "o.party_id", "f.key::text", "p.code", "p.name", "JOIN parties_party p ON p.id = f.key"),
    By.COUNTRY: ("customer", "o.party_id", "p.country", "p.country", "p.country", "JOIN parties_party p ON p.id = f.key"),
    By.PRODUCT: ("product", "l.product_id", "f.key::text", "g.code", "g.name", "JOIN stock_product g ON g.id = f.key"),
}  # fmt: skip
FIGURES = "{start} AS start, key, sum(orders) AS orders, sum(quantity) AS quantity, sum(amount) AS amount, sum(net) AS net, sum(cost) AS cost"
KEPT_SQL = """
SELECT f.start, {key} AS key, {code} AS code, {name} AS name, sum(f.orders)::bigint, sum(f.quantity), sum(f.amount), sum(f.net), sum(f.cost)
  FROM (SELECT {figures} FROM (
          SELECT month, key, orders, quantity, amount, net, cost FROM orders_salessum WHERE "by" = %s AND month BETWEEN %s AND %s UNION ALL
          SELECT month, key, orders, quantity, amount, net, cost FROM orders_salesdelta WHERE "by" = %s AND month BETWEEN %s AND %s) AS s GROUP BY 1, 2
        UNION ALL
        SELECT {start_of_order}, coalesce({line_key}, 0), count(DISTINCT o.id), sum(l.quantity), sum(l.gross), sum(l.net), sum(round(l.quantity * coalesce(l.cost_price, 0), 2))
          FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
         WHERE o.state NOT IN ('draft', 'cancelled') AND (o.dated_on BETWEEN %s AND %s OR o.dated_on BETWEEN %s AND %s) GROUP BY 1, 2) AS f {joins}
 GROUP BY 1, 2, 3, 4 ORDER BY 1 NULLS FIRST, 4, 3, 2
"""
BEGINNING, END = date(1, 1, 1), date(9999, 12, 1)


def whole_months(first: date | None, last: date | None) -> tuple[date, date] | None:
    """The first days of the first and last month that lie whole in the span; None where none does."""
    begin = BEGINNING if first is None else first if first.day == 1 else add_months(Month.containing(first).first, 1)
    end = END if last is None else Month.containing(last + timedelta(1)).first - timedelta(1)
    return (begin, end.replace(day=1)) if begin <= end else None


def kept_sales(by: By, per: Per, first: date | None, last: date | None, months: tuple[date, date]) -> list[Sales]:
    """Whole months from sums and what was appended since; the days before and after them from the orders. One snapshot."""
    kept, line_key, key, code, name, joins = KEPT[by]
    start = "NULL::date" if per is Per.ALL else f"date_trunc('{per}', month)::date"
    edges = [
        first or BEGINNING,
        months[0] - timedelta(1) if first else BEGINNING,
        add_months(months[1], 1) if last else END,
        last or BEGINNING,
    ]
    statement = KEPT_SQL.format(
        figures=FIGURES.format(start=start), start_of_order=STARTS[per], line_key=line_key, key=key, code=code, name=name, joins=joins
    )  # fmt: skip
    return fetched(statement, [kept, *months, kept, *months, *edges])


def sum_of(rows: Iterable[Sales], figure: str = "amount") -> Decimal:
    return sum((getattr(row, figure) for row in rows), ZERO)


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Orders of one month and salesperson, in value with tax: ordered = shipped + open + given up + cancelled."""

    month: date
    salesperson: int | None
    name: str
    orders: int
    ordered: Decimal
    shipped: Decimal
    open_value: Decimal
    given_up: Decimal
    cancelled: Decimal


FULFILMENT = """
SELECT date_trunc('month', o.dated_on)::date, o.salesperson_id, coalesce(w.name, ''), count(DISTINCT o.id), sum(l.gross),
       coalesce(sum(s.worth) FILTER (WHERE o.state <> 'cancelled'), 0),
       coalesce(sum(l.gross - s.worth) FILTER (WHERE o.state NOT IN ('cancelled', 'closed')), 0),
       coalesce(sum(l.gross - s.worth) FILTER (WHERE o.state = 'closed'), 0),
       coalesce(sum(l.gross) FILTER (WHERE o.state = 'cancelled'), 0)
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
  CROSS JOIN LATERAL (SELECT round(l.gross * (l.shipped - l.returned) / l.quantity, 2) AS worth) s
  LEFT JOIN people_person w ON w.id = o.salesperson_id
 WHERE {where} GROUP BY 1, 2, 3 ORDER BY 1, 3, 2
"""


def fulfilment(
    *, first: date | None = None, last: date | None = None, visible_to: Person | None = None
) -> list[Fulfilment]:
    """Per month and salesperson: ordered, shipped so far, still open, given up, cancelled (K3, K4)."""
    where: list[str] = ["o.state <> 'draft'"]
    values: list[Any] = []
    for text, value in (("o.dated_on >= %s", first), ("o.dated_on <= %s", last)):
        if value is not None:
            where.append(text)
            values.append(value)
    if visible_to is not None and not visible_to.sees_everything:
        sql, given = Party.objects.visible_to(visible_to).values("pk").query.sql_with_params()
        where.append(f"o.party_id IN ({sql})")
        values += list(given)
    with connection.cursor() as cursor:
        cursor.execute(FULFILMENT.format(where=" AND ".join(where)), values)
        return [Fulfilment(*row) for row in cursor.fetchall()]
