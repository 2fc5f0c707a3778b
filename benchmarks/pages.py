"""Lists, documents, look-ups: what a person opens all day."""

from typing import Any

from benchmarks.bare import list_page, page, seen_by
from benchmarks.measuring import Work, row
from contracts.overview import PerformanceList
from customers.duplicates import faces, likely_pairs
from customers.models import Note
from customers.tables import CustomerList
from orders.models import Order
from orders.tables import OrderList


@row("order list, first page of 50", goal=30, p95=50, ratio=2, statements=8)
def first_page(load: Any) -> Work:
    return list_page(
        load.client("gm"), "/orders/?view=all", OrderList, load.person("gm"), grows="/orders/?view=all&n=200"
    )


@row("the same, filtered to what is to be shipped", goal=30, p95=50, ratio=2, statements=8)
def filtered(load: Any) -> Work:
    return list_page(
        load.client("gm"),
        "/orders/?state=approved",
        OrderList,
        load.person("gm"),
        grows="/orders/?state=approved&n=200",
    )


@row("the same, page 1,900", goal=40, ratio=2, statements=8)
def deep(load: Any) -> Work:
    last = Order.objects.count() // 50 * 95 // 100
    return list_page(load.client("gm"), f"/orders/?view=all&p={max(1, last)}", OrderList, load.person("gm"))


@row("the same for an assistant with her customers", goal=40, ratio=2, statements=10)
def of_an_assistant(load: Any) -> Work:
    return list_page(load.client("assistant"), "/orders/?view=all", OrderList, load.person("assistant"))


@row("count and totals of all orders, after the page", goal=100, ratio=2)
def all_figures(load: Any) -> Work:
    client = seen_by(load.person("gm"), **{"HX-Request": "true", "HX-Target": "list-foot"})
    return page(client, "/orders/?p=1&figures=1")


@row("order page", goal=20, ratio=2)
def order_page(load: Any) -> Work:
    return page(load.client("gm"), f"/orders/{load.order.pk}/")


@row("customer list with balances", goal=40, ratio=2, statements=10)
def customers(load: Any) -> Work:
    return list_page(
        load.client("gm"), "/customers/?view=all", CustomerList, load.person("gm"), grows="/customers/?view=all&n=200"
    )


@row("performance of all contracts, first page of 50 with totals", goal=500, p95=700, ratio=2, statements=10)
def contracts(load: Any) -> Work:
    url = "/contracts/performance/?view=all"
    return list_page(load.client("gm"), url, PerformanceList, load.person("gm"), grows=f"{url}&n=200")


@row("performance list of one contract", goal=150, ratio=3)
def contract(load: Any) -> Work:
    return page(load.client("gm"), f"/contracts/{load.contract.pk}/performance/")


@row("customer page", goal=40, ratio=2)
def customer_page(load: Any) -> Work:
    return page(load.client("gm"), f"/customers/{load.customer.pk}/")


@row("timeline of a customer with 10,000 entries, the newest", goal=30, ratio=2)
def timeline(load: Any) -> Work:
    return page(load.client("gm"), f"/customers/{load.old_friend.pk}/timeline/")


@row("the same, after 9,000 entries", goal=30, ratio=2)
def timeline_end(load: Any) -> Work:
    note = Note.objects.filter(party=load.old_friend.pk).order_by("-happened_on", "-pk")[9000]
    after = f"{note.happened_on:%Y%m%d}.note.{note.pk}"
    return page(load.client("gm"), f"/customers/{load.old_friend.pk}/timeline/?after={after}")


@row("looking for customers that are there twice, all of them", goal=15_000, rounds=3)
def duplicates(load: Any) -> Work:
    return Work(lambda: likely_pairs(faces()))


@row("product look-up while typing, two Chinese characters", goal=30, p95=60, ratio=3)
def look_up(load: Any) -> Work:
    return page(load.client("assistant"), "/look-up/product/?q=口罩")


@row("product look-up while typing, a code's beginning", goal=30, p95=60, ratio=3)
def look_up_code(load: Any) -> Work:
    return page(load.client("assistant"), "/look-up/product/?q=P0012")


@row("customer look-up while typing, two Chinese characters", goal=30, p95=60, ratio=3)
def look_up_customer(load: Any) -> Work:
    return page(load.client("assistant"), "/look-up/customer/?q=医药")


@row("search over everything while typing, two Chinese characters", goal=60, p95=120, ratio=3)
def search_name(load: Any) -> Work:
    return page(load.client("assistant"), "/find/?q=医药")


@row("search over everything while typing, an order's number", goal=60, p95=120, ratio=3)
def search_number(load: Any) -> Work:
    return page(load.client("assistant"), f"/find/?q={load.order.number}")


@row("search over everything while typing, an amount", goal=60, p95=120, ratio=3)
def search_amount(load: Any) -> Work:
    return page(load.client("assistant"), f"/find/?q={load.order.amount}")
