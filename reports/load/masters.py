"""People, customers and products for measuring, as many as are wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from django.utils import timezone

from backoffice.database.copying import copy_rows, draw_keys
from backoffice.parties.models import Party
from backoffice.parties.search import search_key
from backoffice.people.models import Person, Region, Role
from backoffice.stock.models import Category, Product, Unit
from customers.models import Customer, PaymentTerm, Settlement
from reports.demo import names
from reports.demo.company import Company, make_people

SALESPEOPLE = 20
TERMS = ("N30", "N30", "N45", "N60", "N90")
PARTY = (
    "id", "code", "name", "short_name", "kind", "is_customer", "is_supplier", "is_carrier", "country", "state", "city", "address",
    "postal_code", "contact", "phone", "email", "tax_no", "invoice_title", "bank_name", "bank_account", "is_active", "search", "version",
    "created_at", "owner_id", "region_id", "formerly",
)  # fmt: skip
CUSTOMER = (
    "party_id",
    "grade",
    "settlement",
    "credit_limit",
    "overdue_tolerance",
    "source",
    "tags",
    "note",
    "since",
    "term_id",
)
PRODUCT = (
    "id", "code", "name", "spec", "barcode", "brand", "description", "list_price", "lowest_price", "cost_price", "tax_rate",
    "is_stocked", "is_active", "search", "category_id", "unit_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: `catalogue` products more are only listed, never sold."""

    customers: int
    products: int
    orders: int
    lines: int
    catalogue: int = 0
    contracts: int = 0


@lru_cache(maxsize=4096)
def key_of(*texts: str) -> str:
    """A search key of words that come again and again."""
    return search_key(*texts)


def make_masters(size: Size, *, password: str, rng: Random) -> dict[str, Person]:
    """People of every role, then customers and products by COPY."""
    company = Company()
    make_people(company, password)
    sellers = list(Person.objects.with_role(Role.SALESPERSON).select_related("region")) + [
        more_seller(number) for number in range(5, SALESPEOPLE + 1)
    ]
    company.assistant.serves.set(sellers)
    company.assistant2.serves.set(sellers)
    make_customers(size.customers, sellers, rng)
    make_products(size, rng)
    return company.people


def more_seller(number: int) -> Person:
    region = Region.objects.order_by("pk")[number % len(names.REGIONS)]
    name = f"{names.SURNAMES[number % len(names.SURNAMES)]}业务{number}"
    department = Person.objects.get(username="zhang").department
    return Person.objects.create(
        username=f"seller{number}", name=name, roles=[Role.SALESPERSON], region=region, department=department, employee_no=f"S{number:03}"
    )  # fmt: skip


def make_customers(count: int, sellers: list[Person], rng: Random) -> None:
    terms = {term.code: term.pk for term in PaymentTerm.objects.all()}
    keys = draw_keys(Party, count)
    copy_rows(
        Party, PARTY, (party(number, key, sellers[number % len(sellers)], rng) for number, key in enumerate(keys, 1))
    )
    rows = (
        (key, "ABCD"[min(3, n % 7)], Settlement.TRANSFER, None, 30, "", "", "", None, terms[TERMS[n % len(TERMS)]])
        for n, key in enumerate(keys)
    )
    copy_rows(Customer, CUSTOMER, rows)


def party(number: int, key: int, seller: Person, rng: Random) -> tuple[Any, ...]:
    cities = names.CITIES[seller.region.code if seller.region else "EAST"]
    province, city = cities[rng.randrange(len(cities))]
    stem = f"{city}{names.SHORT[number % len(names.SHORT)]}{names.TRADES[number % len(names.TRADES)]}"
    short, code, contact = f"{stem}{number}", f"C{number:06}", f"{rng.choice(names.SURNAMES)}经理"
    phone = f"0{rng.randrange(10, 99)}-{rng.randrange(10000000, 99999999)}"
    search = f" {code.lower()} {short}{key_of(stem)}{key_of(contact)} {phone.replace('-', '')}"
    return (
        key, code, f"{short}有限公司（示例）", short, "company", True, False, False, "中国", province, city, f"{rng.choice(names.STREETS)}{number % 400}号",
        "", contact, phone, f"buyer{number}@example.com", f"TAX{number:015}", f"{short}有限公司（示例）", "示例银行", f"6222{number:012}", True, search, 1,
        timezone.now(), seller.pk, seller.region_id, "",
    )  # fmt: skip


def make_products(size: Size, rng: Random) -> None:
    units = {unit.name: unit.pk for unit in Unit.objects.all()}
    goods = []
    for line, (category, unit, called, lowest, highest) in enumerate(names.GOODS, start=1):
        row = Category.objects.create(code=f"L{line}", name=category)
        goods += [(row.pk, units[unit], name, lowest, highest) for name in called]
    keys = draw_keys(Product, size.products + size.catalogue)
    copy_rows(Product, PRODUCT, products(keys, goods, size, rng))


def products(keys: list[int], goods: list[tuple[Any, ...]], size: Size, rng: Random) -> Iterator[tuple[Any, ...]]:
    for number, key in enumerate(keys, start=1):
        category, unit, name, lowest, highest = goods[number % len(goods)]
        code, spec, price = f"P{number:06}", f"规格{number % 977}", rng.randrange(lowest * 10, highest * 10) / 10
        search = f" {code.lower()}{key_of(name)}{key_of(spec)} 示例牌"
        yield (
            key, code, name, spec, f"690{number:010}", "示例牌", "", price, None, round(price * 0.6, 2), "0.13",
            number <= size.products, True, search, category, unit,
        )  # fmt: skip
