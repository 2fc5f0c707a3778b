"""Reports as sheets of a workbook."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from backoffice.lists.workbook import Plain, Sheet
from backoffice.money import ZERO
from orders.selectors.sales import Sales


def sales_sheets(rows: Sequence[Sales], label: str, *, sees_cost: bool) -> list[Sheet]:
    """Sales by whatever they are by; cost and margin only for those who may see them."""
    columns = [
        Plain(label, "text", 36), Plain(_("Orders"), "integer", 10), Plain(_("Quantity"), "quantity", 14), Plain(_("Without tax"), "money", 16),
        Plain(_("Amount"), "money", 16),
    ]  # fmt: skip
    if sees_cost:
        columns += [Plain(_("Cost"), "money", 16), Plain(_("Margin"), "money", 16)]
    values = [
        (row.name, row.orders, row.quantity, row.net, row.amount, *((row.cost, row.margin) if sees_cost else ()))
        for row in rows
    ]
    totals = {i: sum((row[i] for row in values), ZERO) for i in range(2, len(columns))}
    return [Sheet(_("Sales"), columns, values, totals=totals)]
