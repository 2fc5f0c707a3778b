"""The entry page: what the server says while one types, what a paste becomes, what is saved and how fast (O1, O3)."""

import time
import uuid
from decimal import Decimal

import pytest

from backoffice.audit import acting
from backoffice.database.checks import CHECKS, run_checks
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.stock.models import Level, Warehouse
from orders.models import Order
from orders.services import Wanted, save_order, submit_order
from tests import making_contracts as contracts
from tests import making_orders as making
from tests.making import TODAY, ProductFactory
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
NEW = "/orders/new/"


@pytest.fixture
def customer():
    return making.make_customer(code="K001", name="杭州医药有限公司", limit=1000, address="文一路 18 号")


@pytest.fixture
def typist(client, customer):
    person = making.assistant_of(customer)
    client.force_login(person)
    return person


def form(customer, *lines, **head):
    typed = {
        "party": customer.pk, "dated_on": TODAY.isoformat(), "term": customer.term_id, "warehouse": Warehouse.objects.first().pk,
        "includes_tax": "yes", "lines-count": len(lines), "once": str(uuid.uuid4()), **head,
    }  # fmt: skip
    for index, line in enumerate(lines):
        names = [name for name in line if name != "typed"]
        typed |= {f"lines-{index}-{name}": value for name, value in line.items()}
        typed |= {f"lines-{index}-key": f"n{index}", f"lines-{index}-typed": " ".join(names)}
    return typed


def say(client, *given, **head):
    return client.post(NEW, form(*given, **head), headers={"HX-Draft": "1"}).json()


@pytest.mark.duty("O1", "O3", "C11")
def test_the_server_fills_price_tax_stock_totals_and_the_customers_standing(client, typist, customer):
    product = ProductFactory(code="A1", list_price=Decimal("113"))
    Level.objects.create(product=product, warehouse=Warehouse.objects.first(), on_hand=3)
    said = say(client, customer, {"product": "a1", "quantity": "5"})
    cells = said["lines"]["n0"]["cells"]
    assert (cells["unit_price"], cells["tax_rate"], cells["gross"], cells["available"]) == ("113", "13%", "565.00", "3")
    assert "quantity" in said["lines"]["n0"]["warnings"], "only three lie there"
    assert said["totals"] == {"net": "500.00", "tax": "65.00", "gross": "565.00"}
    assert said["fields"]["delivery_address"] == "文一路 18 号"
    assert (said["words"]["exposure"], said["words"]["limit"], said["words"]["free"]) == (
        "565.00",
        "1,000.00",
        "435.00",
    )
    over = say(client, customer, {"product": "A1", "quantity": "9"}, filled_for=str(customer.pk))
    assert over["tones"]["exposure"] == "bad" and over["notes"] and not over["fields"]


@pytest.mark.duty("O3")
def test_another_price_needs_a_reason_before_it_is_submitted(client, typist, customer):
    ProductFactory(code="A1", list_price=Decimal("100"), lowest_price=Decimal("80"))
    said = say(client, customer, {"product": "A1", "quantity": "1", "unit_price": "90"})
    assert {"unit_price", "price_reason"} <= said["lines"]["n0"]["warnings"].keys()
    line = {"product": "A1", "quantity": "1", "unit_price": "90"}
    answer = client.post(NEW, form(customer, line, then="submit"))
    assert answer.status_code == 422 and not Order.objects.exists(), "nothing half done"
    answer = client.post(NEW, form(customer, line | {"price_reason": "end of series"}, then="submit"))
    assert answer.status_code == 302
    assert Order.objects.get().state == "submitted" and Order.objects.get().lines.get().price_source == "own"


@pytest.mark.duty("O3")
def test_a_price_without_tax_is_held_against_the_lowest_price_without_tax(customer):
    product = ProductFactory(list_price=Decimal("113"), lowest_price=Decimal("113"), tax_rate=Decimal("0.13"))
    order = making.draft_order(customer, lines=[Wanted(product=product, quantity=Decimal(1))], includes_tax=False)
    line = order.lines.get()
    assert (line.unit_price, line.price_source, line.needs_reason) == (100, "list", False)
    line.discount = Decimal("0.01")
    assert line.needs_reason, "99 is below 100"


@pytest.mark.duty("O3")
def test_the_last_agreed_price_comes_before_the_list(customer):
    product = ProductFactory(list_price=Decimal("100"), lowest_price=None)
    making.approved_order(
        customer, lines=[Wanted(product=product, quantity=Decimal(1), unit_price=Decimal(95), price_reason="agreed")]
    )
    order = making.draft_order(customer, lines=[Wanted(product=product, quantity=Decimal(1))])
    line = order.lines.get()
    assert line.unit_price == 95 and line.price_source.startswith("last SO-2026-000001")
    listed = making.draft_order(customer, lines=[Wanted(product=product, quantity=Decimal(1), unit_price=Decimal(100))])
    assert listed.lines.get().price_source == "list"


