"""Editions of a contract, and what it obliges both sides to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from backoffice.documents.offers import Agreement, agreements, past_agreements
from backoffice.ledger.selectors import paid_for_each
from backoffice.money import ZERO, amount
from contracts.comparison import Comparison, compare
from contracts.content import Content
from contracts.lifecycle import RUNNING, SIGNED
from contracts.models import Amendment, Contract, ContractLine, ContractQuerySet, PlannedPayment


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

    @property
    def agreements(self) -> list[Agreement]:
        """Who agreed to it and when: to the contract before it was first signed, then to each amendment."""
        return agreements(self.amendment) if self.amendment else past_agreements(self.contract)


def editions(contract: Contract) -> list[Edition]:
    """All editions, the newest first."""
    by_number = {amendment.edition: amendment for amendment in contract.amendments.in_force()}
    return [Edition(contract, number, by_number.get(number)) for number in range(contract.edition, 0, -1)]


def edition(contract: Contract, number: int) -> Edition:
    """One of its editions; raises Amendment.DoesNotExist for one that never was."""
    return Edition(contract, number, contract.amendments.in_force().get(edition=number) if number > 1 else None)


def content_of(contract: Contract, number: int) -> Content:
    """What the contract said in an edition; raises Amendment.DoesNotExist for one that never was."""
    if number == contract.edition:
        return Content.of(contract)
    return Content.read(contract.amendments.in_force().get(edition=number + 1).before)


def what_changed(contract: Contract, number: int) -> Comparison | None:
    """An edition beside the one before it; None for the first."""
    amendment = edition(contract, number).amendment
    return compare(Content.read(amendment.before), Content.read(amendment.after)) if amendment else None


# ── obligations ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DueSoon:
    """Something due on a day and not done: goods to deliver, or money to come (K2)."""

    contract: Contract
    due_on: date
    what: str
    amount: Decimal


def deliveries_due(contracts: Iterable[Contract], *, since: date, until: date) -> list[DueSoon]:
    """Lines due in these days of which something has not left yet."""
    rows = ContractLine.objects.filter(
        contract__in=contracts, due_on__range=(since, until), delivered__lt=F("quantity")
    )
    found = []
    for line in rows.select_related("contract__party").order_by("contract", "position"):
        rest = f"{line.name} {line.to_deliver.normalize():f} {line.unit}"
        value = amount(line.gross * line.to_deliver / line.quantity)
        found.append(DueSoon(line.contract, line.due_on, rest, value))
    return found


def payments_due(contracts: ContractQuerySet, *, since: date, until: date, on: date) -> list[DueSoon]:
    """Planned payments whose day the contract itself tells and that the money received does not cover, the oldest first."""
    due = PlannedPayment.objects.falling(since, until).filter(contract__in=contracts, contract__dossier__isnull=False)
    plans: dict[Contract, list[PlannedPayment]] = {}
    rows = PlannedPayment.objects.dated().filter(contract__in=due.order_by().values("contract"))
    for row in rows.select_related("contract__party"):
        plans.setdefault(row.contract, []).append(row)
    received = paid_for_each([contract.dossier_id for contract in plans], on=on) if plans else {}
    found = []
    for contract, plan in plans.items():
        owed, paid = ZERO, received.get(contract.dossier_id, ZERO)
        for row in plan:
            owed += row.amount
            if row.due_on and since <= row.due_on <= until and owed > paid:
                found.append(DueSoon(contract, row.due_on, row.words, min(row.amount, owed - paid)))
    return sorted(found, key=lambda each: each.due_on)


def in_force() -> ContractQuerySet:
    """Sales contracts that bind now."""
    rows: ContractQuerySet = Contract.objects.in_state(SIGNED, RUNNING).exclude(category=Contract.Category.PURCHASE)
    return rows


def bought_in_force() -> ContractQuerySet:
    """Purchase contracts that bind now; what came or was paid on them is counted nowhere, so they tell days and no delay."""
    rows: ContractQuerySet = Contract.objects.in_state(SIGNED, RUNNING).filter(category=Contract.Category.PURCHASE)
    return rows
