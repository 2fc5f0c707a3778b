"""What must hold between invoices, what was shipped, and the books, asked by `check_books` (reliability.md §4)."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows

LIVE = "('issued', 'settled')"


@checks_books("invoices.counters")
def counters() -> Iterator[str]:
    """Invoiced on an order line is the sum of its live invoices, and never more than shipped unless invoiced first (I2)."""
    for number, position, counted, billed in rows(f"""
        SELECT o.number, l.position, l.invoiced, coalesce(s.quantity, 0) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN (SELECT x.order_line_id, sum(x.quantity) AS quantity FROM invoices_invoiceline x
                       JOIN invoices_invoice i ON i.id = x.invoice_id WHERE i.state IN {LIVE} GROUP BY 1) AS s ON s.order_line_id = l.id
         WHERE l.invoiced <> coalesce(s.quantity, 0)
    """):
        yield f"order {number}, line {position}: counted {counted:f} invoiced, invoices say {billed:f}"
    for number, position, billed, shipped in rows("""
        SELECT o.number, l.position, l.invoiced, l.shipped - l.returned FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN contracts_contract c ON c.id = o.contract_id
         WHERE l.invoiced > l.shipped - l.returned AND coalesce(c.invoice_rule, '') <> 'ordered'
    """):
        yield f"order {number}, line {position}: invoiced {billed:f}, shipped {shipped:f}"


@checks_books("invoices.agree")
def agree() -> Iterator[str]:
    """Every live invoice says what its orders say, and sums to its lines (I2)."""
    for number, position in rows(f"""
        SELECT i.number, l.position FROM invoices_invoiceline l JOIN invoices_invoice i ON i.id = l.invoice_id
          JOIN orders_orderline o ON o.id = l.order_line_id
         WHERE i.state IN {LIVE} AND (l.product_id, l.unit_price, l.discount, l.tax_rate) IS DISTINCT FROM (o.product_id, o.unit_price, o.discount, o.tax_rate)
    """):
        yield f"invoice {number}, line {position}: differs from its order"
    for number, amount, total in rows("""
        SELECT coalesce(i.number, i.id::text), i.amount, coalesce(sum(l.gross), 0) FROM invoices_invoice i
          LEFT JOIN invoices_invoiceline l ON l.invoice_id = i.id GROUP BY i.id HAVING i.amount <> coalesce(sum(l.gross), 0)
    """):
        yield f"invoice {number}: amount {amount}, lines {total}"


@checks_books("invoices.ledger")
def posted() -> Iterator[str]:
    """What was issued stands in the books with its amount, what is in no force with nothing (I8)."""
    for number, amount, total in rows(f"""
        SELECT coalesce(i.number, i.id::text), CASE WHEN i.state IN {LIVE} THEN i.amount ELSE 0 END, coalesce(e.gross, 0) FROM invoices_invoice i
          LEFT JOIN (SELECT l.record_id, sum(l.debit - l.credit) AS gross FROM ledger_entryline l JOIN ledger_entry n ON n.id = l.entry_id
                       JOIN ledger_account a ON a.id = l.account_id
                      WHERE a.code = '1122.01' AND n.event IN ('invoice_issued', 'reversal') AND n.record_id = l.record_id GROUP BY 1) AS e ON e.record_id = i.id
         WHERE coalesce(e.gross, 0) <> CASE WHEN i.state IN {LIVE} THEN i.amount ELSE 0 END
    """):
        yield f"invoice {number}: {amount} in force, {total} posted"


@checks_books("invoices.settled")
def settled() -> Iterator[str]:
    """Settled is what has nothing open; used up is what has nothing left (I9)."""
    for number, state, left in rows(f"""
        SELECT i.number, i.state, coalesce(sum(t.amount - t.allocated), 0) FROM invoices_invoice i
          LEFT JOIN ledger_item t ON t.record_id = i.id AND t.kind = 'charge' AND t.event = 'invoice_issued'
         WHERE i.state IN {LIVE} AND i.amount <> 0 GROUP BY i.id HAVING (i.state = 'settled') <> (coalesce(sum(t.amount - t.allocated), 0) = 0)
    """):
        yield f"invoice {number} is {state} with {left} open"
    for number, state, left in rows("""
        SELECT p.number, p.state, coalesce(sum(t.amount - t.allocated), 0) FROM invoices_payment p
          LEFT JOIN ledger_item t ON t.record_id = p.id AND t.kind = 'credit' AND t.event = 'money_confirmed'
         WHERE p.state IN ('confirmed', 'allocated') GROUP BY p.id HAVING (p.state = 'allocated') <> (coalesce(sum(t.amount - t.allocated), 0) = 0)
    """):
        yield f"payment {number} is {state} with {left} left"


@checks_books("invoices.reviews")
def reviewed() -> Iterator[str]:
    """Every issued invoice has its reviews on its own content, take-overs excepted (I2)."""
    for number, given, needed in rows(f"""
        SELECT i.number, coalesce(v.given, 0), coalesce(q.needed, 0) FROM invoices_invoice i
          LEFT JOIN review_requirement q ON q.record_id = i.id AND q.step = 'review_invoice' AND q.round = i.round
          LEFT JOIN LATERAL (SELECT count(DISTINCT person_id) AS given FROM review_review
                              WHERE record_id = i.id AND step = 'review_invoice' AND round = i.round AND fingerprint = i.fingerprint) AS v ON true
         WHERE i.state IN {LIVE} AND i.opening_id IS NULL AND (q.needed IS NULL OR v.given < q.needed)
    """):
        yield f"invoice {number}: {given} of {needed} reviews on its content"
