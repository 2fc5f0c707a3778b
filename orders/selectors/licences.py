"""Which licences keep an order from going on (C2)."""

import datetime
from collections.abc import Collection

from customers.licences.selectors import Lack, lacks
from orders.models import Order


def lacking(order: Order, *, on: datetime.date) -> list[Lack]:
    """What the customer must hold for the goods of this order and does not, beyond what a manager's release of this round covers."""
    found = lacks(order.party, categories=categories_of(order), on=on)
    let_pass = released(order, on=on) if found else set()
    return [lack for lack in found if lack.kind.pk not in let_pass]


def categories_of(order: Order) -> Collection[int]:
    """The product lines of its goods, asked for when they are looked at."""
    return order.lines.filter(product__category__isnull=False).order_by().values_list("product__category", flat=True)


def released(order: Order, *, on: datetime.date | None = None) -> set[int]:
    """The kinds whose lack a manager let pass for this very round; with `on` only while the release is good."""
    rows = order.releases.filter(round=order.round)
    rows = rows.filter(expires_on__gte=on) if on else rows
    return {kind for kinds in rows.values_list("licence_kinds", flat=True) for kind in kinds}
