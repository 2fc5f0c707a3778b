"""The performance list as sheets of a workbook: line by line, and each due date against what happened."""

from typing import Any

from django.utils.translation import gettext as _

from backoffice.lists.workbook import Plain, Sheet
from backoffice.money import ZERO
from contracts.performance import LinePerformance, Performance


def sheets_of(shown: Performance, *, for_customer: bool = False) -> list[Sheet]:
    """The customer's own are without what is ours: our codes, how late anything is, what is overdue."""
    sheets = [lines_sheet(shown, for_customer=for_customer), dues_sheet(shown)]
    return [without(sheet, _("Product"), _("Days late")) for sheet in sheets] if for_customer else sheets


def without(sheet: Sheet, *labels: str) -> Sheet:
    """The sheet with these columns left out."""
    kept = [place for place, column in enumerate(sheet.columns) if str(column.label) not in labels]
    totals = {kept.index(place): total for place, total in sheet.totals.items()}
    rows = ([row[place] for place in kept] for row in sheet.rows)
    return Sheet(sheet.title, [sheet.columns[place] for place in kept], rows, totals, sheet.notes)


def lines_sheet(shown: Performance, *, for_customer: bool) -> Sheet:
    quantities = [_("Contracted"), _("Ordered"), _("Shipped"), _("Returned"), _("Invoiced"), _("To ship")]
    amounts = [_("Contracted, amount"), _("Shipped, amount"), _("Invoiced, amount"), _("Received"), _("Outstanding")]
    columns = [
        Plain("#", "integer", 6), Plain(_("Product"), "text", 16), Plain(_("Name"), "text", 32), Plain(_("Unit"), "text", 8),
        *(Plain(label, "quantity", 12) for label in quantities), Plain(_("Deliver by"), "date", 12), Plain(_("Last shipped on"), "date", 12),
        Plain(_("All shipped on"), "date", 12), Plain(_("Days late"), "integer", 10), *(Plain(label, "money", 16) for label in amounts),
    ]  # fmt: skip
    rows = [cells(row) for row in shown.rows]
    first = len(columns) - len(amounts)
    totals = {place: sum((row[place] for row in rows), ZERO) for place in range(first, len(columns))}
    contract = shown.contract
    notes = [
        (_("Contract"), f"{contract} · {contract.title}"), (_("Customer"), contract.party.name), (_("As of"), str(shown.on)),
        (_("Shipped, by the books"), f"{shown.shipped_value:,.2f}"), (_("Invoiced"), f"{shown.invoiced:,.2f}"), (_("Received"), f"{shown.received:,.2f}"),
        (_("Outstanding"), f"{shown.outstanding:,.2f}"),
    ]  # fmt: skip
    if not for_customer:
        notes.append((_("Overdue"), f"{shown.overdue:,.2f}"))
    return Sheet(_("Performance list"), columns, iter(rows), totals, notes)


def cells(row: LinePerformance) -> list[Any]:
    line = row.line
    named = [line.position, line.product.code, line.name, line.unit] if line else [None, "", _("Beside the lines"), ""]
    return [
        *named, row.contracted.quantity, row.ordered.quantity, row.shipped.quantity, row.returned.quantity, row.invoiced.quantity, row.to_ship,
        row.due_on, row.shipped_on, row.met_on, row.days_late, row.contracted.amount, row.delivered.amount, row.invoiced.amount, row.received,
        row.outstanding,
    ]  # fmt: skip


def dues_sheet(shown: Performance) -> Sheet:
    columns = [
        Plain(_("What"), "text", 10), Plain(_("For"), "text", 36), Plain(_("Due on"), "date", 12), Plain(_("Wanted"), "quantity", 16),
        Plain(_("Done"), "quantity", 16), Plain(_("Missing"), "quantity", 16), Plain(_("Met on"), "date", 12), Plain(_("Days late"), "integer", 10),
    ]  # fmt: skip
    rows = [
        [_("Money") if due.is_money else _("Goods"), due.what, due.due_on, due.wanted, due.done, due.missing, due.met_on, due.days_late]
        for due in shown.obligations
    ]  # fmt: skip
    return Sheet(_("Due dates"), columns, iter(rows))
