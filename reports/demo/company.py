"""The people, products and customers of the demonstration company."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from django.db import transaction

from backoffice.audit import acting
from backoffice.parties.models import Party
from backoffice.parties.tax_number import check_sign
from backoffice.people.models import Department, Person, Region
from backoffice.stock import services as stock
from backoffice.stock.models import Category, Movement, Product, Unit, Warehouse
from contracts.models import Contract
from customers.models import Customer, PaymentTerm, Settlement
from customers.services import take_over_customers
from reports.demo import names

CUSTOMERS = 60
OPENING_STOCK = 4000


@dataclass
class Company:
    """Who and what the demonstration works with."""

    people: dict[str, Person] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    warehouse: Warehouse | None = None
    contracts: dict[int, Contract] = field(default_factory=dict)  # by party, those that run

    def desk_of(self, customer: Customer) -> tuple[Person, Person]:
        """Who writes and who reviews: two assistants where both serve the salesperson, else the manager reviews."""
        if customer.party.owner in (self.zhang, self.li):
            return self.assistant, self.assistant2
        return self.assistant2, self.people["manager"]

    def contracted(self, contract: Contract) -> list[Product]:
        """The products of a contract."""
        wanted = {line.product_id for line in contract.lines.all()}
        return [product for product in self.products if product.pk in wanted]

    def __getattr__(self, name: str) -> Person:
        """`company.finance` is the person who signs in as «finance»."""
        try:
            return self.__dict__["people"][name]
        except KeyError as error:
            raise AttributeError(name) from error


def is_demo() -> bool:
    """Whether the company in this database is the demonstration's."""
    return (
        Party.objects.filter(name__contains="（示例）").exists()
        and Person.objects.filter(username="assistant2").exists()
    )


def known() -> Company:
    """The demonstration company as it stands in the database."""
    company = Company(warehouse=Warehouse.objects.order_by("pk").first())
    company.people = {person.username: person for person in Person.objects.all()}
    company.products = list(Product.objects.select_related("unit").order_by("pk"))
    company.customers = list(Customer.objects.select_related("party__owner", "term").order_by("pk"))
    running = Contract.objects.in_state("running").prefetch_related("lines")
    company.contracts = {contract.party_id: contract for contract in running}
    return company


@transaction.atomic
def found(rng: Random, *, start: datetime.date, password: str) -> Company:
    """Make people, products with stock, and customers with their terms."""
    company = Company(warehouse=Warehouse.objects.order_by("pk").first())
    with acting(Person.objects.system(), step="found_demo_company"):
        make_people(company, password)
        make_products(company, rng)
        make_customers(company, rng)
    moves = [stock.Move(None, product, company.warehouse, Decimal(OPENING_STOCK)) for product in company.products]
    with acting(company.warehouse2, step="open_stock"):
        stock.move(moves, reason=Movement.Reason.OPENING, on=start, by=company.people["warehouse"])
    return company


def make_people(company: Company, password: str) -> None:
    departments: dict[str, Department] = {}
    for code, name, parent in names.DEPARTMENTS:
        departments[code] = Department.objects.create(code=code, name=name, parent=departments.get(parent))
    regions = [Region.objects.create(code=code, name=name) for code, name in names.REGIONS]
    sellers = 0
    for number, (username, name, roles, department) in enumerate(names.PEOPLE, start=1):
        is_seller = "salesperson" in roles
        company.people[username] = Person.objects.create_user(
            username, password, name=name, roles=list(roles), department=departments[department], employee_no=f"E{number:03}",
            email=f"{username}@example.com", region=regions[sellers] if is_seller else None,
        )  # fmt: skip
        sellers += is_seller
    company.assistant.serves.set([company.zhang, company.li])
    company.assistant2.serves.set([company.wang, company.chen, company.zhang, company.li])


def make_products(company: Company, rng: Random) -> None:
    number = 0
    for line, (category, unit, goods, lowest, highest) in enumerate(names.GOODS, start=1):
        row = Category.objects.create(code=f"L{line}", name=category)
        measure = Unit.objects.get(name=unit)
        for name in goods:
            for size in names.SIZES:
                number += 1
                price = Decimal(rng.randrange(lowest * 10, highest * 10)) / 10
                product = Product(
                    code=f"P{number:03}", name=name, spec=size, category=row, unit=measure, list_price=price, brand="示例牌",
                    cost_price=(price / Decimal("1.13") * Decimal(rng.randrange(58, 78)) / 100).quantize(Decimal("0.01")),
                    barcode=f"690000{number:07}",
                )  # fmt: skip
                product.fill_search()
                product.save()
                company.products.append(product)


def make_customers(company: Company, rng: Random) -> None:
    terms = {term.code: term for term in PaymentTerm.objects.all()}
    sellers = [company.people[name] for name in ("zhang", "li", "wang", "chen")]
    rows = []
    for number in range(1, CUSTOMERS + 1):
        seller = sellers[number % 4]
        province, city = rng.choice(names.CITIES[seller.region.code])
        short = f"{city}{names.SHORT[number % len(names.SHORT)]}{names.TRADES[number % len(names.TRADES)]}"
        term = terms[names.TERMS[number % len(names.TERMS)]]
        on_credit = term.kind == PaymentTerm.Kind.CREDIT
        first_17 = f"91{rng.randrange(100000, 999999)}MA{rng.randrange(1000000, 9999999)}"
        rows.append(
            {
                "code": f"C{number:05}", "name": f"{short}有限公司（示例）", "short_name": short, "owner": seller, "region": seller.region,
                "kind": Party.Kind.HOSPITAL if number % 9 == 0 else Party.Kind.DEALER if number % 4 == 0 else Party.Kind.COMPANY,
                "country": "中国", "state": province, "city": city, "address": f"{rng.choice(names.STREETS)}{rng.randrange(1, 400)}号",
                "contact": f"{rng.choice(names.SURNAMES)}{rng.choice(('经理', '主任', '采购'))}", "phone": f"0{rng.randrange(10, 99)}-{rng.randrange(10000000, 99999999)}",
                "email": f"buyer{number}@example.com", "invoice_title": f"{short}有限公司（示例）", "tax_no": first_17 + check_sign(first_17),
                "bank_name": f"示例银行{city}支行", "bank_account": f"6222{rng.randrange(10**11, 10**12)}",
                "term": term, "grade": "ABCD"[min(3, number % 7)], "overdue_tolerance": 30 if on_credit else 0,
                "settlement": Settlement.ACCEPTANCE if number % 5 == 0 else Settlement.CHEQUE if number % 11 == 0 else Settlement.TRANSFER,
                "credit_limit": Decimal(rng.randrange(8, 60) * 10000) if on_credit else Decimal(0),
            }
        )  # fmt: skip
    company.customers = take_over_customers(rows, by=company.people["manager"])
