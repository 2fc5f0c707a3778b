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
            """,
            table, list(columns), prefix,
        ):  # fmt: skip
            yield f"customer {code}: {column} was changed by nobody's agreement (event {event})"
