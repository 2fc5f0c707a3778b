"""What must hold in the customer archive, whoever wrote to it."""

from collections.abc import Iterator

from backoffice.database.checks import checks_books, rows
from customers.models import GUARDED


@checks_books("customers.agreed")
def guarded_data_were_agreed() -> Iterator[str]:
    """Each change of billing data or credit since a customer was made stands in a change that was applied (C8, C11)."""
    tables = {"parties_party": GUARDED["party"], "customers_customer": GUARDED["customer"]}
    for table, columns in tables.items():
        prefix = "party." if table == "parties_party" else "customer."
        for code, column, event in rows(
            """
            SELECT p.code, changed.key, e.id FROM audit_event e JOIN parties_party p ON p.id = e.row
              JOIN audit_event made ON made."table" = 'customers_customer' AND made.row = e.row AND made.operation = 'I' AND made.id < e.id
              CROSS JOIN LATERAL jsonb_each(e.changed) AS changed
             WHERE e."table" = %s AND e.operation = 'U' AND changed.key = ANY(%s)
               AND NOT EXISTS (SELECT FROM customers_customerchange c WHERE c.party_id = e.row AND c.state = 'applied'
                                AND c.changes -> (%s || changed.key) ->> 1 IS NOT DISTINCT FROM changed.value ->> 1)
               AND NOT EXISTS (SELECT FROM customers_customermerge m WHERE m.party_id = e.row AND m.state = 'merged'
                                AND m.changes -> (%s || changed.key) ->> 1 IS NOT DISTINCT FROM changed.value ->> 1)
            """,
            table, list(columns), prefix, prefix,
        ):  # fmt: skip
            yield f"customer {code}: {column} was changed by nobody's agreement (event {event})"


@checks_books("customers.merged")
def merged_customers_are_done_with() -> Iterator[str]:
    """Who was merged into another was so by a merge that was agreed to, and nothing is open there any more (C1)."""
    for code, into in rows("""
        SELECT p.code, o.code FROM parties_party p JOIN parties_party o ON o.id = p.merged_into_id
         WHERE NOT EXISTS (SELECT FROM customers_customermerge m WHERE m.merged_id = p.id AND m.party_id = o.id AND m.state = 'merged')
    """):
        yield f"customer {code} leads to {into} by no merge that was agreed to"
    for code, number, amount in rows("""
        SELECT p.code, i.number, i.amount - i.allocated FROM ledger_item i JOIN parties_party p ON p.id = i.party_id
         WHERE p.merged_into_id IS NOT NULL AND i.allocated < i.amount
    """):
        yield f"customer {code} was merged, but {number} is open there with {amount}"
