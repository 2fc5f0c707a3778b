"""A real company comes in through the browser's import, and every figure equals the answers computed independently.

The workbooks and the answers lie beside the project; where they are absent the tests say so. No number of theirs stands here.
"""

import datetime
from collections import defaultdict
from decimal import Decimal
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from backoffice.database.checks import run_checks
from backoffice.jobs.models import Work
from backoffice.jobs.works import run_work
from backoffice.ledger.selectors import ageing, balance, party_balances
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.periods import Span, parse
from backoffice.sheets.models import Batch, State
from expenses.models import CommissionPlan
from expenses.selectors import commission
from invoices.models import Invoice, Payment
from invoices.selectors.receivables import ties
from orders.models import Order
from orders.selectors.credit import exposure_at
from orders.selectors.sales import By, Per, booked_sales, fulfilment
from tests.people_of_the_tests import make_person
from tests.sample import SAMPLE, answers, needs_sample, workbook_rows

pytestmark = [pytest.mark.django_db, needs_sample, pytest.mark.duty("O1", "I4", "I6", "E7", "C11", "K3")]
D = Decimal
FILES = ("salespeople", "customers", "products", "orders", "shipments", "payments")
ZERO = D("0.00")


def work() -> None:
    """What the worker would do now."""
    for waiting in Work.objects.filter(state="waiting").order_by("pk"):
        assert run_work(waiting.pk)


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker, tmp_path_factory):
    """All six workbooks uploaded at once by one person, mapped, checked, and applied by a second."""
    if not SAMPLE.exists():
        pytest.skip("the sample company is not beside the project (../shared)")
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        was, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
        try:
            with mock.patch("backoffice.jobs.works.wake"):
                take_in(Client(), Client())
            tell_the_planner()
            yield
        finally:
            settings.MEDIA_ROOT = was
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


# What the workbooks do not say and the person at the mapping page does: no tax, one invoice with each shipment.
SAID = (("products", "tax_rate", "0"), ("orders", "tax_rate", "0"), ("shipments", "is_invoiced", "yes"))


def name_column(client: Client, batch: Batch, field: str, value: str) -> None:
    """The mapping page with everything as it was recognised, and one value for a column that is not there."""
    form = {"kind": batch.kind, f"value-{field}": value}
    form |= {f"column-{name}": to["column"] for name, to in batch.mapping.items() if to.get("column")}
    client.post(f"/imports/sheet/{batch.pk}/columns/", form)


