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
    told = rows.filter(invoice__state__in=(ISSUED.name, SETTLED.name)).order_by("invoice__issued_on", "pk")
    for *of, number, quantity, gross in told.values_list(
        "order_line__contract_line", "invoice", "invoice__issued_on", "invoice__number", "quantity", "gross"
    ):
        yield Part(Figure.INVOICED, *of, gross, quantity, number or "")
