"""Workbooks in and out: an import of 10,000 order lines, an export of 100,000."""

import io
from collections.abc import Iterable
from copy import copy
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import xlsxwriter
from django.db.models import QuerySet

from backoffice.database.copying import copy_rows, draw_keys
from backoffice.lists import columns as c
from backoffice.lists.declared import List
from backoffice.lists.exports import export, typed
from backoffice.lists.workbook import FORMATS
from backoffice.people.models import Person
from backoffice.register.models import Opening
from backoffice.sheets.models import Batch
from backoffice.sheets.services import apply_group, check_group, upload
from benchmarks.measuring import Work, row
from benchmarks.steps import undone
from customers.models import Customer
from orders.models import Order, OrderLine

IN, OUT = 10_000, 100_000
PER_ORDER = 4
HEAD = ("Order No", "Line No", "Order Date", "Customer No", "Product Code", "Qty", "Price", "Status")
fresh = count(1)


def past_orders(load: Any, lines: int) -> bytes:
    """Orders of a company that goes live, four lines each, under numbers that nobody has."""
    file, run = io.BytesIO(), next(fresh)
    codes = [party.party.code for party in Customer.objects.select_related("party").order_by("-pk")[:500]]
    with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("Orders")
        page.write_row(0, 0, HEAD)
        for at in range(lines):
            order, place = divmod(at, PER_ORDER)
            day = load.last_day - timedelta(days=400 + order % 300)
            product = load.products[at % len(load.products)].code
            price = (at % 900) + 1.25
            page.write_row(
                at + 1, 0, (f"B{run}-{order}", place + 1, day, codes[order % len(codes)], product, 2, price, "Shipped")
            )
    return file.getvalue()


def brought_in(load: Any, content: bytes) -> None:
    done = upload([("orders.xlsx", content)], by=load.person("assistant"), kind="orders")
    kept = done.batches[0].file.path
    try:
        check_group(done.group)
        apply_group(done.group, by=load.person("finance"))
        assert Batch.objects.get(group=done.group).counts["made"]
    finally:
        kept.unlink(missing_ok=True)


def same_rows(load: Any, lines: int) -> tuple[list[Order], list[OrderLine]]:
    """The orders and lines that such an import leaves, copied from some that are here."""
    opening = Opening.objects.create(
        uploaded_by=load.person("assistant"), applied_by=load.person("finance"), source="bench"
    )
    run, like, line_like = next(fresh), load.order, load.order.lines.order_by("pk")[0]
    orders = []
    for at in range(lines // PER_ORDER):
        order = copy(like)
        order.pk, order.number, order.opening = None, f"X{run}-{at}", opening
        order._state = type(like._state)()
        orders.append(order)
    made = []
    for at in range(lines):
        line = copy(line_like)
        line._state = type(like._state)()
        line.pk, line.order, line.position = None, orders[at // PER_ORDER], at % PER_ORDER + 1
        line.shipped = line.returned = line.invoiced = Decimal(0)
        made.append(line)
    return orders, made


def in_bulk(load: Any, lines: int) -> None:
    orders, made = same_rows(load, lines)
    Order.objects.bulk_create(orders, batch_size=2000)
    for line in made:
        line.order_id = line.order.pk
    OrderLine.objects.bulk_create(made, batch_size=2000)


def by_copy(load: Any, lines: int) -> None:
    orders, made = same_rows(load, lines)
    for order, key in zip(orders, draw_keys(Order, len(orders)), strict=True):
        order.pk = key
    for line in made:
        line.order_id = line.order.pk
    for model, rows in ((Order, orders), (OrderLine, made)):
        names = [f.attname for f in model._meta.concrete_fields if model is Order or f.attname != "id"]
        copy_rows(model, names, ([getattr(each, name) for name in names] for each in rows))


@row("import of 10,000 order lines, check and apply", goal=8000, ratio=4, rounds=2, in_short=False)
def import_lines(load: Any) -> Work:
    return Work(
        ours=undone(lambda: brought_in(load, past_orders(load, IN))),
        baselines={
            "the same rows by bulk_create, unchecked": undone(lambda: in_bulk(load, IN)),
            "by COPY": undone(lambda: by_copy(load, IN)),
        },
    )


class Lines(List):
    """Fifteen columns of every kind, as the lists of the program have them."""

    title = "Order lines"
    model = OrderLine
    columns = (
        c.Text("order_number", path="order__number"), c.Date("dated_on", path="order__dated_on"), c.Party("party", path="order__party__short_name", hint="order__party__name"),
        c.Text("code", path="product__code"), c.Text("name"), c.Text("unit"), c.Quantity("quantity"), c.Price("unit_price"), c.Percent("discount"),
        c.Percent("tax_rate"), c.Money("net", total=True), c.Money("tax", total=True), c.Money("gross", total=True), c.Quantity("shipped"), c.Quantity("invoiced"),
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[OrderLine]:
        return OrderLine.objects.filter(pk__lte=self.last())

    def last(self) -> int:
        keys = OrderLine.objects.order_by("pk").values_list("pk", flat=True)
        return keys[min(OUT, keys.count()) - 1]


def by_the_library(rows: Iterable[list[Any]]) -> None:
    """The same cells by the library's own fastest mode."""
    with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        page, money, day = (
            book.add_worksheet("S"),
            *(book.add_format({"num_format": FORMATS[k]}) for k in ("money", "date")),
        )
        for number, cells in enumerate(rows):
            for at, value in enumerate(cells):
                if isinstance(value, str):
                    page.write_string(number, at, value)
                elif isinstance(value, Decimal):
                    page.write_number(number, at, value, money)
                elif value is not None:
                    page.write_datetime(number, at, value, day)


@row("100,000 order lines to Excel", goal=7000, ratio=1.2, rounds=2, in_short=False)
def export_lines(load: Any) -> Work:
    person = load.person("finance")
    return Work(
        ours=undone(lambda: export(Lines(person, ""), "xlsx")),
        baselines={"the library's fastest mode, the same cells": lambda: by_the_library(typed(Lines(person, ""), {}))},
    )
