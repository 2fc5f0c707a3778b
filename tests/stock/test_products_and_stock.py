"""Products and the book of goods: what lies where, now and on any day; costs only for their roles."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from backoffice.audit.models import Event
from backoffice.refusals import Refused
from backoffice.stock import services
from backoffice.stock.models import Category, Movement, Product, Unit, Warehouse
from backoffice.stock.tables import LevelList, MovementList, ProductList, StockOnDayList
from tests.making import ProductFactory
from tests.people_of_the_tests import make_person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def main():
    return Warehouse.objects.get(code="MAIN")


@pytest.fixture
def product(main, manager):
    made = ProductFactory(code="P1", name="注射器", list_price=Decimal("12.50"), cost_price=Decimal("7.77"))
    with transaction.atomic():
        services.take_over_stock([(made, main, Decimal(100))], on=DAY, by=manager)
        services.move(
            [services.Move(None, made, main, Decimal(-30))],
            reason="dispatch",
            on=DAY + datetime.timedelta(days=9),
            by=manager,
        )
    return made


def open_page(client, person, name, *args, **query):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["has_totp"] = True
    session.save()
    return client.get(reverse(name, args=args), query)


@pytest.mark.duty("S11")
def test_stock_is_known_now_and_on_any_day(product, salesperson):
    assert ProductList(salesperson).ordered.get().available == 70
    for day, there in (
        ("2026-02-28", 0),
        ("2026-03-01", 100),
        ("2026-03-09", 100),
        ("2026-03-10", 70),
        ("2099-01-01", 70),
    ):
        assert StockOnDayList(salesperson, f"on={day}").ordered.get().on_hand == there, day


@pytest.mark.duty("S11")
def test_opening_stock_taken_over_twice_moves_nothing_the_second_time(product, main, manager):
    with transaction.atomic():
        assert services.take_over_stock([(product, main, Decimal(70))], on=DAY, by=manager) == 0
    assert Movement.objects.count() == 2


@pytest.mark.duty("S11")
def test_stock_never_goes_below_zero_where_it_may_not(product, main, manager):
    with pytest.raises(Refused, match="only 70"), transaction.atomic():
        services.move([services.Move(None, product, main, Decimal(-71))], reason="dispatch", on=DAY, by=manager)


@pytest.mark.duty("F9")
def test_costs_are_shown_to_their_roles_only(client, product, salesperson, purchasing, manager):
    product.cost_price = Decimal("8.88")
    services.save_product(product, by=manager)
    for person, sees in ((salesperson, False), (purchasing, True)):
        text = open_page(client, person, "stock:product", product.pk).content.decode()
        assert ("8.88" in text, "7.77" in text) == (sees, sees), person
        assert ("cost_price" in ProductList(person).allowed) is sees
        assert ("value" in StockOnDayList(person).allowed) is sees
    assert open_page(client, salesperson, "stock:product-list", c="code,cost_price").status_code == 400


def test_who_keeps_the_masters_may_change_them_and_it_is_written_down(product, purchasing, salesperson):
    product.list_price = Decimal(13)
    with pytest.raises(Refused, match="Your role"):
        services.save_product(product, by=salesperson)
    services.save_product(product, by=purchasing)
    event = Event.objects.filter(table="stock_product", row=product.pk).first()
    assert (event.changed["list_price"], event.person) == (["12.500000", "13.000000"], purchasing)
    with pytest.raises(Refused, match="this code already"):
        services.save_product(Product(code="P1", name="x", unit=Unit.objects.first()), by=purchasing)


def test_a_product_line_holds_what_is_below_it(salesperson):
    top = Category.objects.create(code="M", name="医疗")
    below = Category.objects.create(code="M1", name="耗材", parent=top)
    ProductFactory(code="X", category=below)
    assert [p.code for p in ProductList(salesperson, f"category={top.pk}").ordered] == ["X"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["list", "on-day", "movement-list", "product-list", "category-list", "unit-list", "warehouse-list", "product-new",
                                  "category-new", "unit-new", "warehouse-new"])  # fmt: skip
def test_every_page_opens(client, product, language, name):
    manager = make_person("manager", language=language)
    assert open_page(client, manager, f"stock:{name}").status_code == 200


def test_a_product_is_made_in_the_browser(client, manager):
    open_page(client, manager, "stock:product-new")
    typed = {
        "code": "N1",
        "name": "新产品",
        "unit": Unit.objects.get(name="件").pk,
        "list_price": "=3*15.80",
        "tax_rate": "13%",
        "is_stocked": "on",
        "is_active": "on",
    }
    answer = client.post(reverse("stock:product-new"), typed)
    made = Product.objects.get(code="N1")
    assert (answer["Location"], made.list_price, made.tax_rate) == (
        made.get_absolute_url(),
        Decimal("47.4"),
        Decimal("0.13"),
    )
    assert "xcp" in made.search


@pytest.mark.duty("S11")
def test_lists_of_levels_and_movements_add_up(product, manager):
    assert LevelList(manager).figures["sum_on_hand"] == MovementList(manager).figures["sum_quantity"] == 70
