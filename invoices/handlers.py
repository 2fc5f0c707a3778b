"""What invoices do after a lower app's act."""

from collections.abc import Sequence

from backoffice.people.models import Person
from backoffice.register.models import Opening
from invoices.services.taking_over import invoice_past_shipments, settle_history
from shipments.models import Shipment
from shipments.services.opening import after_opening_shipments


@after_opening_shipments
def invoice_with_the_shipment(shipments: Sequence[Shipment], *, opening: Opening, by: Person) -> None:
    """Past shipments whose invoice was issued with them; money taken over before them settles them at once."""
    invoice_past_shipments(shipments, opening=opening, by=by)
    settle_history({shipment.party for shipment in shipments}, by=by)