@pytest.mark.duty("O1")
@pytest.mark.parametrize(
    "table",
    ["A1\t5\t99.5\nA2\t7\t12", "5\tA1\t99.5\n7\tA2\t12.0", "99.50\t5\tA1\n12.00\t7\tA2", "单价\t产品编码\t数量\n99.5\tA1\t5\n12\tA2\t7", "品名甲\tA1\t5\t99.5\n品名乙\tA2\t7\t12.0"],
    ids=["code first", "quantity first", "price first", "with headings", "with names"],
)  # fmt: skip
def test_a_pasted_table_finds_its_columns(client, typist, customer, table):
    for code in ("A1", "A2"):
        ProductFactory(code=code)
    lines = client.post(NEW, {"table": table}, headers={"HX-Paste": "1"}).json()["lines"]
    assert [(line["product"], line["quantity"], Decimal(line["unit_price"])) for line in lines] == [
        ("A1", "5", Decimal("99.5")),
        ("A2", "7", 12),
    ]


@pytest.mark.duty("O1")
def test_the_draft_survives_a_closed_browser(client, typist, customer):
    ProductFactory(code="A1")
    say(client, customer, {"product": "A1", "quantity": "12"})
    page = client.get(NEW).content.decode()
    assert 'value="A1"' in page and 'value="12"' in page


@pytest.mark.duty("O1")
def test_three_hundred_lines_are_saved_within_two_seconds(client, typist, customer):
    codes = [ProductFactory(code=f"B{n:03d}").code for n in range(300)]
    lines = [{"product": code, "quantity": "2"} for code in codes]
    client.get(NEW)  # the program has started
    begun = time.perf_counter()
    answer = client.post(NEW, form(customer, *lines))
    taken = time.perf_counter() - begun
    assert answer.status_code == 302 and Order.objects.get().lines.count() == 300
    assert taken < 2, f"{taken:.2f} s"


def test_a_copy_takes_lines_and_address_and_never_number_review_or_price(client, typist, customer):
    product = ProductFactory(code="A1", list_price=Decimal("100"))
    order = making.approved_order(
        customer, lines=[Wanted(product=product, quantity=Decimal(4))], external_number="PO-7"
    )
    product.list_price = Decimal(120)
    product.save()
    page = client.get(f"{NEW}?copy={order.pk}").content.decode()
    assert 'value="A1"' in page and "PO-7" not in page and order.number not in page
    pulled = client.get(f"{NEW}?pull=order&pk={order.pk}").json()["lines"]
    assert [(line["product"], line["quantity"], "unit_price" in line) for line in pulled] == [("A1", "4", False)]


@pytest.mark.duty("K3")
def test_an_order_from_a_contract_begins_with_what_is_left_of_it(client, typist, customer):
    contract = contracts.running_contract(customer)
    lines = client.get(f"{NEW}?pull=contract&pk={contract.pk}").json()["lines"]
    assert [line["quantity"] for line in lines] == ["20"]
    said = say(client, customer, {"product": lines[0]["product"], "quantity": "21"}, contract=contract.pk)
    assert any("20" in text for tone, text in said["notes"] if tone == "bad")


@pytest.mark.duty("F9")
def test_nobody_reads_or_copies_an_order_they_may_not_see(client, customer):
    order = making.approved_order(customer)
    client.force_login(make_person(Role.SALESPERSON))
    for path in (
        f"/orders/{order.pk}/",
        f"/orders/{order.pk}/edit/",
        f"/orders/{order.pk}/pdf/",
        f"{NEW}?copy={order.pk}",
        f"{NEW}?pull=order&pk={order.pk}",
    ):
        assert client.get(path).status_code == 404, path


def test_what_changed_meanwhile_is_not_overwritten(customer):
    order = making.draft_order(customer)
    line = [Wanted(product=making.product_at(10), quantity=Decimal(1))]
    save_order(order, by=order.author, header={}, lines=line, version=order.version)
    with pytest.raises(Refused, match="changed after you opened it"):
        save_order(order, by=order.author, header={}, lines=line, version=1)


def test_pages_of_an_order_open_in_every_state(client, customer):
    manager = making.manager_of(customer)
    client.force_login(manager)
    for order in (
        making.draft_order(customer),
        making.submitted_order(customer, amount=2000),
        making.approved_order(customer),
        making.closed_order(making.make_customer()),
    ):
        manager.serves.add(order.party.owner)
        assert client.get(f"/orders/{order.pk}/").status_code == 200
    assert client.get("/orders/").status_code == 200
    waiting = making.submitted_order(customer)
    assert client.get(f"/documents/{waiting.pk}/review/").status_code == 200


def test_the_books_check_is_silent_and_hears_a_wrong_counter(customer):
    order = making.approved_order(customer)
    making.closed_order(making.make_customer())
    ours = [name for name in CHECKS if name.startswith("orders.")]
    assert ours and not list(run_checks(ours))
    with acting(order.author):
        order.lines.update(shipped=1)
    assert {finding.check for finding in run_checks(ours)} == {"orders.reservations", "orders.states"}


def test_a_price_that_became_wrong_is_seen_at_submission(customer):
    product = ProductFactory(list_price=Decimal("100"))
    order = making.draft_order(customer, lines=[Wanted(product=product, quantity=Decimal(1), unit_price=Decimal(70))])
    with pytest.raises(Refused, match="Line 1: the price"):
        submit_order(order, by=order.author)
