"""How far a contract has been performed 合同履行 (K3): contracted, ordered, shipped, returned, invoiced, received, outstanding.

Orders, shipments and invoices stand above contracts; each tells of its part with `@tells_performance`. Money comes from
the books by the contract's dossier.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from backoffice.ledger.selectors import balance, open_items, paid_for
from backoffice.money import ZERO
from contracts.models import Contract, ContractLine

NOTHING = Decimal("0.000")


@dataclass(frozen=True, slots=True)
class Progress:
    """What has become of one contract line; quantities, and the day something last left."""

    ordered: Decimal = NOTHING
    shipped: Decimal = NOTHING
    returned: Decimal = NOTHING
    invoiced: Decimal = NOTHING
    shipped_on: date | None = None

    def __add__(self, other: "Progress") -> "Progress":
        days = [day for day in (self.shipped_on, other.shipped_on) if day]
        return Progress(
            self.ordered + other.ordered, self.shipped + other.shipped, self.returned + other.returned, self.invoiced + other.invoiced,
            max(days, default=None),
        )  # fmt: skip


Teller = Callable[[Collection[int]], dict[int, Progress]]
TELLERS: list[Teller] = []


def tells_performance(tell: Teller) -> Teller:
    """Register a function `(ids of contract lines) -> {id: Progress}`; what several say is added up."""
    TELLERS.append(tell)
    return tell


@dataclass(frozen=True, slots=True)
class LinePerformance:
    """A contract line beside what happened. Late: due before the day asked for, and not all of it has left."""

    line: ContractLine
    progress: Progress
    on: date

    @property
    def delivered(self) -> Decimal:
        return self.progress.shipped - self.progress.returned

    @property
    def to_order(self) -> Decimal:
        return self.line.quantity - self.progress.ordered

    @property
    def to_ship(self) -> Decimal:
        return self.line.quantity - self.delivered

    @property
    def to_invoice(self) -> Decimal:
        return max(self.delivered - self.progress.invoiced, NOTHING)

    @property
    def share(self) -> Decimal:
        return min(self.delivered, self.line.quantity) / self.line.quantity

    @property
    def is_late(self) -> bool:
        return bool(self.line.due_on and self.line.due_on < self.on and self.to_ship > 0)

    @property
    def days_late(self) -> int:
        """Past due by now, or by how much the last piece came after the day."""
        if self.line.due_on is None:
            return 0
        met = self.on if self.to_ship > 0 else self.progress.shipped_on or self.line.due_on
        return max(0, (met - self.line.due_on).days)


@dataclass(frozen=True, slots=True)
class Performance:
    """One contract on a day: its lines, its money by the books, its share done (rules.md §3)."""

    contract: Contract
    on: date
    lines: list[LinePerformance] = field(default_factory=list)
    shipped_value: Decimal = ZERO
    invoiced: Decimal = ZERO
    received: Decimal = ZERO
    overdue: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """What has been shipped and not paid."""
        return self.shipped_value - self.received

    @property
    def to_come(self) -> Decimal:
        """What the contract is worth beyond what has been shipped."""
        return self.contract.amount - self.shipped_value

    @property
    def share(self) -> Decimal:
        whole = sum((each.line.quantity for each in self.lines), NOTHING)
        done = sum((min(each.delivered, each.line.quantity) for each in self.lines), NOTHING)
        return done / whole if whole else NOTHING

    @property
    def late(self) -> list[LinePerformance]:
        return [each for each in self.lines if each.is_late]

    @property
    def is_late(self) -> bool:
        return bool(
            self.late or self.overdue or (self.contract.ends_on and self.contract.ends_on < self.on and self.share < 1)
        )


def progress_of(line_ids: Collection[int]) -> dict[int, Progress]:
    """What all apps above tell of these lines, added up."""
    found = dict.fromkeys(line_ids, Progress())
    for tell in TELLERS:
        for pk, progress in tell(line_ids).items():
            found[pk] = found[pk] + progress
    return found


def performance(contract: Contract, *, on: date) -> Performance:
    """The performance list of one contract: goods as they stand now, money at the end of the day."""
    lines = list(contract.lines.select_related("product").order_by("position"))
    told = progress_of([line.pk for line in lines])
    made = Performance(contract, on, [LinePerformance(line, told[line.pk], on) for line in lines])
    return with_money(made) if contract.dossier_id else made


def with_money(made: Performance) -> Performance:
    """Shipped, invoiced, received and overdue of the dossier, from the books."""
    dossier, on = made.contract.dossier_id, made.on
    received = paid_for(dossier, on=on)
    owed = balance(["1122", "2203"], on=on, dossier=dossier)
    waiting = balance("1122.02", on=on, dossier=dossier)
    items = open_items(on=on, dossier=dossier)
    shipped = owed + received
    return replace(
        made, shipped_value=shipped, invoiced=shipped - waiting, received=received,
        overdue=sum((item.open for item in items if item.kind == "charge" and item.late), ZERO),
    )  # fmt: skip


def performances(contracts: Iterable[Contract], *, on: date) -> list[Performance]:
    """Many contracts, goods only, in one question to each teller: what a list needs."""
    rows = list(contracts)
    lines = list(
        ContractLine.objects.filter(contract__in=rows).select_related("product").order_by("contract", "position")
    )
    told = progress_of([line.pk for line in lines])
    found: dict[int, list[LinePerformance]] = {row.pk: [] for row in rows}
    for line in lines:
        found[line.contract_id].append(LinePerformance(line, told[line.pk], on))
    return [Performance(row, on, found[row.pk]) for row in rows]
