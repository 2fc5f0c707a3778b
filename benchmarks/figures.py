"""Reports: figures against the plain statement over the lines that gives the same."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection

from backoffice.ledger.selectors import ageing
from backoffice.periods import Month, add_months
from benchmarks.bare import page
from benchmarks.measuring import Work, row
from orders.selectors.sales import By, Per, booked_sales

RAW = """
SELECT date_trunc('month', o.dated_on)::date, {key}, count(DISTINCT o.id), sum(l.quantity), sum(l.gross), sum(l.net), sum(round(l.quantity * coalesce(l.cost_price, 0), 2))
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
 WHERE o.state NOT IN ('draft', 'cancelled') AND o.dated_on BETWEEN %s AND %s GROUP BY 1, 2
"""
RAW_AGEING = """
SELECT i.party_id, i.kind, i.due_on, sum(i.amount - coalesce(a.amount, 0)) FROM ledger_item i
  LEFT JOIN (SELECT item, sum(amount) AS amount FROM (SELECT charge_id AS item, amount FROM ledger_allocation WHERE "on" <= %s UNION ALL
                                                      SELECT credit_id, amount FROM ledger_allocation WHERE "on" <= %s) AS x GROUP BY 1) AS a ON a.item = i.id
 WHERE i.book = 'receivable' AND i.dated_on <= %s GROUP BY 1, 2, 3 HAVING sum(i.amount - coalesce(a.amount, 0)) <> 0
"""


def raw(sql: str, *values: Any) -> Callable[[], Any]:
    def run() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    return run


def span(load: Any, months: int) -> tuple[date, date]:
    first = add_months(Month.containing(load.last_day).first, 1 - months)
    return first, load.last_day


def sales(load: Any, by: By, months: int, per: Per, key: str) -> Work:
    first, last = span(load, months)
    return Work(
        ours=lambda: booked_sales(by=by, per=per, first=first, last=last),
        baselines={"SQL over the lines": raw(RAW.format(key=key), first, last)},
    )


@row("sales by salesperson and month, 24 months", goal=60, ratio=1, rounds=12)
def by_salesperson(load: Any) -> Work:
    return sales(load, By.SALESPERSON, 24, Per.MONTH, "o.salesperson_id")


@row("sales by customer, 10 months", goal=80, ratio=1, rounds=12)
def by_customer(load: Any) -> Work:
    return sales(load, By.CUSTOMER, 10, Per.ALL, "o.party_id")


@row("sales by product, 10 months", goal=40, ratio=1, rounds=12)
def by_product(load: Any) -> Work:
    return sales(load, By.PRODUCT, 10, Per.ALL, "l.product_id")


@row("ageing of all customers at a past date", goal=80, ratio=2, rounds=12)
def ageing_then(load: Any) -> Work:
    day = add_months(Month.containing(load.last_day).first, -3)
    return Work(ours=lambda: ageing(on=day), baselines={"SQL": raw(RAW_AGEING, day, day, day)})


@row("ageing of all customers today", goal=80, ratio=2, rounds=12)
def ageing_now(load: Any) -> Work:
    day = load.last_day
    return Work(ours=lambda: ageing(on=day), baselines={"SQL": raw(RAW_AGEING, day, day, day)})


@row("dashboard of the general manager", goal=150, ratio=2, rounds=8)
def dashboard(load: Any) -> Work:
    return page(load.client("gm"), "/reports/dashboard/")


@row("customer account page", goal=40, ratio=2)
def account(load: Any) -> Work:
    return page(load.client("finance"), f"/invoices/accounts/{load.customer.pk}/")


@row("contract statistics of a month", goal=500, ratio=2, rounds=8, in_short=False)
def contract_statistics(load: Any) -> Work:
    return page(load.client("gm"), f"/reports/contracts/?period={Month.containing(load.last_day)}")
