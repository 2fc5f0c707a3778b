"""Steps of a deal: each measured whole, its deferred checks too, then undone, so that the company stays as it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measuring import Work, row
from invoices import services as billing
from orders.models import Order, OrderLine
from orders.services import Wanted, approve_order, save_order, submit_order
from shipments import services as shipping


def undone(act: Callable[[], Any]) -> Callable[[], None]:
    """One round in a transaction of its own: what is checked at commit is checked, then all of it is taken back."""

    def run() -> None:
        with transaction.atomic():
            act()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)

    return run


def wanted(load: Any, count: int) -> list[Wanted]:
    return [Wanted(product=product, quantity=Decimal(2)) for product in load.products[:count]]


def header(load: Any) -> dict[str, Any]:
    customer = load.buyer
    return {
        "party": customer.party, "dated_on": timezone.localdate(), "required_on": timezone.localdate(), "salesperson": customer.party.owner,
        "warehouse": load.warehouse, "term": customer.term,
    }  # fmt: skip


def made(load: Any, count: int = 5) -> Order:
    by = load.person("assistant")
    return submit_order(save_order(Order(), by=by, header=header(load), lines=wanted(load, count)), by=by)


@contextmanager
def twins() -> Iterator[None]:
    """The same tables, keys and indexes without triggers: what a plain Django program would write to."""
    models = (Order, OrderLine)
    with connection.cursor() as cursor:
        for model in models:
            name = model._meta.db_table
            cursor.execute(f'CREATE TEMP TABLE IF NOT EXISTS "plain_{name}" (LIKE "{name}" INCLUDING ALL)')
    for model in models:
        model._meta.db_table = f"plain_{model._meta.db_table}"
    try:
        yield
    finally:
        for model in models:
            model._meta.db_table = model._meta.db_table.removeprefix("plain_")


def plain_order(load: Any, count: int, *, approve: bool = False) -> None:
    """What the same comes to without prices looked up, review, history, reservation or checks."""
    lines = wanted(load, count)
    with twins():
        order = Order(**header(load), author=load.person("assistant"), state="draft", term_kind="credit")
        rows = [OrderLine(order=order, position=n, product=w.product, quantity=w.quantity, unit_price=Decimal(10), tax_rate=Decimal("0.13"))
                for n, w in enumerate(lines, start=1)]  # fmt: skip
        for line in rows:
            line.describe()
            line.price(includes_tax=True)
        order.net, order.tax, order.amount = (
            sum((getattr(line, name) for line in rows), Decimal(0)) for name in ("net", "tax", "gross")
        )
        order.save()
        OrderLine.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plain_orders_order SET state = 'submitted', submitted_at = now() WHERE id = %s", [order.pk]
        )
        if approve:
            cursor.execute("SELECT * FROM plain_orders_order WHERE id = %s FOR UPDATE", [order.pk])
            cursor.execute(
                "UPDATE plain_orders_order SET state = 'approved', number = %s WHERE id = %s",
                [f"SO-{order.pk}", order.pk],
            )


@row("order of 5 lines made and submitted", goal=15, ratio=2.5)
def five_lines(load: Any) -> Work:
    return Work(ours=undone(lambda: made(load)), baselines={"plain Django": undone(lambda: plain_order(load, 5))})


@row("order of 200 lines made and submitted", goal=200, ratio=2.5, rounds=5)
def two_hundred_lines(load: Any) -> Work:
    return Work(
        ours=undone(lambda: made(load, 200)), baselines={"plain Django": undone(lambda: plain_order(load, 200))}
    )


@row("order approved (history, review, reservation)", goal=10)
def approved(load: Any) -> Work:
    order = made(load)
    return Work(
        ours=undone(lambda: approve_order(order, by=load.person("assistant2"))),
        baselines={"plain Django, made too": undone(lambda: plain_order(load, 5, approve=True))},
    )


def reviewed_shipment(load: Any) -> Any:
    writer = load.person("assistant")
    order = approve_order(made(load), by=load.person("assistant2"))
    shipment = shipping.submit_shipment(shipping.ship_order(order, by=writer), by=writer)
    for name in ("warehouse", "warehouse2"):
        shipment = shipping.review_shipment(shipment, by=load.person(name))
    return shipment


@row("dispatch", goal=25)
def dispatch(load: Any) -> Work:
    shipment = reviewed_shipment(load)
    return Work(
        ours=undone(lambda: shipping.dispatch_shipment(shipment, by=load.person("warehouse"), tracking_number="YT1"))
    )


@row("invoice issued and posted", goal=20)
def issue(load: Any) -> Work:
    writer, finance = load.person("assistant"), load.person("finance")
    shipping.dispatch_shipment(reviewed_shipment(load), by=load.person("warehouse"), tracking_number="YT1")
    application = billing.submit_application(
        billing.make_application(load.buyer.party, by=writer, on=timezone.localdate()), by=writer
    )
    invoice = billing.submit_invoice(billing.accept_application(application, by=finance).invoices.get(), by=finance)
    for name in ("finance2", "manager"):
        invoice = billing.review_invoice(invoice, by=load.person(name))
    return Work(
        ours=undone(
            lambda: billing.issue_invoice(
                invoice, by=finance, tax_invoice_no=f"2699{invoice.pk:016}", issued_on=timezone.localdate()
            )
        )
    )
