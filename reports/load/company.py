"""Fills an empty database: masters by COPY, documents and books by one statement a table, then seals and statistics."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection, transaction

from backoffice.audit import acting
from backoffice.documents.fingerprints import fingerprint
from backoffice.ledger.services import seal
from backoffice.numbering.models import Series
from backoffice.people.models import Person
from backoffice.stock.models import Warehouse
from reports.load.masters import Size, make_masters
from shipments.checks import NEWEST
from shipments.models import Shipment

WRITTEN = (
    "parties_party", "customers_customer", "stock_product", "register_dossier", "register_record", "contracts_contract", "contracts_contractline", "orders_order", "orders_orderline",
    "shipments_shipment", "shipments_shipmentline", "invoices_invoice", "invoices_invoiceline", "invoices_payment", "review_hand",
    "review_requirement", "review_review", "numbering_given", "stock_movement", "ledger_entry", "ledger_entryline",
    "ledger_item", "ledger_allocation", "audit_event",
)  # fmt: skip
HELPERS = """
CREATE FUNCTION pg_temp.load_number(prefix text, on_day date, place bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT prefix || '-' || extract(year FROM on_day)::int || '-' || lpad(place::text, 6, '0') $$;
CREATE FUNCTION pg_temp.load_print(id bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT encode(sha256(id::text::bytea), 'hex') $$;
"""
PEOPLE = ("assistant", "assistant2", "manager", "finance", "finance2", "warehouse", "warehouse2")


def fill(size: Size, *, today: date, password: str, tell: Callable[[str], object] = print) -> None:
    """Build the company. The owner's connection only: the guards of single rows are off while whole tables are written."""
    with transaction.atomic(), acting(Person.objects.system(), step="make_load"):
        guards("DISABLE")
        again = loosened()
        people = make_masters(size, password=password, rng=Random(20260101))  # noqa: S311 — nothing secret
        tell("customers and products")
        with connection.cursor() as cursor:
            cursor.execute(HELPERS)
            values = {name: people[name].pk for name in PEOPLE}
            values |= {
                "orders": size.orders,
                "lines": size.lines,
                "contracts": size.contracts,
                "today": today,
                "currency": settings.CURRENCY,
            }
            values |= {f"{kind}_prefix": prefix for kind, prefix in Series.objects.values_list("kind", "prefix")}
            values["store"] = Warehouse.objects.order_by("pk").values_list("pk", flat=True)[0]
            for file in sorted(Path(__file__).parent.glob("*.sql")):
                cursor.execute(file.read_text(encoding="utf-8"), values)
                tell(file.stem[3:])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in again:
                cursor.execute(statement)
            print_newest()
            cursor.execute("SELECT orders_recount_sales(), ledger_recount_deals()")
            guards("ENABLE")
            tell("foreign keys and indexes")
    tell(f"{seal(everything=True)} entries sealed")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def guards(how: str) -> None:
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f'ALTER TABLE "{table}" {how} TRIGGER USER')


LOOSE = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])
UNION ALL
SELECT format('DROP INDEX %%I', c.relname), pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND NOT i.indisunique
"""


def loosened() -> list[str]:
    """A table is written many times faster without its foreign keys and indexes. Answers how to make them again, all rows checked."""
    with connection.cursor() as cursor:
        cursor.execute(LOOSE, {"tables": list(WRITTEN)})
        found = cursor.fetchall()
        for drop, _make in found:
            cursor.execute(drop)
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
    return [make for _drop, make in found]


def print_newest() -> None:
    """`check_books` computes the fingerprints of the newest shipments again: those are given their real ones."""
    prints = {shipment.pk: fingerprint(shipment) for shipment in Shipment.objects.gone().order_by("-pk")[:NEWEST]}
    with connection.cursor() as cursor:
        for table, column in (("shipments_shipment", "id"), ("review_review", "record_id")):
            cursor.execute(
                f'UPDATE "{table}" AS t SET fingerprint = p.print FROM unnest(%s::bigint[], %s::text[]) AS p (id, print) WHERE t."{column}" = p.id',
                [list(prints), list(prints.values())],
            )
