"""Billing applications 开票申请 (I1): the sales office asks, finance accepts, an invoice is drafted from it."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.documents.editing import editing
from backoffice.documents.gate import guards, performs
from backoffice.money import total_of
from backoffice.numbering.services import next_number
from backoffice.outbox.notices import notify
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused
from backoffice.register.models import Dossier
from invoices import lifecycle
from invoices.models import ApplicationLine, BillingApplication
from invoices.selectors import Billable, billable, parts_of
from invoices.services.drafting import draft_invoice


def make_application(
    party: Party, *, by: Person, on: datetime.date, quantities: dict[tuple[int, int | None], Decimal] | None = None,
    order_id: int | None = None, **header: object,
) -> BillingApplication:  # fmt: skip
    """A draft for what one customer can be billed; `quantities` picks lines by (order line, shipment line), else all."""
    rows = billable(party=party, visible_to=by, order_id=order_id)
    if quantities is not None:
        rows = [row for row in rows if quantities.get(key_of(row), Decimal(0)) > 0]
    if not rows:
        raise Refused(
            _("There is nothing to bill: nothing has been shipped that is not invoiced or asked for yet."),
            code="nothing",
        )
    if len({row.order_line.order.includes_tax for row in rows}) > 1:
        raise Refused(_("Orders with prices including and excluding tax go on two applications."), code="mixed")
    application = BillingApplication(
        party=party, dated_on=on, dossier=dossier_of(rows), salesperson=rows[0].order_line.order.salesperson,
        title=party.invoice_title or party.name, tax_no=party.tax_no, includes_tax=rows[0].order_line.order.includes_tax, **header,
    )  # fmt: skip
    with editing(application, by=by) as writing:
        write_lines(writing, rows, quantities)
    return writing


def key_of(row: Billable) -> tuple[int, int | None]:
    return row.order_line.pk, row.shipment_line.pk if row.shipment_line else None


def dossier_of(rows: Sequence[Billable]) -> Dossier | None:
    """The deal, when all lines belong to one; an application over several deals carries none."""
    dossiers = {row.order_line.order.dossier_id for row in rows}
    return rows[0].order_line.order.dossier if len(dossiers) == 1 else None


def write_lines(
    application: BillingApplication, rows: Sequence[Billable], quantities: dict[tuple[int, int | None], Decimal] | None
) -> None:
    lines = []
    for position, row in enumerate(rows, start=1):
        ordered, source = row.order_line, row.shipment_line or row.order_line
        wanted = row.quantity if quantities is None else quantities[key_of(row)]
        if wanted > row.quantity:
            raise Refused(
                _("Of %(line)s only %(left)s can be billed.")
                % {"line": ordered.name, "left": f"{row.quantity.normalize():f}"},
                code="quantity",
            )
        line = ApplicationLine(
            application=application, position=position, order_line=ordered, shipment_line=row.shipment_line, product_id=ordered.product_id,
            name=ordered.name, spec=ordered.spec, unit=ordered.unit, quantity=wanted, unit_price=ordered.unit_price,
            discount=ordered.discount, tax_rate=ordered.tax_rate,
        )  # fmt: skip
        ahead = source.quantity - source.invoiced - row.quantity - (source.returned if row.shipment_line else 0)
        line.set_amounts(parts_of(source, wanted, ahead))
        lines.append(line)
    ApplicationLine.objects.bulk_create(lines)
    total = total_of(line.amounts for line in lines)
    application.net, application.tax, application.amount = total.net, total.tax, total.gross


def save_application(application: BillingApplication, *, by: Person, version: int | None = None) -> BillingApplication:
    """Keep what was changed at the head of a draft: title, tax number, wanted date, remarks."""
    wanted = {name: getattr(application, name) for name in ("title", "tax_no", "wanted_on", "note")}
    with editing(application, by=by, version=version) as writing:
        for name, value in wanted.items():
            setattr(writing, name, value)
    return writing


@guards("submit_application")
def tax_data_are_there(application: BillingApplication, *, by: Person) -> None:
    del by
    if not application.title:
        raise Refused(
            _("The customer has no invoice title. Enter it in the archive, or on this application."), field="title"
        )


@performs(lifecycle.SUBMIT_APPLICATION)
def submit_application(application: BillingApplication, *, by: Person) -> None:
    """Hand it to finance, who see it in their queue. I1"""
    application.number = application.number or next_number("billing_application", on=application.dated_on)
    notify(Role.FINANCE, "application_submitted", application, by=by)


@performs(lifecycle.ACCEPT_APPLICATION)
def accept_application(application: BillingApplication, *, by: Person) -> None:
    """Finance take it on: an invoice is drafted, line by line as asked. I1"""
    invoice = draft_invoice(application, by=by)
    notify([application.author], "application_accepted", application, by=by, invoice=str(invoice))


@performs(lifecycle.REFUSE_APPLICATION)
def refuse_application(application: BillingApplication, *, by: Person, note: str) -> None:
    """Finance say no, and why."""
    notify([application.author], "application_refused", application, by=by, note=note)


@performs(lifecycle.BILL_APPLICATION)
def bill_application(application: BillingApplication, *, by: Person) -> None:
    """Its invoice was issued."""


@performs(lifecycle.CANCEL_APPLICATION)
def cancel_application(application: BillingApplication, *, by: Person) -> None:
    """Taken back by the sales office."""
