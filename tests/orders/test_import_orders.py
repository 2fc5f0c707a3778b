"""Orders from Excel: drafts, or past documents under their own numbers."""

import datetime
from decimal import Decimal

import pytest

from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.sheets import services as sheets
from backoffice.sheets.models import Batch
from backoffice.stock.models import Reservation
from orders.models import Order
from orders.selectors import By, Per, booked_sales, exposure_at, fulfilment
from orders.services import approve_order, let_go, recheck_order, release_order
from tests import making_orders as making
from tests.making import ProductFactory
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 2, 3)
ENGLISH = (
    "Order No",
    "Line",
    "Order Date",
    "Required Date",
    "Customer No",
    "Product Code",
    "Quantity",
    "Unit Price",
    "Status",
    "Remarks",
)
CHINESE = ("订单号", "行号", "订单日期", "客户名称", "产品编码", "数量", "不含税单价", "税率", "折扣率", "订单状态")


@pytest.fixture
def company():
    customer = making.make_customer(code="363", name="在线贸易有限公司")
    for code in ("A1", "A2"):
        ProductFactory(code=code, list_price=Decimal("20"), cost_price=Decimal("5"))
    return customer


def bring(by, head, *rows):
    done = sheets.upload([("orders.xlsx", workbook(head, *rows))], by=by, kind="orders")
    sheets.check_group(done.group)
    return done.group, Batch.objects.get(pk=done.batches[0].pk)


def problems(batch):
    return {(problem.row, problem.field) for problem in batch.problems}


@pytest.mark.duty("O1")
def test_orders_without_a_state_become_drafts(company):
    by = making.assistant_of(company)
    rows = [
        ("10100", 1, DAY, DAY, 363, "A1", 10, 20, None, "x"),
        ("10101", 1, DAY, None, 363, "A2", 1, 19.5, None, ""),
        ("10100", 2, DAY, DAY, 363, "A2", 2, 20, None, "x"),
    ]
    group, batch = bring(by, ENGLISH, *rows)
    assert not batch.problems and not batch.is_opening and not Order.objects.exists()
    sheets.apply_group(group, by=by)
    first, second = Order.objects.order_by("external_number")
    assert (first.external_number, first.state, first.amount, first.number) == (
        "10100",
        "draft",
        Decimal("240.00"),
        None,
    )
    assert second.lines.get().price_source == "own" and second.lines.get().price_reason
    group, batch = bring(by, ENGLISH, *reversed(rows))
    assert (batch.counts.get("same"), batch.counts.get("made", 0)) == (3, 0)


@pytest.mark.duty("O1")
def test_the_check_names_every_wrong_row_and_changes_nothing(company):
    rows = [
        ("1", 1, DAY, None, 999, "A1", 1, 1, "Shipped", ""), ("2", 1, DAY, None, 363, "ZZ", 1, 1, "Shipped", ""),
        ("3", 1, DAY, None, 363, "A1", 0, 1, "Shipped", ""), ("4", 1, DAY, None, 363, "A1", 1, 1, "Shipped", ""),
        ("4", 2, "2026-02-09", None, 363, "A1", 1, 1, "Shipped", ""), ("5", 1, DAY, None, 363, "A1", 1, 1, "Lost", ""),
        ("SO-2026-000001", 1, DAY, None, 363, "A1", 1, 1, "Shipped", ""),
    ]  # fmt: skip
    _group, batch = bring(make_person(Role.ADMINISTRATOR), ENGLISH, *rows)
    assert problems(batch) == {
        (2, "customer"),
        (3, "product"),
        (4, "quantity"),
        (6, "dated_on"),
        (7, "state"),
        (8, "number"),
    }
    assert not Order.objects.exists()


@pytest.mark.duty("O1", "S4")
def test_past_orders_are_filed_as_they_ended(company):
    rows = [
        ("甲-1", 1, DAY, "在线贸易有限公司", "A1", 10, 100, "13%", None, "已发货"), ("甲-2", 1, DAY, "在线贸易有限公司", "A1", 3, 100, 13, 0.1, "已审核"),
        ("甲-3", 1, DAY, "在线贸易有限公司", "A2", 1, 100, 0, None, "已取消"), ("甲-4", 1, DAY, "在线贸易有限公司", "A2", 1, 50, 0, None, "挂起"),
    ]  # fmt: skip
    uploader, other = make_person(Role.ADMINISTRATOR), make_person(Role.ADMINISTRATOR, Role.FINANCE)
    group, batch = bring(uploader, CHINESE, *rows)
    assert not batch.problems and batch.is_opening
    sheets.apply_group(group, by=other)
    orders = {order.number: order for order in Order.objects.all()}
    assert {number: order.state for number, order in orders.items()} == {
        "甲-1": "done",
        "甲-2": "approved",
        "甲-3": "cancelled",
        "甲-4": "held",
    }
    assert (orders["甲-1"].net, orders["甲-1"].tax, orders["甲-1"].amount) == (
        Decimal("1000.00"),
        Decimal("130.00"),
        Decimal("1130.00"),
    )
    assert orders["甲-2"].amount == Decimal("305.10") and Reservation.objects.get().quantity == 3
    assert all(order.dossier_id and order.opening.applied_by == other for order in orders.values())
    assert let_go(Order.objects.all(), note="x") == 0, "what held it in the program before is not known here"
    with pytest.raises(Refused, match="taken over"):
        recheck_order(orders["甲-4"], by=making.assistant_of(company))
    held = release_order(orders["甲-4"], by=making.manager_of(company), note="paid by now")
    assert approve_order(held, by=making.assistant_of(company)).number == "甲-4"
    _group, batch = bring(uploader, CHINESE, *rows[:2])
    assert batch.counts.get("same") == 2, "what is here already stays as it is"


@pytest.mark.duty("C11", "R1")
def test_figures_of_past_orders(company):
    rows = [
        ("1", 1, DAY, None, 363, "A1", 10, 11.3, "In Process", ""), ("2", 1, datetime.date(2026, 3, 1), None, 363, "A2", 1, 22.6, "On Hold", ""),
        ("3", 1, DAY, None, 363, "A1", 1, 100, "Cancelled", ""),
    ]  # fmt: skip
    group, _batch = bring(make_person(Role.ADMINISTRATOR), ENGLISH, *rows)
    sheets.apply_group(group, by=make_person(Role.FINANCE))
    total = booked_sales()[0]
    assert (total.orders, total.quantity, total.amount, total.net, total.cost, total.margin) == (
        2,
        11,
        Decimal("135.60"),
        120,
        55,
        65,
    )
    months = [(row.start, row.name, row.amount) for row in booked_sales(by=By.SALESPERSON, per=Per.MONTH)]
    owner = company.party.owner.name
    assert months == [(datetime.date(2026, 2, 1), owner, 113), (datetime.date(2026, 3, 1), owner, Decimal("22.60"))]
    assert [row.exposure for row in exposure_at(datetime.date(2026, 2, 28))] == [113]
    assert [row.exposure for row in exposure_at(datetime.date(2026, 3, 31))] == [Decimal("135.60")]
    february = fulfilment(last=datetime.date(2026, 2, 28))[0]
    assert (february.orders, february.ordered, february.open_value, february.cancelled) == (2, 213, 113, 100)
