"""Typing: look-ups, dates and figures as people write them, drafts that keep themselves, forms sent twice."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from backoffice.pages import fields
from backoffice.pages.models import Draft
from orders.models import Order
from tests.making_orders import assistant_of, draft_order, make_customer, product_at

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 3, 10, 4, tzinfo=datetime.UTC)


@pytest.fixture
def customer():
    return make_customer(name="杭州医药有限公司", code="HZ001", city="杭州", phone="0571-88001234")


@pytest.fixture
def typist(client, customer):
    person = assistant_of(customer)
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5/3", "2026-05-03"),
        ("+7", "2026-03-17"),
        ("月底", "2026-03-31"),
        ("2026-01-02", "2026-01-02"),
        ("15", "2026-03-15"),
    ],
)
def test_a_date_is_read_as_people_type_it(typed, read):
    with time_machine.travel(NOON, tick=False):
        assert fields.DateField().clean(typed).isoformat() == read


@pytest.mark.parametrize(
    ("typed", "read"), [("1.2万", "12000.00"), ("=3*1580", "4740.00"), ("1,234.5", "1234.50"), ("１２", "12.00")]
)
def test_an_amount_is_read_as_people_type_it(typed, read):
    assert fields.MoneyField().clean(typed) == Decimal(read)


def test_a_percentage_is_kept_as_a_rate():
    assert fields.RateField().clean("13") == fields.RateField().clean("13%") == Decimal("0.13")


@pytest.mark.parametrize("field", [fields.DateField(), fields.MoneyField(), fields.QuantityField(max_value=Decimal(5))])
def test_what_cannot_be_read_is_refused_with_what_to_type(field):
    with pytest.raises(ValidationError) as refused:
        field.clean("99") if isinstance(field, fields.QuantityField) else field.clean("soon")
    assert "please" in str(refused.value) or "Type" in str(refused.value)


def test_the_browser_asks_the_server_how_it_reads_and_only_echoes(client, typist):
    assert client.get("/typed/", {"kind": "date", "text": "2026/3/17"}).json() == {"text": "2026-03-17"}
    assert client.get("/typed/", {"kind": "money", "text": "=3*1580"}).json() == {"text": "4740.00"}
    assert "error" in client.get("/typed/", {"kind": "money", "text": "much"}).json()
    assert client.get("/typed/", {"kind": "anything", "text": "1"}).status_code == 404


@pytest.mark.duty("O1", "C1")
@pytest.mark.parametrize("typed", ["hzyy", "hz001", "杭州医药", "88001234"])
def test_a_look_up_finds_by_code_name_initials_and_telephone(client, typist, customer, typed):
    choices = client.get("/look-up/customer/", {"q": typed}).json()["choices"]
    assert [choice["pk"] for choice in choices] == [customer.party.pk]
    assert "杭州" in choices[0]["details"]


@pytest.mark.duty("O1")
def test_what_was_chosen_lately_comes_first(client, typist, customer):
    other = make_customer(owner=customer.party.owner, name="杭州医院", code="HZ000")
    assert [c["code"] for c in client.get("/look-up/customer/", {"q": "杭州"}).json()["choices"]] == ["HZ000", "HZ001"]
    client.post("/look-up/customer/", {"pk": customer.party.pk})
    assert [c["code"] for c in client.get("/look-up/customer/", {"q": "杭州"}).json()["choices"]] == ["HZ001", "HZ000"]
    assert [c["code"] for c in client.get("/look-up/customer/", {"q": "hz000"}).json()["choices"]][:1] == [
        other.party.code
    ]


@pytest.mark.duty("F9")
def test_a_look_up_offers_nothing_that_belongs_to_others(client, assistant, customer):
    client.force_login(assistant)
    assert client.get("/look-up/customer/", {"q": "hzyy"}).json()["choices"] == []
    assert client.post("/look-up/customer/", {"pk": customer.party.pk}).status_code == 404
    assert client.get("/look-up/nothing/", {"q": "x"}).status_code == 404


def entry(customer, product, **more):
    header = {"party": customer.party.pk, "party-text": "", "dated_on": "2026-03-10", "term": customer.term_id}
    line = {"lines-count": "1", "lines-0-key": "n1", "lines-0-product": product.code, "lines-0-quantity": "3"}
    return {**header, **line, "once": str(uuid.uuid4()), **more}


@pytest.mark.duty("O1")
def test_a_form_keeps_itself_while_it_is_typed_and_is_there_again(client, typist, customer):
    product = product_at(100)
    said = client.post("/orders/new/", entry(customer, product), headers={"HX-Draft": "keep"}).json()
    assert said["saved"]
    assert Draft.objects.filter(person=typist, path="/orders/new/").exists()
    assert not Order.objects.exists()
    page = client.get("/orders/new/").content.decode()
    assert "is here again" in page
    assert product.code in page
    client.get("/orders/new/?discard=1")
    assert not Draft.objects.exists()


@pytest.mark.duty("O1")
def test_a_form_begun_from_something_is_not_covered_by_what_was_typed_elsewhere(client, typist, customer):
    client.post("/orders/new/", entry(customer, product_at(100)), headers={"HX-Draft": "keep"})
    begun = f"/orders/new/?party={customer.party.pk}"
    page = client.get(begun).content.decode()
    assert "is here again" not in page
    client.post(begun, entry(customer, product_at(200)), headers={"HX-Draft": "keep"})
    page = client.get(begun).content.decode()
    assert "is here again" in page
    assert f"{begun}&amp;discard=1" in page
    assert client.get(f"{begun}&discard=1").url == begun
    assert Draft.objects.get().path == "/orders/new/", "what was typed elsewhere is still there"


@pytest.mark.duty("O1")
def test_a_sheet_that_was_only_looked_at_leaves_no_draft_but_is_computed(client, typist, customer):
    said = client.post("/orders/new/", entry(customer, product_at(100)), headers={"HX-Draft": "compute"}).json()
    assert said["totals"]["gross"]
    assert said["lines"]["n1"]["cells"]
    assert not Draft.objects.exists()


def test_two_people_in_one_form_see_each_others_names(client, customer):
    order = draft_order(customer)
    first, second = assistant_of(customer), assistant_of(customer)
    url = reverse("orders:order-edit", args=[order.pk])
    client.force_login(first)
    client.post(url, entry(customer, product_at(100)), headers={"HX-Draft": "keep"})
    client.force_login(second)
    assert client.post(url, entry(customer, product_at(100)), headers={"HX-Draft": "keep"}).json()["others"] == [
        first.name
    ]


@pytest.mark.duty("O1")
def test_a_sheet_of_three_hundred_lines_asks_the_database_no_more_often_than_one_of_three(
    client, typist, customer, django_assert_max_num_queries
):
    product = product_at(100)
    few, many = entry(customer, product), entry(customer, product)
    for form, count in ((few, 3), (many, 300)):
        form["lines-count"] = str(count)
        for i in range(count):
            form |= {f"lines-{i}-key": f"n{i}", f"lines-{i}-product": product.code, f"lines-{i}-quantity": str(i + 1)}
    client.post("/orders/new/", few, headers={"HX-Draft": "compute"})
    with django_assert_max_num_queries(60):
        said = client.post("/orders/new/", many, headers={"HX-Draft": "compute"}).json()
    assert said["count"] == 300


def test_an_unknown_code_is_said_at_its_cell_and_nothing_is_saved(client, typist, customer):
    form = entry(customer, product_at(100)) | {"lines-0-product": "NOSUCH"}
    said = client.post("/orders/new/", form, headers={"HX-Draft": "compute"}).json()
    assert "NOSUCH" in said["lines"]["n1"]["errors"]["product"]
    answer = client.post("/orders/new/", form)
    assert answer.status_code == 422
    assert not Order.objects.exists()
