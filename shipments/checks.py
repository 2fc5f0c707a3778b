"""What must hold between shipments, orders, stock and reviews, asked by `check_books` (reliability.md §4)."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from backoffice.database.checks import checks_books, rows
from backoffice.documents.fingerprints import fingerprint
from backoffice.files.models import File
from shipments.models import Shipment

NEWEST = 2000  # fingerprints are computed again for so many of the newest; the count of reviews is asked of all


@checks_books("shipments.counters")
def counters() -> Iterator[str]:
    """Shipped on an order line is the sum of what was dispatched of it, and never more than ordered (S1)."""
    found = rows("""
        SELECT o.number, l.position, l.shipped, coalesce(s.quantity, 0), l.quantity + l.returned
          FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN (SELECT x.order_line_id, sum(x.quantity) AS quantity FROM shipments_shipmentline x
                       JOIN shipments_shipment h ON h.id = x.shipment_id WHERE h.state IN ('dispatched', 'delivered') GROUP BY 1) AS s
            ON s.order_line_id = l.id
         WHERE l.shipped <> coalesce(s.quantity, 0) OR l.shipped > l.quantity + l.returned ORDER BY 1, 2
    """)
    for number, position, counted, dispatched, most in found:
        yield f"order {number}, line {position}: shipped {counted:f}, dispatched {dispatched:f}, at most {most:f}"


@checks_books("shipments.amounts")
def amounts() -> Iterator[str]:
    """A shipment's amount is the sum of its lines, and all parts of a line that has left whole sum to that line (S1)."""
    for number, amount, total in rows("""
        SELECT coalesce(h.number, h.id::text), h.amount, coalesce(sum(l.gross), 0) FROM shipments_shipment h
          LEFT JOIN shipments_shipmentline l ON l.shipment_id = h.id GROUP BY h.id HAVING h.amount <> coalesce(sum(l.gross), 0)
    """):
        yield f"shipment {number}: amount {amount}, lines {total}"
    for number, position, gross, total in rows("""
        SELECT o.number, l.position, l.gross, sum(s.gross) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
          JOIN shipments_shipmentline s ON s.order_line_id = l.id JOIN shipments_shipment h ON h.id = s.shipment_id
         WHERE h.state IN ('dispatched', 'delivered') AND l.returned = 0 AND l.shipped = l.quantity
         GROUP BY o.number, l.id HAVING l.gross <> sum(s.gross)
    """):
        yield f"order {number}, line {position}: {gross}, its parts {total}"


@checks_books("shipments.stock")
def stock_out() -> Iterator[str]:
    """What was dispatched went out of the stock, line by line; take-overs moved nothing (S11)."""
    for number, line, dispatched, moved in rows("""
        SELECT coalesce(h.number, h.id::text), l.id, CASE WHEN h.opening_id IS NULL AND p.is_stocked THEN l.quantity ELSE 0 END AS dispatched,
               coalesce(m.quantity, 0)
          FROM shipments_shipmentline l JOIN shipments_shipment h ON h.id = l.shipment_id JOIN stock_product p ON p.id = l.product_id
          LEFT JOIN (SELECT record_id, line_id, -sum(quantity) AS quantity FROM stock_movement WHERE reason = 'dispatch' GROUP BY 1, 2) AS m
            ON m.record_id = h.id AND m.line_id = l.id
         WHERE coalesce(m.quantity, 0) NOT IN (0, CASE WHEN h.state IN ('dispatched', 'delivered') AND h.opening_id IS NULL THEN l.quantity ELSE 0 END)
            OR (h.state IN ('dispatched', 'delivered') AND h.opening_id IS NULL AND p.is_stocked AND m.quantity IS NULL)
    """):
        yield f"shipment {number}, line {line}: dispatched {dispatched:f}, out of stock {moved:f}"


@checks_books("shipments.ledger")
def posted() -> Iterator[str]:
    """What left stands in the books with its amount: the receivable of every dispatch is the shipment's gross."""
    for number, amount, total in rows("""
        SELECT coalesce(h.number, h.id::text), h.amount, coalesce(e.gross, 0) FROM shipments_shipment h
          LEFT JOIN (SELECT l.record_id, sum(l.debit - l.credit) AS gross FROM ledger_entryline l JOIN ledger_entry n ON n.id = l.entry_id
                       JOIN ledger_account a ON a.id = l.account_id AND a.book = 'receivable'
                      WHERE n.event = 'goods_dispatched' GROUP BY 1) AS e ON e.record_id = h.id
         WHERE coalesce(e.gross, 0) <> CASE WHEN h.state IN ('dispatched', 'delivered') THEN h.amount ELSE 0 END
    """):
        yield f"shipment {number}: amount {amount}, posted {total}"


@checks_books("shipments.reviews")
def reviewed() -> Iterator[str]:
    """Every dispatched shipment has its reviews on its own content, take-overs excepted (S4)."""
    for number, given, needed in rows("""
        SELECT h.number, coalesce(v.given, 0), coalesce(q.needed, 0) FROM shipments_shipment h
          LEFT JOIN review_requirement q ON q.record_id = h.id AND q.step = 'review_shipment' AND q.round = h.round
          LEFT JOIN LATERAL (SELECT count(DISTINCT person_id) AS given FROM review_review
                              WHERE record_id = h.id AND step = 'review_shipment' AND round = h.round AND fingerprint = h.fingerprint) AS v ON true
         WHERE h.state IN ('dispatched', 'delivered') AND h.opening_id IS NULL AND (q.needed IS NULL OR v.given < q.needed)
    """):
        yield f"shipment {number}: {given} of {needed} reviews on its content"
    later = File.objects.filter(record_id=OuterRef("pk"), uploaded_at__gt=OuterRef("submitted_at"))  # proof of delivery
    newest = Shipment.objects.gone().filter(~Exists(later), opening=None).order_by("-pk")[:NEWEST]
    for shipment in newest:
        if fingerprint(shipment) != shipment.fingerprint:
            yield f"shipment {shipment.number}: its content is not what was reviewed"


@checks_books("shipments.money")
def cleared() -> Iterator[str]:
    """Nothing left on a term that wants money first without a clearance of its content, take-overs excepted (S5)."""
    for (number,) in rows("""
        SELECT DISTINCT h.number FROM shipments_shipment h JOIN shipments_shipmentline l ON l.shipment_id = h.id
          JOIN orders_orderline n ON n.id = l.order_line_id JOIN orders_order o ON o.id = n.order_id
         WHERE h.state IN ('dispatched', 'delivered') AND h.opening_id IS NULL AND o.term_kind IN ('prepaid', 'deposit')
           AND NOT EXISTS (SELECT 1 FROM shipments_clearance c WHERE c.shipment_id = h.id AND c.fingerprint = h.fingerprint AND c.kind <> 'papers')
    """):
        yield f"shipment {number} left without its money being cleared"
