"""The performance list as sheets of a workbook."""

from django.utils.translation import gettext as _

from backoffice.lists.workbook import Plain, Sheet
from contracts.performance import Performance


def sheets_of(shown: Performance) -> list[Sheet]:
    quantities = [_("Contracted"), _("Ordered"), _("Shipped"), _("Returned"), _("Invoiced"), _("To ship")]
    columns = [
        Plain("#", "integer", 6), Plain(_("Product"), "text", 16), Plain(_("Name"), "text", 32), Plain(_("Unit"), "text", 8),
        *(Plain(label, "quantity", 12) for label in quantities), Plain(_("Deliver by"), "date", 12), Plain(_("Last shipped on"), "date", 12),
        Plain(_("Days late"), "integer", 10), Plain(_("Amount"), "money", 16),
    ]  # fmt: skip
    rows = [
        [
            each.line.position, each.line.product.code, each.line.name, each.line.unit, each.line.quantity, each.progress.ordered,
            each.progress.shipped, each.progress.returned, each.progress.invoiced, each.to_ship, each.line.due_on, each.progress.shipped_on,
            each.days_late, each.line.gross,
        ]
        for each in shown.lines
    ]  # fmt: skip
    contract = shown.contract
    notes = [
        (_("Contract"), str(contract)), (_("Customer"), contract.party.name), (_("As of"), str(shown.on)), (_("Shipped"), f"{shown.shipped_value:,.2f}"),
        (_("Invoiced"), f"{shown.invoiced:,.2f}"), (_("Received"), f"{shown.received:,.2f}"), (_("Outstanding"), f"{shown.outstanding:,.2f}"),
    ]  # fmt: skip
    return [Sheet(_("Performance list"), columns, iter(rows), {len(columns) - 1: contract.amount}, notes)]
