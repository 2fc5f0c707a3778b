"""Editions of a contract, and what it obliges both sides to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from backoffice.ledger.selectors import paid_for
from backoffice.money import ZERO, amount
from contracts.comparison import Comparison, compare
from contracts.content import Content
from contracts.lifecycle import RUNNING, SIGNED
from contracts.models import Amendment, Contract, ContractLine, ContractQuerySet, PlannedPayment

Event = PlannedPayment.Event


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition: the first is the contract as it was signed, each further one stands by an amendment."""

    contract: Contract
    number: int
    amendment: Amendment | None

    @property
    def is_current(self) -> bool:
        return self.number == self.contract.edition

    @property
    def signed_on(self) -> date | None:
        return self.amendment.signed_on if self.amendment else self.contract.signed_on


def editions(contract: Contract) -> list[Edition]:
    """All editions, the newest first."""
    by_number = {amendment.edition: amendment for amendment in contract.amendments.in_force()}
    return [Edition(contract, number, by_number.get(number)) for number in range(contract.edition, 0, -1)]


def content_of(contract: Contract, number: int) -> Content:
    """What the contract said in an edition; raises Amendment.DoesNotExist for one that never was."""
    if number == contract.edition:
        return Content.of(contract)
    return Content.read(contract.amendments.in_force().get(edition=number + 1).before)


def what_changed(contract: Contract, number: int) -> Comparison | None:
    """An edition beside the one before it; None for the first."""
    if number == 1:
        return None
    amendment = contract.amendments.in_force().get(edition=number)
    return compare(Content.read(amendment.before), Content.read(amendment.after))


# ── obligations ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something due on a day and not done: goods to deliver, or money to come (K2)."""

    contract: Contract
    due_on: date
    what: str
    amount: Decimal


def deliveries_due(contracts: Iterable[Contract], *, since: date, until: date) -> list[Obligation]:
    """Lines due in these days of which something has not left yet."""
    rows = ContractLine.objects.filter(
        contract__in=contracts, due_on__range=(since, until), delivered__lt=F("quantity")
    )
    found = []
    for line in rows.select_related("contract__party").order_by("contract", "position"):
        rest = f"{line.name} {line.to_deliver.normalize():f} {line.unit}"
        value = amount(line.gross * line.to_deliver / line.quantity)
        found.append(Obligation(line.contract, line.due_on, rest, value))
    return found


def payments_due(contracts: Iterable[Contract], *, since: date, until: date, on: date) -> list[Obligation]:
    """Planned payments whose day the contract itself tells and that the money received does not cover."""
    rows = PlannedPayment.objects.filter(contract__in=contracts, contract__dossier__isnull=False)
    rows = rows.filter(Q(event=Event.DAY) | Q(event=Event.SIGNING, contract__signed_on__isnull=False))
    plans: dict[int, list[PlannedPayment]] = {}
    for row in rows.select_related("contract__party").order_by("contract", "position"):
        plans.setdefault(row.contract_id, []).append(row)
    found = []
    for plan in plans.values():
        if not any(row.due_on and since <= row.due_on <= until for row in plan):
            continue
        contract, owed = plan[0].contract, ZERO
        received = paid_for(contract.dossier_id, on=on)
        for row in sorted(plan, key=lambda each: each.due_on or date.max):
            owed += row.amount
            if row.due_on and since <= row.due_on <= until and owed > received:
                found.append(Obligation(contract, row.due_on, row.words, min(row.amount, owed - received)))
    return found


def in_force() -> ContractQuerySet:
    """Sales contracts that bind now."""
    rows: ContractQuerySet = Contract.objects.in_state(SIGNED, RUNNING).exclude(category=Contract.Category.PURCHASE)
    return rows
