"""What is measured over, in words."""

from django.db import connection

TABLES = {"customers_customer": "customers", "stock_product": "products", "contracts_contract": "contracts", "orders_order": "orders", "orders_orderline": "order lines",
          "invoices_invoice": "invoices", "ledger_entryline": "ledger lines", "audit_event": "changes in the history"}  # fmt: skip


def about() -> str:
    with connection.cursor() as cursor:
        told = []
        for table, name in TABLES.items():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            told.append(f"{cursor.fetchone()[0]:,} {name}")
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database())), current_setting('server_version')")
        size, version = cursor.fetchone()
    return f"{', '.join(told)} ({size}), PostgreSQL {version}"
