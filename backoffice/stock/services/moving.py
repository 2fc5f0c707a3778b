"""The only functions that move goods or promise them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from backoffice.database.copying import copy_objects, update_rows
from backoffice.people.models import Person
from backoffice.refusals import Refused
from backoffice.stock.models import Level, Movement, Product, Reservation, Warehouse


class Wanted(Protocol):
    """A line of which something is promised or moved."""

    pk: int
    product_id: int
    product: Product


@dataclass(frozen=True, slots=True)
class Move:
    """One line's goods: `quantity` positive comes in, negative goes out."""

    line_id: int | None
    product: Product
    warehouse: Warehouse
    quantity: Decimal


def lock_levels(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Level]:
    """The levels of (product, warehouse), made where missing, locked in one order so that nobody waits in a circle."""
    wanted = set(pairs)
    there = Level.objects.filter(product__in={p for p, _w in wanted}, warehouse__in={w for _p, w in wanted})
    if missing := sorted(wanted.difference(there.values_list("product_id", "warehouse_id"))):
        negative = dict(Warehouse.objects.values_list("pk", "may_go_negative"))
        Level.objects.bulk_create(
            [Level(product_id=p, warehouse_id=w, may_go_negative=negative[w]) for p, w in missing],
            ignore_conflicts=True,
        )
    rows = there.order_by("product_id", "warehouse_id").select_for_update()
    return {(row.product_id, row.warehouse_id): row for row in rows}


def reserve(record_id: int, wanted: Iterable[tuple[Wanted, Decimal]], *, warehouse: Warehouse) -> None:
    """Promise goods to the lines of an approved order. More than is on hand may be promised: it is awaited."""
    reserve_many((record_id, line, quantity, warehouse.pk) for line, quantity in wanted)


def reserve_many(wanted: Iterable[tuple[int, Wanted, Decimal, int]]) -> None:
    """The same for lines of many documents: (document, line, quantity, warehouse)."""
    rows = [each for each in wanted if each[1].product.is_stocked and each[2] > 0]
    levels = lock_levels((line.product_id, warehouse_id) for _r, line, _q, warehouse_id in rows)
    copy_objects(
        Reservation,
        [
            Reservation(record_id=r, line_id=line.pk, product_id=line.product_id, warehouse_id=w, quantity=quantity)
            for r, line, quantity, w in rows
        ],
    )
    for _r, line, quantity, warehouse_id in rows:
        levels[line.product_id, warehouse_id].reserved += quantity
    update_rows(levels.values(), ["reserved"])


def release(line_ids: Iterable[int], quantities: dict[int, Decimal] | None = None) -> None:
    """Give back what lines have promised: all of it, or for each line the quantity given (never more than it has)."""
    rows = list(
        Reservation.objects.filter(line_id__in=list(line_ids))
        .order_by("product_id", "warehouse_id")
        .select_for_update()
    )
    levels = lock_levels((row.product_id, row.warehouse_id) for row in rows)
    for row in rows:
        back = min(row.quantity, quantities.get(row.line_id, Decimal(0))) if quantities is not None else row.quantity
        levels[row.product_id, row.warehouse_id].reserved -= back
        row.quantity -= back
    Reservation.objects.filter(pk__in=[row.pk for row in rows if not row.quantity]).delete()
    update_rows([row for row in rows if row.quantity], ["quantity"])
    update_rows(levels.values(), ["reserved"])


def move(moves: Iterable[Move], *, reason: str, on: datetime.date, by: Person, record_id: int | None = None) -> None:
    """Write movements and keep the levels. Refused where a warehouse that may not go below zero would."""
    rows = [row for row in moves if row.product.is_stocked and row.quantity]
    levels = lock_levels((row.product.pk, row.warehouse.pk) for row in rows)
    for row in rows:
        levels[row.product.pk, row.warehouse.pk].on_hand += row.quantity
    for row in rows:
        level = levels[row.product.pk, row.warehouse.pk]
        if level.on_hand < 0 and not level.may_go_negative:
            raise Refused(
                _("Of %(product)s only %(there)s lie in %(warehouse)s; %(wanted)s are wanted.")
                % {
                    "product": row.product,
                    "there": f"{level.on_hand - row.quantity:f}",
                    "warehouse": row.warehouse,
                    "wanted": f"{-row.quantity:f}",
                },
                code="stock",
            )
    Movement.objects.bulk_create(
        Movement(
            product=row.product, warehouse=row.warehouse, quantity=row.quantity, reason=reason, record_id=record_id,
            line_id=row.line_id, moved_on=on, by=by,
        )
        for row in rows
    )  # fmt: skip
    update_rows(levels.values(), ["on_hand"])


def take_over_stock(quantities: Iterable[tuple[Product, Warehouse, Decimal]], *, on: datetime.date, by: Person) -> int:
    """Opening stock: movements that bring each level to what was counted when the company goes live. How many rows."""
    wanted = [(product, warehouse, quantity) for product, warehouse, quantity in quantities if product.is_stocked]
    levels = lock_levels((product.pk, warehouse.pk) for product, warehouse, _quantity in wanted)
    moves = [
        Move(None, product, warehouse, quantity - levels[product.pk, warehouse.pk].on_hand)
        for product, warehouse, quantity in wanted
        if quantity != levels[product.pk, warehouse.pk].on_hand
    ]
    move(moves, reason=Movement.Reason.OPENING, on=on, by=by)
    return len(moves)