def tell_the_planner() -> None:
    """Nothing is committed here, so that no statistics come by themselves, and a join may take minutes without them."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("ANALYZE")
        cursor.execute("RESET ROLE")


def take_in(uploader: Client, second: Client) -> None:
    uploader.force_login(make_person(Role.ADMINISTRATOR, Role.FINANCE, language="en"))
    second.force_login(make_person(Role.FINANCE, language="en"))
    files = [SimpleUploadedFile(f"{name}.xlsx", (SAMPLE / "xlsx" / f"{name}.xlsx").read_bytes()) for name in FILES]
    page = uploader.post("/imports/", {"files": files})["Location"]
    for kind, field, value in SAID:
        name_column(uploader, Batch.objects.get(kind=kind), field, value)
    work()
    wrong = {
        batch.kind: [str(p.in_words()) for p in batch.problems][:5]
        for batch in Batch.objects.all()
        if batch.state != State.CHECKED
    }
    assert not wrong, wrong
    uploader.post(page, {"act": "apply"})
    assert not Order.objects.exists(), "the person who uploaded past documents does not apply them"
    second.post(page, {"act": "apply"})
    work()
    assert {batch.state for batch in Batch.objects.all()} == {State.APPLIED}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def words(start: datetime.date | None, per: Per) -> str:
    if start is None:
        return "all"
    quarter = f"{start.year}-Q{(start.month + 2) // 3}"
    return {Per.MONTH: f"{start:%Y-%m}", Per.QUARTER: quarter, Per.YEAR: str(start.year)}[per]


def test_order_totals(company):
    ours = dict(Order.objects.values_list("number", "amount"))
    assert ours == {row["order_no"]: D(row["order_total"]) for row in answers("01_order_totals.csv")}


@pytest.mark.parametrize(
    ("by", "file", "key"),
    [
        (By.TOTAL, "02_sales_total.csv", None),
        (By.SALESPERSON, "03_sales_by_salesperson.csv", "sales_rep"),
        (By.CUSTOMER, "04_sales_by_customer.csv", "customer_no"),
        (By.PRODUCT, "05_sales_by_product.csv", "product_code"),
        (By.PRODUCT_LINE, "06_sales_by_product_line.csv", "product_line"),
        (By.REGION, "07_sales_by_territory.csv", "territory"),
        (By.COUNTRY, "08_sales_by_country.csv", "country"),
    ],
)
@pytest.mark.duty("R4")
def test_booked_sales(company, by, file, key):
    ours = {}
    for per in (Per.ALL, Per.MONTH, Per.QUARTER, Per.YEAR):
        for row in booked_sales(by=by, per=per):
            name = row.name if by in (By.PRODUCT_LINE, By.REGION) else row.code
            ours[str(per), words(row.start, per), name] = (row.orders, row.quantity, row.amount, row.cost, row.margin)
    theirs = {
        (row["period_type"], row["period"], row[key] if key else ""): (
            int(row["orders"]),
            *(D(row[n]) for n in ("quantity", "amount", "cost", "margin")),
        )
        for row in answers(file)
    }
    assert ours == theirs


def test_receivable_balances(company):
    theirs = defaultdict(dict)
    for row in answers("12_receivable_balance.csv"):
        theirs[row["as_of"]][row["customer_no"]] = (D(row["invoiced"]), D(row["paid"]), D(row["balance"]))
    first = datetime.date(1990, 1, 1)
    for as_of, expected in theirs.items():
        rows = party_balances(period=Span(first, day(as_of)))
        assert {row.code: (row.charges, row.receipts, row.closing) for row in rows} == expected


def test_ageing_first_in_first_out_at_every_date(company):
    bounds = (30, 60, 90)
    theirs = defaultdict(dict)
    columns = ("not_due", "d1_30", "d31_60", "d61_90", "d91_plus", "unapplied_credit", "balance")
    for row in answers("14_ageing_fifo.csv"):
        figures = tuple(D(row[name]) for name in columns)
        if any(figures):
            theirs[row["as_of"]][row["customer_no"]] = figures
    for as_of, expected in theirs.items():
        aged = ageing(on=day(as_of), bounds=bounds)
        ours = {
            row.code: (*row.amounts, -row.advances, row.total) for row in aged.rows if any((*row.amounts, row.advances))
        }
        assert ours == expected
    for row in answers("15_ageing_total.csv"):
        totals = ageing(on=day(row["as_of"]), bounds=bounds).totals
        assert (*totals.amounts, -totals.advances, totals.total) == tuple(D(row[name]) for name in columns)


def test_invoices_are_those_of_the_shipped_orders(company):
    ours = {
        line["lines__order_line__order__number"]: (line["issued_on"], line["due_on"], line["amount"])
        for line in Invoice.objects.values(
            "issued_on", "due_on", "amount", "lines__order_line__order__number"
        ).distinct()
    }
    assert ours == {
        row["order_no"]: (day(row["invoice_date"]), day(row["due_date"]), D(row["amount"]))
        for row in answers("11_invoices.csv")
    }


@pytest.mark.duty("I9")
def test_collections(company):
    ours = defaultdict(lambda: [0, ZERO])
    for payment in Payment.objects.select_related("salesperson"):
        no = payment.salesperson.employee_no if payment.salesperson else ""
        entry = ours[f"{payment.confirmed_on:%Y-%m}", no]
        entry[0] += 1
        entry[1] += payment.amount
    assert {k: tuple(v) for k, v in ours.items()} == {
        (row["month"], row["sales_rep"]): (int(row["payments"]), D(row["amount"]))
        for row in answers("17_collections_by_month.csv")
    }


def test_credit_exposure_at_every_date(company):
    theirs = defaultdict(dict)
    for row in answers("20_credit_limit.csv"):
        theirs[row["as_of"]][row["customer_no"]] = (
            D(row["balance"]),
            D(row["open_orders"]),
            D(row["exposure"]),
            row["over_limit"] == "true",
        )
    for as_of, expected in theirs.items():
        rows = {row.code: row for row in exposure_at(day(as_of))}
        ours = {
            code: (rows[code].balance, rows[code].open_orders, rows[code].exposure, rows[code].is_over)
            for code in expected
        }
        assert ours == expected


def test_order_fulfilment(company):
    numbers = dict(Person.objects.values_list("pk", "employee_no"))
    ours = {
        (f"{row.month:%Y-%m}", numbers.get(row.salesperson) or ""): (
            row.orders,
            row.ordered,
            row.shipped,
            row.open_value,
            row.cancelled,
        )
        for row in fulfilment()
    }
    assert ours == {
        (row["month"], row["sales_rep"]): (
            int(row["orders"]),
            *(D(row[n]) for n in ("ordered", "shipped", "open_value", "cancelled")),
        )
        for row in answers("21_order_fulfilment.csv")
    }


@pytest.mark.duty("I8")
def test_everything_ties_to_the_ledger_and_the_books_are_silent(company):
    for as_of in {row["as_of"] for row in answers("15_ageing_total.csv")}:
        period = Span(day(as_of).replace(day=1), day(as_of))
        rows = party_balances(period=period)
        assert [row.difference for row in ties(period=period, rows=rows, aged=ageing(on=period.last))] == [0, 0, 0, 0]
    assert balance("1002", on=datetime.date(2030, 1, 1)) == sum(Payment.objects.values_list("amount", flat=True))
    assert list(run_checks()) == []
    assert Party.objects.customers().count() == len(workbook_rows("customers.xlsx"))


@pytest.mark.duty("E7")
@pytest.mark.parametrize(
    ("theirs", "basis"), [("booked", "order"), ("invoiced", "invoice"), ("collected", "collected")]
)
def test_commission_on_three_bases(company, theirs, basis):
    plan = CommissionPlan.objects.get()
    expected: dict[str, dict[str, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for row in answers("16_commission.csv"):
        if row["basis"] == theirs:
            expected[row["month"]][row["sales_rep"]] = (D(row["base"]), D(row["commission"]))
    for month, figures in expected.items():
        rows = commission(basis, parse(month), plans=[plan])
        assert {
            row.person.employee_no: (row.base, row.commission) for row in rows if row.base or row.commission
        } == figures
