"""Invoices 发票 (I2): compared with the order, reviewed by two, issued with the number of the tax invoice, posted."""

import datetime
from collections import defaultdict
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.database.copying import update_rows
from backoffice.documents.gate import guards, performs
from backoffice.ledger.models import Entry
from backoffice.ledger.services.allocating import take_over
from backoffice.ledger.services.posting import post, reverse
from backoffice.money import Due, dues
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.models import PaymentTerm
from invoices import lifecycle
from invoices.models import Invoice
from invoices.selectors import differences
from invoices.services.applications import bill_application
from orders.models import OrderLine
from shipments.models import ShipmentLine


@guards("submit_invoice", "review_invoice", "issue_invoice")
def agrees_with_the_order(invoice: Invoice, *, by: Person) -> None:
    """A difference blocks (I2); the words name each of them."""
    del by
    found = differences(invoice)
    if found:
        raise Refused(
            _("It does not agree with the order: %(differences)s") % {"differences": "; ".join(found[:5])},
            code="differs",
        )


@performs(lifecycle.SUBMIT_INVOICE)
def submit_invoice(invoice: Invoice, *, by: Person) -> None:
    """To the two who review it. I2"""


@performs(lifecycle.REVIEW_INVOICE)
def review_invoice(invoice: Invoice, *, by: Person) -> None:
    """Enough have agreed that variety, price and quantity are the order's. I2"""


@performs(lifecycle.RETURN_INVOICE)
def return_invoice(invoice: Invoice, *, by: Person, note: str) -> None:
    """Back to its author, with a reason."""
    notify([invoice.author], "invoice_returned", invoice, by=by, note=note)


@performs(lifecycle.ISSUE_INVOICE)
def issue_invoice(invoice: Invoice, *, by: Person, tax_invoice_no: str, issued_on: datetime.date | None = None) -> None:
    """Record the number of the tax invoice, count what is billed, post the receivable. I2, I8"""
    if not tax_invoice_no.strip():
        raise Refused(_("Enter the number of the tax invoice."), code="number", field="tax_invoice_no")
    if Invoice.objects.filter(tax_invoice_no=tax_invoice_no).exclude(pk=invoice.pk).exclude(state="reversed").exists():
        raise Refused(
            _("The tax invoice %(number)s is recorded already.") % {"number": tax_invoice_no},
            code="number",
            field="tax_invoice_no",
        )
    invoice.tax_invoice_no = tax_invoice_no.strip()
    invoice.issued_on = issued_on or timezone.localdate()
    count(invoice, sign=1)
    agrees = dues_of(invoice, on=invoice.issued_on)
    invoice.due_on = min(due.on for due in agrees)
    invoice.number = next_number("invoice", on=invoice.issued_on)
    post_invoice(invoice, agrees, by=by)
    if invoice.application and invoice.application.state == lifecycle.ACCEPTED.name:
        bill_application(invoice.application, by=by)
    if invoice.salesperson:
        notify([invoice.salesperson], "invoice_issued", invoice, by=by)


def count(invoice: Invoice, *, sign: int) -> None:
    """Move the counters on shipment and order lines, locked in the order of their ids; CHECKs fence them."""
    lines = list(invoice.lines.all())
    ordered = {
        row.pk: row
        for row in OrderLine.objects.filter(pk__in=[line.order_line_id for line in lines])
        .order_by("pk")
        .select_for_update()
    }
    shipped_ids = [line.shipment_line_id for line in lines if line.shipment_line_id]
    shipped = {
        row.pk: row for row in ShipmentLine.objects.filter(pk__in=shipped_ids).order_by("pk").select_for_update()
    }
    for line in lines:
        ordered[line.order_line_id].invoiced += sign * line.quantity
        if line.shipment_line_id:
            shipped[line.shipment_line_id].invoiced += sign * line.quantity
    update_rows(ordered.values(), ["invoiced"])
    update_rows(shipped.values(), ["invoiced"])


def dues_of(invoice: Invoice, *, on: datetime.date) -> list[Due]:
    """When the invoice falls due: each order's share by that order's term."""
    shares: dict[PaymentTerm, Decimal] = defaultdict(Decimal)
    for line in invoice.lines.select_related("order_line__order__term"):
        shares[line.order_line.order.term] += line.gross
    found = [due for term, share in shares.items() for due in dues(share, on, term.instalments())]
    return sorted(found, key=lambda due: due.on)


def post_invoice(invoice: Invoice, agrees: list[Due], *, by: Person) -> Entry | None:
    entry = post(
        "invoice_issued", on=invoice.issued_on, by=by, party=invoice.party_id, person=invoice.salesperson_id, dossier=invoice.dossier_id,
        record=invoice.pk, number=invoice.number, amounts={"net": invoice.net, "tax": invoice.tax, "gross": invoice.amount}, dues=agrees,
    )  # fmt: skip
    if entry is not None:
        take_over([entry], by=by)
    return entry


@performs(lifecycle.SETTLE_INVOICE)
def settle_invoice(invoice: Invoice, *, by: Person) -> None:
    """Everything is paid."""


@performs(lifecycle.UNSETTLE_INVOICE)
def unsettle_invoice(invoice: Invoice, *, by: Person) -> None:
    """An allocation was undone; something is open again."""


@performs(lifecycle.REVERSE_INVOICE)
def reverse_invoice(invoice: Invoice, *, by: Person, note: str, on: datetime.date | None = None) -> None:
    """A red-letter invoice 红字: the posting is reversed on a day of an open month, the goods can be invoiced again."""
    day = max(on or timezone.localdate(), invoice.issued_on)
    for entry in Entry.objects.filter(record_id=invoice.pk, event="invoice_issued", reversed_by=None):
        reverse(entry, on=day, by=by, memo=note)
    count(invoice, sign=-1)


@performs(lifecycle.CANCEL_INVOICE)
def cancel_invoice(invoice: Invoice, *, by: Person, note: str) -> None:
    """Given up before it was issued; what it asked for can be billed by another."""
    notify([invoice.author], "invoice_returned", invoice, by=by, note=note)
