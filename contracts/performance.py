"""How far a contract has been performed 合同履行 (K3): contracted, ordered, shipped, returned, invoiced, received, outstanding.

Orders, shipments and invoices stand above contracts; each tells of its documents, part by part, with `@tells_performance`. Money
comes from the books by the contract's dossier, and is set against the lines of the document it settled. So every figure is the sum
of the parts it opens, and the sums tie to the ledger.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backoffice.ledger.selectors import Deal, Instalment, Receipt, deal, instalments, receipts
from backoffice.money import ZERO, split
from contracts.models import Contract, ContractLine

NOTHING = Decimal("0.000")


class Figure(TextChoices):
    """What is told of a contract; each figure of the list opens the documents behind it."""

    ORDERED = "ordered", _("Ordered")
    SHIPPED = "shipped", _("Shipped")
    RETURNED = "returned", _("Returned")
    INVOICED = "invoiced", _("Invoiced")
    RECEIVED = "received", _("Received")


@dataclass(frozen=True, slots=True)
class Part:
    """What one document contributes to one figure of a contract line; of no line where it stands for goods beside them."""

    figure: str
    line: int | None
    record: int | None
    on: date
    amount: Decimal
    quantity: Decimal = NOTHING
    number: str = ""


Teller = Callable[[Contract, date], Iterable[Part]]
TELLERS: list[Teller] = []


def tells_performance(tell: Teller) -> Teller:
    """Register a function `(contract, on) -> parts up to the end of that day`."""
    TELLERS.append(tell)
    return tell


@dataclass(frozen=True, slots=True)
class Done:
    """A quantity and what it is worth, with tax."""

    quantity: Decimal = NOTHING
    amount: Decimal = ZERO


@dataclass(frozen=True)
class LinePerformance:
    """A contract line beside what happened; `line` is None for goods and money that stand for none of them."""

    line: ContractLine | None
    on: date
    parts: list[Part] = field(default_factory=list)

    @cached_property
    def sums(self) -> dict[str, Done]:
        """Each figure with its parts added up."""
        found: dict[str, Done] = {}
        for part in self.parts:
            before = found.get(part.figure, Done())
            found[part.figure] = Done(before.quantity + part.quantity, before.amount + part.amount)
        return found

    def of(self, figure: str) -> Done:
        return self.sums.get(figure, Done())

    @property
    def ordered(self) -> Done:
        return self.of(Figure.ORDERED)

    @property
    def shipped(self) -> Done:
        return self.of(Figure.SHIPPED)

    @property
    def returned(self) -> Done:
        return self.of(Figure.RETURNED)

    @property
    def invoiced(self) -> Done:
        return self.of(Figure.INVOICED)

    @property
    def received(self) -> Decimal:
        return self.of(Figure.RECEIVED).amount

    @property
    def contracted(self) -> Done:
        return Done(self.line.quantity, self.line.gross) if self.line else Done()

    @property
    def delivered(self) -> Done:
        """Shipped and not come back."""
        out, back = self.shipped, self.returned
        return Done(out.quantity - back.quantity, out.amount - back.amount)

    @property
    def to_order(self) -> Decimal:
        return max(self.contracted.quantity - self.ordered.quantity, NOTHING)

    @property
    def to_ship(self) -> Decimal:
        return max(self.contracted.quantity - self.delivered.quantity, NOTHING)

    @property
    def to_invoice(self) -> Decimal:
        return max(self.delivered.quantity - self.invoiced.quantity, NOTHING)

    @property
    def outstanding(self) -> Decimal:
        """What has been delivered and not paid."""
        return self.delivered.amount - self.received

    @property
    def share(self) -> Decimal:
        whole = self.contracted.quantity
        return min(self.delivered.quantity, whole) / whole if whole else NOTHING

    @property
    def due_on(self) -> date | None:
        return self.line.due_on if self.line else None

    @property
    def shipped_on(self) -> date | None:
        """The day something last left."""
        return max((part.on for part in self.parts if part.figure == Figure.SHIPPED), default=None)

    @property
    def met_on(self) -> date | None:
        """The day on which all that was contracted had left, what came back taken off; None while something is missing."""
        if self.to_ship or not self.contracted.quantity:
            return None
        left = self.contracted.quantity + self.returned.quantity
        for part in sorted((p for p in self.parts if p.figure == Figure.SHIPPED), key=lambda p: p.on):
            left -= part.quantity
            if left <= 0:
                return part.on
        return None

    @property
    def is_late(self) -> bool:
        return bool(self.due_on and self.due_on < self.on and self.to_ship > 0)

    @property
    def days_late(self) -> int:
        """Past due by now, or by how much the last piece needed left after the day."""
        if self.due_on is None:
            return 0
        return max(0, ((self.met_on or self.on) - self.due_on).days)


@dataclass(frozen=True, slots=True)
class Obligation:
    """A due date against what happened: goods of a line to be delivered, or money of the customer to come."""

    is_money: bool
    what: str
    due_on: date | None
    wanted: Decimal
    done: Decimal
    met_on: date | None
    on: date
    unit: str = ""

    @property
    def missing(self) -> Decimal:
        return max(self.wanted - self.done, ZERO)

    @property
    def is_late(self) -> bool:
        return bool(self.missing and self.due_on and self.due_on < self.on)

    @property
    def days_late(self) -> int:
        met = self.on if self.missing else self.met_on
        return max(0, (met - self.due_on).days) if met and self.due_on else 0


@dataclass(frozen=True)
class Performance:
    """One contract at the end of a day: its lines, its money by the books, its share done (rules.md §3)."""

    contract: Contract
    on: date
    lines: list[LinePerformance] = field(default_factory=list)
    beside: LinePerformance | None = None
    deal: Deal = field(default_factory=Deal)
    instalments: list[Instalment] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)

    @property
    def rows(self) -> list[LinePerformance]:
        """The lines, and what stands beside them where there is such a thing."""
        return [*self.lines, *([self.beside] if self.beside else [])]

    @cached_property
    def total(self) -> LinePerformance:
        """All parts together; its amounts are what the books say, unless something was booked by hand."""
        return LinePerformance(None, self.on, [part for row in self.rows for part in row.parts])

    @property
    def shipped_value(self) -> Decimal:
        return self.deal.charged

    @property
    def invoiced(self) -> Decimal:
        return self.deal.billed

    @property
    def received(self) -> Decimal:
        return self.deal.received

    @property
    def outstanding(self) -> Decimal:
        """What has been shipped and not paid."""
        return self.deal.outstanding

    @property
    def adjusted(self) -> Decimal:
        """What the books have charged beyond the goods: rebates, small differences, entries by hand."""
        return self.deal.charged - self.total.delivered.amount

    @property
    def to_come(self) -> Decimal:
        """What the contract is worth beyond what has been shipped."""
        return self.contract.agreed - self.shipped_value

    @property
    def share(self) -> Decimal:
        whole = sum((row.contracted.quantity for row in self.lines), NOTHING)
        done = sum((min(row.delivered.quantity, row.contracted.quantity) for row in self.lines), NOTHING)
        return done / whole if whole else NOTHING

    @property
    def overdue(self) -> Decimal:
        """What the customer should have paid by now."""
        return sum((row.open for row in self.instalments if row.due_on and row.due_on < self.on), ZERO)

    @property
    def pressing(self) -> list[Obligation]:
        """The due dates as one looks at them: late ones first, then what is to come, then what was met, the latest first."""
        waiting = sorted(
            (o for o in self.obligations if o.missing), key=lambda o: (not o.is_late, o.due_on or date.max)
        )
        return (
            waiting + sorted((o for o in self.obligations if not o.missing), key=lambda o: o.due_on or date.max)[::-1]
        )

    @property
    def late(self) -> list[LinePerformance]:
        return [row for row in self.lines if row.is_late]

    @property
    def is_late(self) -> bool:
        has_run_out = self.contract.ends_on and self.contract.ends_on < self.on and self.share < 1
        return bool(self.late or self.overdue or has_run_out)


def performance(contract: Contract, *, on: date) -> Performance:
    """The performance list of one contract at the end of a day."""
    lines = list(contract.lines.select_related("product").order_by("position"))
    parts = [part for tell in TELLERS for part in tell(contract, on)] if contract.dossier_id else []
    known = {line.pk for line in lines}
    of: dict[int | None, list[Part]] = defaultdict(list)
    money = receipts(contract.dossier_id, on=on) if contract.dossier_id else []
    for part in [*parts, *set_against(parts, money)]:
        of[part.line if part.line in known else None].append(part)
    rows = [LinePerformance(line, on, of[line.pk]) for line in lines]
    stands = deal(contract.dossier_id, on=on) if contract.dossier_id else Deal()
    charged = instalments(contract.dossier_id, on=on) if contract.dossier_id else []
    beside = LinePerformance(None, on, of[None]) if of[None] else None
    due = [*deliveries(rows), *plan(contract, money, on=on), *payments(charged, on=on)]
    return Performance(contract, on, rows, beside, stands, charged, due)


def set_against(parts: list[Part], money: list[Receipt]) -> Iterator[Part]:
    """Money as parts of the lines it was paid for: by the amounts of the document it settled, the last payment taking the rest."""
    told: dict[int | None, dict[int | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    shares: dict[int | None, list[Decimal]] = {}
    for part in parts:
        if part.figure in (Figure.INVOICED, Figure.SHIPPED):
            told[part.record][part.line] += part.amount
    paid: dict[int | None, Decimal] = defaultdict(Decimal)
    for row in money:
        lines = told.get(row.charge) if row.charge else None
        paid[row.charge] += row.amount
        if not lines:
            yield Part(Figure.RECEIVED, None, row.payment, row.on, row.amount, number=row.number)
            continue
        then = shares.get(row.charge) or [ZERO] * len(lines)
        shares[row.charge] = split(paid[row.charge], list(lines.values()))
        for line, now, before in zip(lines, shares[row.charge], then, strict=True):
            if now != before:
                yield Part(Figure.RECEIVED, line, row.payment, row.on, now - before, number=row.number)


# ── due dates against what happened ────────────────────────────────────────────────────────


def deliveries(rows: Iterable[LinePerformance]) -> Iterator[Obligation]:
    """Each line with a day: the goods, and the day on which all of them had left."""
    for row in rows:
        if row.line is not None and row.due_on:
            done = min(row.delivered.quantity, row.line.quantity)
            name = f"{row.line.name} {row.line.spec}".strip()
            yield Obligation(False, name, row.due_on, row.line.quantity, done, row.met_on, row.on, row.line.unit)


def plan(contract: Contract, money: list[Receipt], *, on: date) -> Iterator[Obligation]:
    """The payment plan of the contract, met in its order by whatever money came for the deal."""
    asked = ZERO
    for payment in contract.payments.order_by("position"):
        came, met_on, before = ZERO, None, asked
        asked += payment.amount
        for row in money:
            came += row.amount
            if came >= asked and met_on is None:
                met_on = row.on
        done = min(max(came - before, ZERO), payment.amount)
        yield Obligation(True, str(payment.words or payment), payment.due_on, payment.amount, done, met_on, on)


def payments(charged: Iterable[Instalment], *, on: date) -> Iterator[Obligation]:
    """What was invoiced (or dispatched, until its invoice comes), by its own day."""
    for row in charged:
        met_on = None if row.open else row.settled_on
        yield Obligation(True, row.number, row.due_on, row.amount, row.settled, met_on, on)
