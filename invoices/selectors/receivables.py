"""Receivables by customer and the reconciliation for finance (I4, I6): everything from the ledger, so that it ties."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.ledger.models import Account, Allocation, Book, Item
from backoffice.ledger.selectors import (
    Ageing,
    PartyBalance,
    Statement,
    ageing,
    ageing_labels,
    balance,
    open_items,
    party_balances,
)
from backoffice.lists.workbook import Plain, Sheet
from backoffice.money import ZERO
from backoffice.people.models import Person
from backoffice.periods import Period
from invoices.models import Invoice, Payment


@dataclass(frozen=True, slots=True)
class Tie:
    """One figure of the reconciliation beside the same figure of the general ledger; `difference` is always zero."""

    label: str
    here: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        return self.here - self.ledger


def receivable_accounts() -> list[str]:
    return list(Account.objects.filter(book=Book.RECEIVABLE, children=None).values_list("code", flat=True))


def ties(*, period: Period, rows: list[PartyBalance], aged: Ageing) -> list[Tie]:
    """What must agree with the general ledger at the end of the period: balances by customer, ageing, opening."""
    accounts = receivable_accounts()
    before = date.fromordinal(period.first.toordinal() - 1)
    closing, opening = balance(accounts, on=period.last), balance(accounts, on=before)
    return [
        Tie(_("Opening balance"), sum((row.opening for row in rows), ZERO), opening),
        Tie(_("Movement"), sum((row.charges - row.receipts for row in rows), ZERO), closing - opening),
        Tie(_("Closing balance"), sum((row.closing for row in rows), ZERO), closing),
        Tie(_("Sum of the ageing"), aged.totals.total, closing),
    ]


def reconciliation(*, period: Period, by: Person) -> list[Sheet]:
    """The workbook of a month for finance (I6): ties, balances, ageing, open items, invoices, receipts, allocations."""
    rows = party_balances(period=period, visible_to=by)
    aged = ageing(on=period.last, visible_to=by)
    return [
        ties_sheet(ties(period=period, rows=rows, aged=aged)),
        balances_sheet(rows),
        ageing_sheet(aged),
        items_sheet(period, by),
        invoices_sheet(period, by),
        receipts_sheet(period, by),
        allocations_sheet(period, by),
    ]


def money(label: str) -> Plain:
    return Plain(label, "money", 16)


def ties_sheet(rows: list[Tie]) -> Sheet:
    columns = [Plain(_("Figure"), "text", 30), money(_("Here")), money(_("General ledger")), money(_("Difference"))]
    return Sheet(_("Ties to the ledger"), columns, [(row.label, row.here, row.ledger, row.difference) for row in rows])


def balances_sheet(rows: list[PartyBalance]) -> Sheet:
    columns = [
        Plain(_("Code"), "text", 12), Plain(_("Customer"), "text", 36), Plain(_("Salesperson"), "text", 18), money(_("Opening")),
        money(_("Charges")), money(_("Receipts")), money(_("Closing")),
    ]  # fmt: skip
    values = [(r.code, r.name, r.owner, r.opening, r.charges, r.receipts, r.closing) for r in rows]
    return Sheet(_("Balances"), columns, values, totals={i: sum((row[i] for row in values), ZERO) for i in range(3, 7)})


def ageing_sheet(aged: Ageing) -> Sheet:
    columns = [Plain(_("Code"), "text", 12), Plain(_("Customer"), "text", 36), Plain(_("Salesperson"), "text", 18)]
    columns += [money(label) for label in ageing_labels()] + [money(_("Advances")), money(_("Balance"))]
    values = [(row.code, row.name, row.owner, *row.amounts, row.advances, row.total) for row in aged.rows]
    totals = aged.totals
    figures = [*totals.amounts, totals.advances, totals.total]
    return Sheet(_("Ageing"), columns, values, totals=dict(enumerate(figures, start=3)))


def items_sheet(period: Period, by: Person) -> Sheet:
    columns = [
        Plain(_("Customer"), "text", 36), Plain(_("Number"), "text", 20), Plain(_("Account"), "text", 12), Plain(_("Date"), "date", 12),
        Plain(_("Due on"), "date", 12), money(_("Amount")), money(pgettext("amount", "Open")), Plain(_("Days late"), "integer", 10),
    ]  # fmt: skip
    rows = open_items(on=period.last, visible_to=by)
    values = [(r.party_name, r.number, r.account, r.dated_on, r.due_on, r.amount, r.open, r.late) for r in rows]
    return Sheet(_("Open items"), columns, values, totals={6: sum((row[6] for row in values), ZERO)})


def invoices_sheet(period: Period, by: Person) -> Sheet:
    columns = [
        Plain(_("Number"), "text", 20), Plain(_("Number of the tax invoice"), "text", 24), Plain(_("Date"), "date", 12),
        Plain(_("Customer"), "text", 36), money(_("Without tax")), money(_("Tax")), money(_("Amount")), Plain(_("Due on"), "date", 12),
    ]  # fmt: skip
    rows = (
        Invoice.objects.visible_to(by).filter(issued_on__range=(period.first, period.last)).exclude(state="cancelled")
    )
    fields = ("number", "tax_invoice_no", "issued_on", "party__name", "net", "tax", "amount", "due_on")
    totals = rows.aggregate(net=Sum("net"), tax=Sum("tax"), amount=Sum("amount"))
    values = rows.order_by("issued_on", "number").values_list(*fields).iterator()
    return Sheet(_("Invoices"), columns, values, totals={4: totals["net"], 5: totals["tax"], 6: totals["amount"]})


def receipts_sheet(period: Period, by: Person) -> Sheet:
    columns = [
        Plain(_("Number"), "text", 20), Plain(_("Reference"), "text", 20), Plain(_("Date"), "date", 12), Plain(_("Customer"), "text", 36),
        money(_("Amount")),
    ]  # fmt: skip
    rows = Payment.objects.visible_to(by).filter(confirmed_on__range=(period.first, period.last))
    values = (
        rows.order_by("confirmed_on", "number")
        .values_list("number", "external_number", "confirmed_on", "party__name", "amount")
        .iterator()
    )
    return Sheet(_("Receipts"), columns, values, totals={4: rows.aggregate(total=Sum("amount"))["total"]})


def allocations_sheet(period: Period, by: Person) -> Sheet:
    columns = [
        Plain(_("Date"), "date", 12), Plain(_("Customer"), "text", 36), Plain(pgettext("books", "Credit"), "text", 20), Plain(_("Charge"), "text", 20),
        money(_("Amount")), Plain(_("Reason"), "text", 30),
    ]  # fmt: skip
    items = Item.objects.visible_to(by)
    rows = Allocation.objects.filter(on__range=(period.first, period.last), charge__in=items)
    fields = ("on", "charge__party__name", "credit__number", "charge__number", "amount", "note")
    return Sheet(
        _("Allocations"),
        columns,
        rows.order_by("on", "pk").values_list(*fields).iterator(),
        totals={4: rows.aggregate(total=Sum("amount"))["total"]},
    )


def statement_sheet(found: Statement) -> Sheet:
    """One customer's account as a sheet: opening first, closing last."""
    columns = [Plain(_("Date"), "date", 12), Plain(_("Number"), "text", 20), Plain(_("Remarks"), "text", 40)]
    columns += [money(label) for label in (_("Charges"), _("Receipts"), _("Balance"))]
    values = [(None, "", _("Opening"), None, None, found.opening)]
    values += [(row.posted_on, row.number, row.memo, row.charge, row.receipt, row.running) for row in found.rows]
    return Sheet(_("Account"), columns, values, totals={3: found.charges, 4: found.receipts, 5: found.closing})
