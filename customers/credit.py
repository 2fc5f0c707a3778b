"""Credit 授信 (C11): how far a customer is in our debt, and how far they may go.

Exposure = receivable (invoiced and not yet invoiced) + approved orders not yet shipped − advances (rules.md §6).
The ledger knows the first and the last; the orders app registers the middle with `@exposes`.
"""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DateField, ExpressionWrapper, F, Q, Sum
from django.utils.translation import gettext as _

from backoffice.ledger.models import Item
from backoffice.money import ZERO
from customers.models import Customer

Exposed = Callable[[Collection[int]], dict[int, Decimal]]
EXPOSED: list[Exposed] = []


def exposes(amounts: Exposed) -> Exposed:
    """What a higher app adds to exposure: a function `(party ids) -> {party id: gross amount}`, in one query."""
    EXPOSED.append(amounts)
    return amounts


@dataclass(frozen=True, slots=True)
class Credit:
    """Where one customer stands today. `limit` None is unlimited, 0 is no credit; `overdue` counts beyond the tolerance."""

    limit: Decimal | None
    receivable: Decimal
    advances: Decimal
    open_orders: Decimal
    overdue: Decimal
    tolerance: int
    overdue_beyond: Decimal

    @property
    def exposure(self) -> Decimal:
        return self.receivable + self.open_orders - self.advances

    @property
    def balance(self) -> Decimal:
        """What the customer owes by the books: receivable less advances."""
        return self.receivable - self.advances

    @property
    def free(self) -> Decimal | None:
        """What may still be added; None without a limit."""
        return None if self.limit is None else self.limit - self.exposure

    @property
    def is_over(self) -> bool:
        return self.over > 0

    @property
    def over(self) -> Decimal:
        """What pages call over the limit. Who has no credit passes it with goods delivered unpaid: an order that waits for its money is how they buy."""
        return max(ZERO, self.balance) if self.limit == 0 else self.over_by()

    @property
    def share(self) -> int:
        """Exposure in percent of the limit, 0 to 100, for a bar."""
        if not self.limit:
            return 100 if self.limit is not None and self.exposure > 0 else 0
        return int(max(ZERO, min(Decimal(100), self.exposure * 100 / self.limit)))

    def over_by(self, adding: Decimal = ZERO) -> Decimal:
        """By how much exposure and what is to be added pass the limit; exactly at the limit is within it."""
        if self.limit is None:
            return ZERO
        return max(ZERO, self.exposure + adding - self.limit)

    def why_not(self, adding: Decimal) -> str:
        """Why no more goods on credit, in words; empty when they may have them."""
        reasons = []
        if self.overdue_beyond > 0:
            overdue = {"amount": f"{self.overdue_beyond:,.2f}", "days": self.tolerance}
            reasons.append(_("%(amount)s are overdue beyond the tolerance of %(days)d days.") % overdue)
        if over := self.over_by(adding):
            reasons.append(
                _("Exposure %(exposure)s would pass the credit limit %(limit)s by %(over)s.")
                % {"exposure": f"{self.exposure + adding:,.2f}", "limit": f"{self.limit:,.2f}", "over": f"{over:,.2f}"}
            )
        return "\n".join(reasons)


def lock_credit(party_id: int) -> Customer:
    """The customer's row, locked: two orders cannot pass the limit side by side. Take it before asking `credit_of`.

    Whoever takes the step: its document was visible to them, and the limit holds whether they may see it or not.
    """
    return Customer.objects.select_for_update(of=("self",)).get(pk=party_id)


def credit_of(customer: Customer, *, on: datetime.date) -> Credit:
    """One customer's credit as of now; `on` is the day overdue counts to."""
    return credits_of([customer], on=on)[customer.pk]


def credits_of(customers: Collection[Customer], *, on: datetime.date) -> dict[int, Credit]:
    """The credit of many customers with one statement for the books and one for each app that adds to exposure."""
    ids = [customer.pk for customer in customers]
    books = {row["party_id"]: row for row in _books(ids, on)}
    added: dict[int, Decimal] = {}
    for amounts in EXPOSED:
        for party_id, amount in amounts(ids).items():
            added[party_id] = added.get(party_id, ZERO) + amount
    return {c.pk: _credit(c, books.get(c.pk, {}), added.get(c.pk, ZERO)) for c in customers}


def _credit(customer: Customer, row: dict, open_orders: Decimal) -> Credit:
    def figure(name: str) -> Decimal:
        return row.get(name) or ZERO

    return Credit(
        customer.credit_limit, figure("charges"), figure("credits"), open_orders, figure("overdue"),
        customer.overdue_tolerance, figure("overdue_beyond"),
    )  # fmt: skip


def _books(ids: list[int], on: datetime.date) -> Iterable[dict]:
    """Open charges, open credits and what is overdue of each party, from the open items."""
    open_amount = F("amount") - F("allocated")
    charge = Q(kind=Item.Kind.CHARGE)
    bearable = ExpressionWrapper(F("due_on") + F("party__customer__overdue_tolerance"), output_field=DateField())
    rows = Item.objects.receivable().open().filter(party__in=ids).order_by().annotate(bearable_to=bearable)
    return rows.values("party_id").annotate(
        charges=Sum(open_amount, filter=charge), credits=Sum(open_amount, filter=Q(kind=Item.Kind.CREDIT)),
        overdue=Sum(open_amount, filter=charge & Q(due_on__lt=on)),
        overdue_beyond=Sum(open_amount, filter=charge & Q(bearable_to__lt=on)),
    )  # fmt: skip
