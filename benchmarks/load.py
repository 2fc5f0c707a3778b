"""The loaded company as the rows of the table need it: people, days, documents to look at."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils import timezone

from backoffice.ledger.models import Item
from backoffice.people.models import Person
from backoffice.stock.models import Product, Warehouse
from benchmarks.bare import seen_by
from contracts.models import Contract
from customers.models import Customer, Note
from invoices.models import Invoice
from orders.models import Order

ENTRIES = 10_000


@dataclass
class Load:
    """`short` is the small company that every commit is measured with."""

    short: bool = False

    @cached_property
    def people(self) -> dict[str, Person]:
        return {person.username: person for person in Person.objects.all()}

    def person(self, name: str) -> Person:
        return self.people[name]

    def client(self, name: str) -> Any:
        return seen_by(self.person(name))

    @cached_property
    def last_day(self) -> date:
        return Order.objects.aggregate(day=Max("dated_on"))["day"]

    @cached_property
    def order(self) -> Order:
        """An order that has been shipped and invoiced, with its four lines."""
        return Order.objects.filter(state="done").order_by("pk")[Order.objects.filter(state="done").count() // 2]

    @cached_property
    def contract(self) -> Contract:
        """The one from which most was called off."""
        return Contract.objects.order_by("-amount", "pk")[0]

    @cached_property
    def invoice(self) -> Invoice:
        return Invoice.objects.filter(state="issued").order_by("-pk")[0]

    @cached_property
    def customer(self) -> Customer:
        """The one with the most trade."""
        return Customer.objects.select_related("party__owner", "term").order_by("pk")[0]

    @cached_property
    def buyer(self) -> Customer:
        """One who owes nothing that is overdue, so that nothing is held."""
        late = Item.objects.receivable().open().filter(due_on__lt=timezone.localdate())
        rows = Customer.objects.select_related("party__owner", "term").exclude(party__in=late.values("party"))
        return rows.order_by("-pk")[0]

    @cached_property
    def products(self) -> list[Product]:
        return list(Product.objects.select_related("unit").filter(is_stocked=True).order_by("pk")[:200])

    @cached_property
    def warehouse(self) -> Warehouse:
        return Warehouse.objects.order_by("pk")[0]

    @cached_property
    def old_friend(self) -> Customer:
        """A customer with ten thousand entries on the timeline; what is missing of them is written once."""
        customer = Customer.objects.select_related("party").order_by("pk")[1]
        there, writer = Note.objects.filter(party=customer.pk).count(), self.person("gm")
        Note.objects.bulk_create(
            (
                Note(
                    party_id=customer.pk,
                    text=f"call {number}",
                    written_by=writer,
                    happened_on=self.last_day - timedelta(days=number // 7),
                )
                for number in range(there, ENTRIES)
            ),
            batch_size=1000,
        )
        return customer
