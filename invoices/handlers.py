"""What invoices do after a lower app's act."""

from collections.abc import Iterator, Sequence
from datetime import date

from backoffice.people.models import Person
from backoffice.register.models import Opening
from contracts.models import Contract
from contracts.performance import Figure, Part, tells_performance
from invoices.lifecycle import ISSUED, SETTLED
from invoices.models import InvoiceLine
from invoices.services.taking_over import invoice_past_shipments, settle_history
from shipments.models import Shipment
from shipments.services.opening import after_opening_shipments


@after_opening_shipments
def invoice_with_the_shipment(shipments: Sequence[Shipment], *, opening: Opening, by: Person) -> None:
    """Past shipments whose invoice was issued with them; money taken over before them settles them at once."""
    invoice_past_shipments(shipments, opening=opening, by=by)
    settle_history({shipment.party for shipment in shipments}, by=by)


@tells_performance
def invoiced(contract: Contract, on: date) -> Iterator[Part]:
    """What was billed of a contract; a reversed invoice bills nothing (K3)."""
    rows = InvoiceLine.objects.filter(order_line__order__contract=contract, invoice__issued_on__lte=on)
    rows = rows.filter(invoice__state__in=(ISSUED.name, SETTLED.name)).select_related("invoice", "order_line")
    for line in rows.order_by("invoice__issued_on", "pk"):
        number = line.invoice.number or ""
        yield Part(
            Figure.INVOICED, line.order_line.contract_line_id, line.invoice_id, line.invoice.issued_on, line.gross, line.quantity, number
        )  # fmt: skip
