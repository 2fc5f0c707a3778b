"""What must hold in the book of goods, whoever wrote to it (reliability.md §4)."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows


@checks_books("stock.levels")
def levels_are_sums() -> Iterator[str]:
    """What is on hand is the sum of the movements, per product and warehouse (S11)."""
    for product, warehouse, level, moved in rows("""
        SELECT p.code, w.code, coalesce(l.on_hand, 0), coalesce(m.quantity, 0)
          FROM (SELECT product_id, warehouse_id, sum(quantity) AS quantity FROM stock_movement GROUP BY 1, 2) AS m
          FULL JOIN stock_level l USING (product_id, warehouse_id)
          JOIN stock_product p ON p.id = product_id JOIN stock_warehouse w ON w.id = warehouse_id
         WHERE coalesce(l.on_hand, 0) <> coalesce(m.quantity, 0)
    """):
        yield f"{product} in {warehouse}: on hand {level:f}, moved {moved:f}"


@checks_books("stock.reserved")
def reserved_is_promised() -> Iterator[str]:
    """What is reserved is the sum of the reservations of open order lines."""
    for product, warehouse, level, promised in rows("""
        SELECT p.code, w.code, coalesce(l.reserved, 0), coalesce(r.quantity, 0)
          FROM (SELECT product_id, warehouse_id, sum(quantity) AS quantity FROM stock_reservation GROUP BY 1, 2) AS r
          FULL JOIN stock_level l USING (product_id, warehouse_id)
          JOIN stock_product p ON p.id = product_id JOIN stock_warehouse w ON w.id = warehouse_id
         WHERE coalesce(l.reserved, 0) <> coalesce(r.quantity, 0)
    """):
        yield f"{product} in {warehouse}: reserved {level:f}, promised {promised:f}"
