"""Steps of a deal: each measured whole, its deferred checks too, then undone, so that the company stays as it is."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from backoffice.ledger.models import Allocation, Entry, EntryLine, Item
from backoffice.stock.models import Level, Movement
from benchmarks.measuring import Work, row
from invoices import services as billing
from orders.models import Order, OrderLine
from orders.services import Wanted, approve_order, save_order, submit_order
from shipments import services as shipping
from shipments.models import ShipmentLine


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


def make_twins(*models: type[Model]) -> None:
    """The same tables, keys and indexes without triggers: what a plain Django program would write to."""
    with connection.cursor() as cursor:
        for model in models:
            name = model._meta.db_table
            cursor.execute(f'CREATE TEMP TABLE IF NOT EXISTS "plain_{name}" (LIKE "{name}" INCLUDING ALL)')


@contextmanager
def twins(*models: type[Model]) -> Iterator[None]:
    """Whoever writes to these models writes to their twins."""
    names = {model: model._meta.db_table for model in models}
    try:
        for model, name in names.items():
            called(model, f"plain_{name}")
        yield
    finally:
        for model, name in names.items():
            called(model, name)


def called(model: type[Model], name: str) -> None:
    """Its table is now called so; each field keeps its column with the table's name from the first use on."""
    model._meta.db_table = name
    for field in model._meta.concrete_fields:
        field.__dict__.pop("cached_col", None)


def plain_order(load: Any, count: int, *, approve: bool = False) -> None:
    """What the same comes to without prices looked up, review, history, reservation or checks."""
    lines = wanted(load, count)
    with twins(Order, OrderLine):
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


class PlainStep:
    """A step as a plain Django program would take it: rows locked and changed, rows added, no check, gate, trigger or history."""

    def __init__(self, document: Model, changed: Iterable[QuerySet[Any]], added: Iterable[QuerySet[Any]]) -> None:
        self.changed = [list(type(document)._base_manager.filter(pk=document.pk)), *map(list, changed)]
        self.added = [rows for rows in map(list, added) if rows]
        self.models = tuple({type(rows[0]) for rows in (*self.changed, *self.added)})
        make_twins(*self.models)
        with connection.cursor() as cursor:
            for rows in self.changed:
                name = rows[0]._meta.db_table
                keys = [row.pk for row in rows]
                cursor.execute(
                    f'INSERT INTO "plain_{name}" SELECT t.* FROM "{name}" t '
                    f'WHERE t.id = ANY(%s) AND NOT EXISTS (SELECT FROM "plain_{name}" p WHERE p.id = t.id)',
                    [keys],
                )

    def __call__(self) -> None:
        with twins(*self.models):
            for rows in self.changed:
                manager, names = type(rows[0])._base_manager, [f.name for f in rows[0]._meta.concrete_fields[1:]]
                there = list(manager.select_for_update().filter(pk__in=[row.pk for row in rows]).order_by("pk"))
                manager.bulk_update(there, names if len(there) == 1 else names[-4:])
            for rows in self.added:
                fresh = [copy(row) for row in rows]
                for row in fresh:
                    row.pk = None
                type(rows[0])._base_manager.bulk_create(fresh)


@row("order of 5 lines made and submitted", goal=15, ratio=2.5, worst=16)
def five_lines(load: Any) -> Work:
    make_twins(Order, OrderLine)
    return Work(ours=undone(lambda: made(load)), baselines={"plain Django": undone(lambda: plain_order(load, 5))})


@row("order of 200 lines made and submitted", goal=200, ratio=2.5, rounds=5, worst=8)
def two_hundred_lines(load: Any) -> Work:
    make_twins(Order, OrderLine)
    return Work(
        ours=undone(lambda: made(load, 200)), baselines={"plain Django": undone(lambda: plain_order(load, 200))}
    )


@row("order approved (history, review, reservation)", goal=10)
def approved(load: Any) -> Work:
    order = made(load)
    make_twins(Order, OrderLine)
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


def posted(document: Model) -> list[QuerySet[Any]]:
    """What a step of this document wrote into the books."""
    entries = Entry.objects.filter(record_id=document.pk)
    return [entries, EntryLine.objects.filter(entry__in=entries), Item.objects.filter(entry__in=entries)]


@row("dispatch", goal=25)
def dispatch(load: Any) -> Work:
    keeper = load.person("warehouse")
    shipment = reviewed_shipment(load)
    before = shipping.dispatch_shipment(reviewed_shipment(load), by=keeper, tracking_number="YT0")
    moved = Movement.objects.filter(record_id=before.pk)
    lines = OrderLine.objects.filter(shipment_lines__shipment=before)
    levels = Level.objects.filter(product__in=moved.values("product"), warehouse=before.warehouse)
    plain = PlainStep(
        before, [Order.objects.filter(lines__in=lines).distinct(), lines, levels], [moved, *posted(before)]
    )
    return Work(
        ours=undone(lambda: shipping.dispatch_shipment(shipment, by=keeper, tracking_number="YT1")),
        baselines={"plain Django": undone(plain)},
    )


def reviewed_invoice(load: Any) -> Any:
    writer, finance = load.person("assistant"), load.person("finance")
    shipping.dispatch_shipment(reviewed_shipment(load), by=load.person("warehouse"), tracking_number="YT1")
    application = billing.submit_application(
        billing.make_application(load.buyer.party, by=writer, on=timezone.localdate()), by=writer
    )
    invoice = billing.submit_invoice(billing.accept_application(application, by=finance).invoices.get(), by=finance)
    for name in ("finance2", "manager"):
        invoice = billing.review_invoice(invoice, by=load.person(name))
    return invoice


def issued(load: Any, invoice: Any) -> Any:
    number = f"2699{invoice.pk:016}"
    return billing.issue_invoice(
        invoice, by=load.person("finance"), tax_invoice_no=number, issued_on=timezone.localdate()
    )


@row("invoice issued and posted", goal=20)
def issue(load: Any) -> Work:
    before, invoice = issued(load, reviewed_invoice(load)), reviewed_invoice(load)
    keys = before.lines.values("order_line"), before.lines.values("shipment_line")
    changed = [OrderLine.objects.filter(pk__in=keys[0]), ShipmentLine.objects.filter(pk__in=keys[1])]
    settled = Allocation.objects.filter(credit__record_id=before.pk)
    plain = PlainStep(before, changed, [*posted(before), settled])
    return Work(ours=undone(lambda: issued(load, invoice)), baselines={"plain Django": undone(plain)})
