"""What a contract says, as plain values: kept with an amendment, compared, printed, and readable when it is long changed."""

import types
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self, get_args, get_type_hints

from django.utils.translation import pgettext

from contracts.models import Contract, ContractLine, PlannedPayment

Row = dict[str, Any]
HEADER = (
    "title", "starts_on", "ends_on", "invoice_rule", "includes_tax", "is_binding", "ceiling", "territory", "clauses", "note", "amount",
)  # fmt: skip


class Kept:
    """Written as JSON and read back: decimals and days as text, so that nothing is ever a float."""

    def as_json(self) -> Row:
        return {each.name: written(getattr(self, each.name)) for each in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def read(cls, row: Row) -> Self:
        kinds = get_type_hints(cls)
        return cls(**{each.name: read(kinds[each.name], row[each.name]) for each in fields(cls)})  # type: ignore[arg-type]


def written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [each.as_json() for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, types.UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    if isinstance(value, list):
        return tuple(get_args(kind)[0].read(row) for row in value)
    if kind is Decimal:
        return Decimal(value)
    return date.fromisoformat(value) if kind is date else value


@dataclass(frozen=True, slots=True)
class AgreedLine(Kept):
    """Goods as the paper names them; `key` is the contract's line, none for one that is new."""

    key: int | None
    product: int
    code: str
    name: str
    spec: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    due_on: date | None

    @classmethod
    def of(cls, line: ContractLine) -> Self:
        same = {
            each.name: getattr(line, each.name) for each in fields(cls) if each.name not in ("key", "product", "code")
        }
        return cls(key=line.pk, product=line.product_id, code=line.product.code, **same)

    def write_to(self, line: ContractLine) -> None:
        """Make the line say this; its counters are not touched."""
        line.product_id = self.product
        for each in fields(self):
            if each.name not in ("key", "product", "code"):
                setattr(line, each.name, getattr(self, each.name))


@dataclass(frozen=True, slots=True)
class AgreedPayment(Kept):
    share: Decimal | None
    fixed: Decimal | None
    amount: Decimal
    event: str
    days: int
    on: date | None
    words: str

    @classmethod
    def of(cls, row: PlannedPayment) -> Self:
        return cls(**{each.name: getattr(row, each.name) for each in fields(cls)})

    @property
    def part(self) -> str:
        """«30%», an amount, or nothing for the rest."""
        if self.share is not None:
            return f"{self.share * 100:f}".rstrip("0").rstrip(".") + "%"
        return f"{self.fixed:,.2f}" if self.fixed is not None else ""

    @property
    def text(self) -> str:
        """As it is typed."""
        return f"{self.part or pgettext('payment', 'rest')} {self.words}".strip()


@dataclass(frozen=True, slots=True)
class Content(Kept):
    """Everything both sides sign."""

    title: str
    starts_on: date
    ends_on: date | None
    term: str
    term_name: str
    invoice_rule: str
    includes_tax: bool
    is_binding: bool
    ceiling: Decimal | None
    territory: str
    clauses: str
    note: str
    amount: Decimal
    lines: tuple[AgreedLine, ...]
    payments: tuple[AgreedPayment, ...]

    @classmethod
    def of(
        cls, contract: Contract, *, lines: Iterable[ContractLine] | None = None, payments: Iterable[PlannedPayment] | None = None
    ) -> Self:  # fmt: skip
        """What stands in the database, or what it would say with other lines and payments."""
        rows = contract.lines.select_related("product") if lines is None else lines
        plan = contract.payments.all() if payments is None else payments
        return cls(
            **{name: getattr(contract, name) for name in HEADER}, term=contract.term.code, term_name=contract.term.name,
            lines=tuple(AgreedLine.of(line) for line in rows), payments=tuple(AgreedPayment.of(row) for row in plan),
        )  # fmt: skip

    @property
    def plan_text(self) -> str:
        return "\n".join(payment.text for payment in self.payments)

    @property
    def agreed(self) -> Decimal:
        return self.amount if self.ceiling is None else self.ceiling
