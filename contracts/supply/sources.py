"""What supply can be asked for: approved orders and running contracts. Each app tells of its own documents with `@supplies`."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from backoffice.people.models import Person
from backoffice.register.models import Record
from backoffice.stock.models import Product
from contracts.lifecycle import RUNNING, SIGNED
from contracts.models import Category, Contract


@dataclass(frozen=True, slots=True)
class Need:
    """So much of a product is open there, wanted by a day if one was agreed."""

    product: Product
    quantity: Decimal
    wanted_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A document that may ask for supply, with what is open of it."""

    record: Record
    title: str
    needs: list[Need] = field(default_factory=list)

    @property
    def open(self) -> dict[int, Decimal]:
        """Product → quantity, lines of one product added up."""
        found: dict[int, Decimal] = {}
        for need in self.needs:
            found[need.product.pk] = found.get(need.product.pk, Decimal(0)) + need.quantity
        return found


@dataclass(frozen=True, slots=True)
class Supplied:
    """How to read the documents of one kind: the states in which they may ask, their words, what is open of them."""

    states: tuple[str, ...]
    title: Callable[[int], str]
    needs: Callable[[int], list[Need]]


KINDS: dict[str, Supplied] = {}


def supplies(kind: str, *, states: tuple[str, ...], title: Callable[[int], str]) -> Callable:
    """Register a function `(id) -> [Need]` of the documents of a kind: `@supplies("order", states=("approved",), title=…)`."""

    def register(needs: Callable[[int], list[Need]]) -> Callable[[int], list[Need]]:
        KINDS[kind] = Supplied(states, title, needs)
        return needs

    return register


def records(person: Person):
    """The documents this person may ask supply for."""
    rows = Record.objects.visible_to(person).filter(kind__in=KINDS, number__isnull=False)
    rows = rows.exclude(pk__in=Contract.objects.filter(category=Category.PURCHASE).values("pk"))
    states = {state for kind in KINDS.values() for state in kind.states}
    return rows.filter(state__in=states)


def source_of(record: Record) -> Source | None:
    """What is open of a document; none where supply cannot be asked for (any more)."""
    kind = KINDS.get(record.kind)
    if kind is None or record.state not in kind.states:
        return None
    return Source(record, kind.title(record.pk), kind.needs(record.pk))


def title_of(pk: int) -> str:
    return Contract.objects.values_list("title", flat=True).get(pk=pk)


@supplies("contract", states=(SIGNED.name, RUNNING.name), title=title_of)
def of_contract(pk: int) -> list[Need]:
    """What has not been ordered from a contract: what its customer is still to get without an order of its own."""
    contract = Contract.objects.get(pk=pk)
    lines = [] if contract.is_purchase else contract.lines.select_related("product__unit").order_by("position")
    return [Need(line.product, line.rest, line.due_on) for line in lines if line.rest > 0]
