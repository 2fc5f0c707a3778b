"""What must hold between orders, contracts and stock, asked by `check_books` (reliability.md §4)."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("orders.amounts")
def amounts() -> Iterator[str]:
    """An order's amounts are the sums of its lines (rules.md §1)."""
    for number, amount, total in rows("""
        SELECT coalesce(o.number, o.id::text), o.amount, coalesce(sum(l.gross), 0) FROM orders_order o
          LEFT JOIN orders_orderline l ON l.order_id = o.id GROUP BY o.id
        HAVING o.amount <> coalesce(sum(l.gross), 0) OR o.net <> coalesce(sum(l.net), 0) OR o.tax <> coalesce(sum(l.tax), 0)
    """):
        yield f"order {number}: amount {amount}, lines {total}"


@checks_books("orders.contracts")
def contracts() -> Iterator[str]:
    """What a contract line says is ordered is what its orders still want or have shipped (rules.md §5)."""
    for number, position, counted, wanted in rows("""
        SELECT c.number, l.position, l.ordered, coalesce(sum(n.wanted), 0) FROM contracts_contractline l
          JOIN contracts_contract c ON c.id = l.contract_id
          LEFT JOIN (SELECT x.contract_line_id, CASE WHEN o.state = 'closed' THEN x.shipped - x.returned ELSE x.quantity END AS wanted
                       FROM orders_orderline x JOIN orders_order o ON o.id = x.order_id
                      WHERE o.state IN ('approved', 'done', 'closed')) AS n ON n.contract_line_id = l.id
         GROUP BY c.number, l.id HAVING l.ordered <> coalesce(sum(n.wanted), 0)
    """):
        yield f"contract {number}, line {position}: ordered {counted:f}, its orders {wanted:f}"


@checks_books("orders.called_off")
def called_off() -> Iterator[str]:
    """What a contract says is called off is what its orders come to (K2)."""
    for number, counted, told in rows("""
        SELECT c.number, c.called_off, coalesce(n.told, 0) FROM contracts_contract c
          LEFT JOIN (SELECT o.contract_id, sum(CASE WHEN o.state = 'closed' THEN round(l.gross * (l.shipped - l.returned) / l.quantity, 2) ELSE l.gross END) AS told
                       FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
                      WHERE o.state IN ('approved', 'done', 'closed') GROUP BY 1) AS n ON n.contract_id = c.id
         WHERE c.called_off <> coalesce(n.told, 0)
    """):
        yield f"contract {number}: called off {counted}, its orders {told}"


@checks_books("orders.delivered")
def delivered() -> Iterator[str]:
    """What a contract line says is delivered is what its order lines have shipped and did not get back (K3)."""
    for number, position, counted, sent in rows("""
        SELECT c.number, l.position, l.delivered, coalesce(s.sent, 0) FROM contracts_contractline l JOIN contracts_contract c ON c.id = l.contract_id
          LEFT JOIN (SELECT x.contract_line_id, sum(x.shipped - x.returned) AS sent FROM orders_orderline x GROUP BY 1) AS s ON s.contract_line_id = l.id
         WHERE l.delivered <> coalesce(s.sent, 0)
    """):
        yield f"contract {number}, line {position}: delivered {counted:f}, its orders {sent:f}"


@checks_books("orders.reservations")
def reservations() -> Iterator[str]:
    """What approved orders have open of stocked goods is what they have reserved, line by line (X13)."""
    for number, position, wanted, reserved in rows("""
        SELECT o.number, l.position, CASE WHEN o.state = 'approved' AND p.is_stocked THEN l.quantity - l.shipped ELSE 0 END, coalesce(r.quantity, 0)
          FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id JOIN stock_product p ON p.id = l.product_id
          LEFT JOIN stock_reservation r ON r.line_id = l.id
         WHERE coalesce(r.quantity, 0) <> greatest(CASE WHEN o.state = 'approved' AND p.is_stocked THEN l.quantity - l.shipped ELSE 0 END, 0)
    """):
        yield f"order {number}, line {position}: open {wanted:f}, reserved {reserved:f}"


@checks_books("orders.states")
def states() -> Iterator[str]:
    """An order of which everything has left is done; one that is numbered was approved, or came as a past one (O2)."""
    for number, state in rows("""
        SELECT coalesce(o.number, o.id::text), o.state FROM orders_order o
         WHERE o.state = 'approved' AND NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.order_id = o.id AND l.quantity > l.shipped - l.returned)
            OR o.state IN ('approved', 'done', 'closed') AND (o.number IS NULL OR o.dossier_id IS NULL)
    """):
        yield f"order {number} is «{state}»"


@checks_books("orders.sums")
def sums() -> Iterator[str]:
    """The sums of sales and what was appended to them since say what the orders say, to the cent (R1, R4)."""
    for month, by, key, kept, counted in rows("""
        WITH kept AS (SELECT month, "by", key, sum(orders) AS orders, sum(quantity) AS quantity, sum(amount) AS amount, sum(net) AS net, sum(cost) AS cost
                        FROM (SELECT month, "by", key, orders, quantity, amount, net, cost FROM orders_salessum UNION ALL
                              SELECT month, "by", key, orders, quantity, amount, net, cost FROM orders_salesdelta) AS told GROUP BY 1, 2, 3)
        SELECT month, "by", key, coalesce(k.amount, 0), coalesce(c.amount, 0) FROM kept k FULL JOIN orders_sales_counted() c USING (month, "by", key)
         WHERE (coalesce(k.orders, 0), coalesce(k.quantity, 0), coalesce(k.amount, 0), coalesce(k.net, 0), coalesce(k.cost, 0))
            IS DISTINCT FROM (coalesce(c.orders, 0), coalesce(c.quantity, 0), coalesce(c.amount, 0), coalesce(c.net, 0), coalesce(c.cost, 0))
         ORDER BY 1, 2, 3 LIMIT 50
    """):
        yield f"sales of {month:%Y-%m} by {by} {key}: kept {kept}, the orders say {counted}"
