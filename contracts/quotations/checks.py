"""What must hold of quotations, whoever wrote to them."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("quotations.won")
def what_was_won_has_its_document() -> Iterator[str]:
    """A quotation was won by a contract or an order with a number, of the same customer, in its dossier (O7)."""
    for number, document in rows(
        """
        SELECT q.number, coalesce(r.number, r.kind) FROM quotations_quotation q JOIN register_record r ON r.id = q.won_by_id
         WHERE r.kind NOT IN ('contract', 'order') OR r.number IS NULL OR r.party_id <> q.party_id OR r.dossier_id IS DISTINCT FROM q.dossier_id
        """
    ):
        yield f"quotation {number}: won by {document}, which does not fit it"
