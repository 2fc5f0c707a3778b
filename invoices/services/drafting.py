"""Drafting an invoice from what was asked for."""

from backoffice.documents.editing import editing
from backoffice.money import total_of
from backoffice.people.models import Person
from backoffice.stock.lines import GoodsLine
from invoices.models import BillingApplication, Invoice, InvoiceLine

COPIED = (
    "position",
    "order_line_id",
    "shipment_line_id",
    "product_id",
    "name",
    "spec",
    "unit",
    "quantity",
    "unit_price",
    "discount",
    "tax_rate",
)


def draft_invoice(application: BillingApplication, *, by: Person) -> Invoice:
    """An invoice that says what the application says; the customer's billing data are copied onto it."""
    party = application.party
    invoice = Invoice(
        party=party, dossier=application.dossier, salesperson=application.salesperson, application=application, dated_on=application.dated_on,
        title=application.title, tax_no=application.tax_no, address=party.address, bank=f"{party.bank_name} {party.bank_account}".strip(),
        includes_tax=application.includes_tax, note=application.note,
    )  # fmt: skip
    with editing(invoice, by=by) as writing:
        lines = [copy_line(line, writing) for line in application.lines.order_by("position")]
        InvoiceLine.objects.bulk_create(lines)
        total = total_of(line.amounts for line in lines)
        writing.net, writing.tax, writing.amount = total.net, total.tax, total.gross
    return writing


def copy_line(line: GoodsLine, invoice: Invoice) -> InvoiceLine:
    copied = InvoiceLine(invoice=invoice, **{name: getattr(line, name) for name in COPIED})
    copied.set_amounts(line.amounts)
    return copied
