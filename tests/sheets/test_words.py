"""Words of a column that no list of synonyms knows: shown with the guess, said by a person, remembered."""

from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backoffice.people.models import Role
from backoffice.sheets.fields import Field, Option, Reference
from backoffice.sheets.models import Batch, State
from backoffice.sheets.services import apply_group, check_group, upload
from backoffice.sheets.words import guessed, words_of
from backoffice.stock.models import Category, Product, Warehouse
from orders.models import Order
from orders.sheets import Orders
from tests.making_orders import make_customer, product_at
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("C1")]
HEAD = ("Order No", "Order Date", "Customer No", "Product Code", "Qty", "Price", "订单状态")


@pytest.fixture(autouse=True)
def kept_in(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with mock.patch("backoffice.jobs.works.wake"):
        yield


@pytest.fixture
def orders(db):
    customer, product = make_customer(), product_at(10)

    def sheet(*states: str, start: int = 1) -> bytes:
        rows = [
            (f"A{start + n}", "2025-03-01", customer.party.code, product.code, 1, 10, state)
            for n, state in enumerate(states)
        ]
        return workbook(HEAD, *rows)

    return sheet


def test_an_unknown_state_is_listed_with_its_cells_and_the_guess(client, orders):
    client.force_login(make_person(Role.ADMINISTRATOR))
    answer = client.post(
        "/imports/", {"files": SimpleUploadedFile("o.xlsx", orders("Shipped", "Verschickt", "已发货完毕"))}
    )
    batch = Batch.objects.get()
    check_group(batch.group)
    page = client.get(answer["Location"]).content.decode()
    assert "G3" in page and "«Verschickt» is not one of" in page and "Say what it means" in page
    mapping = client.get(f"/imports/sheet/{batch.pk}/columns/").content.decode()
    assert "Verschickt" in mapping and "not known: choose" in mapping
    assert '<option value="done" selected>Done · likely</option>' in mapping  # 已发货 stands inside 已发货完毕


def test_what_a_person_says_is_taken_and_remembered_for_the_next_sheet(client, orders):
    person = make_person(Role.ADMINISTRATOR)
    client.force_login(person)
    batch = upload([("o.xlsx", orders("Verschickt", "—"))], by=person).batches[0]
    columns = {f"column-{name}": to["column"] for name, to in batch.mapping.items()}
    said = {"said-state": ["Verschickt", "—", "x"], "meant-state": ["done", "∅", "no such state"]}
    client.post(f"/imports/sheet/{batch.pk}/columns/", {"kind": "orders", **columns, **said})
    check_group(batch.group)
    batch.refresh_from_db()
    assert batch.state == State.CHECKED and batch.mapping["state"]["words"] == {"verschickt": "done", "—": ""}
    apply_group(batch.group, by=make_person(Role.FINANCE))
    assert set(Order.objects.values_list("state", flat=True)) == {"draft", "done"}

    again = upload([("p.xlsx", orders("VERSCHICKT", start=10))], by=person).batches[0]
    check_group(again.group)
    again.refresh_from_db()
    assert again.state == State.CHECKED, again.problems


def test_a_word_may_stand_for_a_row_that_is_here(client):
    person = make_person(Role.ADMINISTRATOR)
    client.force_login(person)
    Warehouse.objects.create(code="W9", name="主仓库")
    Category.objects.create(code="SHOES", name="鞋类")
    head = ("产品编码", "产品名称", "产品类别", "仓库", "库存")
    batch = upload([("p.xlsx", workbook(head, ("P1", "靴", "Schuhe", "Hauptlager", 3)))], by=person).batches[0]
    page = client.get(f"/imports/sheet/{batch.pk}/columns/").content.decode()
    assert "Hauptlager" in page and "主仓库 (W9)" in page and "a new one of this name" in page
    columns = {f"column-{name}": to["column"] for name, to in batch.mapping.items()}
    said = {
        "said-warehouse": "Hauptlager",
        "meant-warehouse": "W9",
        "said-category": "Schuhe",
        "meant-category": "鞋类",
    }
    client.post(f"/imports/sheet/{batch.pk}/columns/", {"kind": "products", **columns, **said})
    check_group(batch.group)
    apply_group(batch.group, by=make_person(Role.FINANCE))
    product = Product.objects.get()
    assert product.category.code == "SHOES" and Category.objects.count() == 1
    assert product.levels.get().warehouse.code == "W9"


@pytest.mark.parametrize(
    ("said", "means"),
    [("已发货完毕", "done"), ("Canceld", "cancelled"), ("Shipped - late", "done"), ("völlig anders", "")],
)
def test_a_likely_meaning_is_guessed_and_nothing_more(said, means):
    state = Orders.field("state")
    assert guessed(said, {key: str(value) for key, value in state.known_words.items()}) == means


def test_words_are_compared_with_names_codes_and_what_is_understood():
    terms = Reference(lambda: [Option("N30", "30 days (N30)", ("30 days",))], reads=lambda said: said.endswith("天"))
    words = words_of(Field("term", refers=terms), {"N30": 2, "30 Days": 1, "45天": 4, "sometime": 3}, {})
    assert [(each.said, each.is_open) for each in words] == [
        ("sometime", True),
        ("45天", False),
        ("N30", False),
        ("30 Days", False),
    ]
