"""The nightly look at the archive and the book of goods: silent when all is right, in words when it is not."""

from decimal import Decimal

import pytest
from django.db import connection

from backoffice.database.checks import run_checks
from tests.making import ProductFactory
from tests.making_customers import applied_change, make_customer

pytestmark = pytest.mark.django_db


def found(*names):
    return [str(finding) for finding in run_checks(names)]


@pytest.mark.duty("C8", "C11")
def test_a_credit_limit_that_nobody_agreed_to_is_found(salesperson, finance):
    customer = make_customer(salesperson)
    applied_change(customer, by=salesperson, agreed_by=finance, credit_limit=Decimal(80000), bank_account="1")
    assert found("customers.agreed") == []
    with connection.cursor() as cursor:  # as if the owner of the database had switched the guard off
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            """INSERT INTO audit_event ("table", "row", operation, changed, step, note, at, xid)
               VALUES ('customers_customer', %s, 'U', '{"credit_limit": ["80000.00", "99000.00"]}', '', '', now(), 1)""",
            [customer.pk],
        )
    (words,) = found("customers.agreed")
    assert "credit_limit" in words and customer.party.code in words


def test_a_level_that_is_not_the_sum_of_its_movements_is_found(db):
    product = ProductFactory(code="P9")
    assert found("stock.levels", "stock.reserved") == []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_level (product_id, warehouse_id, on_hand, reserved, may_go_negative) "
            "SELECT %s, id, 5, 2, false FROM stock_warehouse LIMIT 1", [product.pk],
        )  # fmt: skip
    assert [words.split(":")[0] for words in found("stock.levels", "stock.reserved")] == [
        "stock.levels",
        "stock.reserved",
    ]
