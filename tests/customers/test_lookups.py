"""Found as people type: two Chinese signs, initials, code, telephone; the best first. Measured at 500,000 rows: docs/decisions."""

import pytest

from backoffice.pages.registry import shelf
from backoffice.parties.models import Party
from backoffice.stock.models import Product
from customers.tables import CustomerList
from tests.making import ProductFactory
from tests.making_customers import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(salesperson):
    names = {
        "K001": "杭州恒瑞医药有限公司",
        "K002": "医药之家（上海）",
        "K010": "宁波港务",
        "A001": "Atelier graphique",
        "K003": "杭州五金",
    }
    return {
        code: make_customer(salesperson, code=code, name=name, phone=f"138-0000-{code[1:]}")
        for code, name in names.items()
    }


def codes(typed, person, lookup="customer"):
    return [choice.code for choice in shelf.lookups[lookup].find(typed, person, {})]


@pytest.mark.duty("C1")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("医药", ["K002", "K001"]),  # what begins so stands before what merely holds it
        ("hzhr", ["K001"]),
        ("hz", ["K001", "K003"]),
        ("港务", ["K010"]),
        ("杭州 医药", ["K001"]),
        ("k00", ["K001", "K002", "K003"]),
        ("K010", ["K010"]),
        ("1380000010", ["K010"]),
        ("graph", ["A001"]),
        ("ag", ["A001"]),
        ("药有", ["K001"]),
        ("100%", []),
        ("_", []),
        ("没有", []),
    ],
)
def test_a_customer_is_found_by(some, salesperson, typed, found):
    assert codes(typed, salesperson) == found


def test_what_was_chosen_lately_comes_before_what_merely_fits(some, salesperson):
    shelf.lookups["customer"].used(some["K003"].pk, salesperson)
    assert codes("hz", salesperson) == ["K003", "K001"]
    assert codes("", salesperson)[0] == "K003"


def test_an_exact_code_stands_before_codes_that_begin_so(salesperson):
    for code in ("K0011", "K001", "K00"):
        make_customer(salesperson, code=code)
    assert codes("k00", salesperson) == ["K00", "K001", "K0011"]


@pytest.mark.duty("F9")
def test_nobody_finds_a_customer_of_somebody_else(some, salesperson, finance):
    other = type(salesperson).objects.create_user("other", name="other", roles=["salesperson"])
    assert codes("医药", other) == []
    assert codes("医药", finance) == ["K002", "K001"]


def test_the_list_finds_what_the_look_up_finds(some, salesperson):
    for typed in ("医药", "hz", "港务", "1380000010", "graph"):
        rows = CustomerList(salesperson, f"q={typed}").found
        assert sorted(row.party.code for row in rows) == sorted(codes(typed, salesperson)), typed


def test_products_are_found_by_specification_and_show_what_is_free(salesperson):
    ProductFactory(code="P1", name="一次性注射器", spec="5ml 无菌")
    ProductFactory(code="P2", name="注射用水", is_active=False)
    (choice,) = shelf.lookups["product"].find("无菌", salesperson, {})
    assert choice.code == "P1" and any("0" in detail for detail in choice.details)
    assert codes("注射", salesperson, "product") == ["P1"]


def test_short_terms_are_answered_by_the_trigram_index(some, django_assert_num_queries):
    for rows in (Party.objects.matching("医药"), Party.objects.matching("hz"), Product.objects.matching("注射")):
        assert "LIKE '% " in str(rows.query).replace("LIKE % ", "LIKE '% ")
