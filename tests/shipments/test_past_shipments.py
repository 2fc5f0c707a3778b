"""Past shipments of a company that goes live: filed, counted, posted on their days, stock untouched (X39)."""

import datetime
from decimal import Decimal as D

import pytest
from django.utils import timezone

from backoffice.database.checks import run_checks
from backoffice.ledger.models import EntryLine
from backoffice.people.models import Role
from backoffice.sheets import services as sheets
from backoffice.sheets.models import Batch, State
from backoffice.stock.models import Level, Movement, Reservation
from orders.models import Order
from orders.services import cancel_order
from shipments.models import Shipment
from shipments.services import opening
from tests.making_shipments import approved_order, make_house
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HEAD = ("Order No", "Customer No", "Customer Name", "Shipped Date", "Required Date", "Order Status", "Remarks")
PARTS = ("订单号", "发货日期", "产品编码", "数量", "发货单号")


@pytest.fixture
def house():
    return make_house()


def whole(order):
    return (order.number, order.party.code, order.party.name, TODAY, TODAY, "Shipped", "by rail")


def bring(*rows, literal=None, apply=True):
    by, other = make_person(Role.ADMINISTRATOR), make_person(Role.FINANCE)
    done = sheets.upload([("s.xlsx", workbook(*rows))], by=by, kind="shipments")
    if literal:
        batch = done.batches[0]
        sheets.change_mapping(batch, {**batch.mapping, **{k: {"value": v} for k, v in literal.items()}}, by=by)
    sheets.check_group(done.group)
    batch = Batch.objects.get(pk=done.batches[0].pk)
    if apply and batch.state == State.CHECKED:
        sheets.apply_group(done.group, by=other)
    return batch


def wrong(batch):
    return [(problem.row, problem.field) for problem in batch.problems]


@pytest.mark.duty("S1", "R1")
def test_a_whole_order_that_left_is_delivered_done_and_posted_on_its_day(house):
    order = approved_order(house, 10, 4)
    batch = bring(HEAD, whole(order))
    assert not batch.problems
    shipment = Shipment.objects.get()
    assert (shipment.state, shipment.dispatched_on, shipment.delivered_on, shipment.amount) == (
        "delivered",
        TODAY,
        TODAY,
        order.amount,
    )
    assert (shipment.number, shipment.note, shipment.opening_id is not None) == (f"{order.number}-1", "by rail", True)
    assert [line.quantity for line in shipment.lines.all()] == [10, 4]
    assert Order.objects.get(pk=order.pk).state == "done"
    assert not Reservation.objects.exists() and not Level.objects.exclude(reserved=0).exists()
    assert not Movement.objects.filter(reason="dispatch").exists()
    posted = EntryLine.objects.get(record_id=shipment.pk, account__code="1122.02")
    assert (posted.debit, posted.posted_on, posted.party_id, posted.dossier_id) == (
        order.amount,
        TODAY,
        order.party_id,
        order.dossier_id,
    )
    assert not list(
        run_checks(
            ["shipments.counters", "shipments.amounts", "shipments.stock", "shipments.ledger", "shipments.reviews"]
        )
    )


def test_product_by_product_the_parts_sum_to_the_line(house):
    order = approved_order(house, 3, price="33.335")
    code = house.goods[0].code
    rows = [(order.number, TODAY, code, 1, f"DN{turn}") for turn in range(3)]
    assert not bring(PARTS, *rows).problems
    assert sorted(Shipment.objects.values_list("number", flat=True)) == ["DN0", "DN1", "DN2"]
    assert sum(Shipment.objects.values_list("amount", flat=True)) == order.amount
    assert Order.objects.get(pk=order.pk).state == "done"


def test_rows_of_one_order_and_day_are_one_shipment(house):
    order = approved_order(house, 10, 4)
    rows = [(order.number, TODAY, goods.code, 2, "") for goods in house.goods]
    bring(PARTS, *rows)
    assert [line.quantity for line in Shipment.objects.get().lines.all()] == [2, 2]
    assert Order.objects.get(pk=order.pk).state == "approved"


def test_a_shipment_of_a_cancelled_order_is_filed_as_cancelled_and_said_so(house):
    order = approved_order(house, 10)
    cancel_order(order, by=house.manager, note="x")
    batch = bring(HEAD, whole(order))
    assert any("cancelled" in key for key in batch.counts)
    shipment = Shipment.objects.get()
    assert (shipment.state, shipment.lines.count()) == ("cancelled", 1)
    assert not EntryLine.objects.filter(record_id=shipment.pk).exists()
    assert not list(run_checks(["shipments.counters", "shipments.ledger", "shipments.stock"]))


def test_what_does_not_fit_is_named_and_nothing_is_written(house):
    order = approved_order(house, 10)
    tomorrow, code = TODAY + datetime.timedelta(days=1), house.goods[0].code
    batch = bring(
        PARTS, ("none", TODAY, code, 1, ""), (order.number, tomorrow, code, 1, ""), (order.number, TODAY, "P-?", 1, ""),
        (order.number, TODAY, code, 8, ""), (order.number, TODAY, code, 3, ""),
    )  # fmt: skip
    assert wrong(batch) == [(2, "order"), (3, "shipped_on"), (4, "product"), (6, "quantity")]
    assert not Shipment.objects.exists()


def test_the_same_order_is_not_shipped_twice(house):
    order = approved_order(house, 10)
    bring(HEAD, whole(order))
    again = bring(HEAD, (*whole(order)[:-1], "again"))
    assert wrong(again) == [(2, "order")]


@pytest.mark.duty("I1")
def test_invoices_issued_with_the_shipment_are_asked_for_once_for_each_import(house, monkeypatch):
    told = []
    monkeypatch.setattr(
        opening, "AFTER_OPENING", [lambda shipments, *, opening, by: told.append((shipments, opening, by))]
    )
    orders = [approved_order(house, 10), approved_order(house, 4)]
    bring(HEAD, *map(whole, orders), literal={"is_invoiced": "yes"}, apply=False)
    assert len(told) == 1, "the trial is the real thing taken back"
    assert sorted(shipment.amount for shipment in told[0][0]) == sorted(order.amount for order in orders)
    told.clear()
    bring(HEAD, whole(orders[0]), literal={"is_invoiced": "no"}, apply=False)
    assert not told


def test_a_thousand_lines_are_taken_over_with_few_questions(house, django_assert_max_num_queries):
    order = approved_order(house, 1000)
    code = house.goods[0].code
    rows = [(order.number, TODAY, code, D(1), f"N{turn}") for turn in range(100)]
    by = make_person(Role.ADMINISTRATOR)
    done = sheets.upload([("s.xlsx", workbook(PARTS, *rows))], by=by, kind="shipments")
    with django_assert_max_num_queries(90):
        sheets.check_group(done.group)
